"""Parquet files of flat tables, to be joined by `article` and ids in DuckDB, pandas, Polars or Spark.

Reads records; writes a folder of Parquet files. Holds a batch of rows of each table. Flat rather than one nested table: a
query over posts or amounts reads only their columns. Values of many forms, and plain fillers of slots, are JSON in a text column.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from pipeline.backends.installed import require
from pipeline.export.formats import Format
from pipeline.export.lookup import Lookup
from pipeline.export.tables import TABLES, Kind
from pipeline.records import Record
from pipeline.registries import export_formats


@export_formats("parquet")
def make_parquet(*, compression: str = "zstd", batch: int = 10_000) -> Format:
    """Write a folder of Parquet files; `batch` rows make a row group.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    arrow = require("pyarrow", extra="graph", where="--format parquet")
    files = require("pyarrow.parquet", extra="graph", where="--format parquet")

    def write(records: Iterable[Record], folder: Path) -> None:
        schemas = {name: schema_of(arrow, name) for name in TABLES}
        waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        with ExitStack() as stack:
            writers = {
                name: stack.enter_context(
                    files.ParquetWriter(folder / f"{name}.parquet", schema, compression=compression)
                )
                for name, schema in schemas.items()
            }

            def flush(name: str) -> None:
                if waiting[name]:
                    writers[name].write_table(arrow.Table.from_pylist(waiting[name], schema=schemas[name]))
                    waiting[name].clear()

            for record in records:
                lookup = Lookup(record)
                for name, table in TABLES.items():
                    for row in table.rows(lookup):
                        cells = zip(table.columns.items(), row, strict=True)
                        waiting[name].append({column: _cell(value, kind) for (column, kind), value in cells})
                    if len(waiting[name]) >= batch:
                        flush(name)
            for name in TABLES:
                flush(name)

    return Format(write=write, suffixes=(".parquet",))


def schema_of(arrow: Any, table: str) -> Any:
    """Give the Arrow schema of a table."""
    piece = arrow.struct([("start", arrow.int32()), ("end", arrow.int32())])
    types = {
        "text": arrow.string(), "texts": arrow.list_(arrow.string()), "integer": arrow.int32(),
        "decimal": arrow.float64(), "flag": arrow.bool_(), "offsets": arrow.list_(piece), "json": arrow.string(),
    }  # fmt: skip
    return arrow.schema([(column, types[kind]) for column, kind in TABLES[table].columns.items()])


def _cell(value: Any, kind: Kind) -> Any:
    if kind == "json":
        return None if value is None else msgspec.json.encode(value, order="sorted").decode("utf-8")
    if kind == "offsets":
        return [{"start": start, "end": end} for start, end in value]
    return list(value) if kind == "texts" else value
