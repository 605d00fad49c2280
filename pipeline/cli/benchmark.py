"""`baozhi benchmark`: measure, always beside something else in the same run."""

from __future__ import annotations

import importlib
from pathlib import Path

import typer
from rich.table import Table

from pipeline.build import DEFAULT_CONFIG, load, load_page_reader
from pipeline.cli.settings import table_console
from pipeline.errors import ConfigError
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.intervals import bootstrap_interval
from pipeline.evaluation.markup import read_marked_folder
from pipeline.evaluation.pages import score_page
from pipeline.evaluation.words import benchmark_segmenters, relative_speed

app = typer.Typer(no_args_is_help=True, help="Measure segmenters and models beside others.")


@app.command("words")
def words_command(
    files: list[Path] = typer.Argument(..., help="Segmented sentences, .seg or .seg.gz."),
    folder: Path = typer.Option(
        DEFAULT_CONFIG.parent, help="The folder of the configs jieba.cfg, pkuseg.cfg and char.cfg."
    ),
) -> None:
    """Score the shipped segmenters on segmented sentences: word F1 with a 95 % interval, and speed beside jieba."""
    tokenizers = {name: load(folder / f"{name}.cfg").tokenizer for name in ("jieba", "pkuseg", "char")}
    scores = benchmark_segmenters(tokenizers, files)
    speeds = relative_speed(scores)
    table = Table(title="word segmentation, F1", title_justify="left")
    for column in ("file", "segmenter", "P", "R", "F1", "95 %", "speed / jieba"):
        table.add_column(column, justify="left" if column in ("file", "segmenter") else "right")
    for score in scores:
        low, high = score.f1_interval.low, score.f1_interval.high
        table.add_row(
            score.file, score.segmenter, f"{score.counts.precision:.3f}", f"{score.counts.recall:.3f}",
            f"{score.counts.f1:.3f}", f"{low:.3f}-{high:.3f}", f"{speeds[score.segmenter]:.2f}",
        )  # fmt: skip
    table_console().print(table)


@app.command("pages")
def pages_command(
    folders: list[Path] = typer.Argument(..., help="Folders of marked-up pages, *.page."),
    config: Path = typer.Option(DEFAULT_CONFIG, help="The config whose page reader is scored."),
) -> None:
    """Score the page reader on marked-up pages, with 95 % intervals over pages."""
    reader = load_page_reader(config)
    table = Table(title="pages", title_justify="left")
    for column in ("folder", "measure", "P", "R", "F1", "95 %", "gold"):
        table.add_column(column, justify="left" if column in ("folder", "measure") else "right")
    for folder in folders:
        pages = [
            score_page(page, reader.read_text(page.text, name=page.name, id=page.name).lines).scores
            for page in read_marked_folder(folder)
        ]
        for measure in ("lines", "pairs", "articles", "joins", "texts"):
            units: list[Counts] = [getattr(page, measure) for page in pages]
            counts, interval = sum(units, Counts()), bootstrap_interval(units)
            table.add_row(
                folder.name, "line roles" if measure == "lines" else measure, f"{counts.precision:.3f}", f"{counts.recall:.3f}",
                f"{counts.f1:.3f}", f"{interval.low:.3f}-{interval.high:.3f}", f"{counts.gold:,}",
            )  # fmt: skip
    table_console().print(table)


@app.command("speed")
def speed_command(
    model: Path = typer.Argument(..., help="A model folder, such as models/news-small."),
    texts: Path = typer.Argument(..., help="A text file; each of its lines is one text."),
    threads: int = typer.Option(2, min=1),
) -> None:
    """Time a model beside BERT-base and ELECTRA-small shapes with random weights, in one run."""
    try:
        speed = importlib.import_module("pipeline.training.speed")
    except ImportError as error:
        raise ConfigError(f"this benchmark needs {error.name}", remedy="pip install 'baozhi[train]'") from error
    lines = [line for line in texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    table = Table(title="characters a second", title_justify="left")
    for column in ("model", "characters/s", "model / this"):
        table.add_column(column, justify="left" if column == "model" else "right")
    measured = list(speed.compare_speeds(model, lines, threads=threads))
    for row in measured:
        table.add_row(
            row.name,
            f"{row.characters_per_second:,.0f}",
            f"{measured[0].characters_per_second / row.characters_per_second:.1f}",
        )
    table_console().print(table)
