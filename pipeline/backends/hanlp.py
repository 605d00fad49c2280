"""HanLP components (https://github.com/hankcs/HanLP): find them on this machine, load them, run them in batches."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.backends.devices import Process, choose_device
from pipeline.backends.huggingface import find_checkpoint, offline
from pipeline.backends.installed import require
from pipeline.errors import ConfigError, unknown

JOINT = "MultiTaskLearning"


def find_hanlp(model: str, *, where: str, download: bool) -> Path:
    """Give the folder of a component: a path, or one of HanLP's names under $HANLP_HOME or, with `download`, fetched.

    Raises:
        ConfigError: it is not there; says what to download, to where, and how to name it.
    """
    folder = Path(model)
    if not folder.is_dir():
        names = require("hanlp", extra="hanlp", where=where).pretrained.ALL
        if model not in names:
            if "/" in model or "\\" in model:
                raise ConfigError(
                    f"there is no HanLP folder {model}", where=where,
                    remedy="put a component there (config.json, vocabs.json, model.pt), or give one of HanLP's names",
                )  # fmt: skip
            chinese = [name for name in names if name.endswith("_ZH")]
            raise ConfigError(
                unknown("HanLP model", model, chinese), where=where, remedy="give one of these, or a folder"
            )
        folder = _find_named(names[model], where=where, download=download)
    if not (folder / "config.json").is_file():
        what = "is made for TensorFlow" if (folder / "meta.json").is_file() else "has no config.json"
        raise ConfigError(
            f"the HanLP folder {folder} {what}", where=where, remedy="give a component of HanLP 2.1 for torch"
        )
    return folder


def _find_named(url: str, *, where: str, download: bool) -> Path:
    files = require("hanlp.utils.io_util", extra="hanlp", where=where)
    folder = Path(files.split_if_compressed(files.path_from_url(url))[0])
    if folder.is_dir():
        return folder
    if not download:
        raise ConfigError(
            f"the HanLP model is not at {folder}, and download = false", where=where,
            remedy=f"where there is a network fetch {url} and unzip it to {folder} (or below $HANLP_HOME), "
            "or unzip it anywhere and set model to that folder; or set download = true",
        )  # fmt: skip
    try:
        return Path(files.get_resource(url))
    except Exception as error:  # whatever the network says
        raise ConfigError(
            f"{url} cannot be downloaded: {error}", where=where, remedy=f"fetch it elsewhere and unzip it to {folder}"
        ) from error


def find_transformers(folder: Path, *, where: str, download: bool) -> dict[str, Any]:
    """Give the settings to override so that each transformer that a component names is a folder on this machine."""
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    overrides = {}
    for key, value in settings.items():
        changed = copy.deepcopy({key: value})
        for holder in _holders(changed):
            found = _find_transformer(holder["transformer"], folder, where=where, download=download)
            holder["transformer"] = found
        if changed != {key: value}:
            overrides[key] = changed[key]
            if "classpath" in (value if isinstance(value, dict) else {}):  # HanLP wants such a part made, not told
                parts = require("hanlp_common.configurable", extra="hanlp", where=where)
                overrides[key] = parts.Configurable.from_config(changed[key])
    return overrides


def _holders(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("transformer"), str):
            yield value
        for inner in value.values():
            yield from _holders(inner)


def _find_transformer(name: str, folder: Path, *, where: str, download: bool) -> str:
    for place in (folder / "transformer", folder / name, Path(name)):
        if place.is_dir():
            return str(place.resolve())
    resources = require("hanlp.layers.transformers.resource", extra="hanlp", where=where)
    url = resources.tokenizer_mirrors.get(name)
    if url is not None:
        return str(_find_named(url, where=f"{where}, whose encoder is {name}", download=download))
    try:
        return str(find_checkpoint(name, where=where, download=download, weights=False, extra="hanlp"))
    except ConfigError as error:
        raise ConfigError(
            f"{folder} needs the encoder {name} (its config.json and tokenizer, not its weights), which is not here",
            where=where, remedy=f"put these files into {folder / 'transformer'}; {error.remedy}",
        ) from error  # fmt: skip


class HanlpModel:
    """A loaded component; pickled as what it was made of."""

    def __init__(self, model: str, *, device: str, download: bool, where: str) -> None:
        self._made_of = (model, device, download, where)
        hanlp = require("hanlp", extra="hanlp", where=where)
        self._torch = require("torch", extra="hanlp", where=where)
        folder = find_hanlp(model, where=where, download=download)
        overrides = find_transformers(folder, where=where, download=download)
        chosen = choose_device(self._torch, device, where=where)
        self._process = Process(chosen, where=where)
        devices = -1 if chosen == "cpu" else int(chosen.partition(":")[2] or 0)
        try:
            with offline(not download):
                self.component = hanlp.load(str(folder), verbose=False, devices=devices, **overrides)
        except Exception as error:  # HanLP raises whatever its parts do
            if isinstance(error, ImportError) and error.name == "pkg_resources":
                raise ConfigError(
                    f"HanLP cannot load {folder}, and without pkg_resources cannot say why", where=where,
                    remedy="run: pip install 'setuptools<81', and try again",
                ) from error  # fmt: skip
            reason = " ".join(str(error).split())[:400]
            raise ConfigError(
                f"HanLP cannot load {folder}: {type(error).__name__}: {reason}", where=where,
                remedy="give a whole component that was saved by HanLP 2.1",
            ) from error  # fmt: skip

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, self._made_of

    @property
    def is_joint(self) -> bool:
        """Tell whether this is a model of several tasks (MTL)."""
        return type(self.component).__name__ == JOINT

    def choose_task(self, task: str, prefix: str, *, where: str) -> str:
        """Give the task of a joint model: the one named, or the only one whose name begins with `prefix`.

        Raises:
            ConfigError: there is no such task, or there are several to choose from.
        """
        if not self.is_joint:
            if task:
                raise ConfigError(
                    f"task = {task!r}, but the model has one task only", where=where, remedy="leave task out"
                )
            return ""
        fitting = [name for name in self.component.tasks if name.startswith(prefix)]
        if task and task not in fitting:
            raise ConfigError(unknown("task", task, fitting), where=where)
        if not task and len(fitting) != 1:
            raise ConfigError(
                f"the model has {len(fitting)} tasks that fit: {', '.join(fitting) or 'none'}", where=where,
                remedy=f"set task to one of them; all its tasks are {', '.join(self.component.tasks)}",
            )  # fmt: skip
        return task or fitting[0]

    def owner_of(self, task: str) -> Any:
        """Give what holds the settings and the vocabulary of a task: the component itself if it has one only."""
        return self.component[task] if task else self.component

    def run(self, inputs: Sequence[Any], **settings: Any) -> Any:
        """Run the component over a list of inputs."""
        self._process.settle(self._torch)
        with self._torch.no_grad():
            return self.component(list(inputs), **settings)


def _unpickle(model: str, device: str, download: bool, where: str) -> HanlpModel:
    return HanlpModel(model, device=device, download=download, where=where)
