"""`baozhi train` and `baozhi pretrain`: run the training that a config describes."""

from __future__ import annotations

from pathlib import Path

import typer

from pipeline.cli.settings import parse_overrides
from pipeline.training.configs import run_trainer


def train_command(
    config: Path = typer.Argument(..., help="A config of configs/train."),
    set_: list[str] = typer.Option([], "--set", metavar="NAME=VALUE", help="Override a setting, as paths.data=/data."),
) -> None:
    """Train what the [train] block of a config names, and print the folder that it wrote."""
    print(run_trainer(config, parse_overrides(set_)))
