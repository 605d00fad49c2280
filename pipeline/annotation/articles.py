"""Hand annotations as they lie in a file: one article a line, offsets into its text and on its page.

Reads and writes JSONL. Page offsets stand beside text offsets, so that the annotations outlive changes of the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from pipeline.errors import AnnotationError
from pipeline.evaluation.jsonlines import Ids
from pipeline.marks import AnnotatedArticle, EventMark, MentionMark, RelationMark
from pipeline.records import Article, encode_line
from pipeline.scheme import EXHAUSTIVE_LABELS


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
    ids = Ids(path, AnnotationError)
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        try:
            article = msgspec.json.decode(row, type=AnnotatedArticle)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise AnnotationError(
                f"is no annotated article: {error}", where=path, line=number, remedy="repair the line"
            ) from error
        ids.add(article.id, number)
        yield number, article


def write_articles(path: Path, articles: Sequence[AnnotatedArticle]) -> None:
    """Write hand annotations, one article a line."""
    path.write_bytes(b"".join(encode_line(article) for article in articles))
