"""`baozhi benchmark ner`: train on public sets of names, score their tests, beside published figures."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.table import Table

from pipeline.build import DEFAULT_CONFIG
from pipeline.cli.settings import table_console


def ner_command(  # noqa: PLR0917  (typer's way)
    data: Path = typer.Argument(..., help="The folder that the files of the sets are in."),
    sets: Path = typer.Option(DEFAULT_CONFIG.parent / "benchmark/ner.toml", help="The list of sets."),
    only: list[str] = typer.Option([], help="Names of sets; all where none is given."),
    pretrained: Path = typer.Option(
        DEFAULT_CONFIG.parent.parent / "models/news-pretrained", help="A pre-trained encoder."
    ),
    output: Path = typer.Option(Path("output/ner"), help="Where the weights go; they are never shipped."),
    minutes: float = typer.Option(20.0, help="Minutes of training for each set."),
    threads: int = typer.Option(2, help="Threads."),
) -> None:
    """Train the tagger on each set alone, pick the round on a dev part, score the test part once."""
    from pipeline.training.ner_benchmark import benchmark_set, read_sets  # noqa: PLC0415  (needs torch)

    table = Table(title=f"names, strict F1, {minutes:g} minutes of training each", title_justify="left")
    for column in ("set", "system", "P", "R", "F1", "95 %", "gold"):
        table.add_column(column, justify="left" if column in ("set", "system") else "right")
    for each in read_sets(sets, only):
        result = benchmark_set(
            each, data, pretrained=pretrained, lexicon=data / "lexicon", output=output, threads=threads,
            minutes=minutes,
        )  # fmt: skip
        counts, interval = result.counts, result.interval
        ratios = [f"{100 * value:.2f}" for value in (counts.precision, counts.recall, counts.f1)]
        table.add_row(
            each.name, "baozhi", *ratios, f"{100 * interval.low:.2f}-{100 * interval.high:.2f}", f"{counts.gold}"
        )
        for system, f1 in each.published.items():
            table.add_row("", system, "", "", f"{f1:.2f}", "", "")
    table_console().print(table)
