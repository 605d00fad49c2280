"""The pipeline as a library: `pipeline.load` and `pipeline.extract`.

Reads texts, page files, folders and JSONL files; gives typed records, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from spacy.language import Language

from pipeline import build
from pipeline.batch.inputs import ArticleFile, PageFile, check_hash, find_inputs, read_articles
from pipeline.build import DEFAULT_CONFIG, PageReader
from pipeline.doc import make_doc
from pipeline.errors import ConfigError, InputError
from pipeline.export.records import record_of
from pipeline.records import Article, Record

MAX_ARTICLE_BYTES = 20_000_000
LONGEST_PATH = 1024  # characters of a text that may be a path by mistake

Source = str | Path | Article  # what one item of the input may be
Failed = Callable[[InputError], None]


def load(config: str | Path = DEFAULT_CONFIG, *, settings: Mapping[str, Any] | None = None) -> Language:
    """Build the pipeline of a config; without one, the default pipeline that is shipped.

    Settings override those of the file: `load(settings={"nlp.batch_size": 16})`.

    Raises:
        ConfigError: there is no such config, or it cannot work.
    """
    return build.load(config, settings)


def extract(
    source: Source | Iterable[Source],
    *,
    nlp: Language | None = None,
    config: str | Path = DEFAULT_CONFIG,
    date: str | None = None,
    pages: bool = False,
    failed: Failed | None = None,
) -> Iterator[Record]:
    """Extract the records of an input, one after the other as they are asked for.

    Args:
        source: A text; the Path of a page, of a folder or of a JSONL file of articles; an Article; or many of these. Texts
            get the ids 1, 2, 3 …
        nlp: What `load` gave, so that it is not built again.
        config: The pipeline to use where no `nlp` is given; its page reader reads pages and folders.
        date: The day of the paper, as 2024-03-21, for texts, and for pages that do not say it themselves.
        pages: Whether texts are whole pages, out of which the articles are read, rather than articles.
        failed: Is called with what cannot be read, and the rest goes on; without it, the first failure is raised.

    Raises:
        ConfigError: the config cannot work.
        InputError: something cannot be read, and there is no `failed`; raised when its turn comes.
    """
    if nlp is None:
        nlp = _loaded(str(build.find_config(config).resolve()))
    items: Iterable[Source] = [source] if isinstance(source, (str, Path, Article)) else source
    return _records(nlp, _Reading(config, date, pages, failed or _raise).articles(items))


def _records(nlp: Language, articles: Iterator[Article]) -> Iterator[Record]:
    for doc in nlp.pipe(make_doc(nlp, article) for article in articles):
        yield record_of(doc)


@lru_cache(maxsize=1)
def _loaded(config: str) -> Language:
    return build.load(config)


def _raise(error: InputError) -> None:
    raise error


class _Reading:
    """Read the articles of an input; the page reader is built when the first page comes."""

    def __init__(self, config: str | Path, date: str | None, pages: bool, failed: Failed) -> None:
        self.config, self.date, self.pages, self.failed = config, date, pages, failed
        self._reader: PageReader | None = None

    @property
    def reader(self) -> PageReader:
        if self._reader is None:
            self._reader = build.load_page_reader(self.config)
        return self._reader

    def articles(self, sources: Iterable[Source]) -> Iterator[Article]:
        texts = 0
        for source in sources:
            texts += isinstance(source, str)
            try:
                if isinstance(source, Article):
                    yield source
                elif isinstance(source, Path):
                    yield from self._files(source)
                elif isinstance(source, str):
                    yield from self._text(source, str(texts))
                else:
                    raise ConfigError(
                        f"{type(source).__name__} is nothing to read", remedy="give texts, Paths or Articles"
                    )
            except InputError as error:
                self.failed(error)

    def _text(self, text: str, id: str) -> Iterator[Article]:
        where = f"text {id}"
        if not text.strip():
            raise InputError("has no text", where=where, remedy="leave it out")
        if _names_a_file(text):
            raise InputError("is the path of a file", where=text, remedy="write Path(…) around it")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InputError(
                f"holds half a character at {error.start}", where=where, remedy="decode it anew"
            ) from error
        if self.pages:
            yield from self.reader.read_text(text, name=where, id=id, date=self.date).articles
        else:
            yield Article(
                id=id, page=None, kind="article", title=None, date=self.date, byline=(), text=text, page_map=()
            )

    def _files(self, path: Path) -> Iterator[Article]:
        items, failures = find_inputs([path])
        for failure in failures:
            self.failed(failure)
        for item in items:
            try:
                yield from self._lines(item) if isinstance(item, ArticleFile) else self._page(item)
            except InputError as error:
                self.failed(error)

    def _page(self, item: PageFile) -> Iterator[Article]:
        check_hash(item)
        yield from self.reader.read(item.path, name=item.name, id=item.id, date=item.date or self.date).articles

    def _lines(self, item: ArticleFile) -> Iterator[Article]:
        for article in read_articles(item.path, max_bytes=MAX_ARTICLE_BYTES):
            if isinstance(article, InputError):
                self.failed(article)
            else:
                yield article if article.date else replace(article, date=self.date)


def _names_a_file(text: str) -> bool:
    if len(text) > LONGEST_PATH or "\n" in text:
        return False
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a name, or with a NUL
        return False
