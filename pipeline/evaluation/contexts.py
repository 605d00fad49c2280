"""Show an error in its sentence, gold and predicted marked in one text.

Reads cases; writes segments of text that a report can print without knowing anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.cases import Case
from pipeline.evaluation.items import Item
from pipeline.evaluation.sentences import sentence_at
from pipeline.records import Offsets

AROUND = 90  # characters of the sentence kept on either side of a mark
ELLIPSIS = "…"


class Tag(Struct, frozen=True, order=True):
    """The name of a mark that begins here: on which side, and what it is."""

    side: str
    name: str


class Segment(Struct, frozen=True):
    """A stretch of text under the same marks; `tags` name the marks that begin with it."""

    text: str
    gold: bool = False
    predicted: bool = False
    tags: tuple[Tag, ...] = ()


class _Mark(Struct, frozen=True):
    offsets: Offsets
    side: str
    name: str


def show_case(case: Case, alignment: Alignment) -> tuple[Segment, ...]:
    """Give the sentences that hold an error, cut where marks begin and end.

    Gold's text is shown where it holds the marks. A predicted item that gold's text does not have in one piece is shown
    in the text in which it was found.
    """
    if case.gold is not None:
        text, marks = case.gold.text, _own_marks(case.gold, "gold")
        marks += _marks_in(case.predicted, text, alignment) if case.predicted else []
    else:
        held = alignment.locate(case.item.place)
        text = held[0] if held else case.item.text
        marks = _marks_in(case.item, text, alignment)
        if len(marks) < len(case.item.marks):
            text, marks = case.item.text, _own_marks(case.item, "predicted")
    return tuple(_cut(text.text, marks))


def surface(item: Item) -> str:
    """Say what an item reads, its parts joined by arrows.

    >>> surface(position_held)  # doctest: +SKIP
    '彭飞 → 四级调研员'
    """
    return " → ".join(item.text.text[a:b] for _, (a, b) in item.marks)


def _own_marks(item: Item, side: str) -> list[_Mark]:
    return [_Mark(offsets, side, name or item.label) for name, offsets in item.marks]


def _marks_in(item: Item, text: AnnotatedText, alignment: Alignment) -> list[_Mark]:
    marks = []
    for mark in _own_marks(item, "predicted"):
        held = alignment.locate(item.text.place(mark.offsets))
        if held and held[0] is text:
            marks.append(_Mark(held[1], mark.side, mark.name))
    return marks


def _cut(text: str, marks: Sequence[_Mark]) -> Iterable[Segment]:
    windows = _windows(text, [mark.offsets for mark in marks])
    position = 0
    for start, end in windows:
        if text[position:start].strip():
            yield Segment(ELLIPSIS)
        cuts = {start, end, *(offset for mark in marks for offset in mark.offsets if start < offset < end)}
        edges = sorted(cuts)
        for low, high in pairwise(edges):
            over = [mark for mark in marks if mark.offsets[0] <= low and high <= mark.offsets[1]]
            sides = {mark.side for mark in over}
            tags = sorted({Tag(mark.side, mark.name) for mark in over if mark.offsets[0] == low})
            yield Segment(text[low:high], "gold" in sides, "predicted" in sides, tuple(tags))
        position = end
    if text[position:].strip():
        yield Segment(ELLIPSIS)


def _windows(text: str, marks: Iterable[Offsets]) -> list[Offsets]:
    """Give the parts of the text to show: the sentences of the marks, long ones cut around the marks."""
    merged: list[Offsets] = []
    for start, end in sorted(marks):
        low, high = sentence_at(text, start)[0], sentence_at(text, end - 1)[1]
        low, high = max(low, start - AROUND), min(high, end + AROUND)
        high = max(end, low + len(text[low:high].rstrip()))
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged
