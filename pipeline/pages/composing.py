"""Compose the text of each article from lines whose role, article and joins are known.

Reads lines; writes articles. The order is a newspaper's: headline, then body with its subheads, bylines and
signatures, then captions. Nothing is added but one line feed between paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.records import HEADLINE_ROLES, Article, Line, Run

_HEADING_MARK = re.compile(r"#+(?=\s|[^#\s])")


def content_offsets(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow the offsets of a raw line to what it says: without blanks at its ends and leading `#` marks.

    >>> text = "  ## 要闻 "
    >>> start, end = content_offsets(text, 0, len(text))
    >>> text[start:end]
    '要闻'
    """
    start, end = _strip(text, start, end)
    mark = _HEADING_MARK.match(text, start, end)
    if mark and mark.end() < end:
        start, end = _strip(text, mark.end(), end)
    return start, end


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))


def text_order(lines: Iterable[Line]) -> list[Line]:
    """Give the lines of one article in the order in which its text has them."""
    lines = list(lines)
    has_body = any(line.role in ("body", "subhead") for line in lines)

    def part(line: Line) -> int:
        if line.role in HEADLINE_ROLES:
            return 0
        if line.role == "caption" or (line.role == "byline" and not has_body):
            return 2
        return 1

    return sorted(lines, key=lambda line: (part(line), line.number))


def compose(
    text: str, lines: Sequence[Line], *, page_id: str, page_name: str | None, dates: dict[int, str | None],
    bylines: dict[int, tuple[str, ...]],
) -> tuple[Article, ...]:  # fmt: skip
    """Make the articles of a page from its labelled lines; `dates` and `bylines` are keyed by article number."""
    members: dict[int, list[Line]] = {}
    for line in lines:
        if line.article is not None:
            members.setdefault(line.article, []).append(line)
    return tuple(
        _compose_one(
            text, text_order(members[number]), id=f"{page_id}-{number}", page=page_name, date=dates.get(number),
            byline=bylines.get(number, ()),
        )
        for number in sorted(members)
    )  # fmt: skip


def _compose_one(
    text: str, lines: Sequence[Line], *, id: str, page: str | None, date: str | None, byline: tuple[str, ...]
) -> Article:
    pieces: list[str] = []
    runs: list[Run] = []
    length = 0
    for index, line in enumerate(lines):
        if index and not line.joins:
            pieces.append("\n")
            length += 1
        pieces.append(text[line.start : line.end])
        runs.append(Run(length, line.start, line.end - line.start))
        length += line.end - line.start
    return Article(
        id=id, page=page, kind=kind_of(lines), title=title_of(text, lines), date=date, byline=byline,
        text="".join(pieces), page_map=tuple(runs),
    )  # fmt: skip


def title_of(text: str, lines: Iterable[Line]) -> str | None:
    """Give the title, its broken halves joined; None for the remainder of an article that began elsewhere."""
    return "".join(text[line.start : line.end] for line in lines if line.role == "title") or None


def kind_of(lines: Iterable[Line]) -> str:
    """Say what kind of article its lines make: a notice is signed, a photo has captions and no body."""
    roles = {line.role for line in lines}
    if "signature" in roles:
        return "notice"
    if "caption" in roles and "body" not in roles:
        return "photo"
    return "article"
