"""Bring records and their pages into one view.

Reads records.jsonl, pages.jsonl beside it, and page files; gives what the page shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.build import find_config
from pipeline.errors import InputError
from pipeline.export.reading import RecordFile
from pipeline.reader.articles import ArticleParts
from pipeline.reader.names import COMPANY_ENDINGS, Names
from pipeline.reader.pages import Pages, PageText, find_places
from pipeline.reader.view import NONE, ArticleView, LineView, PageView, PlaceView, View
from pipeline.records import Record

PAGES_FILE = "pages.jsonl"


def show(records: Path, *, pages: Path | None = None) -> View:
    """Read the records of a run and the pages they stand on.

    `pages` is the folder of the page files. What it does not hold is taken from the pages.jsonl beside the records; of a
    page that neither has, only the articles are shown.

    Raises:
        InputError: a file is missing, a line is broken, a page is not that of the records, or no page is in the folder.
    """
    read = list(RecordFile(records))
    listed = records.with_name(PAGES_FILE)
    found = _read_pages(read, Pages(pages, listed if listed.is_file() else None))
    if pages is not None and found and not any(text is not None and text.whole for text in found.values()):
        raise InputError(
            f"holds none of the {len(found)} pages of {records}", where=pages,
            remedy=f"give the folder that was extracted; the first page is {next(iter(found))!r}",
        )  # fmt: skip
    numbers = {name: number for number, name in enumerate(found)}
    names = Names(find_config(COMPANY_ENDINGS))
    articles = tuple(_article_view(record, names, numbers, found, records) for record in read)
    return View(
        source=records.name, names=names.views(), articles=articles,
        pages=tuple(_page_views(found, read, articles)),
    )  # fmt: skip


def _read_pages(records: list[Record], pages: Pages) -> dict[str, PageText | None]:
    names = dict.fromkeys(record.page for record in records if record.page is not None)
    return {name: pages.read(name) for name in names}


def _article_view(
    record: Record, names: Names, numbers: dict[str, int], pages: dict[str, PageText | None], where: Path
) -> ArticleView:
    page = pages.get(record.page or "")
    places: tuple[PlaceView, ...] = () if page is None else tuple(find_places(record, page, where))
    number = NONE if record.page is None else numbers[record.page]
    return ArticleParts(record, names.add(record)).view(number, places)


def _page_views(
    pages: dict[str, PageText | None], records: list[Record], articles: tuple[ArticleView, ...]
) -> Iterator[PageView]:
    indexes = {article.id: index for index, article in enumerate(articles)}
    dates = {record.page: record.date for record in reversed(records)}
    owners: dict[tuple[int, int], int] = {}  # of a page and a line: the article that stands there
    for index, article in enumerate(articles):
        owners.update({(article.page, place.line): index for place in article.places})
    for number, (name, text) in enumerate(pages.items()):
        if text is None:
            yield PageView(name, dates[name], False, ())
            continue
        lines = tuple(
            LineView(line.text, line.role, owners.get((number, at), indexes.get(line.article or "", NONE)))
            for at, line in enumerate(text.lines)
        )
        yield PageView(name, text.date, text.whole, lines)
