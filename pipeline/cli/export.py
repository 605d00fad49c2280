"""`baozhi export`: records into the formats that other programs load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from pipeline.cli.settings import parse_overrides
from pipeline.errors import ConfigError
from pipeline.export.formats import export, make_format
from pipeline.export.reading import RecordFile


def export_command(
    records: Path = typer.Argument(..., help="The records of a run."),
    *,
    format: str = typer.Option(
        ..., help="facts, csv, rdf, graphml, cypher, parquet, docbin, conll or doccano; docs/exports.md describes them."
    ),
    output: Path = typer.Option(..., help="The file to write; of csv and parquet the folder, which is replaced."),
    set_: list[str] = typer.Option([], "--set", metavar="NAME=VALUE", help="A setting of the format, as bom=true."),
) -> None:
    """Write records in another format, whole or not at all."""
    export(RecordFile(records), output, format=make_format(format, parse_settings(set_)))
    for file in sorted(output.iterdir()) if output.is_dir() else [output]:
        print(f"{file}: {file.stat().st_size:,} bytes")


def parse_settings(settings: Sequence[str]) -> dict[str, Any]:
    """Read `name=VALUE` pairs; a value is JSON where it can be read as such, else a string.

    >>> parse_settings(["bom=true", "base=https://example.org/"])
    {'bom': True, 'base': 'https://example.org/'}
    """
    for setting in settings:
        if not setting.partition("=")[0].isidentifier() or "=" not in setting:
            raise ConfigError(
                f"--set {setting!r} is not of the form name=value", remedy="write for example --set bom=true"
            )
    found = parse_overrides([f"format.{setting}" for setting in settings])
    return {name.removeprefix("format."): value for name, value in found.items()}
