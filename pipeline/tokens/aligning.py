"""From the words of any segmenter to a Doc that keeps every character of the text.

A segmenter may drop blanks, change characters or stumble over odd ones; the Doc never does: each word that stands in
the text becomes a token, and every character that no word covers becomes a token of its own. No token carries a
trailing blank, so that the tokens alone, put together, are the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from spacy.tokens import Doc
from spacy.vocab import Vocab

Cut = Callable[[str], Iterable[str]]

# Segmenters see the text in pieces, so that their time and memory stay linear: they learnt single sentences, and no
# word reaches over the end of one. A longer stretch without an end mark is cut at a comma if it has one, else anywhere.
LONGEST_PIECE = 1000
_PIECE = re.compile(
    rf"[^\n]{{1,{LONGEST_PIECE}}}?(?:[。！？!?;；]+[”’」』）】》]*\n*|\n+|\Z)"
    rf"|[^\n]{{1,{LONGEST_PIECE - 1}}}[，,、\s]|[^\n]{{1,{LONGEST_PIECE}}}|\n+"
)


def make_doc(vocab: Vocab, text: str, cut: Cut) -> Doc:
    """Make the Doc of a text whose words `cut` finds; `doc.text == text` for any text."""
    words = [word for piece in pieces(text) for word in align(cut(piece), piece)]
    return Doc(vocab, words=words, spaces=[False] * len(words))


def pieces(text: str) -> Iterator[str]:
    """Cut a text behind line feeds and sentence ends into stretches of about `LONGEST_PIECE` characters at most.

    >>> list(pieces("他说：“好。”\\n会议强调"))
    ['他说：“好。”\\n', '会议强调']
    """
    for match in _PIECE.finditer(text):
        yield match[0]


def align(words: Iterable[str], text: str) -> Iterator[str]:
    """Find the words in the text, in order; give them and, singly, the characters between them.

    A word that is not there as it stands (a segmenter that folds `Ａ` into `A`) is left out, and its characters are
    given singly.

    >>> list(align(["太原", "A", "公司"], "太原 Ａ公司"))
    ['太原', ' ', 'Ａ', '公司']
    """
    position = 0
    for word in words:
        found = text.find(word, position)
        if found >= 0 and word:
            yield from text[position:found]
            yield word
            position = found + len(word)
    yield from text[position:]
