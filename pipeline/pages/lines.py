"""Say what each line of a page is: title, body, caption, byline and so on.

Reads the page's text; writes states (roles split by their place in the article) that `articles` builds on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.pages.bylines import BylineRules
from pipeline.pages.chain import Chain
from pipeline.pages.composing import content_offsets
from pipeline.pages.context import describe
from pipeline.pages.features import Look, RawLine, look_at
from pipeline.pages.joining import PageJoins
from pipeline.pages.shapes import Shapes

_MARKS = re.compile(r"\s*(#{1,9})")


def cut(text: str) -> list[RawLine]:
    """Cut a page into its lines that are not blank.

    >>> [(line.number, line.marks, line.blanks) for line in cut("# 要闻\\r\\n\\r\\n本报讯")]
    [(1, 1, 0), (3, 0, 1)]
    """
    lines = []
    position = blanks = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        start, end = content_offsets(text, position, position + len(raw))
        if start < end:
            marks = _MARKS.match(raw[:12])
            lines.append(RawLine(number, start, end, len(marks[1]) if marks else 0, blanks))
            blanks = 0
        else:
            blanks += 1
        position += len(raw) + 1
    return lines


class LineLabels:
    """The rules by which lines are labelled."""

    def __init__(self, rules: Path, bylines: BylineRules) -> None:
        self.shapes = Shapes(rules / "shapes.toml")
        self.bylines = bylines
        self.chain = Chain.load(rules / "lines.toml")

    def look(self, text: str, lines: Sequence[RawLine]) -> list[Look]:
        """Say what every line looks like by itself."""
        return [look_at(text[line.start : line.end], line, self.shapes, self.bylines) for line in lines]

    def label(self, lines: Sequence[RawLine], looks: Sequence[Look], joins: PageJoins) -> list[str]:
        """Give the state of every line."""
        return self.chain.decode(describe(lines, looks, joins))
