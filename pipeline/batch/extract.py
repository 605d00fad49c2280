"""Extract records from pages and articles on one machine: the main job.

Reads files; writes `records.jsonl`, `pages.jsonl` and `summary.json`, whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.batch.files import LeaveAbsent, whole_files
from pipeline.batch.inputs import ArticleFile, PageFile, check_hash, find_inputs, read_articles
from pipeline.build import PageReader, load, load_page_reader, read_config
from pipeline.doc import make_doc
from pipeline.errors import InputError
from pipeline.export.pages import page_record_of
from pipeline.export.records import record_of
from pipeline.records import Article, PageRecord, Record, encode_line

RECORDS, PAGES, SUMMARY = "records.jsonl", "pages.jsonl", "summary.json"
MAX_ARTICLE_BYTES = 20_000_000


class Summary(Struct):
    """What a run did: counts of what was read and found, and what could not be read. Holds no times: it is byte-equal between runs."""

    files: int = 0
    pages: int = 0
    articles: int = 0
    characters: int = 0
    encodings: dict[str, int] = msgspec.field(default_factory=dict)
    mentions: dict[str, int] = msgspec.field(default_factory=dict)
    relations: dict[str, int] = msgspec.field(default_factory=dict)
    events: dict[str, int] = msgspec.field(default_factory=dict)
    notes: list[str] = msgspec.field(default_factory=list)
    failures: list[str] = msgspec.field(default_factory=list)

    def add(self, record: Record) -> None:
        """Count one record in."""
        self.articles += 1
        self.characters += len(record.text)
        _count(self.mentions, (mention.label for mention in record.mentions))
        _count(self.relations, (relation.type for relation in record.relations))
        _count(self.events, (event.type for event in record.events))


def _count(counts: dict[str, int], names: Iterator[str]) -> None:
    total = Counter(counts)
    total.update(names)
    counts.update(sorted(total.items()))


def extract(
    inputs: Sequence[Path], *, config: str | Path, output: Path, n_process: int = 1,
    overrides: Mapping[str, Any] | None = None, advance: Callable[[int, int], None] | None = None,
) -> Summary:  # fmt: skip
    """Read pages and articles, run the pipeline of a config over them, and write the records.

    `advance(done, total)` is called with counts of input files as the work goes on. What cannot be read is listed in
    the summary's `failures` and does not stop the rest; where nothing could be read, nothing is written.

    Raises:
        ConfigError: the config cannot work.
        InputError: the output folder cannot be written.
    """
    settings = read_config(config, overrides)
    reader, nlp = load_page_reader(settings), load(settings)
    items, failures = find_inputs(inputs)
    summary = Summary(files=len(items) + len(failures), failures=[str(failure) for failure in failures])
    if not items:
        return summary
    targets = [output / RECORDS, output / PAGES, output / SUMMARY]
    with whole_files(*targets) as (records_file, pages_file, summary_file):

        def note_page(page: PageRecord) -> None:
            pages_file.write(encode_line(page))

        articles = _articles(items, reader, summary, note_page, advance)
        docs = nlp.pipe((make_doc(nlp, article) for article in articles), n_process=n_process)
        for doc in docs:
            record = record_of(doc)
            records_file.write(encode_line(record))
            summary.add(record)
        if not summary.articles and not summary.pages:
            raise LeaveAbsent
        summary_file.write(msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
    return summary


def _articles(
    items: Sequence[PageFile | ArticleFile], reader: PageReader, summary: Summary,
    note_page: Callable[[PageRecord], None], advance: Callable[[int, int], None] | None,
) -> Iterator[Article]:  # fmt: skip
    for number, item in enumerate(items):
        if isinstance(item, ArticleFile):
            for article in read_articles(item.path, max_bytes=MAX_ARTICLE_BYTES):
                if isinstance(article, InputError):
                    summary.failures.append(str(article))
                else:
                    yield article
        else:
            try:
                check_hash(item)
                page = reader.read(item.path, name=item.name, id=item.id, date=item.date)
            except InputError as error:
                summary.failures.append(str(error))
            else:
                summary.pages += 1
                _count(summary.encodings, iter([page.encoding]))
                if page.encoding == "gb18030":
                    summary.notes.append(f"{item.path}: read as GB18030")
                note_page(page_record_of(page))
                yield from page.articles
        if advance:
            advance(number + 1, len(items))
