"""Find the places of one text in another that is nearly the same, so that what stands there can be matched.

Reads two texts; writes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from difflib import SequenceMatcher

from pipeline.records import MentionRecord, Offsets, Record

Place = Hashable
_PIECE = re.compile(r"[^\n。！？；!?;]*[\n。！？；!?;]|[^\n。！？；!?;]+")
MOST_CELLS = 4_000_000  # of a table of characters against characters; larger stretches are new as a whole


class Alignment:
    """Which stretches of an old text stand unchanged in a new one.

    >>> alignment = Alignment("张三任主任。李四说。", "今天，张三任主任。")
    >>> alignment.translate(0, 2), alignment.translate(6, 8)
    ((3, 5), None)
    """

    def __init__(self, old: str, new: str) -> None:
        runs: list[tuple[int, int, int]] = []  # old start, new start, length
        for a, b, length in [(0, 0, len(old))] if old == new else _runs(old, new):
            if runs and runs[-1][0] + runs[-1][2] == a and runs[-1][1] + runs[-1][2] == b:
                runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + length)
            else:
                runs.append((a, b, length))
        self._runs = runs
        self._starts = [a for a, _, _ in runs]

    def translate(self, start: int, end: int) -> Offsets | None:
        """Give the new offsets of an old stretch; None where a part of it is gone or something came between."""
        number = bisect_right(self._starts, start) - 1
        if number < 0:
            return None
        a, b, length = self._runs[number]
        return (start - a + b, end - a + b) if end <= a + length else None


def _runs(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    """Match whole sentences first: characters alone would take quadratic time, and find 的 everywhere."""
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    left_at, right_at = _starts(left), _starts(right)
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        low, high, there, until = left_at[a], left_at[b], right_at[c], right_at[d]
        if tag == "equal":
            yield low, there, high - low
        elif tag == "replace" and (high - low) * (until - there) <= MOST_CELLS:
            matcher = SequenceMatcher(None, old[low:high], new[there:until], autojunk=False)
            for block in matcher.get_matching_blocks():
                if block.size:
                    yield low + block.a, there + block.b, block.size


def _starts(pieces: list[str]) -> list[int]:
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    return starts


def place_finder(old: Record, new: Record) -> Callable[[int, int], Place]:
    """Give the function that says where in the new text something of the old one stands.

    Where the text around a mention was rewritten, it is taken for the first mention of the same surface that nothing else was
    taken for; failing that, its place is one that the new text does not have.
    """
    alignment = Alignment(old.text, new.text)
    found: dict[Offsets, Place] = {}
    free: dict[str, list[MentionRecord]] = {}
    moved = {alignment.translate(m.start, m.end) for m in old.mentions}
    for mention in sorted(new.mentions, key=lambda m: m.start, reverse=True):
        if (mention.start, mention.end) not in moved:
            free.setdefault(mention.text, []).append(mention)
    for mention in sorted(old.mentions, key=lambda m: m.start):
        if alignment.translate(mention.start, mention.end) is None and free.get(mention.text):
            taken = free[mention.text].pop()
            found[mention.start, mention.end] = (taken.start, taken.end)

    def place(start: int, end: int) -> Place:
        return found.get((start, end)) or alignment.translate(start, end) or ("gone", start, end)

    return place
