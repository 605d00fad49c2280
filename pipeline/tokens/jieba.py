"""The tokenizer `jieba_words`: the words of jieba's dictionary and, with `hmm`, those its hidden Markov model guesses.

Reads a text; writes a Doc. It keeps a jieba of its own: the module's state, its log and its cache file in the shared
temporary folder stay untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import jieba
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from pipeline.tokens.aligning import make_doc
from pipeline.tokens.user_words import UserWords, read_user_words

_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")  # jieba looks words up inside such a block only


@registry.tokenizers("jieba_words")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_jieba_words(*, hmm: bool = True, user_words: Path | None = None) -> Callable[[Language], JiebaWords]:
    """Build the tokenizer.

    `hmm` guesses words that are not in the dictionary, mostly names. `user_words` is a file with one word a line; jieba
    weighs these words against its own (北京|大学生 although the user has 北京大学).
    """
    path = None if user_words is None else Path(user_words)  # a config gives strings
    return lambda nlp: JiebaWords(nlp.vocab, hmm=hmm, user_words=path)


class JiebaWords(DummyTokenizer):
    """Segment a text with jieba (https://github.com/fxsjy/jieba)."""

    def __init__(self, vocab: Vocab, *, hmm: bool, user_words: Path | None) -> None:
        self.vocab = vocab
        self.hmm = hmm
        self.user_words = user_words
        words = read_user_words(user_words, setting="[nlp.tokenizer] user_words")
        self._jieba = _make_jieba([word for word in words if _BLOCK.fullmatch(word)])
        self._whole = UserWords([word for word in words if not _BLOCK.fullmatch(word)])

    def __call__(self, text: str) -> Doc:
        """Tokenize a text: `太原重工发布公告` gives `太原`, `重工`, `发布公告`."""
        return make_doc(self.vocab, text, self._cut)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the settings, not jieba, which holds a lock."""
        return _unpickle, (self.vocab, self.hmm, self.user_words)

    def _cut(self, text: str) -> Iterator[str]:
        for part, is_word in self._whole.parts(text):
            if is_word:
                yield part
            else:
                yield from self._jieba.cut(part, HMM=self.hmm)


def _unpickle(vocab: Vocab, hmm: bool, user_words: Path | None) -> JiebaWords:
    return JiebaWords(vocab, hmm=hmm, user_words=user_words)


@lru_cache(maxsize=1)
def _read_dictionary() -> tuple[dict[str, int], int]:
    """Read jieba's dictionary as `gen_pfdict` does, in half its time: every prefix of a word is an entry of 0."""
    with jieba.Tokenizer().get_dict_file() as file:
        cells = file.read().decode("utf-8").split()  # word, frequency, part of speech, all in one list: no list a line
    words, counts = cells[0::3], list(map(int, cells[1::3]))
    frequencies = dict.fromkeys((word[:end] for word in words for end in range(1, len(word))), 0)
    frequencies.update(zip(words, counts, strict=True))
    return frequencies, sum(counts)


def _make_jieba(words: list[str]) -> Any:
    """Make a jieba by hand: its own `initialize` logs, and races for a cache file in the temporary folder."""
    tokenizer = jieba.Tokenizer()
    frequencies, tokenizer.total = _read_dictionary()
    tokenizer.FREQ = dict(frequencies) if words else frequencies  # only words of the user's write into it
    tokenizer.initialized = True
    for word in words:
        tokenizer.add_word(word)
    return tokenizer
