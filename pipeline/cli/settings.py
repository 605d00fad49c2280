"""Settings given on the command line, as NAME=VALUE."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pipeline.errors import ConfigError


def parse_overrides(settings: Sequence[str]) -> dict[str, Any]:
    """Read `a.b=VALUE` pairs; a value is JSON where it can be read as such, else a string.

    >>> parse_overrides(["nlp.batch_size=64", "paths.root=.."])
    {'nlp.batch_size': 64, 'paths.root': '..'}
    """
    overrides: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or "." not in name:
            raise ConfigError(f"--set {setting!r} is not of the form section.name=value", remedy="write for example --set nlp.batch_size=64")
        try:
            overrides[name] = json.loads(value)
        except ValueError:
            overrides[name] = value
    return overrides
