"""The shipped rules of pages, and what they make of marked-up lines."""

from __future__ import annotations

from pathlib import Path

from pipeline.evaluation.markup import GoldPage, parse_marked_page
from pipeline.pages.articles import Gathering
from pipeline.pages.features import Look
from pipeline.pages.joining import PageJoins
from pipeline.pages.lines import cut
from pipeline.pages.matter import Matter
from pipeline.pages.newspaper import make_newspaper_reader
from pipeline.training.page_lines import states_of

RULES = Path(__file__).resolve().parents[2] / "configs" / "rules" / "pages"
READER = make_newspaper_reader(RULES)


def looks_of(text: str) -> tuple[list[Look], PageJoins]:
    """Describe the lines of a text."""
    raw = cut(text)
    looks = READER.labels.look(text, raw)
    return looks, PageJoins(READER.joins, raw, looks)


def regroup(page: GoldPage) -> list[int | None]:
    """Number the articles of a page whose roles are known."""
    looks, joins = looks_of(page.text)
    return Gathering(states_of(page.lines), looks, Matter(looks), joins, READER.thresholds).gather()


def roles_of(text: str) -> list[str]:
    """Read the role of every line of a text."""
    return [line.role for line in READER.read_lines(text)]


def marked(*rows: str) -> GoldPage:
    """Parse rows of `ROLE ARTICLE text`."""
    cells = [row.split(" ", 2) for row in rows]
    return parse_marked_page("\n".join(f"{role} {article}\t{text}" for role, article, text in cells), name="p")
