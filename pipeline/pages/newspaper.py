"""Read newspaper pages: decode, label lines, gather articles, join broken sentences, compose.

Reads files or texts; writes `Page`. The reader of `[pages]` in the shipped config.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from pipeline.errors import ConfigError, InputError
from pipeline.pages.articles import Gathering, Thresholds
from pipeline.pages.breaks import Breaks
from pipeline.pages.bylines import BylineRules
from pipeline.pages.composing import compose
from pipeline.pages.dates import Dates
from pipeline.pages.joining import Joins, PageJoins
from pipeline.pages.lines import LineLabels, cut
from pipeline.pages.matter import Matter
from pipeline.pages.reader import read_text
from pipeline.records import Line, Page
from pipeline.registries import page_readers

JOINED = frozenset(
    {"body", "caption", "kicker", "subtitle", "subhead"}
)  # roles whose lines may go on from the one before


class NewspaperReader:
    """Read pages of newspapers by the rules of one folder."""

    def __init__(self, rules: Path, *, max_bytes: int, own_caption: float, late_headline: float) -> None:
        if not rules.is_dir():
            raise ConfigError("there is no such folder of rules", where=rules, remedy="set `rules` in [pages]")
        self.max_bytes = max_bytes
        self.thresholds = Thresholds(own_caption=own_caption, late_headline=late_headline)
        self.bylines = BylineRules(rules / "bylines.toml")
        self.joins = Joins(rules / "joins.toml", Breaks.load(rules / "breaks.toml"))
        self.labels = LineLabels(rules, self.bylines)
        self.dates = Dates(rules / "dates.toml")

    def read(self, path: Path, *, name: str, id: str, date: str | None = None) -> Page:
        """Read one file into a page with its articles.

        Raises:
            InputError: the file cannot be read as a page.
        """
        decoded = read_text(path, max_bytes=self.max_bytes)
        return self.read_text(decoded.text, name=name, id=id, encoding=decoded.encoding, date=date)

    def read_text(self, text: str, *, name: str, id: str, encoding: str = "utf-8", date: str | None = None) -> Page:
        """Read the decoded text of one page; `date` is the page's date in ISO form, where it is known."""
        lines = self.read_lines(text)
        page_date = _given(date, name) if date else self.dates.of_page(text, lines)
        members: dict[int, list[Line]] = {}
        for line in lines:
            if line.article is not None:
                members.setdefault(line.article, []).append(line)
        dates: dict[int, str | None] = {}
        for number, inner in members.items():
            day = self.dates.of_article(text, inner, page_date)
            dates[number] = day.isoformat() if day else None
        articles = compose(
            text, lines, page_id=id, page_name=name, dates=dates,
            bylines={number: self.bylines.of_article(text, inner) for number, inner in members.items()},
        )  # fmt: skip
        return Page(id, name, encoding, page_date.isoformat() if page_date else None, text, lines, articles)

    def read_lines(self, text: str) -> tuple[Line, ...]:
        """Say of every line that is not blank what it is, to which article it belongs, and whether it joins."""
        raw = cut(text)
        looks = self.labels.look(text, raw)
        joins = PageJoins(self.joins, raw, looks)
        states = self.labels.label(raw, looks, joins)
        numbers = Gathering(states, looks, Matter(looks), joins, self.thresholds).gather()
        roles = [self.labels.chain.roles[state] for state in states]
        lines = [
            Line(line.number, line.start, line.end, role, number, False)
            for line, role, number in zip(raw, roles, numbers, strict=True)
        ]
        return tuple(self._join(self._retitle(lines), states, joins))

    @staticmethod
    def _retitle(lines: list[Line]) -> list[Line]:
        """See to it that every headline has one title: its last kicker, or the subhead that an article begins with."""
        members: dict[int, list[int]] = {}
        for index, line in enumerate(lines):
            if line.article is not None:
                members.setdefault(line.article, []).append(index)
        for indices in members.values():
            first = lines[indices[0]]
            if first.role == "subhead":
                lines[indices[0]] = replace(first, role="title")
            roles = {lines[index].role for index in indices}
            headings = [index for index in indices if lines[index].role in ("kicker", "subtitle")]
            if headings and "title" not in roles:
                kickers = [index for index in headings if lines[index].role == "kicker"] or headings[:1]
                lines[kickers[-1]] = replace(lines[kickers[-1]], role="title")
        return lines

    @staticmethod
    def _join(lines: list[Line], states: Sequence[str], scores: PageJoins) -> list[Line]:
        """Say of each line whether it goes on from the line before it of the same article and kind."""
        last: dict[tuple[int, str], int] = {}
        last_heading: dict[int, int] = {}
        for index, line in enumerate(lines):
            if line.article is None:
                continue
            before = last.get((line.article, line.role))
            joins = False
            if line.role == "title":
                joins = states[index] == "title_on" and before is not None
            elif (
                line.role in JOINED and before is not None and (line.role in ("body", "caption") or before == index - 1)
            ):
                joins = scores.score(before, index, across_heading=last_heading.get(line.article, -1) > before) > 0
            if joins:
                lines[index] = replace(line, joins=True)
            if line.role in ("subhead", "title"):
                last_heading[line.article] = index
            last[line.article, line.role] = index
        return lines


def _given(date: str, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(date)
    except ValueError as error:
        raise InputError(f"{date!r} is no ISO date", where=name, remedy="write it as 2024-03-21") from error


@page_readers("newspaper")  # type: ignore[untyped-decorator]
def make_newspaper_reader(
    rules: Path, max_bytes: int = 20_000_000, own_caption: float = 0.2, late_headline: float = 0.1
) -> NewspaperReader:
    """Make the reader of newspaper pages from the rule files of a folder.

    Args:
        rules: folder with shapes.toml, lines.toml, bylines.toml, joins.toml, dates.toml.
        max_bytes: largest page that is read.
        own_caption: share of a caption's words that an article must have for the picture to be its own.
        late_headline: by how much more of a headline's words the text above must have than the text below.
    """
    return NewspaperReader(Path(rules), max_bytes=max_bytes, own_caption=own_caption, late_headline=late_headline)
