"""Read the pages behind the records: their own files where they are at hand, else the lines that pages.jsonl keeps.

Reads page files and pages.jsonl; gives page texts. A file that is not what the records were made from is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import InputError
from pipeline.evaluation.jsonlines import Ids, read_lines
from pipeline.export.utf16 import CodeUnits
from pipeline.pages.reader import read_text
from pipeline.reader.view import PlaceView
from pipeline.records import PAGE_SCHEMA, PageRecord, Record

MAX_BYTES = 100_000_000  # of a page file: what the reader of pages has taken is never so large
_LINE = re.compile(r"[^\r\n]*")


class TextLine(Struct, frozen=True):
    """A line of a page, and its page offset; `record` is the number of its line in the page's record."""

    start: int
    text: str
    role: str = ""
    article: str | None = None


class PageText(Struct, frozen=True):
    """A page as far as it is known: `whole` with blank lines and marks, or only what its lines say."""

    name: str
    date: str | None
    whole: bool
    lines: tuple[TextLine, ...]


class Pages:
    """The pages that records name: `folder` holds their files, `listed` is the pages.jsonl of the run."""

    def __init__(self, folder: Path | None, listed: Path | None) -> None:
        if folder is not None and not folder.is_dir():
            raise InputError("is no folder", where=folder, remedy="give the folder of the page files to --pages")
        self._folder = folder
        self._listed = listed
        self._records = dict(_read_page_records(listed)) if listed is not None else {}

    def read(self, name: str) -> PageText | None:
        """Give the page of this name, relative to the input folder; None where nothing is known of it.

        Raises:
            InputError: its file is unreadable, or is not the page that pages.jsonl tells of.
        """
        record = self._records.get(name)
        path = _inside(self._folder, name)
        if path is not None and path.is_file():
            text = read_text(path, max_bytes=MAX_BYTES).text
            if record is not None:
                self._check(record, text, path)
            return PageText(name, record.date if record else None, True, tuple(_whole_lines(text, record)))
        if record is None:
            return None
        lines = (TextLine(line.start, line.text, line.role, _article(record, line.article)) for line in record.lines)
        return PageText(name, record.date, False, tuple(lines))

    def _check(self, record: PageRecord, text: str, path: Path) -> None:
        if record.characters != len(text) or any(text[line.start : line.end] != line.text for line in record.lines):
            raise InputError(
                f"is not the page that {self._listed} tells of", where=path,
                remedy="give the folder of the files that were extracted, or extract again",
            )  # fmt: skip


def _inside(folder: Path | None, name: str) -> Path | None:
    """Give the path of a page; None for a name that leads out of the folder."""
    if folder is None or "\0" in name:
        return None
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) else None


def _read_page_records(path: Path) -> Iterator[tuple[str, PageRecord]]:
    names = Ids(path, InputError)
    for number, line in read_lines(path):
        try:
            record = msgspec.json.decode(line, type=PageRecord)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InputError(
                f"is no page of {PAGE_SCHEMA}: {error}", where=path, line=number,
                remedy="give what baozhi extract writes",
            ) from error  # fmt: skip
        names.add(record.page, number)
        before = 0
        for each in record.lines:
            if each.start < before or each.end - each.start != len(each.text):
                raise InputError(
                    f"line {each.line} of page {record.page!r} does not stand at [{each.start}, {each.end}]", where=path,
                    line=number, remedy="write the pages again with baozhi extract",
                )  # fmt: skip
            before = each.end
        yield record.page, record


def _whole_lines(text: str, record: PageRecord | None) -> Iterator[TextLine]:
    known = record.lines if record else ()
    starts = [line.start for line in known]
    for start, end in _line_offsets(text):
        number = bisect_right(starts, end) - 1
        line = known[number] if number >= 0 and known[number].start >= start and start < end else None
        if record is None or line is None:
            yield TextLine(start, text[start:end])
        else:
            yield TextLine(start, text[start:end], line.role, _article(record, line.article))


def _line_offsets(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(text):
        match = _LINE.match(text, start)
        end = match.end() if match else start
        yield start, end
        start = end + (2 if text.startswith("\r\n", end) else 1)


def _article(record: PageRecord, number: int | None) -> str | None:
    return record.articles[number - 1] if number is not None and 0 < number <= len(record.articles) else None


def find_places(record: Record, page: PageText, where: Path) -> Iterator[PlaceView]:
    """Take the page map of a record to lines and columns of its page, in UTF-16 code units.

    Raises:
        InputError: the page does not say there what the article says.
    """
    starts = [line.start for line in page.lines]
    units = CodeUnits(record.text)
    columns: dict[int, CodeUnits] = {}
    for run in record.page_map:
        at, end = run.page_start, run.page_start + run.length
        while at < end:
            number = bisect_right(starts, at) - 1
            line = page.lines[number] if number >= 0 else None
            stop = min(end, line.start + len(line.text)) if line is not None else at
            here = run.text_start + at - run.page_start
            if line is None or stop <= at:
                if record.text[here : here + 1].strip():
                    raise _astray(record, page, where)
                at += 1  # a blank or a line end, which no line holds
                continue
            if line.text[at - line.start : stop - line.start] != record.text[here : here + stop - at]:
                raise _astray(record, page, where)
            column = columns.setdefault(number, CodeUnits(line.text))
            start = units.of(here)
            length = units.of(here + stop - at) - start
            yield PlaceView(start, length, number, column.of(at - line.start))
            at = stop


def _astray(record: Record, page: PageText, where: Path) -> InputError:
    return InputError(
        f"{record.id} does not stand on the page {page.name!r} where its page_map says", where=where,
        remedy="give the pages of the same run",
    )  # fmt: skip
