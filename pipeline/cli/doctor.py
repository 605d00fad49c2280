"""`baozhi doctor`: which backends are installed, which models are there, and what to run for the rest."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.table import Table

from pipeline.build import DEFAULT_CONFIG
from pipeline.cli.settings import table_console
from pipeline.doctor import DISTRIBUTION, examine_config, examine_extras


def doctor_command(
    configs: list[Path] = typer.Argument(None, help="The configs to look at; all that are shipped, if none is named."),
) -> None:
    """Show which extras are installed and which models are found; the exit code is 1 if a named config lacks one."""
    console = table_console()
    extras = Table(title="backends", title_justify="left")
    for column in ("extra", "needs", "installed", "to do"):
        extras.add_column(column, overflow="fold")
    packages = examine_extras()
    for package in packages:
        remedy = "" if package.fits else f"pip install '{DISTRIBUTION}[{package.extra}]' -c constraints.txt"
        extras.add_row(package.extra, package.requirement, package.installed or "no", remedy)
    console.print(extras)
    models = Table(title="models", title_justify="left")
    for column in ("config", "stage", "model", "found"):
        models.add_column(column, overflow="fold")
    needs = [need for path in configs or sorted(DEFAULT_CONFIG.parent.glob("*.cfg")) for need in examine_config(path)]
    for need in needs:
        models.add_row(need.config.name, need.stage, need.wants, need.found or f"no: {str(need.problem).lstrip(': ')}")
    console.print(models)
    if configs and any(need.problem for need in needs):
        raise typer.Exit(1)
