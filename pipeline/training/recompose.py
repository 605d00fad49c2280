"""Recompose marked-up pages: the same articles under other habits of marking, spacing and breaking.

Reads gold pages; writes gold pages. A paper marks its headings or not, sets blank lines or not, and breaks its
columns where they end: weights learned from one page must not learn its habits.
"""

from __future__ import annotations

import random
import re

from msgspec import Struct

from pipeline.evaluation.markup import GoldPage, parse_marked_page
from pipeline.records import HEADLINE_ROLES

_HEADINGS = HEADLINE_ROLES | {"subhead"}
_STOPS = "。！？!?；;：:"
_TO_HALF = str.maketrans("，：；？！（）", ",:;?!()")
_TO_FULL = str.maketrans(",;?!()", "，；？！（）")
_HALF = re.compile(r"(?<=[㐀-鿿”》）)])[,;?!(]|[)](?=[㐀-鿿，。]|$)|(?<=[㐀-鿿])[)]")


class _Row(Struct):
    """A line on its way to another page."""

    role: str
    article: int | None
    joins: bool
    marks: str
    content: str
    blanks: int


def recompose(page: GoldPage, rng: random.Random) -> GoldPage:
    """Give a page of the same articles, in another order, with other marks, blanks, breaks and punctuation width."""
    rows = _rows(page)
    if rng.random() < 0.7:
        rows = _reorder(rows, rng)
    rows = _break(rows, rng)
    _mark(rows, rng)
    _space(rows, rng)
    width = rng.choice(("keep", "half", "full"))
    numbers: dict[int, int] = {}
    out = []
    for row in rows:
        article = "-" if row.article is None else str(numbers.setdefault(row.article, len(numbers) + 1))
        content = row.content
        if width == "half":
            content = content.translate(_TO_HALF)
        elif width == "full":
            content = _HALF.sub(lambda match: match[0].translate(_TO_FULL), content)
        out.extend([""] * row.blanks)
        out.append(f"{row.role} {article}{'+' if row.joins else ''}\t{row.marks}{content}")
    return parse_marked_page("\n".join(out), name=page.name)


def _rows(page: GoldPage) -> list[_Row]:
    rows = []
    last = 0
    for line in page.lines:
        start = page.text.rfind("\n", 0, line.start) + 1
        marks = re.sub(r"[^#\s]", "", page.text[start : line.start]).lstrip()
        rows.append(
            _Row(line.role, line.article, line.joins, marks, page.text[line.start : line.end], line.number - last - 1)
        )
        last = line.number
    return rows


def _reorder(rows: list[_Row], rng: random.Random) -> list[_Row]:
    """Shuffle the articles between the head and the foot of the page; what stands inside another stays there."""
    last = {row.article: index for index, row in enumerate(rows) if row.article is not None}
    blocks: list[list[_Row]] = []
    block: list[_Row] = []
    reach = -1
    for index, row in enumerate(rows):
        block.append(row)
        if row.article is not None:
            reach = max(reach, last[row.article])
        if row.article is not None and index >= reach:
            blocks.append(block)
            block = []
    first_article = next((index for index, row in enumerate(blocks[0]) if row.article is not None), 0) if blocks else 0
    head = blocks[0][: max(0, first_article - 1)] if blocks else []
    if blocks:
        blocks[0] = blocks[0][len(head) :]
    rng.shuffle(blocks)
    return [*head, *(row for inner in blocks for row in inner), *block]


def _break(rows: list[_Row], rng: random.Random) -> list[_Row]:
    """Mend broken paragraphs and break others, anywhere but behind a stop."""
    share = rng.choice((0.0, 0.1, 0.3))
    keep = rng.random() < 0.5
    out: list[_Row] = []
    for row in rows:
        before = out[-1] if out else None
        if (
            row.joins
            and not keep
            and row.role == "body"
            and before
            and before.article == row.article
            and before.role == "body"
        ):
            before.content += row.content
            continue
        out.append(row)
        if row.role == "body" and len(row.content) > 120 and rng.random() < share:
            place = rng.randrange(30, len(row.content) - 3)
            if row.content[place - 1] not in _STOPS + "”" and row.content[place] not in "，。、；：！？”）》,;" + " ":
                tail, row.content = row.content[place:].strip(), row.content[:place].strip()
                out.append(_Row("body", row.article, True, "", tail, row.blanks))
    return out


def _mark(rows: list[_Row], rng: random.Random) -> None:
    """Mark headings as a conversion may: none, titles alone, all of them, or some."""
    habit = rng.choice(("keep", "keep", "none", "titles", "all", "most", "levels"))
    deep = rng.choice(("# ", "## ", "### "))
    for row in rows:
        heading = row.role in _HEADINGS
        if habit == "none":
            row.marks = ""
        elif habit == "titles":
            row.marks = deep if row.role == "title" else ""
        elif habit == "all":
            row.marks = deep if heading or (row.role == "section" and rng.random() < 0.5) else ""
        elif habit == "most":
            row.marks = (
                deep
                if heading and rng.random() < 0.8
                else deep
                if row.role in ("byline", "section") and rng.random() < 0.1
                else ""
            )
        elif habit == "levels":
            row.marks = "# " if row.role == "title" else "## " if heading else ""


def _space(rows: list[_Row], rng: random.Random) -> None:
    """Set blank lines as a conversion may: none, between all lines, or some."""
    habit = rng.choice(("keep", "keep", "none", "all", "some", "headings"))
    for index, row in enumerate(rows):
        if habit == "none" or index == 0:
            row.blanks = 0
        elif habit == "all":
            row.blanks = 1
        elif habit == "some":
            row.blanks = rng.choice((0, 0, 1, 1, 2))
        elif habit == "headings":
            row.blanks = int(row.role in _HEADINGS and rows[index - 1].role not in _HEADINGS)
