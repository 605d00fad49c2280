"""The tokenizer `char_words`: every code point is a token.

Reads a text; writes a Doc. Token `i` is character `i` of the text, blanks, letters and digits included: a model that
reads characters then needs no map from offsets to tokens, and a name can begin or end anywhere (`5G|基站`, `A|股`).
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab


@registry.tokenizers("char_words")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_char_words() -> Callable[[Language], CharWords]:
    """Build the tokenizer; it has no settings."""
    return lambda nlp: CharWords(nlp.vocab)


class CharWords(DummyTokenizer):
    """Make every code point a token."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenize a text: `5G基站` gives `5`, `G`, `基`, `站`."""
        return Doc(self.vocab, words=list(text), spaces=[False] * len(text))
