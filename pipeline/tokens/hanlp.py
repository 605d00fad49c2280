"""The tokenizer `hanlp_words`: the words of a HanLP tokenizer, or of the `tok` task of one of its joint models.

Reads a text; writes a Doc. Nothing is downloaded unless the config says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import StrictBool, StrictInt, StrictStr
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from pipeline.backends.hanlp import HanlpModel
from pipeline.backends.windows import cut_sentences
from pipeline.errors import ConfigError
from pipeline.tokens.aligning import align
from pipeline.tokens.user_words import UserWords, read_user_words

_WHERE = "[nlp.tokenizer] hanlp_words"


@registry.tokenizers("hanlp_words")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_hanlp_words(
    *,
    model: StrictStr,
    task: StrictStr = "",
    device: StrictStr = "auto",
    download: StrictBool = False,
    batch_size: StrictInt = 32,
    longest: StrictInt = 150,
    user_words: Path | None = None,
) -> Callable[[Language], HanlpWords]:
    """Build the tokenizer.

    `model` is a folder or one of HanLP's names; `task` chooses among the `tok` tasks of a joint model; sentences longer
    than `longest` characters are cut; `batch_size` counts sentences. Each of the `user_words`, one a line, is a word.
    """
    words = None if user_words is None else Path(user_words)
    return lambda nlp: HanlpWords(
        nlp.vocab, model=HanlpModel(model, device=device, download=download, where=_WHERE), task=task,
        batch_size=batch_size, longest=longest, user_words=words,
    )  # fmt: skip


class HanlpWords(DummyTokenizer):
    """Segment a text with HanLP (He and Choi 2021, https://aclanthology.org/2021.emnlp-main.451)."""

    def __init__(
        self, vocab: Vocab, *, model: HanlpModel, task: str, batch_size: int, longest: int, user_words: Path | None
    ) -> None:
        if batch_size < 1 or longest < 2:
            raise ConfigError(
                f"batch_size = {batch_size}, longest = {longest}", where=_WHERE, remedy="give positive numbers"
            )
        self.vocab = vocab
        self.model = model
        self.task = model.choose_task(task, "tok", where=_WHERE)
        self.batch_size = batch_size
        self.longest = longest
        self.user_words = user_words
        self._whole = UserWords(read_user_words(user_words, setting="[nlp.tokenizer] user_words"))

    def __call__(self, text: str) -> Doc:
        """Tokenize a text: `会议强调安全生产` gives `会议`, `强调`, `安全`, `生产`."""
        words = list(align(self._words(text), text))
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (self.vocab, self.model, self.task, self.batch_size, self.longest, self.user_words)

    def _words(self, text: str) -> Iterator[str]:
        parts: list[tuple[str, bool]] = []
        for part, is_word in self._whole.parts(text):
            if is_word:
                parts.append((part, True))
            else:
                parts += [(part[low:high], False) for low, high in cut_sentences(part, longest=self.longest)]
        sentences = [part for part, is_word in parts if not is_word]
        found: list[list[str]] = []
        for low in range(0, len(sentences), self.batch_size):
            found += self._run(sentences[low : low + self.batch_size])
        cut = iter(found)
        for part, is_word in parts:
            if is_word:
                yield part
            else:
                yield from next(cut)

    def _run(self, sentences: list[str]) -> list[list[str]]:
        if not self.task:
            return list(self.model.run(sentences))
        return list(self.model.run(sentences, tasks=self.task)[self.task])


def _unpickle(  # noqa: PLR0917
    vocab: Vocab, model: HanlpModel, task: str, batch_size: int, longest: int, user_words: Path | None
) -> HanlpWords:
    return HanlpWords(vocab, model=model, task=task, batch_size=batch_size, longest=longest, user_words=user_words)
