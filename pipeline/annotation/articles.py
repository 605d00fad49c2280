"""Hand annotations as they lie in a file: one article a line, offsets into its text and on its page.

Reads and writes JSONL. Page offsets stand beside text offsets, so that the annotations outlive changes of the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, field

from pipeline.errors import AnnotationError
from pipeline.records import Article, Offsets, Run, encode_line

EXHAUSTIVE_LABELS = ("PER", "ORG", "LOC", "TITLE", "MONEY")

Pieces = tuple[Offsets, ...]


class MentionMark(Struct, frozen=True, order=True):
    """A marked mention; `page` are the pieces of the page that it stands on."""

    start: int
    end: int
    label: str
    page: Pieces = ()


class RelationMark(Struct, frozen=True, order=True):
    """A marked edge between two mentions, named by their offsets."""

    type: str
    head: Offsets = field(name="from")
    tail: Offsets = field(name="to")


class RoleMark(Struct, frozen=True, order=True):
    """A marked role of an event."""

    role: str
    mention: Offsets


class EventMark(Struct, frozen=True, order=True):
    """A marked trigger with its type and roles."""

    type: str
    start: int
    end: int
    roles: tuple[RoleMark, ...] = ()
    page: Pieces = ()


class AnnotatedArticle(Struct, frozen=True):
    """All marks of one article. `layers` names the labels whose every mention is marked."""

    id: str
    page: str | None
    layers: tuple[str, ...]
    text: str
    page_map: tuple[Run, ...]
    mentions: tuple[MentionMark, ...]
    relations: tuple[RelationMark, ...]
    events: tuple[EventMark, ...]


class _Line(Struct, frozen=True):
    """What a line of the file may leave out."""

    id: str
    text: str
    mentions: tuple[MentionMark, ...]
    page: str | None = None
    layers: tuple[str, ...] = EXHAUSTIVE_LABELS
    page_map: tuple[Run, ...] = ()
    relations: tuple[RelationMark, ...] = ()
    events: tuple[EventMark, ...] = ()


def annotate(
    article: Article, mentions: Iterable[MentionMark], relations: Iterable[RelationMark], events: Iterable[EventMark]
) -> AnnotatedArticle:
    """Put marks on an article in the order of its text, each with its place on the page."""
    return AnnotatedArticle(
        id=article.id, page=article.page, layers=EXHAUSTIVE_LABELS, text=article.text, page_map=article.page_map,
        mentions=tuple(sorted(msgspec.structs.replace(m, page=article.to_page(m.start, m.end)) for m in mentions)),
        relations=tuple(sorted(relations, key=lambda r: (r.head, r.tail, r.type))),
        events=tuple(
            sorted(
                (
                    msgspec.structs.replace(e, page=article.to_page(e.start, e.end), roles=tuple(sorted(e.roles)))
                    for e in events
                ),
                key=lambda e: (e.start, e.end, e.type),
            )
        ),
    )  # fmt: skip


def article_of(annotated: AnnotatedArticle) -> Article:
    """Give the article under the marks."""
    return Article(
        id=annotated.id, page=annotated.page, kind="article", title=None, date=None, byline=(), text=annotated.text,
        page_map=annotated.page_map,
    )  # fmt: skip


def read_articles(path: Path) -> Iterator[tuple[int, AnnotatedArticle]]:
    """Read a file of hand annotations; gives each article with its line.

    Raises:
        AnnotationError: the file is missing, or a line is not of this form or repeats an id.
    """
    try:
        rows = path.read_bytes().splitlines()
    except OSError as error:
        raise AnnotationError(f"cannot be read ({error.strerror})", where=path, remedy="check the path") from error
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        try:
            line = msgspec.json.decode(row, type=_Line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise AnnotationError(f"is no annotated article: {error}", where=path, line=number, remedy="repair the line") from error
        if line.id in seen:
            raise AnnotationError(f"repeats the id {line.id!r} of line {seen[line.id]}", where=path, line=number, remedy="remove one of them")
        seen[line.id] = number
        yield number, AnnotatedArticle(**{name: getattr(line, name) for name in AnnotatedArticle.__struct_fields__})


def write_articles(path: Path, articles: Sequence[AnnotatedArticle]) -> None:
    """Write hand annotations, one article a line."""
    path.write_bytes(b"".join(encode_line(article) for article in articles))

