"""`baozhi benchmark fuzz`: does what the records promise hold on broken pages?"""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress

from pipeline.batch.fuzz import fuzz
from pipeline.build import DEFAULT_CONFIG, load, load_page_reader


def fuzz_command(
    pages: int = typer.Option(10_000, min=1, help="How many pages to make and run."),
    seed: int = typer.Option(1, help="What the pages are drawn from."),
    rules: Path = typer.Option(Path("configs/rules.cfg"), help="The config that runs over every page."),
    config: Path = typer.Option(DEFAULT_CONFIG, help="The config that runs over one page in --every."),
    every: int = typer.Option(20, min=1, help="One page in so many goes through --config as well."),
) -> None:
    """Run mutated pages through the pipeline; list what crashes, what is lost, and which offsets are wrong."""
    pipelines = [
        (path.name, nth, load_page_reader(path), load(path)) for path, nth in ((rules, 1), (config, every))
    ]  # fmt: skip
    characters = count = 0
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("pages", total=pages)
        for _, length, findings in fuzz(pipelines, pages=pages, seed=seed):
            characters += length
            count += len(findings)
            bar.advance(task)
            for finding in findings:
                print(f"page {finding.number} of seed {finding.seed}, {finding.config}: {finding.what}", flush=True)
    print(f"{pages:,} pages, {characters:,} characters, {count:,} findings")
    if count:
        raise typer.Exit(1)
