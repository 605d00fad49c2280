"""`baozhi diff`: what one run says that another does not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.settings import table_console
from pipeline.diff.changes import LAYERS, ArticleChanges, Change, Differences
from pipeline.diff.compare import compare_runs
from pipeline.export.reading import RecordFile

AROUND = 40  # characters of a sentence shown before and behind
SIGNS = {"gained": ("+", "green"), "lost": ("-", "red"), "changed": ("~", "yellow")}


def diff_command(
    old: Path = typer.Argument(..., help="The records of one run."),
    new: Path = typer.Argument(..., help="The records of a later run over the same input."),
    *,
    tolerance: float = typer.Option(0.05, min=0, max=1, help="By how much a probability may differ."),
    layer: list[str] = typer.Option(LAYERS, help="Only this layer. Repeat it for several.", show_default="all"),
    json: bool = typer.Option(False, "--json", help="Print JSON."),
    counts: bool = typer.Option(False, "--counts", help="Print the counts alone."),
    exit_code: bool = typer.Option(False, "--exit-code", help="Exit with 1 where there is a difference."),
) -> None:
    """Show what came, went or changed from OLD to NEW, each with the sentence that it stands in."""
    found = compare_runs(RecordFile(old), RecordFile(new), tolerance=tolerance, layers=layer)
    if json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(differences_as_json(found)), indent=1) + b"\n")
    else:
        console = table_console()
        for article in [] if counts else found.articles:
            console.print(article_text(article), soft_wrap=True)
        console.print(counts_table(found, layer))
    if exit_code and found:
        raise typer.Exit(1)


def differences_as_json(found: Differences) -> dict[str, Any]:
    """Give the differences as plain values: counts by layer, and all changes in order."""
    changes = [change for article in found.articles for change in article.changes]
    return {"tolerance": found.tolerance, "counts": found.tallies, "changes": changes}


def counts_table(found: Differences, layers: list[str]) -> Table:
    """Lay out how many things of each layer came, went, changed or stayed."""
    table = Table(title="baozhi diff", title_justify="left")
    table.add_column("layer")
    for column in ("gained", "lost", "changed", "same"):
        table.add_column(column, justify="right")
    for layer, tally in found.tallies.items():
        if layer in layers:
            table.add_row(layer, f"{tally.gained:,}", f"{tally.lost:,}", f"{tally.changed:,}", f"{tally.same:,}")
    return table


def article_text(article: ArticleChanges) -> Text:
    """Write the changes of an article, one a line, each with its sentence below."""
    text = Text(f"{article.article} {_one_line(article.title or '')}\n", style="bold", end="")
    for change in article.changes:
        sign, style = SIGNS[change.outcome]
        text.append(f" {sign} {change.layer} {change.type} {_one_line(change.text)}", style=f"not bold {style}")
        text.append(f"{_details(change)}\n", style="not bold")
        if change.sentence:
            text.append(f"     {_one_line(_around(change))}\n", style="not bold dim")
    return text


def _around(change: Change) -> str:
    """Give the sentence, a long one cut to what stands around the words that it is about."""
    surface = change.text.split(" → ", maxsplit=1)[0]
    at = max(change.sentence.find(surface), 0)
    low, high = max(at - AROUND, 0), at + len(surface) + AROUND
    return "…" * (low > 0) + change.sentence[low:high] + "…" * (high < len(change.sentence))


def _details(change: Change) -> str:
    if change.fields:
        said = (f"{field.name}: {_say(field.old)} → {_say(field.new)}" for field in change.fields)
        return "  " + "; ".join(said)
    return "" if change.probability is None else f"  {change.probability:.2f}"


def _say(value: Any) -> str:
    if value is None:
        return "none"
    return _one_line(value if isinstance(value, str) else msgspec.json.encode(value).decode("utf-8"))


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else "⏎" if character == "\n" else " " for character in text)
