"""Tell what the text says of a fact beside its edges: is the post still held, how far has the investment come."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.normalize.fact_cues import Cues
from pipeline.records import Mention, Offsets

_CLAUSE = re.compile(r"[，,。；;：:！!？?\n]")
_PART = re.compile(r"[。；;！!？?\n]")
_LONGEST = 12  # characters of the longest word before a post
_CHAINED = ("", "、", "兼", "和", "，兼")  # what stands between the posts of one chain


def post_status(text: str, post: Offsets, body: Offsets | None, mentions: Sequence[Mention], cues: Cues) -> str:
    """Say whether a post is held: 原 before its body, or before the first post of its chain, makes it a former one.

    `mentions` are all of the text in order: 原云州市委副书记、市长刘建国 has held two posts.
    """
    surface = text[slice(*post)]
    fronts = _fronts(text, post, body, mentions)
    clause = text[_clause_start(text, post[0]) : post[0]]
    for status in cues.statuses:
        if surface.startswith(status.inside) and not surface.startswith(cues.never.inside):
            return status.name
        if any(_ends(text[max(0, front - _LONGEST) : front], status.beside, cues.never.beside) for front in fronts):
            return status.name
        if any(word in clause for word in status.clause):
            return status.name
    return "current"


def investment_stage(text: str, places: Sequence[Offsets], cues: Cues) -> str | None:
    """Give the furthest stage that the parts of sentences around an investment's mentions tell; None where none does."""
    parts = sorted({_part(text, place) for place in places})
    found = None
    for number, stage in enumerate(cues.stages):
        for word in stage.words:
            told = [(at, at + len(word)) for part in parts for at in _places(text, word, *part)]
            if any(number == 0 or _is_reached(text, start, end, cues) for start, end in told):
                found = stage.name  # the first stage is a plan itself: 拟 and 将 do not undo it
    return found


def _fronts(text: str, post: Offsets, body: Offsets | None, mentions: Sequence[Mention]) -> list[int]:
    """Give where the words right before a post can end: before it, its body, and the posts before it in its chain."""
    starts = [mention.start for mention in mentions]
    fronts = [post[0]]
    if body is not None and body[1] == post[0]:
        fronts.append(body[0])
    index = bisect_right(starts, post[0]) - 2
    edge = fronts[-1]
    while index >= 0 and mentions[index].end <= edge and text[mentions[index].end : edge] in _CHAINED:
        if mentions[index].label not in ("TITLE", "ORG", "LOC"):
            break
        edge = mentions[index].start
        fronts.append(edge)
        index -= 1
    return fronts


def _ends(before: str, words: tuple[str, ...], never: tuple[str, ...]) -> bool:
    return before.endswith(words) and not before.endswith(never)


def _is_reached(text: str, start: int, end: int, cues: Cues) -> bool:
    clause = text[_clause_start(text, start) : start]
    if any(word in clause for word in cues.not_yet.before):
        return False
    return not text.startswith(cues.not_yet.after, end)


def _places(text: str, word: str, start: int, end: int) -> list[int]:
    found = []
    at = text.find(word, start, end)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + 1, end)
    return found


def _part(text: str, place: Offsets) -> Offsets:
    """Give the part of the sentence, up to a semicolon or full stop, in which something stands."""
    starts = [match.end() for match in _PART.finditer(text, 0, place[0])]
    end = _PART.search(text, place[1])
    return (starts[-1] if starts else 0, end.start() if end else len(text))


def _clause_start(text: str, offset: int) -> int:
    start = text.rfind("\n", 0, offset) + 1
    ends = [match.end() for match in _CLAUSE.finditer(text, start, offset)]
    return ends[-1] if ends else start
