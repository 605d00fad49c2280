"""`baozhi evaluate`: score a run against hand annotations, and write the reports."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.batch.files import whole_files
from pipeline.cli.settings import table_console
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.definitions import LAYERS
from pipeline.evaluation.evaluate import ALL, PAGES, PAGES_FILE, evaluate
from pipeline.evaluation.html import as_html
from pipeline.evaluation.report import Report, as_json, as_markdown, short_rows

GOLD, PREDICTED = Path("annotations/articles.jsonl"), Path("output/records.jsonl")
LAYER_HELP = f"A layer, or all: {', '.join(LAYERS)}. Repeat it for several."


def evaluate_command(
    gold: Path | None = typer.Argument(None, help="Hand annotations.", show_default=str(GOLD)),
    predicted: Path | None = typer.Argument(
        None, help="Records of a run, or annotations.", show_default=str(PREDICTED)
    ),
    *,
    output: Path = typer.Option(Path("output/evaluation"), help="The folder to write the reports into."),
    layer: list[str] = typer.Option([ALL], help=LAYER_HELP),
    sources: bool = typer.Option(False, "--sources", help="Score the mentions of each source apart as well."),
    pages: Path = typer.Option(Path("seeds"), help="The folder of the page files that pages.jsonl labels."),
    every_label: bool = typer.Option(False, "--every-label", help="Print the rows of single labels of all layers."),
) -> None:
    """Score a run against hand annotations; write report.html, report.json and report.md.

    With `--layer pages` alone, GOLD and PREDICTED are the two pages.jsonl; else those beside them are read.
    """
    gold, predicted = gold or GOLD, predicted or PREDICTED
    if set(layer) == {PAGES}:
        gold = gold.with_name(PAGES_FILE) if gold == GOLD else gold
        predicted = predicted.with_name(PAGES_FILE) if predicted == PREDICTED else predicted
    report = evaluate(gold, predicted, layers=layer, by_source=sources, pages=pages)
    targets = [output / name for name in ("report.html", "report.json", "report.md")]
    with whole_files(*targets) as files:
        for file, text in zip(files, (as_html(report), as_json(report), as_markdown(report)), strict=True):
            file.write(text.encode("utf-8"))
    table_console(markup=True).print(score_table(report, every_label=every_label))
    for what, names in (("nothing predicted, counted as missed", report.missing), ("not in gold", report.unknown)):
        if names:
            print(f"{what}: {', '.join(names)}")
    print(f"{targets[0]}: {len(report.errors)} errors listed")


def score_table(report: Report, *, every_label: bool) -> Table:
    """Lay out the scores, under a heading for each measure; narrow enough for 80 columns."""
    table = Table(title="baozhi evaluate", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("layer, label", overflow="fold", max_width=27)
    for column in ("P", "R", "F1", "95 %", "right", "found", "gold"):
        table.add_column(column, justify="right", no_wrap=True)
    before = ""
    for row in report.rows if every_label else short_rows(report.rows):
        tally, name = row.tally, f"{row.layer} · {row.measure}"
        if name != before:
            table.add_row(f"[bold]{escape(name)}[/]")
            before = name
        table.add_row(
            f"  {escape(row.label)}{' (partial)' if row.partial else ''}",
            f"{tally.precision:.3f}", f"{tally.recall:.3f}", f"{tally.f1:.3f}", f"{row.f1.low:.3f}–{row.f1.high:.3f}",
            f"{tally.true_positives:,}" if isinstance(tally, Counts) else "", f"{tally.predicted:,}", f"{tally.gold:,}",
        )  # fmt: skip
    return table
