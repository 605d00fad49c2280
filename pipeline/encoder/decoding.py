"""From scores of characters to flat mentions: the best of all well-formed tag sequences.

Tags: O, then for each label B, M, E, S (begin, middle, end, single).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Scores = NDArray[np.float32]


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

    Viterbi's algorithm in the form that the tags allow: a mention may begin only where none is open, so that one best
    score over all closed states is enough at each step. `lean` is taken off O: above 0 more is found.
    """
    length = len(scores)
    if length == 0:
        return []
    logs = log_softmax(scores)
    outside = logs[:, 0] - lean
    begin, middle, end, single = (logs[:, 1 + place :: 4] for place in range(4))
    best_single = single.max(axis=1)
    which_single = single.argmax(axis=1)
    free = 0.0  # the best score of a prefix that leaves no mention open
    inside = np.full(len(labels), -np.inf, dtype=np.float32)  # the best score with a mention of each label open
    since = np.full(len(labels), -1)
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
    found = []
    place = length - 1
    while place >= 0:
        start, label = steps[place]
        if label >= 0:
            found.append(Found(start, place + 1, labels[label], _confidence(logs, start, place, label)))
        place = start - 1
    return found[::-1]


def _confidence(logs: Scores, start: int, last: int, label: int) -> float:
    first = 1 + 4 * label
    if start == last:
        return float(np.exp(logs[start, first + 3]))
    total = logs[start, first] + logs[start + 1 : last, first + 1].sum() + logs[last, first + 2]
    return float(np.exp(total / (last - start + 1)))
