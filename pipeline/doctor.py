"""Look which backends are installed and which models are on this machine, and say what to run for the rest.

Nothing is loaded, built or downloaded.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from packaging.requirements import Requirement
from spacy.util import is_package

from pipeline.backends.hanlp import find_hanlp, find_transformers
from pipeline.backends.huggingface import find_checkpoint
from pipeline.build import read_config
from pipeline.errors import BaozhiError, ConfigError
from pipeline.tokens.pkuseg import MODEL_FILES

DISTRIBUTION = "baozhi"
BACKEND_EXTRAS = ("hanlp", "transformers", "generation")


class Package(Struct, frozen=True):
    """A requirement of an extra; `installed` is the version that is there, empty where there is none."""

    extra: str
    requirement: str
    installed: str
    fits: bool


class Need(Struct, frozen=True):
    """A model or a server that a stage of a config names; `problem` is empty where it is there."""

    config: Path
    stage: str
    factory: str
    wants: str
    found: str
    problem: str


def examine_extras(extras: Sequence[str] = BACKEND_EXTRAS, requirements: Iterable[str] | None = None) -> list[Package]:
    """Compare what the extras require with what is installed.

    Raises:
        ConfigError: the package is run from a folder without having been installed, so that nothing knows its extras.
    """
    if requirements is None:
        try:
            requirements = importlib.metadata.requires(DISTRIBUTION) or []
        except importlib.metadata.PackageNotFoundError as error:
            raise ConfigError(f"{DISTRIBUTION} is not installed", remedy="run: pip install -e .") from error
    found = []
    for requirement in map(Requirement, requirements):
        for extra in extras:
            if (
                requirement.marker
                and requirement.marker.evaluate({"extra": extra})
                and not requirement.marker.evaluate({"extra": ""})
            ):
                version = _version(requirement.name)
                fits = bool(version) and requirement.specifier.contains(version, prereleases=True)
                found.append(Package(extra, f"{requirement.name}{requirement.specifier}", version, fits))
    return sorted(found, key=lambda package: (extras.index(package.extra), package.requirement))


def examine_config(path: Path) -> list[Need]:
    """Look for every model and server that the stages of a config name.

    Raises:
        ConfigError: the config cannot be read.
    """
    config = read_config(path)
    blocks = [("tokenizer", config["nlp"].get("tokenizer", {}), "@tokenizers")]
    blocks += [
        (name, config["components"][name], "factory")
        for name in config["nlp"]["pipeline"]
        if name in config["components"]
    ]
    needs = []
    for stage, settings, key in blocks:
        factory = settings.get(key, "")
        find = FINDERS.get(factory, _find_path if "model" in settings else None)
        if find is None:
            continue
        wants = str(settings.get("endpoint", settings.get("model", "")))
        try:
            found, problem = find(settings, f"[{stage}]"), ""
        except BaozhiError as error:
            found, problem = "", str(error)
        needs.append(Need(path, stage, factory, wants, found, problem))
    return needs


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _find_hanlp(settings: Mapping[str, Any], where: str) -> str:
    folder = find_hanlp(settings["model"], where=where, download=False)
    find_transformers(folder, where=where, download=False)
    return str(folder)


def _find_checkpoint(settings: Mapping[str, Any], where: str) -> str:
    return str(find_checkpoint(settings["model"], where=where, download=False))


def _find_spacy(settings: Mapping[str, Any], where: str) -> str:
    model = settings["model"]
    if is_package(model):
        return f"package {model} {_version(model)}"
    if not Path(model).is_dir():
        raise ConfigError(
            f"there is no spaCy package or folder {model}", where=where,
            remedy=f"where there is a network run: python -m spacy download {Path(model).name}",
        )  # fmt: skip
    return str(model)


def _find_pkuseg(settings: Mapping[str, Any], where: str) -> str:
    folder = Path(settings["model"])
    for name in MODEL_FILES:
        if not (folder / name).is_file():
            raise ConfigError(
                f"{folder} has no {name}", where=where, remedy="run: baozhi train configs/train/segmenter.cfg"
            )
    return str(folder)


def _find_endpoint(settings: Mapping[str, Any], where: str) -> str:
    if not settings.get("endpoint"):
        raise ConfigError(
            "off: endpoint is empty", where=where, remedy="set it to the address of an OpenAI-compatible server"
        )
    return f"{settings['endpoint']} (not asked)"


def _find_path(settings: Mapping[str, Any], where: str) -> str:
    path = Path(settings["model"])
    if not path.exists():
        raise ConfigError(f"there is no {path}", where=where, remedy="put the model there, or set model to where it is")
    return str(path)


FINDERS: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "hanlp_words": _find_hanlp,
    "hanlp_entities": _find_hanlp,
    "transformers_entities": _find_checkpoint,
    "transformers_relations": _find_checkpoint,
    "spacy_entities": _find_spacy,
    "pkuseg_words": _find_pkuseg,
    "generation_entities": _find_endpoint,
    "generation_relations": _find_endpoint,
    "generation_events": _find_endpoint,
}
