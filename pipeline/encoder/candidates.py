"""Pairs of spans that an edge may join, and what is seen of each pair besides the encoder's states.

The same functions make the rows of training and those of a run: what is learned from is what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from pipeline.encoder.characters import fold
from pipeline.records import EVENT_ROLES, EVENT_TYPES, MENTION_LABELS, RELATION_TYPES
from pipeline.scheme import ROLE_FILLERS, allows

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

KINDS = (*MENTION_LABELS, *EVENT_TYPES)  # what a span may be: a mention, or the trigger of an event
RELATION_WINDOW, ROLE_WINDOW = 400, 200  # characters between two spans at the most
_SIGNS = ("。！？!?", "，,", "、", "；;", "：:", "（(", "）)", "\n", "“”《》")
_STEPS = np.array([0, 1, 2, 3, 5, 9, 17, 33, 65, 129])  # the distances at which a new bucket begins
_COUNTS = np.array([1, 2, 4])
FEATURES = 2 * len(KINDS) + len(_STEPS) + 1 + 3 * (len(_SIGNS) + 3) + 8


class Spans(Struct, frozen=True):
    """The mentions and triggers of one text, sorted by place: (spans,) each; `kinds` are places in KINDS."""

    starts: Ints
    ends: Ints
    kinds: Ints

    def __len__(self) -> int:
        return len(self.starts)


def make_spans(spans: Sequence[tuple[int, int, str]]) -> Spans:
    """Make the arrays of (start, end, kind) in the order given, which must be that of the text."""
    columns = np.array([(start, end, KINDS.index(kind)) for start, end, kind in spans], dtype=np.int64).reshape(-1, 3)
    return Spans(columns[:, 0], columns[:, 1], columns[:, 2])


def _allowed(labels: Sequence[str]) -> Bools:
    table = np.zeros((len(KINDS), len(KINDS), len(labels)), dtype=bool)
    for place, label in enumerate(labels):
        for head in KINDS:
            for tail in MENTION_LABELS:
                if label in EVENT_ROLES:
                    fits = head in EVENT_TYPES and tail in ROLE_FILLERS[label]
                else:
                    fits = head in MENTION_LABELS and allows(label, head, tail)
                table[KINDS.index(head), KINDS.index(tail), place] = fits
    return table


class Edges(Struct, frozen=True):
    """A family of edges: its labels, the kinds that each may join (kinds, kinds, labels), how far apart."""

    labels: tuple[str, ...]
    allowed: Bools
    window: int


RELATIONS = Edges(RELATION_TYPES, _allowed(RELATION_TYPES), RELATION_WINDOW)
ROLES = Edges(EVENT_ROLES, _allowed(EVENT_ROLES), ROLE_WINDOW)
FAMILIES = {"relations": RELATIONS, "roles": ROLES}


def find_pairs(spans: Spans, edges: Edges) -> Ints:
    """Give the pairs (pairs, 2) of places in `spans`, head first, that some edge of the family may join."""
    if len(spans) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    numbers = np.arange(len(spans))
    last = np.searchsorted(spans.starts, spans.ends + edges.window, side="right")
    sizes = np.maximum(last - numbers - 1, 0)
    first = np.repeat(numbers, sizes)
    second = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes) + first + 1
    pairs = np.concatenate((np.stack((first, second), axis=1), np.stack((second, first), axis=1)))
    possible: Bools = np.any(edges.allowed, axis=2)
    fits = possible[spans.kinds[pairs[:, 0]], spans.kinds[pairs[:, 1]]]
    chosen: Ints = pairs[fits]
    return chosen[np.lexsort((chosen[:, 1], chosen[:, 0]))]


def describe_pairs(text: str, spans: Spans, pairs: Ints) -> Floats:
    """Give (pairs, FEATURES): the kinds, how far apart, which signs and mentions stand between, how alike the names are."""
    heads, tails = pairs[:, 0], pairs[:, 1]
    left, right = np.minimum(heads, tails), np.maximum(heads, tails)
    low, high = spans.ends[left], np.maximum(spans.starts[right], spans.ends[left])
    kinds = np.eye(len(KINDS), dtype=np.float32)
    columns: list[NDArray[Any]] = [
        kinds[spans.kinds[heads]],
        kinds[spans.kinds[tails]],
        _one_hot(np.searchsorted(_STEPS, high - low, side="right") - 1, len(_STEPS)),
        (heads < tails)[:, None],
    ]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    for signs in _SIGNS:
        before = _running(np.isin(codes, [ord(sign) for sign in signs]))
        columns.append(_at_least(before[high] - before[low]))
    columns.append(_at_least(right - left - 1))
    before = np.stack([_running(spans.kinds == kind) for kind in range(len(KINDS))], axis=1)
    for kind in (spans.kinds[heads], spans.kinds[tails]):
        columns.append(_at_least(before[right, kind] - before[left + 1, kind]))
    columns.append(_compare_names(text, spans, pairs))
    return np.concatenate([column.astype(np.float32) for column in columns], axis=1)


def _running(marks: Bools) -> Ints:
    """Give for each place how many marks stand before it; one more place than there are marks."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(marks)))


def _one_hot(places: Ints, size: int) -> Floats:
    return np.eye(size, dtype=np.float32)[places]


def _at_least(counts: Ints) -> Bools:
    result: Bools = np.expand_dims(counts, 1) >= _COUNTS
    return result


def _compare_names(text: str, spans: Spans, pairs: Ints) -> Floats:
    """Say of each pair: equal, one inside the other in order (both ways), alike, first of its name and again between."""
    folded = fold(text)
    names = [folded[start:end] for start, end in zip(spans.starts, spans.ends, strict=True)]
    numbered = {name: number for number, name in enumerate(dict.fromkeys(names))}
    ids = np.array([numbered[name] for name in names], dtype=np.int64)
    first = np.zeros(len(names), dtype=bool)
    first[np.unique(ids, return_index=True)[1]] = True
    previous = np.full(len(names), -1)  # the nearest earlier span of the same name
    following = np.full(len(names), len(names))
    last: dict[int, int] = {}
    for place, number in enumerate(ids.tolist()):
        if number in last:
            previous[place], following[last[number]] = last[number], place
        last[number] = place
    heads, tails = pairs[:, 0], pairs[:, 1]
    ahead = heads < tails
    again = (
        np.where(ahead, following[heads] < tails, previous[heads] > tails),
        np.where(ahead, previous[tails] > heads, following[tails] < heads),
    )
    alike = np.zeros((len(pairs), 4), dtype=np.float32)
    known: dict[tuple[int, int], tuple[float, ...]] = {}
    same_kind = spans.kinds[heads] == spans.kinds[tails]
    for row in np.flatnonzero(same_kind).tolist():
        key = (int(ids[heads[row]]), int(ids[tails[row]]))
        if key not in known:
            known[key] = _alike(names[heads[row]], names[tails[row]])
        alike[row] = known[key]
    return np.concatenate((alike, np.stack((first[heads], first[tails], *again), axis=1)), axis=1)


def _alike(head: str, tail: str) -> tuple[float, ...]:
    shared = len(set(head) & set(tail)) / len(set(head) | set(tail))
    return (float(head == tail), float(_inside(head, tail)), float(_inside(tail, head)), shared)


def _inside(short: str, long: str) -> bool:
    """Say whether the characters of a shorter name stand in a longer one in the same order: 太重 in 太原重型."""
    rest = iter(long)
    return len(short) < len(long) and all(character in rest for character in short)
