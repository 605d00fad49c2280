"""The tokenizer `jieba_words`: the words of jieba's dictionary and, with `hmm`, those its hidden Markov model guesses.

Reads a text; writes a Doc. It keeps a jieba of its own: the module's state, its log and its cache file in the shared
temporary folder stay untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from pipeline.tokens.aligning import Cut, make_doc
from pipeline.tokens.jieba_routes import BLOCK, cut_words
from pipeline.tokens.jieba_tables import load_words
from pipeline.tokens.user_words import UserWords, read_user_words


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
        load_words()  # once, so that the first text does not wait for it
        self._cut = _make_cut(words, hmm) if words else None

    def __call__(self, text: str) -> Doc:
        """Tokenize a text: `太原重工发布公告` gives `太原`, `重工`, `发布公告`."""
        if self._cut is not None:
            return make_doc(self.vocab, text, self._cut)
        words = list(cut_words(text, hmm=self.hmm))
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the settings, not the dictionary."""
        return _unpickle, (self.vocab, self.hmm, self.user_words)


def _unpickle(vocab: Vocab, hmm: bool, user_words: Path | None) -> JiebaWords:
    return JiebaWords(vocab, hmm=hmm, user_words=user_words)


def _make_cut(words: Sequence[str], hmm: bool) -> Cut:
    """Make a jieba that knows the user's words too: it weighs each by cutting it, and must write into its dictionary."""
    import jieba  # noqa: PLC0415  (slow to import, and only needed here)

    tokenizer: Any = jieba.Tokenizer()
    # by hand, since its own `initialize` logs, and races for a cache file in the temporary folder
    with tokenizer.get_dict_file() as file:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(file)
    tokenizer.initialized = True
    for word in words:
        if BLOCK.fullmatch(word):
            tokenizer.add_word(word)
    whole = UserWords([word for word in words if not BLOCK.fullmatch(word)])

    def cut(text: str) -> Iterator[str]:
        for part, is_word in whole.parts(text):
            if is_word:
                yield part
            else:
                yield from tokenizer.cut(part, HMM=hmm)

    return cut
