"""The commands by name, each imported when it is run: `baozhi extract` does not wait for what only others need."""

from __future__ import annotations

import gc
import importlib
from typing import Any, cast

import typer
import typer.main
from typer.core import TyperGroup

COMMANDS = {  # in the order of --help: a function, or an app with commands of its own
    "extract": "extract:extract_command",
    "evaluate": "evaluate:evaluate_command",
    "describe": "describe:describe_command",
    "doctor": "doctor:doctor_command",
    "schema": "schema:schema_command",
    "compare": "compare:compare_command",
    "diff": "diff:diff_command",
    "export": "export:export_command",
    "show": "show:show_command",
    "train": "train:train_command",
    "pretrain": "train:train_command",
    "annotate": "annotate:app",
    "benchmark": "benchmark:app",
}


class LazyCommands(TyperGroup):
    """A group whose commands are imported one by one; its help imports them all, to show the first line of each."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = cast(Any, dict.fromkeys(COMMANDS))  # the names, which it suggests where one is misspelt

    def list_commands(self, ctx: Any) -> list[str]:
        """List the names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command of a name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        gc.disable()  # what is imported stays, and looking through it again and again takes a tenth of the time
        try:
            found = getattr(importlib.import_module(f"pipeline.cli.{module}"), attribute)
        finally:
            gc.enable()
        app = typer.Typer(callback=_nothing, rich_markup_mode=cast(Any, self.rich_markup_mode), add_completion=False)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=cmd_name)
        else:
            app.command(cmd_name)(found)
        return cast(TyperGroup, typer.main.get_command(app)).commands[cmd_name]


def _nothing() -> None:
    """Make an app of a single command a group."""
