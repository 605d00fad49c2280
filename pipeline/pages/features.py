"""Describe one line of a page by itself: its shape, its length, its punctuation, its byline.

Reads raw lines; writes sets of feature names. Nothing here says what a line is: `lines.toml` weighs the features.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pipeline.pages.bylines import BylineRules
from pipeline.pages.shapes import Shapes

LONG = 42  # code points from which a line is running text for its neighbours
_LENGTHS = ((4, "1-4"), (8, "5-8"), (13, "9-13"), (20, "14-20"), (30, "21-30"), (42, "31-42"), (70, "43-70"))
_HAN = re.compile(r"[㐀-鿿]")
_STOP = re.compile(r"[。！？!?]")
_CLAUSE = re.compile(r"[，,；;：:]")
_ENDINGS = ("stop", "comma", "colon", "close_bracket", "close_quote")
_BYLINE_SIGNS = ("has_role", "has_photo", "bracketed", "marked", "housed", "spaced")
_LOOSE = ("whole:staff", "whole:contact")
_LABELS = (
    "whole:section_word",
    "whole:page_number",
    "whole:date_line",
    "whole:latin",
    "whole:weekday",
    "whole:paper_name",
)


class RawLine(Struct, frozen=True):
    """A line that is not blank: its number, content offsets, heading marks, and blank lines above it."""

    number: int
    start: int
    end: int
    marks: int
    blanks: int


class Look(Struct, frozen=True):
    """What one line looks like: its features, its coarse class, how it ends, and whether it is running text."""

    features: frozenset[str]
    kind: str
    ending: str
    long: bool
    content: str


def look_at(content: str, line: RawLine, shapes: Shapes, bylines: BylineRules) -> Look:
    """Describe one line."""
    found = shapes.of(content)
    long = len(content) >= LONG
    length = next((name for limit, name in _LENGTHS if len(content) <= limit), "71-")
    ending = next((name for name in _ENDINGS if f"end:{name}" in found), "open")
    head = content[:600]
    found.add(f"length:{length}")
    found.add(f"ends:{ending}:{'long' if long else 'short'}")
    found.add(f"stops_inside:{min(len(_STOP.findall(head[:-1])), 2)}")
    found.add(f"clauses:{min(len(_CLAUSE.findall(head)), 3)}")
    if len(content) <= 8:
        found.add(f"tiny:{ending}")
    if "whole:rank" in found:
        found.discard("whole:list")
    if not _HAN.search(head):
        found.add("no_han")
    byline = bylines.parse(content)
    if byline:
        found.add("byline")
        found.update(f"byline:{name}" for name in _BYLINE_SIGNS if getattr(byline, name))
        found.add(f"byline:{'all' if byline.surnamed == len(byline.names) else 'some'}_surnamed")
        if not (byline.has_role or byline.bracketed or byline.marked):
            found.add("byline:bare")
        if not byline.names:
            found.add("byline:source")
    if ending == "stop" and content[-1] in "？！?!" and "。" not in content and len(content) <= 36:
        found.add("asks")  # a title, a subhead or a line of talk: no running text
    return Look(frozenset(found), _kind(found, long), ending, long, content)


def _kind(found: set[str], long: bool) -> str:
    """Sort a line coarsely, for its neighbours."""
    if not long and "whole:jump" in found:
        return "jump"
    if "start:dateline" in found:
        return "dateline"
    if "start:picture" in found and not long:
        return "photo"
    if "any:photo_word" in found and "byline" not in found and "stops_inside:2" not in found:
        return "photo"
    if long:
        return "text"
    if "byline" in found:
        return "byline"
    if any(shape in found for shape in _LOOSE):
        return "loose"
    if any(shape in found for shape in _LABELS):
        return "label"
    if "start:day_comma" in found:
        return "photo"
    if "start:question" in found:
        return "text"
    if "asks" in found:
        return "short"
    if "end:stop" in found and ("stops_inside:0" not in found or "clauses:0" not in found):
        return "text"
    if "start:answer" in found or "whole:table" in found or "whole:list" in found:
        return "text"
    return "short"
