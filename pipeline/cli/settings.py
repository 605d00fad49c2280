"""What the commands share: settings given as NAME=VALUE, and the console that tables go to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from pipeline.errors import ConfigError

WIDE = 120  # columns of a table that goes to a file or a pipe


def parse_overrides(settings: Sequence[str]) -> dict[str, Any]:
    """Read `a.b=VALUE` pairs; a value is JSON where it can be read as such, else a string.

    >>> parse_overrides(["nlp.batch_size=64", "paths.root=.."])
    {'nlp.batch_size': 64, 'paths.root': '..'}
    """
    overrides: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or "." not in name:
            raise ConfigError(
                f"--set {setting!r} is not of the form section.name=value",
                remedy="write for example --set nlp.batch_size=64",
            )
        try:
            overrides[name] = json.loads(value)
        except ValueError:
            overrides[name] = value
    return overrides


def table_console(*, markup: bool = False) -> Console:
    """Give a console for tables: as wide as the terminal, and wide enough for whole columns where there is none.

    Without `markup`, what stands in square brackets is text: texts and settings come from elsewhere.
    """
    console = Console(markup=markup)
    return console if console.is_terminal else Console(markup=markup, width=WIDE)
