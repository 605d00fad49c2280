"""From a config of configs/train to the training run that its `[train]` block names."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from catalogue import RegistryError
from confection import Config, ConfigValidationError
from spacy.util import load_config, registry

from pipeline.errors import BaozhiError, ConfigError

TRAINER_MODULES = (
    "pipeline.training.pretrain", "pipeline.training.segmenter", "pipeline.training.train",
    "pipeline.training.triggers",
)  # fmt: skip


def run_trainer(config: Path, overrides: Mapping[str, Any] | None = None) -> Path:
    """Run what the `[train]` block of a config names, and give the folder that it has written.

    Relative paths of the `[paths]` block are taken from `paths.root`, which is relative to the config's folder.

    Raises:
        ConfigError: no such config, a setting that is unknown or mistyped, or torch is not installed.
    """
    if not config.is_file():
        raise ConfigError(
            "there is no such config", where=config, remedy="give the path of a .cfg file in configs/train"
        )
    missing = _import_trainers()
    try:
        raw = load_config(config, overrides=dict(overrides or {}), interpolate=False)
        paths = raw.setdefault("paths", {})
        root = (config.parent / paths.get("root", ".")).resolve()
        for name, value in paths.items():
            paths[name] = str(root if name == "root" else root / value)
        trainer = registry.resolve(Config({"train": raw.interpolate()["train"]}))["train"]
    except BaozhiError:
        raise
    except (ConfigValidationError, RegistryError, ValueError, TypeError, KeyError) as error:
        remedy = f"trainers that need {missing} are not known here: pip install 'baozhi[train]'" if missing else ""
        raise ConfigError(" ".join(str(error).split()), where=config, remedy=remedy) from error
    return cast(Callable[[], Path], trainer)()


def _import_trainers() -> str:
    """Import every module that registers a trainer, and name a package that some of them lack."""
    missing = ""
    for module in TRAINER_MODULES:
        try:
            importlib.import_module(module)
        except ImportError as error:
            if (error.name or "").startswith("pipeline"):
                raise
            missing = error.name or str(error)
    return missing
