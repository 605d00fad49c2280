"""Choose mentions that do not overlap, and tell where names do not count."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipeline.records import Mention, Offsets

_TITLE = re.compile(r"《(?:[^《》\n]|《[^《》\n]*》){1,200}》")


def keep_longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep the longest mentions that do not overlap, in the order of the text; of equally long ones the first given.

    云州、云州市、云州市公安局 at one place give 云州市公安局.
    """
    return keep_first(sorted(mentions, key=lambda mention: mention.start - mention.end))


def keep_first(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep each mention that overlaps none given before it; give them in the order of the text."""
    kept: list[Mention] = []
    starts: list[int] = []
    for mention in mentions:
        place = bisect_right(starts, mention.start)
        if place and kept[place - 1].end > mention.start:
            continue
        if place < len(kept) and kept[place].start < mention.end:
            continue
        kept.insert(place, mention)
        starts.insert(place, mention.start)
    return kept


def titles(text: str) -> list[Offsets]:
    """Find what stands in title brackets 《》, outermost ones: names inside them are not mentions."""
    return [match.span() for match in _TITLE.finditer(text)]


def outside(mentions: Iterable[Mention], areas: Sequence[Offsets], *, but_at_start: bool = False) -> Iterator[Mention]:
    """Leave out the mentions that begin inside one of some areas, which are in the order of the text.

    With `but_at_start`, what begins exactly where an area begins stays: 《条例》 itself.
    """
    starts = [start for start, _ in areas]
    for mention in mentions:
        place = bisect_right(starts, mention.start)
        if not place or areas[place - 1][1] <= mention.start or (but_at_start and starts[place - 1] == mention.start):
            yield mention
