"""`baozhi describe`: the stages of a config, what each reads and writes, with which settings."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.table import Table

from pipeline.build import DEFAULT_CONFIG, describe, load, load_page_reader, read_config
from pipeline.cli.settings import table_console

SHORT = 60  # characters of one setting that are shown without --full


def describe_command(
    config: Path = typer.Option(DEFAULT_CONFIG, help="The pipeline to describe."),
    full: bool = typer.Option(False, "--full", help="Show long settings whole."),
) -> None:
    """Show the stages in order, what each reads and writes, and its settings."""
    settings = read_config(config)
    load_page_reader(settings)
    table = Table(title=str(config), title_justify="left")
    for column in ("stage", "factory", "reads", "writes", "settings"):
        table.add_column(column, overflow="fold")
    pages = settings["pages"]
    reader_settings = {name: value for name, value in pages.items() if not name.startswith("@")}
    table.add_row("pages", pages["@page_readers"], "files", "Page, Article", _show(reader_settings, settings, full))
    for row in describe(load(settings)):
        table.add_row(
            row["stage"],
            row["factory"],
            "\n".join(row["reads"]),
            "\n".join(row["writes"]),
            _show(row["settings"], settings, full),
        )
    table_console().print(table)


def _show(values: dict[str, object], settings: dict[str, object], full: bool) -> str:
    root = str(settings["paths"]["root"])  # type: ignore[index]
    rows = (f"{name} = {str(value).replace(root + '/', '')}" for name, value in values.items())
    return "\n".join(row if full or len(row) <= SHORT else row[: SHORT - 1] + "…" for row in rows)
