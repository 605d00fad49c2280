"""Lines for doccano's own import (task RelationExtraction, format JSONL), for users who run no `baozhi annotate push`.

Reads records; writes one JSONL file. Holds one record at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import InputError
from pipeline.export.doccano import encode_line, refusals
from pipeline.export.documents import document_of
from pipeline.export.formats import Format
from pipeline.records import Record
from pipeline.registries import export_formats


@export_formats("doccano")
def make_doccano_lines() -> Format:
    """Write one example a line, offsets in UTF-16 code units."""
    return Format(write=_write)


def _write(records: Iterable[Record], path: Path) -> None:
    with path.open("wb") as file:
        for record in records:
            document = document_of(record)
            for refusal in refusals(document):
                raise InputError(
                    f"{record.id}: {refusal}", where="--format doccano", remedy="leave the article out of the records"
                )
            file.write(encode_line(document))
