"""The console script: all commands, and how an error of ours reaches a person."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from pipeline import __version__
from pipeline.cli import annotate, benchmark, compare, describe, doctor, evaluate, extract, schema, train
from pipeline.errors import BaozhiError

app = typer.Typer(
    name="baozhi", help="Read pages of Chinese newspapers and write knowledge records.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
)  # fmt: skip
app.command("extract")(extract.extract_command)
app.command("evaluate")(evaluate.evaluate_command)
app.command("describe")(describe.describe_command)
app.command("doctor")(doctor.doctor_command)
app.command("schema")(schema.schema_command)
app.add_typer(annotate.app, name="annotate")
app.add_typer(benchmark.app, name="benchmark")
app.command("compare")(compare.compare_command)
app.command("train")(train.train_command)
app.command("pretrain")(train.train_command)


def _show_version(value: bool) -> None:
    if value:
        print(f"baozhi {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show the version."),
) -> None:
    pass


def main() -> None:
    """Run the command line; an error of ours is one line on standard error and exit code 2."""
    try:
        app()
    except BaozhiError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(
            f"[bold red]error[/] {type(error).__name__}: ", end=""
        )
        print(error, file=sys.stderr)
        sys.exit(2)
