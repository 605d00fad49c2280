"""Import packages that belong to an extra, or say what to install."""

from __future__ import annotations

import importlib
from types import ModuleType

from pipeline.errors import ConfigError


def require(package: str, *, extra: str, where: str) -> ModuleType:
    """Import a package of an extra.

    Raises:
        ConfigError: it is not installed, or cannot be imported; says what to run.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        missing = error.name or package
        what = f"{package} is not installed" if missing == package else f"{package} cannot be imported: {error}"
        raise ConfigError(what, where=where, remedy=f"run: pip install 'baozhi[{extra}]' -c constraints.txt") from error
