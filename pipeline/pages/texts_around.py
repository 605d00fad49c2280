"""Compare each line of a page with the running text around it: which words it shares, and whether the matter goes on.

Reads what each line looks like; writes feature names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.pages.features import Look
from pipeline.pages.matter import pairs_of

WINDOW = 160  # code points at either end of a running line that are compared with other lines
_HAN = re.compile(r"[㐀-鿿]")
_COMMON = frozenset("的了在是和有为不一这中上下大人们到个地以我要于会对与就也被把将从等年月日时后前多来出记者市省县区")


class TextsAround:
    """The running text around each line, as characters and as pairs of characters that few lines have."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self.looks = looks
        pieces = [
            look.content[:WINDOW] + " " + look.content[-WINDOW:] if look.kind in ("text", "dateline") else ""
            for look in looks
        ]
        self.pairs = [frozenset(pairs_of(piece)) for piece in pieces]
        frequency = Counter(pair for pairs in self.pairs for pair in pairs)
        self.rare = frozenset(pair for pair, number in frequency.items() if 2 <= number <= 5)
        self.characters = [frozenset(_HAN.findall(piece)) - _COMMON for piece in pieces]
        self.above = _nearest([bool(piece) for piece in pieces])
        self.below = [
            [len(looks) - 1 - i for i in near] for near in _nearest([bool(piece) for piece in reversed(pieces)])
        ][::-1]

    def compare(self, index: int) -> set[str]:
        """Say how much of a line stands in the text above and below, and whether those two are of one matter."""
        look = self.looks[index]
        above, below = self.above[index], self.below[index]
        found = set()
        if len(look.content) <= WINDOW and not (look.long and look.kind == "dateline"):
            telling = set(_HAN.findall(look.content)) - _COMMON
            pairs = set(pairs_of(look.content))
            up = max((_share(telling, self.characters[i]) for i in above), default=0.0)
            down = max((_share(telling, self.characters[i]) for i in below), default=0.0)
            words_up = len(pairs & self._union(above)) / (len(pairs) or 1)
            words_down = len(pairs & self._union(below)) / (len(pairs) or 1)
            size = "long" if look.long else "short"
            found.add(f"{size}:shares_above:{_bin(up)}")
            found.add(f"{size}:shares_below:{_bin(down)}")
            found.add(f"{size}:words_above:{_bin(words_up * 2)}")
            found.add(f"{size}:words_below:{_bin(words_down * 2)}")
            if abs(words_up - words_down) > 0.15:
                found.add(f"{size}:shares_more:{'above' if words_up > words_down else 'below'}")
        if above and below and not look.long:
            common = len(self._union(above) & self._union(below) & self.rare)
            found.add(f"matter_goes_on:{0 if not common else 1 if common < 3 else 2 if common < 6 else 3}")
        return found

    def _union(self, indices: Sequence[int]) -> frozenset[str]:
        return frozenset().union(*(self.pairs[i] for i in indices))


def _nearest(is_text: Sequence[bool], most: int = 3) -> list[list[int]]:
    """Give for each line the nearest lines of running text above it, at most `most`."""
    nearest: list[list[int]] = []
    recent: list[int] = []
    for index, flag in enumerate(is_text):
        nearest.append(recent)
        if flag:
            recent = [index, *recent][:most]
    return nearest


def _share(telling: set[str], characters: frozenset[str]) -> float:
    return len(telling & characters) / len(telling) if telling else 0.0


def _bin(share: float) -> str:
    return "none" if share < 0.12 else "some" if share < 0.35 else "half" if share < 0.6 else "most"
