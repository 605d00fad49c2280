"""`baozhi describe`: the stages of a config, what each reads and writes, with which settings."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from pipeline.build import DEFAULT_CONFIG, describe, load, load_page_reader, read_config


def describe_command(config: Path = typer.Option(DEFAULT_CONFIG, help="The pipeline to describe.")) -> None:
    """Show the stages in order, what each reads and writes, and its settings."""
    settings = read_config(config)
    load_page_reader(settings)
    table = Table(title=str(config), title_justify="left")
    for column in ("stage", "factory", "reads", "writes", "settings"):
        table.add_column(column, overflow="fold")
    pages = settings["pages"]
    reader_settings = {name: value for name, value in pages.items() if not name.startswith("@")}
    table.add_row("pages", pages["@page_readers"], "files", "Page, Article", _show(reader_settings, settings))
    for row in describe(load(settings)):
        table.add_row(
            row["stage"], row["factory"], "\n".join(row["reads"]), "\n".join(row["writes"]), _show(row["settings"], settings)
        )
    Console().print(table)


def _show(values: dict[str, object], settings: dict[str, object]) -> str:
    root = str(settings["paths"]["root"])  # type: ignore[index]
    return "\n".join(f"{name} = {value}" for name, value in values.items()).replace(root + "/", "")
