"""The formats that records are exported to, by name, and their output: whole or absent.

Reads records; writes one file, or one folder of files. A format is a function registered in a file of its own, which
takes its settings and gives a `Format`.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from catalogue import RegistryError
from confection import Config, ConfigValidationError
from msgspec import Struct
from spacy.util import registry

from pipeline.errors import ConfigError, InputError, unknown
from pipeline.records import Record
from pipeline.registries import export_formats

FORMAT_MODULES = (
    "pipeline.export.fact_lines",
    "pipeline.export.csv_tables",
    "pipeline.export.rdf",
    "pipeline.export.graphml",
    "pipeline.export.cypher",
    "pipeline.export.parquet",
    "pipeline.export.docbin",
    "pipeline.export.conll",
    "pipeline.export.doccano_lines",
)


class Format(Struct, frozen=True):
    """How records are written to a path that is not there yet.

    `write` may go through the records more than once. `suffixes` are those of the files that it makes in a folder;
    none: it makes one file.
    """

    write: Callable[[Iterable[Record], Path], None]
    suffixes: tuple[str, ...] = ()


def format_names() -> list[str]:
    """List the formats."""
    for module in FORMAT_MODULES:
        importlib.import_module(module)
    return sorted(export_formats.get_all())


def make_format(name: str, settings: Mapping[str, Any] | None = None) -> Format:
    """Make a format with its settings.

    Raises:
        ConfigError: the format or a setting is unknown or mistyped, or a package that it needs is not installed.
    """
    names, where = format_names(), f"--format {name}"
    if name not in names:
        raise ConfigError(unknown("format", name, names), where=where, remedy="name one of these")
    try:
        block = {"@export_formats": name, **(settings or {})}
        made: Format = registry.resolve(Config({"format": block}))["format"]
        return made
    except ConfigValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors or ())
        raise ConfigError(
            said or str(error), where=where, remedy="see docs/exports.md for the settings of a format"
        ) from error
    except RegistryError as error:
        raise ConfigError(str(error), where=where) from error


def export(records: Iterable[Record], output: Path, *, format: Format) -> None:
    """Write records in a format; `output` is what it was before until the new one is whole.

    Raises:
        InputError: the output cannot be written, or is a folder that holds files of another kind.
    """
    _refuse_foreign(output, format)
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if format.suffixes:
            part.mkdir()
        format.write(records, part)
        _put(part, output)
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror or error})", where=error.filename or output,
            remedy="choose another --output",
        ) from error  # fmt: skip
    finally:
        _remove(part)


def _refuse_foreign(output: Path, format: Format) -> None:
    if not format.suffixes:
        if output.is_dir():
            raise InputError(
                "is a folder; this format writes one file", where=output, remedy="give a file for --output"
            )
        return
    kinds = ", ".join(format.suffixes)
    if output.exists() and not output.is_dir():
        raise InputError(
            f"is a file; this format writes a folder of {kinds}", where=output, remedy="give a folder for --output"
        )
    for file in sorted(output.iterdir()) if output.is_dir() else []:
        if file.suffix not in format.suffixes or file.is_dir():
            raise InputError(
                f"holds {file.name}, and would be replaced as a whole by files of {kinds}", where=output,
                remedy="choose a new or empty folder for --output",
            )  # fmt: skip


def _put(part: Path, output: Path) -> None:
    old = output.with_name(f".{output.name}.{os.getpid()}.old")
    if output.is_dir():
        output.rename(old)
    try:
        part.replace(output)
    except OSError:
        if old.exists():
            old.rename(output)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
