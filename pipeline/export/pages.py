"""Make the page record: every line of a page with its role, also those that belong to no article."""

from __future__ import annotations

from pipeline.records import PAGE_SCHEMA, LineRecord, Page, PageRecord


def page_record_of(page: Page) -> PageRecord:
    """Give the record of one page, its lines in page order with their page offsets and texts."""
    return PageRecord(
        schema=PAGE_SCHEMA, id=page.id, page=page.name, encoding=page.encoding, date=page.date,
        characters=len(page.text), articles=tuple(article.id for article in page.articles),
        lines=tuple(
            LineRecord(
                line.number, line.start, line.end, line.role, line.article, line.joins, page.text[line.start : line.end]
            )
            for line in page.lines
        ),
    )  # fmt: skip
