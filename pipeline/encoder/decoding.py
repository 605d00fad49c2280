"""From scores of characters to flat mentions: the best of all well-formed tag sequences.

Tags: O, then for each label B, M, E, S (begin, middle, end, single).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Scores = NDArray[np.float32]
_ROUNDING = 1e-3  # sums over a text in double precision err by less


class Found(Struct, frozen=True):
    """A mention as the network sees it; `confidence` is the geometric mean of its tags' probabilities, uncalibrated."""

    start: int
    end: int
    label: str
    confidence: float


def tag_count(labels: Sequence[str]) -> int:
    """Give how many tags these labels make."""
    return 1 + 4 * len(labels)


def log_softmax(scores: Scores) -> Scores:
    """Turn scores into logarithms of probabilities along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: Scores = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def decode(scores: Scores, labels: Sequence[str], *, lean: float = 0.0) -> list[Found]:
    """Find the best well-formed tagging of one text of shape (length, tags), and give its mentions.

    `lean` is taken off O: above 0 more is found. The text is first cut where the best tagging surely has no mention
    open; the best tags of the single characters, if they are well formed, are the best tagging of such a piece, and
    only the few other pieces need Viterbi's algorithm.
    """
    if not len(scores):
        return []
    logs = log_softmax(scores)
    leant = logs.copy()
    leant[:, 0] -= lean
    tags = leant.argmax(axis=1)
    cuts = _sure_cuts(leant)
    for piece in _broken_pieces(tags, cuts):
        low, high = cuts[piece], cuts[piece + 1]
        tags[low:high] = _viterbi(leant[low:high])
    firsts = np.flatnonzero((tags > 0) & ((tags % 4 == 1) | (tags % 4 == 0)))  # B and S
    lasts = np.flatnonzero((tags > 0) & (tags % 4 != 1) & (tags % 4 != 2))  # E and S
    return [
        Found(first, last + 1, labels[label], _confidence(logs, first, last, label))
        for first, last, label in zip(firsts.tolist(), lasts.tolist(), ((tags[firsts] - 1) // 4).tolist(), strict=True)
    ]


def _sure_cuts(logs: Scores) -> list[int]:
    """Give the places, both ends of the text among them, at which every best tagging has no mention open.

    A mention over a place is surely no part of it where the best one of each label, wherever it begins and ends, is
    worth less than its characters are as O or S each: those could stand in its stead.
    """
    begin, middle, end, single = (logs[:, 1 + place :: 4].astype(np.float64) for place in range(4))
    closed = np.maximum(logs[:, :1], single.max(axis=1, keepdims=True))
    upto = np.cumsum(middle - closed, axis=0)
    before = upto - (middle - closed)
    opened = upto + np.maximum.accumulate(begin - closed - upto, axis=0)  # the best that is open behind a character
    closing = np.maximum.accumulate((before + end - closed)[::-1], axis=0)[::-1] - before  # the best that goes on at it
    worth = (opened[:-1] + closing[1:]).max(axis=1)
    return [0, *(np.flatnonzero(worth < -_ROUNDING) + 1).tolist(), len(logs)]


def _broken_pieces(tags: NDArray[np.int64], cuts: list[int]) -> list[int]:
    """Give the numbers of the pieces between cuts whose tags are not well formed."""
    kinds, labels = np.where(tags > 0, (tags - 1) % 4, 3), (tags - 1) // 4
    opens, goes_on = kinds < 2, (kinds == 1) | (kinds == 2)
    fits = np.where(opens[:-1], goes_on[1:] & (labels[:-1] == labels[1:]), ~goes_on[1:])
    inner = np.searchsorted(cuts, np.flatnonzero(~fits) + 1, side="right") - 1  # a cut's own piece is the one behind it
    ends = np.asarray(cuts[1:]) - 1
    edges = np.flatnonzero(goes_on[cuts[:-1]] | opens[ends])
    broken: list[int] = np.union1d(inner, edges).tolist()
    return broken


def _viterbi(logs: Scores) -> list[int]:
    """Find the best well-formed tags by trying all.

    Viterbi's algorithm in the form that the tags allow: a mention may begin only where none is open, so that one best
    score over all closed states is enough at each step.
    """
    length, count = len(logs), logs.shape[1] // 4
    outside = logs[:, 0]
    begin, middle, end, single = (logs[:, 1 + place :: 4] for place in range(4))
    best_single = single.max(axis=1)
    which_single = single.argmax(axis=1)
    free = 0.0  # the best score of a prefix that leaves no mention open
    inside = np.full(count, -np.inf, dtype=np.float32)  # the best score with a mention of each label open
    since = np.full(count, -1)
    steps: list[tuple[int, int]] = []  # for each end of a prefix: where its last piece began, and its label or -1
    for place in range(length):
        closed = inside + end[place]
        label = int(closed.argmax())
        choices = (free + outside[place], free + best_single[place], closed[label])
        best = int(np.argmax(choices))
        opened = free + begin[place]
        inside = inside + middle[place]
        steps.append(((place, -1), (place, int(which_single[place])), (int(since[label]), label))[best])
        since = np.where(opened > inside, place, since)
        inside = np.maximum(opened, inside)
        free = choices[best]
    tags: list[int] = [0] * length
    place = length - 1
    while place >= 0:
        start, label = steps[place]
        if label >= 0:
            first = 1 + 4 * label
            whole = [first, *[first + 1] * (place - start - 1), first + 2]
            tags[start : place + 1] = whole if start < place else [first + 3]
        place = start - 1
    return tags


def _confidence(logs: Scores, start: int, last: int, label: int) -> float:
    first = 1 + 4 * label
    if start == last:
        return float(np.exp(logs[start, first + 3]))
    total = logs[start, first] + logs[start + 1 : last, first + 1].sum() + logs[last, first + 2]
    return float(np.exp(total / (last - start + 1)))
