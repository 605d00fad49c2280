"""Lay records out on a page as a newspaper does: under a heading, in columns that break paragraphs, with a credit below."""

from __future__ import annotations

from pathlib import Path

import msgspec
from made_records import write_records

from pipeline.records import PAGE_SCHEMA, LineRecord, PageRecord, Record, Run, encode_line

HEADING = "第三版😀要闻"
CREDIT = "责编：𠮷田"
ORNAMENT = "😀𠮷"  # stands before a title on the page, and is no part of the article
COLUMN = 18  # characters after which a paragraph goes on in the next column


def lay_out(folder: Path, *records: Record, name: str = "第3版/003.txt", newline: str = "\r\n") -> Path:
    """Write the page's file, pages.jsonl and records.jsonl; gives the last of these."""
    text, lines = (
        f"# {HEADING}{newline}{newline}",
        [LineRecord(1, 2, 2 + len(HEADING), "section", None, False, HEADING)],
    )
    placed = []
    for number, record in enumerate(records, 1):
        runs, start = [], 0
        for paragraph in record.text.split("\n"):
            for cut in range(0, len(paragraph), COLUMN):
                piece = paragraph[cut : cut + COLUMN]
                role, said = ("body", piece) if start else ("title", ORNAMENT + piece)
                text += "" if start else "## "
                at = len(text)
                runs.append(Run(start + cut, at + len(said) - len(piece), len(piece)))
                lines.append(LineRecord(text.count("\n") + 1, at, at + len(said), role, number, cut > 0, said))
                text += said + newline + newline
            start += len(paragraph) + 1
        placed.append(msgspec.structs.replace(record, page=name, page_map=tuple(runs)))
    lines.append(LineRecord(text.count("\n") + 1, len(text), len(text) + len(CREDIT), "credit", None, False, CREDIT))
    text += CREDIT
    page = PageRecord(
        PAGE_SCHEMA, "003", name, "utf-8", "2024-12-03", len(text), tuple(record.id for record in records), tuple(lines)
    )
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode("utf-8"))
    (folder / "pages.jsonl").write_bytes(encode_line(page))
    return write_records(folder / "records.jsonl", *placed)
