"""The tokenizer `pkuseg_words`: words by a conditional random field over characters (spacy-pkuseg).

Reads a text; writes a Doc. The model is a folder with `features.msgpack` and `weights.npz`; nothing is downloaded. Two
tokenizers with different models work side by side: spacy-pkuseg reads its one global setting only while it loads.
"""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from pipeline.errors import ConfigError
from pipeline.tokens.aligning import align, make_doc
from pipeline.tokens.user_words import UserWords, read_user_words
from pipeline.tokens.widths import fold_widths

MODEL_FILES = ("features.msgpack", "weights.npz")
_LOADING = threading.Lock()


@registry.tokenizers("pkuseg_words")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_pkuseg_words(*, model: Path, user_words: Path | None = None) -> Callable[[Language], PkusegWords]:
    """Build the tokenizer.

    `model` is a folder that `baozhi train` wrote, such as `models/pkuseg-news`. `user_words` is a file with one word a
    line; each of them is always a word.
    """
    path = None if user_words is None else Path(user_words)  # a config gives strings
    return lambda nlp: PkusegWords(nlp.vocab, model=Path(model), user_words=path)


class PkusegWords(DummyTokenizer):
    """Segment a text with pkuseg (Luo et al. 2019, https://arxiv.org/abs/1906.11455)."""

    def __init__(self, vocab: Vocab, *, model: Path, user_words: Path | None) -> None:
        self.vocab = vocab
        self.model = model
        self.user_words = user_words
        self._whole = UserWords(read_user_words(user_words, setting="[nlp.tokenizer] user_words"))
        self._pkuseg = load_pkuseg(model)

    def __call__(self, text: str) -> Doc:
        """Tokenize a text: `会议强调安全生产` gives `会议`, `强调`, `安全`, `生产`."""
        return make_doc(self.vocab, text, self._cut)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the settings, not the weights."""
        return _unpickle, (self.vocab, self.model, self.user_words)

    def _cut(self, text: str) -> Iterator[str]:
        for part, is_word in self._whole.parts(text):
            if is_word:
                yield part
                continue
            folded, position = fold_widths(part), 0
            for word in align(self._pkuseg.cut(folded), folded):
                yield part[position : position + len(word)]
                position += len(word)


def load_pkuseg(model: Path) -> Any:
    """Load a pkuseg model without its user dictionary.

    Raises:
        ConfigError: the folder is no model.
    """
    remedy = "give a folder such as models/pkuseg-news, or train one: baozhi train configs/train/segmenter.cfg"
    for name in MODEL_FILES:
        if not (model / name).is_file():
            raise ConfigError(f"the pkuseg model has no {name}", where=model, remedy=remedy)
    import spacy_pkuseg  # noqa: PLC0415  (slow to import, and few configs name it)
    from spacy_pkuseg.config import config as pkuseg_config  # noqa: PLC0415

    with _LOADING:
        before = pkuseg_config.modelDir
        try:
            return spacy_pkuseg.pkuseg(str(model), user_dict=None)
        except (msgspec.MsgspecError, ValueError, KeyError, AssertionError, zipfile.BadZipFile, EOFError) as error:
            raise ConfigError(f"the pkuseg model cannot be read: {error!r}", where=model, remedy=remedy) from error
        finally:
            pkuseg_config.modelDir = before


def _unpickle(vocab: Vocab, model: Path, user_words: Path | None) -> PkusegWords:
    return PkusegWords(vocab, model=model, user_words=user_words)
