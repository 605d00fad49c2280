"""Compare the headings of a page with one another: subheads are alike and stand close, titles stand where articles begin.

Reads what each line looks like; writes feature names. Each step is linear in the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.pages.breaks import SIDE, Breaks
from pipeline.pages.features import Look, RawLine

SHORT = 22  # code points of a heading that is compared with others: subheads are short
_QUOTES = "“”《》"
_CLOSERS = frozenset({"byline", "label", "loose", "jump"})


def compare_headings(raw: Sequence[RawLine], looks: Sequence[Look], breaks: Breaks) -> list[set[str]]:
    """Describe the lines that may be headings by the headings before and behind them, and by what their text opens with.

    案情回放 … 法院审理 … 法官提醒 are alike and only plain text stands between them: subheads.
    """
    described: list[set[str]] = [set() for _ in looks]
    slots = [index for index in range(len(looks)) if _is_slot(looks, index)]
    opens = {index: _opens_with(looks, index) for index in slots}
    counted = list(opens.values())
    begun = sum(kind != "text" for kind in counted)
    habit = "mixed" if begun * 4 > len(counted) else "plain"
    if begun * 3 > 2 * len(counted):
        habit = "begun"
    for place, index in enumerate(slots):
        found = described[index]
        found.add(f"slot:{_size(looks[index])}")
        found.add(f"slot:opens:{opens[index]}:{habit}")
        for other, side in ((place - 1, "above"), (place + 1, "below")):
            if not 0 <= other < len(slots):
                found.add(f"slot:{side}:none")
                continue
            low, high = sorted((index, slots[other]))
            between = _between(looks, low, high)
            texts = sum(look.kind in ("text", "dateline") for look in looks[low + 1 : high])
            found.add(f"slot:{side}:{between}:{'one' if texts == 1 else 'few' if texts < 5 else 'many'}")
            if between == "text":
                likeness = _likeness(raw, looks, index, slots[other])
                found.add(f"slot:{side}:like:{likeness}")
    for index in range(1, len(looks)):
        _compare_halves(looks, index, breaks, described[index - 1], described[index])
    return described


def _is_slot(looks: Sequence[Look], index: int) -> bool:
    """Say whether a line stands alone above a text, as a title or a subhead does."""
    look = looks[index]
    if look.kind != "short" or look.long or look.ending == "comma" or index + 1 == len(looks):
        return False
    return looks[index + 1].kind in ("text", "dateline", "byline", "photo") and _apart(looks, index)


def _apart(looks: Sequence[Look], index: int) -> bool:
    """Say whether no other heading stands right above."""
    return index == 0 or looks[index - 1].kind != "short" or looks[index - 1].ending == "stop"


def _opens_with(looks: Sequence[Look], index: int) -> str:
    kind = looks[index + 1].kind
    return kind if kind in ("dateline", "byline") else "text"


def _between(looks: Sequence[Look], low: int, high: int) -> str:
    """Say what stands between two headings: an end or a beginning of an article, or nothing but text."""
    inner = looks[low + 1 : high]
    if any(look.kind in _CLOSERS or "end:signed" in look.features for look in inner if not _of_photo(look)):
        return "closed"
    return "begun" if any(look.kind == "dateline" for look in inner) else "text"


def _of_photo(look: Look) -> bool:
    return "byline:has_photo" in look.features or "end:photographer" in look.features


def _likeness(raw: Sequence[RawLine], looks: Sequence[Look], index: int, other: int) -> str:
    """Say how much two headings are built alike: as long, with the same first or last character, both quoting."""
    mine, theirs = looks[index].content, looks[other].content
    if max(len(mine), len(theirs)) > SHORT or bool(raw[index].marks) != bool(raw[other].marks):
        return "no"
    points = (abs(len(mine) - len(theirs)) <= 1) + (mine[0] == theirs[0]) + (mine[-1] == theirs[-1])
    points += any(mark in mine and mark in theirs for mark in _QUOTES)
    points += len(set(mine) & set(theirs)) * 3 >= min(len(mine), len(theirs))
    return "no" if not points else "some" if points == 1 else "much"


def _size(look: Look) -> str:
    length = len(look.content)
    return "tiny" if length < 6 else "short" if length < 11 else "middling" if length < 16 else "full"


def _compare_halves(looks: Sequence[Look], index: int, breaks: Breaks, above: set[str], below: set[str]) -> None:
    """Say whether two short lines, one above the other, may be the halves of one heading: 施工招标公 / 告."""
    first, second = looks[index - 1], looks[index]
    if first.long or second.long or first.kind != "short" or second.kind not in ("short", "text"):
        return
    score = breaks.score(first.content[-SIDE:], second.content[:SIDE])
    name = "goes_on" if score > 1.5 else "perhaps" if score > 0 else "no"
    if first.ending != "open":
        name = "ended"
    above.add(f"halves:below:{name}")
    below.add(f"halves:above:{name}")
    if "end:announcement" in second.features and "end:announcement" not in first.features:
        named = first.content.startswith("关于") or len(second.content) < 4
        below.add(f"halves:announces:{'named' if named else 'plain'}")
