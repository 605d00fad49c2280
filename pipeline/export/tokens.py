"""Give the tokens and sentences of a record so that no mention, trigger or sentence begins or ends inside a token.

Reads a record; writes nothing.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator

from pipeline.records import Offsets, Record


def whole_tokens(record: Record, *, characters: bool = False) -> list[Offsets]:
    """Give the tokens, cut where something begins or ends in one; with `characters`, or where a record has none, its
    characters that are no blanks."""
    if characters or not record.tokens:
        return [(place, place + 1) for place, character in enumerate(record.text) if not character.isspace()]
    marks = [(m.start, m.end) for m in record.mentions] + [(e.start, e.end) for e in record.events]
    edges = sorted({edge for pair in (*marks, *record.sentences) for edge in pair})
    return list(_cut(record.tokens, edges))


def _cut(tokens: tuple[Offsets, ...], edges: list[int]) -> Iterator[Offsets]:
    place = 0
    for start, end in tokens:
        while place < len(edges) and edges[place] <= start:
            place += 1
        yield from itertools.pairwise([start, *edges[place : bisect_left(edges, end)], end])


def whole_sentences(record: Record) -> list[Offsets]:
    """Give the sentences; those that a mention crosses are one, and text before, between or behind them is one too."""
    length = len(record.text)
    starts = sorted({0, *(start for start, _ in record.sentences)}) if length else []
    crossed = {edge for m in record.mentions for edge in starts if m.start < edge < m.end}
    kept = [start for start in starts if start not in crossed]
    return list(itertools.pairwise([*kept, length])) if kept else []
