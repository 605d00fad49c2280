"""Read what is extracted as a whole: a page with its articles, or one article of a JSONL file.

Reads page files and JSONL files; writes units. What cannot be read is a unit with a failure, in its place, so that the
rest is not stopped.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field

from pipeline.batch.articles import read_article_file
from pipeline.batch.fingerprint import content_key
from pipeline.batch.inputs import ArticleFile, PageFile, check_hash
from pipeline.batch.summary import Summary
from pipeline.build import PageReader
from pipeline.errors import BaozhiError, InputError
from pipeline.export.pages import page_record_of
from pipeline.records import Article, encode_line


class Unit(Struct):
    """One page or article on its way: what was read, what has been extracted, or why that failed.

    `place` counts the units of a run; `key` names its content; `where` says to a person what it is. `reused` holds its
    counts where the journal has its lines already.
    """

    place: int
    where: str
    key: bytes = b""
    articles: tuple[Article, ...] = ()
    page: bytes = b""
    records: list[bytes] = field(default_factory=list)
    counts: Summary = field(default_factory=Summary)
    failure: str | None = None
    reused: bool = False


Find = Callable[[bytes, int], "Summary | None"]


def read_units(
    items: Sequence[PageFile | ArticleFile], reader: PageReader, *, find: Find, start: int = 0,
    advance: Callable[[int, int], None] | None = None,
) -> Iterator[Unit]:  # fmt: skip
    """Read units in the order of the inputs, their places counted from `start`.

    `find(key, place)` gives the counts of one that need not be read, or None.
    """
    places = itertools.count(start)
    for number, item in enumerate(items):
        if isinstance(item, PageFile):
            yield _read_page(item, reader, next(places), find)
        else:
            for article in itertools.islice(read_article_file(item.path), item.start, item.stop):
                yield article_unit(article, next(places), find)
        if advance:
            advance(number + 1, len(items))


def article_unit(article: Article | InputError, place: int, find: Find) -> Unit:
    """Make the unit of an article that is one already."""
    if isinstance(article, InputError):
        return Unit(place, "", failure=str(article))
    key = content_key("article", article.id, article.text, article.date)
    counts = find(key, place)
    if counts is not None:
        return Unit(place, article.id, key=key, counts=counts, reused=True)
    return Unit(place, article.id, key=key, articles=(article,))


def _read_page(item: PageFile, reader: PageReader, place: int, find: Find) -> Unit:
    where = str(item.path)
    try:
        key = content_key("page", item.name, item.id, item.date, check_hash(item))
        counts = find(key, place)
        if counts is not None:
            return Unit(place, where, key=key, counts=counts, reused=True)
        page = reader.read(item.path, name=item.name, id=item.id, date=item.date)
    except InputError as error:
        return Unit(place, where, failure=str(error))
    except Exception as error:  # a fault of the reader's costs this page, not the archive
        return Unit(place, where, failure=f"{where}: {broke(error)}")
    counts = Summary(pages=1, encodings={page.encoding: 1})
    return Unit(place, where, key=key, articles=page.articles, page=encode_line(page_record_of(page)), counts=counts)


def broke(error: Exception) -> str:
    """Say on one line that our own code has failed on an input."""
    said = str(error) if isinstance(error, BaozhiError) else f"{type(error).__name__}: {error}"
    return f"a stage broke ({' '.join(said.split())}); leave this input out, and report it"


def note_of(unit: Unit) -> str | None:
    """Say what a person should know of a unit that was read."""
    return f"{unit.where}: read as GB18030" if "gb18030" in unit.counts.encodings else None


def count_in(summary: Summary, unit: Unit) -> None:
    """Count a unit, what is to be noted of it, and what kept it from being extracted."""
    note = note_of(unit)
    if note is not None:
        summary.notes.append(note)
    if unit.failure is not None:
        summary.failures.append(unit.failure)
    else:
        summary.merge(unit.counts)
        summary.reused += unit.reused
