"""Cut and join examples; spans, triggers and edges that lie in a piece whole stay, with offsets of their own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.training.corpora import Edge, Example, Marked


def cut(example: Example, *, length: int, shift: int) -> list[Example]:
    """Cut a long text into pieces of at most `length` characters, never inside a span; the first ends at `shift`.

    >>> [piece.text for piece in cut(Example("太原市长安街", ((0, 3, "LOC"),)), length=4, shift=2)]
    ['太原市', '长安街']
    """
    if len(example.text) <= length:
        return [example]
    pieces, start, end = [], 0, shift
    while start < len(example.text):
        end = min(end, len(example.text))
        end = next((high for low, high, _ in example.spans if low < end < high), end)
        pieces.append(part(example, start, end))
        start, end = end, end + length
    return [piece for piece in pieces if piece.text.strip()]


def part(example: Example, start: int, end: int) -> Example:
    """Give the part of an example between two offsets, with what lies in it whole."""
    spans, span_places = _inside(example.spans, start, end)
    triggers, trigger_places = _inside(example.triggers, start, end)
    strays, _ = _inside(example.strays, start, end)
    return Example(
        example.text[start:end], spans, triggers,
        relations=_moved(example.relations, span_places, span_places),
        roles=_moved(example.roles, trigger_places, span_places), strays=strays,
    )  # fmt: skip


def pack(examples: Sequence[Example], *, length: int) -> list[Example]:
    """Join neighbours by an empty line as long as they fit into `length` characters; one with triggers stays alone."""
    packed: list[Example] = []
    for example in examples:
        fits = packed and len(packed[-1].text) + 2 + len(example.text) <= length
        if fits and not (example.triggers or packed[-1].triggers):
            before = packed[-1]
            offset = len(before.text) + 2
            moved = tuple((low + offset, high + offset, label) for low, high, label in example.spans)
            packed[-1] = Example(f"{before.text}\n\n{example.text}", before.spans + moved)
        else:
            packed.append(example)
    return packed


def _inside(spans: Sequence[Marked], start: int, end: int) -> tuple[tuple[Marked, ...], dict[int, int]]:
    """Give the spans of a part, and their new places by the old ones."""
    kept = [place for place, (low, high, _) in enumerate(spans) if start <= low and high <= end]
    moved = tuple((spans[place][0] - start, spans[place][1] - start, spans[place][2]) for place in kept)
    return moved, {place: new for new, place in enumerate(kept)}


def _moved(edges: Sequence[Edge], heads: dict[int, int], tails: dict[int, int]) -> tuple[Edge, ...]:
    return tuple((heads[head], tails[tail], label) for head, tail, label in edges if head in heads and tail in tails)
