"""Tags of characters and pieces (BIO, BIOES, BMES, bare labels): their labels, and the spans that they mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

OUTSIDE = "O"
_TAG = re.compile(r"([BIMESLU])[-_](.+)")


class TaggedPiece(Struct, frozen=True):
    """A stretch of text with its tag and the probability of its label."""

    start: int
    end: int
    tag: str
    probability: float


class TaggedSpan(Struct, frozen=True):
    """A span with its label; its probability is that of its weakest piece."""

    start: int
    end: int
    label: str
    probability: float


def split_tag(tag: str) -> tuple[str, str]:
    """Give the position and the label of a tag.

    >>> split_tag("B-PER"), split_tag("PER"), split_tag("O")
    (('B', 'PER'), ('', 'PER'), ('', ''))
    """
    if tag == OUTSIDE:
        return "", ""
    match = _TAG.fullmatch(tag)
    return (match[1], match[2]) if match else ("", tag)


def labels_of(tags: Iterable[str]) -> set[str]:
    """Give the labels that some tags mark."""
    return {label for label in (split_tag(tag)[1] for tag in tags) if label}


def mark_spans(pieces: Sequence[TaggedPiece], text: str) -> Iterator[TaggedSpan]:
    """Give the spans that tagged pieces mark; a tag out of place begins a span, and none reaches over a line feed.

    The pieces need not cover the text: a blank between two pieces of a name is inside it (`赵 敏`).
    """
    held: list[TaggedPiece] = []
    label_held, is_closed = "", False
    for piece in pieces:
        position, label = split_tag(piece.tag)
        goes_on = (
            held and label == label_held and not is_closed and position not in {"B", "S", "U"}
            and "\n" not in text[held[-1].end : piece.start]
        )  # fmt: skip
        if held and not goes_on:
            yield _join(held, label_held)
            held = []
        if label:
            held.append(piece)
            label_held, is_closed = label, position in {"E", "L", "S", "U"}
    if held:
        yield _join(held, label_held)


def _join(pieces: Sequence[TaggedPiece], label: str) -> TaggedSpan:
    return TaggedSpan(pieces[0].start, pieces[-1].end, label, min(piece.probability for piece in pieces))
