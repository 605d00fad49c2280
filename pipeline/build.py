"""From a config file to a checked pipeline: the one list of stage imports.

A config is spaCy's: `[nlp]` with its tokenizer, `[components.*]`, and a `[pages]` block with a page reader. Paths in
it are written relative to `${paths.root}`, which itself is relative to the config's own folder.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from configparser import Error as ConfigParserError
from pathlib import Path
from typing import Any, Protocol, cast

from catalogue import RegistryError
from confection import Config, ConfigValidationError
from spacy.language import Language
from spacy.util import load_config, load_model_from_config, registry

from pipeline import doc as _extensions  # noqa: F401  (the Doc extensions must be there before any stage)
from pipeline import registries as _registries  # noqa: F401
from pipeline.errors import BaozhiError, ConfigError, unknown
from pipeline.records import Page

STAGE_MODULES = (
    "pipeline.pages.newspaper",
    "pipeline.tokens.char",
    "pipeline.tokens.jieba",
    "pipeline.tokens.pkuseg",
    "pipeline.tokens.hanlp",
    "pipeline.tokens.sentences",
    "pipeline.entities.patterns",
    "pipeline.entities.posts",
    "pipeline.entities.suffixes",
    "pipeline.entities.lexicon",
    "pipeline.entities.encoder",
    "pipeline.entities.hanlp",
    "pipeline.entities.transformers",
    "pipeline.entities.spacy_ner",
    "pipeline.entities.generation",
    "pipeline.entities.vote",
    "pipeline.entities.merge",
    "pipeline.entities.aliases",
    "pipeline.relations.rules",
    "pipeline.entities.used_mentions",
    "pipeline.relations.encoder",
    "pipeline.relations.transformers",
    "pipeline.relations.generation",
    "pipeline.relations.merge",
    "pipeline.events.encoder",
    "pipeline.events.generation",
    "pipeline.events.triggers",
    "pipeline.events.merge",
    "pipeline.normalize.values",
    "pipeline.normalize.facts",
)
DEFAULT_CONFIG = Path("configs/default.cfg")


class PageReader(Protocol):
    """What the `[pages]` block of a config makes: the first half of the pipeline."""

    def read(self, path: Path, *, name: str, id: str, date: str | None = None) -> Page:
        """Read one file into a page with its articles; InputError where it cannot be read."""

    def read_text(self, text: str, *, name: str, id: str, encoding: str = "utf-8", date: str | None = None) -> Page:
        """Read the decoded text of one page."""


def import_stages() -> None:
    """Import every module that registers a stage, so that configs can name it."""
    for module in STAGE_MODULES:
        importlib.import_module(module)


def stage_names() -> list[str]:
    """List the registered factories of ours, by name."""
    import_stages()
    return sorted(
        name for name, factory in registry.factories.get_all().items() if factory.__module__.startswith("pipeline.")
    )


def find_config(path: str | Path) -> Path:
    """Give the path itself, or, where `configs/NAME.cfg` is not in this folder, the config of that name that is shipped."""
    path, package = Path(path), Path(__file__).resolve().parent
    if path.parts[:1] == ("configs",) and not path.exists():
        for root in (package / "shipped", package.parent):  # as installed, and as it stands in the repository
            if (root / path).is_file():
                return root / path
    return path


def read_config(path: str | Path, overrides: Mapping[str, Any] | None = None) -> Config:
    """Read a config file, make `paths.root` absolute, and apply overrides such as `{"nlp.batch_size": 64}`.

    Raises:
        ConfigError: there is no such file, or it is not well formed.
    """
    path = find_config(path)
    if not path.is_file():
        raise ConfigError(
            "there is no such config", where=path, remedy="give the path of a .cfg file, such as configs/default.cfg"
        )
    try:
        config = load_config(path, overrides=dict(overrides or {}), interpolate=False)
        root = (path.parent / str(config.get("paths", {}).get("root", "."))).resolve()
        config.setdefault("paths", {})["root"] = str(root)
        return config.interpolate()
    except (ConfigValidationError, ConfigParserError, ValueError, TypeError) as error:
        raise ConfigError(_say(error), where=path) from error


def load(config: str | Path | Config = DEFAULT_CONFIG, overrides: Mapping[str, Any] | None = None) -> Language:
    """Build the `nlp` of a config and check that every stage has what it reads.

    Raises:
        ConfigError: an unknown or mistyped setting or stage, or a stage before the one that makes what it reads.
    """
    where = None if isinstance(config, Config) else config
    config = config if isinstance(config, Config) else read_config(config, overrides)
    import_stages()
    _check_factories(config, where)
    nlp_config = Config({key: value for key, value in config.items() if key != "pages"})
    try:
        nlp = load_model_from_config(nlp_config, auto_fill=True)
    except BaozhiError:
        raise
    except (ConfigValidationError, RegistryError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise ConfigError(_say(error), where=where) from error
    _check_order(nlp, where)
    return nlp


def load_page_reader(
    config: str | Path | Config = DEFAULT_CONFIG, overrides: Mapping[str, Any] | None = None
) -> PageReader:
    """Build the page reader of a config's `[pages]` block.

    Raises:
        ConfigError: the block is missing, or names or settings in it are unknown or mistyped.
    """
    where = None if isinstance(config, Config) else config
    config = config if isinstance(config, Config) else read_config(config, overrides)
    import_stages()
    if "pages" not in config:
        raise ConfigError(
            "the config has no [pages] block", where=where, remedy='add one with @page_readers = "newspaper"'
        )
    try:
        return cast(PageReader, registry.resolve(Config({"pages": config["pages"]}))["pages"])
    except BaozhiError:
        raise
    except (ConfigValidationError, RegistryError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise ConfigError(_say(error), where=where) from error


def describe(nlp: Language) -> list[dict[str, Any]]:
    """List the stages in order with their factory, what they read and write, and their settings."""
    rows: list[dict[str, Any]] = [
        {
            "stage": "tokenizer", "factory": nlp.config["nlp"]["tokenizer"].get("@tokenizers", ""), "reads": [],
            "writes": ["doc", "token"],
            "settings": {k: v for k, v in nlp.config["nlp"]["tokenizer"].items() if not k.startswith("@")},
        }
    ]  # fmt: skip
    for name in nlp.pipe_names:
        meta = nlp.get_pipe_meta(name)
        settings = {k: v for k, v in nlp.get_pipe_config(name).items() if k not in ("factory", "nlp", "name")}
        rows.append(
            {
                "stage": name,
                "factory": meta.factory,
                "reads": list(meta.requires),
                "writes": list(meta.assigns),
                "settings": settings,
            }
        )
    return rows


def _check_order(nlp: Language, where: str | Path | None) -> None:
    analysis = nlp.analyze_pipes() or {}
    for name, missing in analysis["problems"].items():
        if missing:
            raise ConfigError(
                f"stage {name!r} reads {', '.join(missing)}, which no stage before it writes", where=where,
                remedy="change the order in [nlp] pipeline, or add the stage that writes it",
            )  # fmt: skip


def _check_factories(config: Config, where: str | Path | None) -> None:
    blocks = config.get("components", {})
    names = config.get("nlp", {}).get("pipeline", [])
    if not isinstance(names, list):
        raise ConfigError(f"[nlp] pipeline = {names!r} is no list of stages", where=where, remedy='write ["sentences"]')
    for name in names:
        if name not in blocks:
            raise ConfigError(unknown("stage", name, blocks), where=where, remedy=f"add a [components.{name}] block")
        factory = blocks[name].get("factory")
        if factory is not None and not Language.has_factory(factory):
            raise ConfigError(
                f"[components.{name}] {unknown('factory', factory, stage_names())}", where=where,
                remedy="name one of these, or one of spaCy's",
            )  # fmt: skip


def _say(error: Exception) -> str:
    """Keep what an error of spaCy or confection says of a setting, on one line."""
    if isinstance(error, ConfigValidationError) and error.errors:
        title = f"{error.title}: " if error.title else ""
        return title + "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors)
    return " ".join(str(error).split())
