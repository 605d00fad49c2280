"""Read files of articles, as JSONL lines or as rows of Parquet; see `read_articles` for what a line holds.

Reads files; writes articles. What is wrong with a row is an InputError value in the stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from pipeline.backends.installed import require
from pipeline.batch.inputs import ArticleLine, article_of_line, read_articles
from pipeline.errors import InputError
from pipeline.records import Article

MAX_ARTICLE_BYTES = 20_000_000
_CHUNK = 1 << 20


def read_article_file(path: Path) -> Iterator[Article | InputError]:
    """Read the articles of a file by its suffix."""
    if path.suffix == ".parquet":
        yield from _read_rows(path)
    else:
        yield from read_articles(path, max_bytes=MAX_ARTICLE_BYTES)


def count_articles(path: Path) -> int:
    """Count the lines or rows of a file, without looking at what they say; 0 where it cannot be read."""
    try:
        if path.suffix == ".parquet":
            return int(_parquet(path).metadata.num_rows)
        with path.open("rb") as handle:
            return sum(piece.count(b"\n") for piece in iter(lambda: handle.read(_CHUNK), b"")) + 1
    except (OSError, InputError):
        return 0


def _parquet(path: Path) -> Any:
    parquet = require("pyarrow.parquet", extra="ray", where=str(path))
    try:
        return parquet.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read as Parquet ({error})", where=path, remedy="write it anew") from error


def _read_rows(path: Path) -> Iterator[Article | InputError]:
    seen: dict[str, int] = {}
    try:
        file = _parquet(path)
        columns = [name for name in ("id", "text", "date") if name in file.schema_arrow.names]
        batches = file.iter_batches(batch_size=256, columns=columns)
        number = 0
        for batch in batches:
            for row in batch.to_pylist():
                number += 1
                try:
                    line = msgspec.convert({k: v for k, v in row.items() if k != "date" or v is not None}, ArticleLine)
                except msgspec.ValidationError as error:
                    yield InputError(
                        f"is no article: {error}", where=path, line=number, remedy="mend or remove the row"
                    )
                    continue
                try:
                    yield article_of_line(line, seen, path, number)
                except InputError as error:
                    yield error
    except InputError as error:
        yield error
    except (OSError, ValueError) as error:
        yield InputError(f"cannot be read as Parquet ({error})", where=path, remedy="write it anew")
