"""Decide where a line goes on in mid-sentence from the text line before it.

Reads what lines look like; writes scores. A column ends anywhere: behind a comma, inside a number, inside 《》; a
paragraph may also end without its full stop and not go on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.pages.breaks import SIDE, Breaks
from pipeline.pages.features import LONG, Look, RawLine
from pipeline.pages.rules import Rules, alternation

MOST = 5.0  # what the characters around a break may count at most
TAIL = 400  # code points at the end of a line in which an open quotation mark or bracket is looked for
_PAUSE = "；;—－-…"
_PAIRS = (
    ("“", "”", "quote"), ("『", "』", "quote"), ("「", "」", "quote"), ("（", "）", "bracket"), ("(", ")", "bracket"),
    ("《", "》", "book"),
)  # fmt: skip
_STOPPED_QUOTE = re.compile('[。！？!?…][”"』」]+$')
_DIGIT = re.compile(r"[0-9０-９.．一二三四五六七八九十百千万亿两]")
_NUMBER = re.compile(r"[0-9０-９]")
_SPEAKER = re.compile(r"([㐀-鿿·]{1,6})[：:]")
_COLUMNS = re.compile(r"[^，。！？；：,;!?\s　]+(?:[\s　]+[^，。！？；：,;!?\s　]+){2,}")


class Joins:
    """The weights by which a line joins the line before it."""

    def __init__(self, path: Path, breaks: Breaks) -> None:
        rules = Rules(path)
        self.weights = rules.numbers("weights")
        self.breaks = breaks
        self.times = rules.pattern("openers", "times")
        self.openers = re.compile(alternation(rules.words("openers", "words")))

    def features(self, before: Look, after: Look, page: PageHabits, *, apart: int, blanks: int) -> set[str]:
        """Name what speaks for or against `after` going on from `before`.

        `apart` counts the lines between them, `blanks` the blank lines above `after`.
        """
        found = {"bias"} | self._of_end(before) | self._of_start(after)
        tail, head = before.content[-1:], after.content[:1]
        if page.word(tail + head):
            found.add("word_across")
        if _NUMBER.match(tail) and (_NUMBER.match(head) or head in ".．%％亿万千百元"):
            found.add("number_across")
        if len(after.content) < LONG and before.content[:2] == after.content[:2]:
            found.add("same_start")
        if page.speaks(after.content):
            found.add("after:speaker")
        for side, look in (("before", before), ("after", after)):
            if _COLUMNS.fullmatch(look.content[:80]):
                found.add(f"{side}:columns")
        if apart:
            found.add("interrupted")
        elif page.gaps and not blanks:
            found.add("no_blank_where_habit")
        return found

    def score(self, before: Look, after: Look, page: PageHabits, *, apart: int, blanks: int) -> float:
        """Add the weights up; more than 0 says that the line joins."""
        features = self.features(before, after, page, apart=apart, blanks=blanks)
        total = sum(self.weights.get(name, 0.0) for name in features)
        if "before:open" in features:
            score = self.breaks.score(before.content[-SIDE:], after.content[:SIDE])
            total += self.weights.get("break", 0.0) * max(-MOST, min(MOST, score))
        return total

    def _of_end(self, before: Look) -> set[str]:
        content, shapes = before.content, before.features
        found = set()
        if "end:signed" in shapes:
            found.add("before:signed")
        elif _STOPPED_QUOTE.search(content[-8:]):
            found.add("before:stop_in_quote")
        elif before.ending == "stop" and content[-1] not in "；;…":
            found.add("before:stop")
        elif content[-1] in "，,、":
            found.add("before:comma")
        elif before.ending == "colon":
            found.add("before:colon")
        elif content[-1] in _PAUSE:
            found.add("before:pause")
        else:
            found.add("before:open")
            if before.ending == "close_bracket":
                found.add("before:close_bracket")
            if "end:particle" in shapes:
                found.add("before:particle")
            if _DIGIT.match(content[-1]):
                found.add("before:digit")
        for opening, closing, name in _PAIRS:
            tail = content[-TAIL:]
            if tail.rfind(opening) > tail.rfind(closing):
                found.add(f"before:unclosed_{name}")
        found.add("before:long" if before.long else "before:short" if len(content) < 20 else "before:middling")
        for shape, name in (
            ("whole:closing_formula", "closing_formula"),
            ("whole:table", "table"),
            ("start:number_mark", "list_item"),
        ):
            if shape in shapes:
                found.add(f"before:{name}")
        return found

    def _of_start(self, after: Look) -> set[str]:
        content, shapes = after.content, after.features
        found = set()
        for shape, name in (
            ("start:dateline", "dateline"), ("start:remainder", "remainder"), ("start:number_mark", "number_mark"),
            ("start:bullet", "bullet"), ("start:question", "answer"), ("start:quote", "quote"), ("start:greeting", "greeting"),
            ("whole:closing_formula", "closing_formula"), ("start:mid_punctuation", "mid_punctuation"),
            ("start:lower_particle", "particle"), ("whole:table", "table"),
        ):  # fmt: skip
            if shape in shapes:
                found.add(f"after:{name}")
        if self.openers.match(content) or self.times.match(content[:16]):
            found.add("after:opener")
        if _NUMBER.match(content[:1]):
            found.add("after:digit")
        head = content[:60]
        if head.find("”") >= 0 and not 0 <= head.find("“") < head.find("”"):
            found.add("after:closed_quote_first")
        if after.ending == "stop" and len(content) < 20:
            found.add("after:fragment")
        if after.ending == "open" and len(content) < 16:
            found.add("after:poem")
        return found


class PageHabits:
    """What a page does everywhere: blank lines between paragraphs, and the pairs of characters that it uses."""

    def __init__(self, raw: Sequence[RawLine], looks: Sequence[Look]) -> None:
        self.gaps = sum(line.blanks > 0 for line in raw) * 2 > len(raw)
        speakers = (_SPEAKER.match(look.content) for look in looks)
        self.speakers = Counter(match[1] for match in speakers if match)
        self.pairs = Counter(
            a + b
            for look in looks
            for a, b in zip(look.content[:4000], look.content[1:4000], strict=False)
            if "㐀" <= a <= "鿿"
        )

    def speaks(self, content: str) -> bool:
        """Say whether a line begins with the name of one who speaks more than once: 记者：, 陈慧仪：."""
        speaker = _SPEAKER.match(content)
        return speaker is not None and self.speakers[speaker[1]] > 1

    def word(self, pair: str) -> bool:
        """Say whether two characters stand next to each other elsewhere on the page."""
        return self.pairs[pair] > 0


class PageJoins:
    """The scores of one page's lines going on from one another, each worked out once."""

    def __init__(self, joins: Joins, raw: Sequence[RawLine], looks: Sequence[Look]) -> None:
        self.joins, self.raw, self.looks = joins, raw, looks
        self.habits = PageHabits(raw, looks)
        self.scores: dict[tuple[int, int], float] = {}

    def score(self, before: int, after: int, *, across_heading: bool = False) -> float:
        """Score two lines by their indices; `across_heading` says that a subhead of their article stands between."""
        key = (before, after)
        if key not in self.scores:
            self.scores[key] = self.joins.score(
                self.looks[before],
                self.looks[after],
                self.habits,
                apart=after - before - 1,
                blanks=self.raw[after].blanks,
            )
        return self.scores[key] + (self.joins.weights.get("across_heading", 0.0) if across_heading else 0.0)
