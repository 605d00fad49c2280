"""Cut texts into stretches that a model can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from pipeline.records import Offsets

SENTENCE_ENDS = frozenset("。！？!?；;\n")
_CLOSING = "”’」』）)】》"


def cut_sentences(text: str, *, longest: int) -> Iterator[Offsets]:
    """Cut a text behind sentence ends; what has none is cut behind its last comma, or anywhere.

    Gives the offsets of stretches of at most `longest` characters without blanks at their ends, and no blank ones.

    >>> list(cut_sentences("他说：“好。”\\n会议强调", longest=100))
    [(0, 7), (8, 12)]
    """
    for match in _stretch(longest).finditer(text):
        stretch = match[0]
        start = match.start() + len(stretch) - len(stretch.lstrip())
        end = match.end() - len(stretch) + len(stretch.rstrip())
        if start < end:
            yield start, end


@lru_cache(maxsize=8)
def _stretch(longest: int) -> re.Pattern[str]:
    ends = "".join(sorted(SENTENCE_ENDS - {"\n"}))
    return re.compile(
        rf"[^\n]{{1,{longest}}}?(?:(?<=[{ends}])(?![{ends}{_CLOSING}])|(?<=[{ends}][{_CLOSING}])(?![{_CLOSING}])|(?=\n)|\Z)"
        rf"|[^\n]{{0,{longest - 1}}}[，,、]|[^\n]{{1,{longest}}}|\n+"
    )


class Window(Struct, frozen=True):
    """A stretch `[start, end)` of pieces that a model reads; what it says of `[core_start, core_end)` counts."""

    start: int
    end: int
    core_start: int
    core_end: int


def slide(ends_sentence: Sequence[bool], *, size: int) -> Iterator[Window]:
    """Cover pieces with windows of at most `size` so that each is in one core and sees its neighbourhood.

    A core ends behind a sentence where it can. `ends_sentence` says of each piece whether a sentence ends behind it.
    """
    total = len(ends_sentence)
    context = size // 8
    start = 0
    while start < total:
        room = size - min(start, context)
        if total - start <= room:
            end = total
        else:
            end = start + room - context
            earliest = start + (end - start) // 2
            end = next((place for place in range(end, earliest, -1) if ends_sentence[place - 1]), end)
        yield Window(max(0, start - context), min(total, end + context), start, end)
        start = end
