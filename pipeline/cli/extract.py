"""`baozhi extract`: pages in, records and a summary out."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.batch.extract import RECORDS, Summary, extract
from pipeline.build import DEFAULT_CONFIG
from pipeline.cli.settings import parse_overrides, table_console


def extract_command(
    inputs: list[Path] = typer.Argument(..., help="Page files, folders of them, or .jsonl files of articles."),
    config: Path = typer.Option(DEFAULT_CONFIG, help="The pipeline to run."),
    output: Path = typer.Option(Path("output"), help="The folder to write into."),
    processes: int = typer.Option(1, min=1, help="Worker processes."),
    set_: list[str] = typer.Option([], "--set", metavar="NAME=VALUE", help="Override a setting, as nlp.batch_size=64."),
) -> None:
    """Read pages and articles; write records.jsonl, pages.jsonl and summary.json.

    The exit code is 0 when everything was read, 1 when something could not be read, 2 when nothing could be done.
    """
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True
    )
    with bar:
        task = bar.add_task("reading", total=None)
        summary = extract(
            inputs, config=config, output=output, n_process=processes, overrides=parse_overrides(set_),
            advance=lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
    written = summary.articles > 0 or summary.pages > 0
    if written:
        table_console().print(summary_table(summary))
        print(f"{output / RECORDS}: {summary.articles} records")
    for note in summary.notes:
        print(f"note {note}", file=sys.stderr)
    for failure in summary.failures:
        print(f"failed {failure}", file=sys.stderr)
    if summary.failures:
        print(f"{len(summary.failures)} of the inputs could not be read", file=sys.stderr)
        raise typer.Exit(1 if written else 2)


def summary_table(summary: Summary) -> Table:
    """Lay out what a run read and found."""
    table = Table(title="baozhi extract", title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    table.add_column("of which")
    table.add_row("pages", f"{summary.pages:,}", _parts(summary.encodings))
    table.add_row("articles", f"{summary.articles:,}", f"{summary.characters:,} characters")
    for name in ("mentions", "relations", "events"):
        counts = getattr(summary, name)
        table.add_row(name, f"{sum(counts.values()):,}", _parts(counts))
    if summary.failures:
        table.add_row("failures", f"{len(summary.failures):,}", "listed below")
    return table


def _parts(counts: dict[str, int]) -> str:
    return "  ".join(
        f"{name} {count:,}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
