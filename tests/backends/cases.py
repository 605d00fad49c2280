"""The shipped configs of the backends, each with the small models that stand in for what a user would download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
LABELS = str(CONFIGS / "labels" / "baozhi.toml")
Get = Callable[[str], Path]


def _set(stage: str, model: Path) -> dict[str, Any]:
    return {f"components.{stage}.model": str(model), f"components.{stage}.labels": LABELS}


CASES: dict[str, tuple[str, Callable[[Get], dict[str, Any]]]] = {
    "hanlp": (
        "hanlp.cfg",
        lambda get: {"nlp.tokenizer.model": str(get("hanlp_words")), **_set("hanlp", get("hanlp_entities"))},
    ),
    "hanlp_joint": (
        "hanlp.cfg",
        lambda get: {"nlp.tokenizer.model": str(get("hanlp_joint")), **_set("hanlp", get("hanlp_joint"))},
    ),
    "transformers": ("transformers.cfg", lambda get: _set("transformers", get("entities"))),
    "transformers_relations": (
        "transformers_relations.cfg",
        lambda get: {**_set("transformers", get("entities")), "components.relations.model": str(get("relations"))},
    ),
    "mixed": (
        "mixed.cfg",
        lambda get: {**_set("hanlp", get("hanlp_entities")), **_set("transformers", get("entities"))},
    ),
    "spacy": ("spacy.cfg", lambda get: _set("spacy", get("spacy"))),
}
MODEL_FREE = ("jieba.cfg", "char.cfg")
NEED_MODELS = (
    "hanlp.cfg",
    "transformers.cfg",
    "transformers_relations.cfg",
    "mixed.cfg",
    "spacy.cfg",
    "generation.cfg",
)
