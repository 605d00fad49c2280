"""`baozhi annotate`: check, compare and settle hand annotations, choose what to annotate, and work with doccano."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typer
from rich.table import Table

from pipeline.annotation.agreement import Agreed, Agreement, agree
from pipeline.annotation.check import check
from pipeline.annotation.queue import choose
from pipeline.annotation.settle import settle
from pipeline.batch.files import whole_files
from pipeline.cli import annotate_doccano
from pipeline.cli.settings import table_console
from pipeline.errors import ConfigError
from pipeline.evaluation.jsonlines import read_lines
from pipeline.evaluation.reading import read_annotated
from pipeline.evaluation.scores import NOTHING
from pipeline.records import encode_line

app = typer.Typer(help="Check, compare and settle hand annotations; revise them in doccano.", no_args_is_help=True)
annotate_doccano.register(app)

SHOWN_CONFUSIONS = 10


@app.command("check")
def check_command(
    files: list[Path] = typer.Argument(..., help="Files of hand annotations."),
    pages: Path | None = typer.Option(None, help="The folder of the pages: also check that the texts stand on them."),
) -> None:
    """List what contradicts the scheme (error) and what looks forgotten (question), with file and line."""
    found = [finding for path in files for finding in check(path, pages=pages)]
    for finding in found:
        print(finding)
    errors = sum(finding.kind == "error" for finding in found)
    print(f"{errors} errors, {len(found) - errors} questions")
    if errors:
        raise typer.Exit(1)


@app.command("settle")
def settle_command(
    a: Path = typer.Argument(..., help="The first pass."),
    b: Path = typer.Argument(..., help="The second pass."),
    settlement: Path = typer.Argument(..., help="The decisions, a line a difference."),
    output: Path = typer.Option(..., help="The file of settled articles to write."),
) -> None:
    """Put two passes together by the decisions on their differences."""
    articles = settle(a, b, settlement)
    with whole_files(output) as (file,):
        file.writelines(map(encode_line, articles))
    print(f"{output}: {len(articles)} articles")


@app.command("agreement")
def agreement_command(
    files: list[Path] = typer.Argument(..., help="Files of hand annotations of the same articles, one a person."),
    output: Path | None = typer.Option(None, help="A folder for agreement.json and disagreements.jsonl."),
) -> None:
    """Say how far people agree: F1 and Krippendorff's alpha with 95% intervals, confusions, every disagreement."""
    names = [path.stem for path in files]
    if len(set(names)) < len(names):
        raise ConfigError("two of the files have one name", remedy="name each file by its person")
    agreement = agree(dict(zip(names, files, strict=True)))
    _show_agreement(agreement)
    if output is not None:
        with whole_files(output / "agreement.json", output / "disagreements.jsonl") as (summary, listed):
            summary.write(msgspec.json.format(msgspec.json.encode(
                {"people": agreement.people, "articles": agreement.articles, "f1": agreement.agreed,
                 "alpha": agreement.alphas}
            )))  # fmt: skip
            listed.writelines(map(encode_line, agreement.disagreements))
        print(f"{output / 'disagreements.jsonl'}: {len(agreement.disagreements)} disagreements")


@app.command("queue")
def queue_command(
    records: Path = typer.Argument(..., help="Records with probabilities."),
    count: int = typer.Option(20, min=1, help="How many articles to choose."),
    done: list[Path] = typer.Option([], help="What is annotated already; may be given several times."),
    diversity: float = typer.Option(0.5, min=0.0, max=1.0, help="0: only the uncertain ones; 1: only unlike ones."),
    output: Path | None = typer.Option(None, help="A file for the chosen records, for baozhi annotate push."),
) -> None:
    """Choose the articles to annotate next: uncertain ones that are unlike each other and unlike what is done."""
    texts = read_annotated(records)
    finished = [text for path in done for text in read_annotated(path)]
    chosen = choose(texts, count=count, done=finished, diversity=diversity)
    table = Table(title=f"{len(chosen)} of {len(texts)} articles", title_justify="left")
    for column in ("article", "expected wrong marks", "likeness to those before", "text"):
        table.add_column(column)
    for choice in chosen:
        opening = choice.text.text[:24].replace("\n", " ")
        table.add_row(choice.text.id, f"{choice.uncertainty:.1%}", f"{choice.likeness:.2f}", opening)
    table_console().print(table)
    if output is not None:
        lines = {int(choice.text.where.rpartition(":")[2]): place for place, choice in enumerate(chosen)}
        picked = sorted((lines[number], line) for number, line in read_lines(records) if number in lines)
        with whole_files(output) as (file,):
            file.writelines(line + b"\n" for _, line in picked)
        print(f"{output}: {len(picked)} records; push them with --order given")


def _show_agreement(agreement: Agreement) -> None:
    console = table_console()
    title = f"Agreement of {', '.join(agreement.people)} over {agreement.articles} articles"
    table = Table(title=title, title_justify="left")
    for column in ("between", "layer", "measure", "label", "both", "first", "second", "F1", "95%"):
        table.add_column(column, justify="right" if column in ("both", "first", "second", "F1") else "left")
    for row in agreement.agreed:
        table.add_row(" – ".join(row.people), row.layer, row.measure, row.label, *_numbers(row))
    console.print(table)
    alphas = Table(title="Krippendorff's alpha (nominal)", title_justify="left")
    for column in ("layer", "what is judged", "units", "alpha", "95%"):
        alphas.add_column(column)
    for alpha in agreement.alphas:
        value = "—" if alpha.value is None else f"{alpha.value:.3f}"
        bounds = "—" if alpha.interval is None else f"{alpha.interval.low:.3f}–{alpha.interval.high:.3f}"
        alphas.add_row(alpha.layer, alpha.what, f"{alpha.units:,}", value, bounds)
    console.print(alphas)
    for people, scores in agreement.confusions:
        mixed = {pair: n for pair, n in scores.confusions.items() if pair[0] != pair[1]}
        confusions = Table(title=f"{scores.measure.layer}, {scores.measure.name}: confusions", title_justify="left")
        for column in (people[0], people[1], "times"):
            confusions.add_column(column)
        for (one, other), times in sorted(mixed.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_CONFUSIONS]:
            confusions.add_row(_side(one), _side(other), str(times))
        if mixed:
            console.print(confusions)
    print(f"{len(agreement.disagreements)} disagreements")


def _side(label: str) -> str:
    return "not marked" if label == NOTHING else label


def _numbers(row: Agreed) -> tuple[str, ...]:
    counts = (f"{count:g}" for count in (row.both, row.first, row.second))
    return (*counts, f"{row.f1:.3f}", f"{row.interval.low:.3f}–{row.interval.high:.3f}")
