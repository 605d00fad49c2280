"""Read gold pages: the marked-up pages of the corpus, and the hand annotations of pages in JSONL.

Reads files; writes `GoldPage`. Broken markup raises, with file and line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from pipeline.errors import AnnotationError, InputError, unknown
from pipeline.pages.composing import content_offsets
from pipeline.pages.reader import read_text
from pipeline.records import LINE_ROLES, LOOSE_ROLES, Line

MAX_BYTES = 20_000_000  # of one marked-up or annotated page


class GoldPage(Struct, frozen=True):
    """A page whose lines are labelled by hand; `lines` has every line that is not blank."""

    name: str
    text: str
    lines: tuple[Line, ...]


def read_marked_page(path: Path) -> GoldPage:
    """Read one page of `ROLE ARTICLE[+]<TAB>raw line` lines.

    Raises:
        AnnotationError: a line that is not well formed or contradicts the guidelines.
    """
    return parse_marked_page(path.read_bytes().decode("utf-8"), name=path.stem, where=path)


def parse_marked_page(markup: str, *, name: str, where: Path | str = "markup") -> GoldPage:
    """Parse the markup of one page; an empty line of it is a blank line of the page.

    >>> parse_marked_page("title 1\\t# 防汛会议召开", name="a").lines[0].role
    'title'
    """
    lines: list[Line] = []
    raw_lines: list[str] = []
    position = 0
    for number, row in enumerate(markup.removesuffix("\n").split("\n"), start=1):
        marked = row.removesuffix("\r")
        label, tab, raw = marked.partition("\t")
        if marked.strip():
            if not tab:
                raise AnnotationError(
                    "no tab between label and line", where=where, line=number, remedy="write ROLE ARTICLE<TAB>line"
                )
            start, end = content_offsets(raw, 0, len(raw))
            if start == end:
                raise AnnotationError("a labelled line says nothing", where=where, line=number, remedy="leave it empty")
            role, article, joins = _parse_label(label, where, number)
            lines.append(Line(number, position + start, position + end, role, article, joins))
        raw_lines.append(raw)
        position += len(raw) + 1
    _check(lines, where)
    return GoldPage(name, "\n".join(raw_lines), tuple(lines))


def _parse_label(label: str, where: Path | str, number: int) -> tuple[str, int | None, bool]:
    role, _, rest = label.partition(" ")
    joins = rest.endswith("+")
    article = rest.removesuffix("+")
    if article != "-" and not article.isdecimal():
        raise AnnotationError(
            f"no article in {label!r}",
            where=where,
            line=number,
            remedy="give a number, or - for none, then + if it joins",
        )
    return role, None if article == "-" else int(article), joins


def _check(lines: Sequence[Line], where: Path | str) -> None:
    """Check what the guidelines say of roles, articles and joins."""
    seen = 0
    for line in lines:
        problem = ""
        if line.role not in LINE_ROLES:
            problem = unknown("role", line.role, LINE_ROLES)
        elif (line.role in LOOSE_ROLES) != (line.article is None):
            problem = f"a {line.role} line {'belongs to no' if line.role in LOOSE_ROLES else 'needs an'} article"
        elif line.article is not None and not 1 <= line.article <= seen + 1:
            problem = f"article {line.article} where at most {seen + 1} can stand"
        elif line.joins and (line.article is None or line.article > seen):
            problem = "the first line of an article joins nothing"
        if problem:
            raise AnnotationError(problem, where=where, line=line.number, remedy="see the guidelines, part 1")
        seen = max(seen, line.article or 0)


def read_marked_folder(folder: Path) -> list[GoldPage]:
    """Read every `*.page` file of a folder, by name."""
    paths = sorted(folder.glob("*.page"))
    if not paths:
        raise InputError("has no *.page file", where=folder, remedy="give the folder of a corpus of marked-up pages")
    return [read_marked_page(path) for path in paths]


def read_annotated_pages(annotations: Path, pages: Path) -> list[GoldPage]:
    """Read `pages.jsonl` with the page files that it labels.

    Raises:
        AnnotationError: a label on a blank line or beyond the page, a line without a label, a contradiction.
    """
    labels: dict[str, list[tuple[int, dict[str, object]]]] = {}
    for number, row in enumerate(annotations.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            value = json.loads(row)
            labels.setdefault(value["page"], []).append((number, value))
        except (ValueError, KeyError, TypeError) as error:
            raise AnnotationError(
                f"no label of a line: {error}", where=annotations, line=number, remedy="see the guidelines"
            ) from error
    return [_annotated_page(name, rows, annotations, pages) for name, rows in sorted(labels.items())]


def _annotated_page(name: str, rows: Iterable[tuple[int, dict[str, object]]], where: Path, pages: Path) -> GoldPage:
    text = read_text(pages / name, max_bytes=MAX_BYTES).text
    spans = line_spans(text)
    lines: list[Line] = []
    for row, value in rows:
        number = value.get("line")
        if not isinstance(number, int) or number not in spans:
            raise AnnotationError(
                f"line {number} of {name} is blank or not there", where=where, line=row, remedy="count all lines from 1"
            )
        start, end = spans.pop(number)
        article = value.get("article")
        if not (article is None or isinstance(article, int)):
            raise AnnotationError(
                f"article {article!r} is no number", where=where, line=row, remedy="give a number or null"
            )
        lines.append(Line(number, start, end, str(value.get("role")), article, bool(value.get("joins"))))
    if spans:
        raise AnnotationError(
            f"line {min(spans)} of {name} has no label", where=where, remedy="label every line that is not blank"
        )
    _check(lines, f"{where}, {name}")
    return GoldPage(name, text, tuple(lines))


def line_spans(text: str) -> dict[int, tuple[int, int]]:
    """Give the offsets of what each line that is not blank says, by line number."""
    spans = {}
    position = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        start, end = content_offsets(text, position, position + len(raw))
        if start < end:
            spans[number] = (start, end)
        position += len(raw) + 1
    return spans
