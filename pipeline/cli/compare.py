"""`baozhi compare`: test two runs against the same hand annotations."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.batch.files import whole_files
from pipeline.cli.evaluate import GOLD, LAYER_HELP
from pipeline.cli.settings import table_console
from pipeline.evaluation.compare import Comparison, compare
from pipeline.evaluation.compare_report import comparison_as_json, comparison_as_markdown
from pipeline.evaluation.evaluate import ALL, score_files


def compare_command(
    a: Path = typer.Argument(..., help="Records of one run, or annotations."),
    b: Path = typer.Argument(..., help="Records of the other run."),
    *,
    gold: Path = typer.Option(GOLD, help="Hand annotations."),
    output: Path = typer.Option(Path("output/comparison"), help="The folder to write the comparison into."),
    layer: list[str] = typer.Option([ALL], help=LAYER_HELP),
    pages: Path = typer.Option(Path("seeds"), help="The folder of the page files that pages.jsonl labels."),
    every_label: bool = typer.Option(False, "--every-label", help="Print the rows of single labels too."),
) -> None:
    """Compare run B with run A by paired bootstrap; write comparison.json and comparison.md with wins and losses."""
    sides = [score_files(gold, side, layers=layer, by_source=False, pages=pages) for side in (a, b)]
    comparison = compare(*sides)
    names = {"gold": str(gold), "a": str(a), "b": str(b)}
    targets = [output / "comparison.json", output / "comparison.md"]
    with whole_files(*targets) as files:
        texts = (comparison_as_json(comparison, **names), comparison_as_markdown(comparison, **names))
        for file, text in zip(files, texts, strict=True):
            file.write(text.encode("utf-8"))
    table_console(markup=True).print(comparison_table(comparison, every_label=every_label))
    print(f"{targets[1]}: {_summary(comparison)}")


def comparison_table(comparison: Comparison, *, every_label: bool) -> Table:
    """Lay out the tests: F1 of A and B, the difference with its interval, and p."""
    table = Table(title="baozhi compare", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("layer, label", overflow="fold", max_width=27)
    for column in ("A", "B", "B − A", "95 %", "p"):
        table.add_column(column, justify="right", no_wrap=True)
    grouped = {(row.layer, row.measure) for row in comparison.rows if row.group}
    before = ""
    for row in comparison.rows:
        if every_label or row.group or (row.layer, row.measure) not in grouped:
            test, name = row.test, f"{row.layer} · {row.measure}"
            if name != before:
                table.add_row(f"[bold]{escape(name)}[/]")
                before = name
            table.add_row(
                f"  {escape(row.label)}", f"{test.a:.3f}", f"{test.b:.3f}", f"{test.difference:+.3f}",
                f"{test.interval.low:+.3f} to {test.interval.high:+.3f}", f"{test.p_value:.3f}",
            )  # fmt: skip
    return table


def _summary(comparison: Comparison) -> str:
    counts = Counter(change.outcome for change in comparison.changes)
    return f"{counts['win']} wins and {counts['loss']} losses of B"
