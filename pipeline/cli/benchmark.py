"""`baozhi benchmark`: measure, always beside something else in the same run."""

from __future__ import annotations

import importlib
from pathlib import Path

import msgspec
import typer
from rich.table import Table

from pipeline.batch.files import whole_files
from pipeline.build import DEFAULT_CONFIG, load, load_page_reader
from pipeline.cli.benchmark_fuzz import fuzz_command
from pipeline.cli.settings import table_console
from pipeline.errors import ConfigError, unknown
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.intervals import bootstrap_interval
from pipeline.evaluation.markup import read_marked_folder
from pipeline.evaluation.pages import score_page
from pipeline.evaluation.reading import read_annotated
from pipeline.evaluation.rule_hits import judge_rules, judge_together
from pipeline.evaluation.words import benchmark_segmenters, relative_speed
from pipeline.relations.patterns import load_rules
from pipeline.training.pipeline_speed import Measurement, measure_pipeline
from pipeline.training.pipeline_subjects import SUBJECTS

app = typer.Typer(no_args_is_help=True, help="Measure segmenters and models beside others.")
app.command("fuzz")(fuzz_command)


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


@app.command("rules")
def rules_command(
    annotated: Path = typer.Argument(..., help="Hand annotations, .jsonl or .jsonl.gz; their mentions are given."),
    folder: Path = typer.Option(DEFAULT_CONFIG.parent / "rules" / "relations", help="The folder of the rule files."),
) -> None:
    """Score each relation rule: hits, precision, and the probability to write into its file."""
    rules = [rule for path in sorted(folder.glob("*.toml")) for rule in load_rules(path)]
    texts = read_annotated(annotated)
    table = Table(title="relation rules, gold mentions", title_justify="left")
    for column in ("rule", "relation", "hits", "P", "probability"):
        table.add_column(column, justify="left" if column in ("rule", "relation") else "right")
    for row in judge_rules(rules, texts):
        table.add_row(
            row.rule, row.type, f"{row.counts.predicted:,}", f"{row.counts.precision:.3f}", f"{row.probability:.2f}"
        )
    table_console().print(table)
    together = Table(title="all rules together", title_justify="left")
    for column in ("relation", "P", "R", "F1", "gold"):
        together.add_column(column, justify="left" if column == "relation" else "right")
    for kind, counts in judge_together(rules, texts).items():
        together.add_row(
            kind, f"{counts.precision:.3f}", f"{counts.recall:.3f}", f"{counts.f1:.3f}", f"{counts.gold:,}"
        )
    table_console().print(together)


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


@app.command("pipeline")
def pipeline_command(
    pages: list[Path] = typer.Argument(
        None, help="Pages whose sentences are shuffled; those of seeds, if none is named."
    ),
    config: Path = typer.Option(DEFAULT_CONFIG, help="The pipeline to measure."),
    characters: int = typer.Option(200_000, min=1, help="How much text to run it on."),
    subject: list[str] = typer.Option([], help=f"What to measure: {', '.join(SUBJECTS)}. Repeat it for several."),
    output: Path | None = typer.Option(None, help="A JSON file for the figures."),
) -> None:
    """Time the pipeline by stage, with start-up and peak memory, beside other programs in one run."""
    for name in subject:
        if name not in SUBJECTS:
            raise ConfigError(unknown("subject", name, SUBJECTS))
    files = pages or sorted(Path("seeds").glob("*.txt"))
    table = Table(title="characters a second", title_justify="left")
    for column in (
        "subject",
        "step",
        "characters/s",
        "pipeline / this",
        "of one core",
        "start, s",
        "of one core",
        "MB",
    ):
        table.add_column(column, justify="left" if column in ("subject", "step") else "right")
    measured: list[Measurement] = []
    for row in measure_pipeline(config, files, characters=characters, subjects=subject or tuple(SUBJECTS)):
        measured.append(row)
        figures = row.figures
        table.add_row(
            row.subject, "all", f"{row.characters_per_second:,.0f}",
            f"{measured[0].characters_per_second / row.characters_per_second:.2f}",
            f"{row.characters_per_cpu_second:,.0f}", f"{row.start:.2f}", f"{figures.start_cpu:.2f}",
            f"{figures.peak_bytes / 1e6:,.0f}",
        )  # fmt: skip
        if len(figures.seconds) > 1:
            for step, seconds in figures.seconds.items():
                table.add_row("", step, f"{row.characters / seconds:,.0f}")
    table_console().print(table)
    if output is not None:
        with whole_files(output) as (file,):
            file.write(msgspec.json.format(msgspec.json.encode(measured)) + b"\n")
