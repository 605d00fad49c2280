"""The console script: all commands, and how an error of ours reaches a person."""

from __future__ import annotations

import sys

import typer

from pipeline import __version__
from pipeline.cli.commands import LazyCommands
from pipeline.errors import BaozhiError

app = typer.Typer(
    name="baozhi", cls=LazyCommands, help="Read pages of Chinese newspapers and write knowledge records.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown",
)  # fmt: skip


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
        from rich.console import Console  # noqa: PLC0415  (an error alone needs it)

        Console(stderr=True, soft_wrap=True, highlight=False).print(
            f"[bold red]error[/] {type(error).__name__}: ", end=""
        )
        print(error, file=sys.stderr)
        sys.exit(2)
