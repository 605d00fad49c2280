"""Find checkpoints of the Hugging Face hub on this machine; fetch them only where the config says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.backends.installed import require
from pipeline.errors import ConfigError

_HUB_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json")
_NEEDED_FILES = ("*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model*.bin")


def find_checkpoint(
    model: str, *, where: str, download: bool, weights: bool = True, extra: str = "transformers"
) -> Path:
    """Give the folder of a checkpoint: a path, or a name of the hub that is in its cache or, with `download`, fetched.

    Raises:
        ConfigError: it is not there; says what to download, to where, and how to name it.
    """
    folder = Path(model)
    if not folder.is_dir():
        if folder.is_absolute() or not _HUB_NAME.fullmatch(model):
            raise ConfigError(f"there is no model folder {model}", where=where, remedy=_remedy("<owner>/<name>", model))
        folder = _find_in_hub(model, where=where, download=download, extra=extra)
    wanted = [("config.json",), *([_WEIGHTS] if weights else [])]
    for names in wanted:
        if not any((folder / name).is_file() for name in names):
            raise ConfigError(
                f"the model folder {folder} has no {' or '.join(names)}", where=where,
                remedy="put a whole checkpoint there: config.json, the tokenizer's files and the weights",
            )  # fmt: skip
    return folder


def _find_in_hub(model: str, *, where: str, download: bool, extra: str) -> Path:
    hub = require("huggingface_hub", extra=extra, where=where)
    constants = require("huggingface_hub.constants", extra=extra, where=where)
    patterns = list(_NEEDED_FILES)
    try:
        return Path(hub.snapshot_download(model, local_files_only=True, allow_patterns=patterns))
    except (OSError, ValueError) as error:  # LocalEntryNotFoundError is a FileNotFoundError
        if not download:
            raise ConfigError(
                f"the model {model} is not on this machine (looked for a folder of that name and in "
                f"{constants.HF_HUB_CACHE}), and download = false", where=where,
                remedy=_remedy(model, f"models/{model.rsplit('/', 1)[-1]}") + "; or set download = true",
            ) from error  # fmt: skip
    try:
        return Path(hub.snapshot_download(model, allow_patterns=patterns))
    except Exception as error:  # whatever the network or the hub's client says
        raise ConfigError(
            f"the model {model} cannot be downloaded: {' '.join(str(error).split())[:300]}", where=where,
            remedy=_remedy(model, f"models/{model.rsplit('/', 1)[-1]}"),
        ) from error  # fmt: skip


def _remedy(model: str, folder: str) -> str:
    fetch = f"where there is a network run: hf download {model} --local-dir"
    if Path(folder).is_absolute():
        return f"{fetch} {Path(folder).name}; copy that folder to {folder}"
    return f"{fetch} {folder}; copy that folder here, and set model to its path, as ${{paths.root}}/{folder}"


@contextmanager
def offline(active: bool) -> Iterator[None]:
    """Keep the hub's client from the network while a model is loaded."""
    if not active:
        yield
        return
    constants: Any = require("huggingface_hub.constants", extra="transformers", where="huggingface_hub")
    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
