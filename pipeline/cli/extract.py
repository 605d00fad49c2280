"""`baozhi extract`: pages in, records and a summary out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.batch.cluster import extract_on_ray
from pipeline.batch.extract import RECORDS, Summary, extract
from pipeline.build import DEFAULT_CONFIG
from pipeline.cli.settings import parse_overrides, table_console
from pipeline.errors import ConfigError, unknown


def extract_command(  # noqa: PLR0917 - options are named on the command line
    inputs: list[str] = typer.Argument(
        ..., help="Page files, folders of them, .jsonl or .parquet files of articles; with --engine ray also addresses."
    ),
    config: Path = typer.Option(DEFAULT_CONFIG, help="The pipeline to run."),
    output: str = typer.Option("output", help="The folder to write into."),
    processes: int = typer.Option(1, min=1, help="Worker processes."),
    fresh: bool = typer.Option(False, "--fresh", help="Extract all again, also what the journal has already."),
    engine: str = typer.Option("local", help="local, or ray: many cores and machines, needs the extra `ray`."),
    ray_address: str = typer.Option("", help="The address of a Ray cluster; without one, Ray runs on this machine."),
    ray_cores: float = typer.Option(1.0, min=0.01, help="Cores that each of the --processes takes under Ray."),
    shard: int = typer.Option(256, min=1, help="Pages or articles that a worker under Ray takes at a time."),
    worker_memory: int = typer.Option(0, min=0, help="MiB that a worker under Ray may use for a page; 0 is no limit."),
    set_: list[str] = typer.Option([], "--set", metavar="NAME=VALUE", help="Override a setting, as nlp.batch_size=64."),
) -> None:
    """Read pages and articles; write records.jsonl, pages.jsonl and summary.json.

    A run that was cut off goes on where it stood: what is unchanged since the last run into the same folder, with the
    same pipeline, is taken over.

    The exit code is 0 when everything was read, 1 when something could not be read, 2 when nothing could be done.
    """
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True
    )
    with bar:
        task = bar.add_task("reading", total=None)
        progress: Any = {"advance": lambda done, total: bar.update(task, completed=done, total=total), "fresh": fresh}
        if engine == "local":
            summary = extract(
                [Path(place) for place in inputs], config=config, output=Path(output), n_process=processes,
                overrides=parse_overrides(set_), **progress,
            )  # fmt: skip
        elif engine == "ray":
            summary = extract_on_ray(
                inputs, config=config, output=output, workers=processes, cores=ray_cores, shard_size=shard,
                address=ray_address or None, memory=worker_memory * 2**20 or None, overrides=parse_overrides(set_), **progress,
            )  # fmt: skip
        else:
            raise ConfigError(unknown("engine", engine, ("local", "ray")), where="--engine")
    written = summary.articles > 0 or summary.pages > 0
    if written:
        table_console().print(summary_table(summary))
        place = Path(output) / RECORDS if engine == "local" else f"{output}/records"
        print(f"{place}: {summary.articles} records")
        if summary.reused:
            print(
                f"{summary.reused} pages and articles were taken over from the last run (--fresh extracts them again)"
            )
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
