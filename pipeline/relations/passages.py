"""Write a text with its mentions marked, so that a regular expression can ask for mentions by their label.

A marked mention is one opening character for its label, its surface, and one closing character. Punctuation is folded to
full width, letters, digits and blanks to half width, so that a rule needs one form only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from msgspec import Struct

from pipeline.records import Mention

# An edge never ends at the labels that are missing here, and their spans stand between the ends of one: 12月3日与…签约.
MARKED_LABELS = ("PER", "ORG", "LOC", "TITLE", "MONEY", "PROJECT")
OPENERS = {label: chr(0xE001 + number) for number, label in enumerate(MARKED_LABELS)}
CLOSER = "\ue000"
MARKS = "\ue000-\ue006"

_FOLD: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_FOLD |= {ord(half): full for half, full in zip(",:;!?()", "，：；！？（）", strict=True)}
_FOLD |= {0x3000: " ", 0xA0: " ", ord("\t"): " ", 0xFF05: "%"}
_FOLD |= dict.fromkeys(range(0xE000, 0xE007), "\ufffd")  # a page in GB 18030 may hold these very characters


class Passage(Struct, frozen=True):
    """A marked text; `opens[i]` is where `mentions[i]` opens in `marked`."""

    marked: str
    mentions: tuple[Mention, ...]
    opens: tuple[int, ...]

    def within(self, start: int, end: int) -> tuple[Mention, ...]:
        """Give the mentions that open in `marked[start:end]`."""
        return self.mentions[bisect_left(self.opens, start) : bisect_left(self.opens, end)]


def mark(text: str, mentions: Iterable[Mention]) -> Passage:
    """Mark the mentions of a text; mentions whose label no edge ends at stay plain text.

    >>> mark("市长王平,", [Mention(2, 4, "PER")]).opens
    (2,)
    """
    kept = sorted(mention for mention in mentions if mention.label in OPENERS)
    folded = text.translate(_FOLD)
    parts: list[str] = []
    opens: list[int] = []
    done = length = 0
    for mention in kept:
        parts += [folded[done : mention.start], OPENERS[mention.label], folded[mention.start : mention.end], CLOSER]
        opens.append(length + mention.start - done)
        length += mention.end - done + 2
        done = mention.end
    parts.append(folded[done:])
    return Passage("".join(parts), tuple(kept), tuple(opens))
