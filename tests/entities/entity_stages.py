"""Run one entity stage, from the shipped rules and lists, on marked sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import spacy
from markup import parse
from spacy.language import Language

from pipeline.doc import read
from pipeline.entities import lexicon, merge, patterns, posts, suffixes  # noqa: F401  (registers the stages)

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
LEXICON = CONFIGS / "lexicon"
RULES = CONFIGS / "rules" / "entities"


def make_stage(factory: str, **settings: Any) -> Language:
    """Make a pipeline of characters with one stage."""
    nlp = spacy.blank("zh")
    nlp.add_pipe(factory, config=_plain(settings))
    return nlp


def check(nlp: Language, marked: str) -> None:
    """Assert that the stage finds in a marked sentence exactly what is marked."""
    text, expected = parse(marked)
    found = read(nlp(text), "mentions")
    assert [(text[m.start : m.end], m.start, m.label) for m in found] == [
        (text[m.start : m.end], m.start, m.label) for m in expected
    ]


def lexicon_settings() -> dict[str, Any]:
    """Give the settings of `lexicon` with all shipped lists."""
    return {
        "lists": {
            "LOC": [LEXICON / "places.txt.gz", LEXICON / "places_general.txt"],
            "ORG": [LEXICON / "bodies.txt", LEXICON / "bodies_general.txt"],
            "PER": [LEXICON / "people.txt", LEXICON / "people_general.txt"],
        },
        "decoys": [LEXICON / "decoys.txt.gz", LEXICON / "decoys_general.txt"],
        "crossings": [LEXICON / "crossings.txt"],
        "tails": [LEXICON / "tails.txt"],
    }


def _plain(value: Any) -> Any:
    """Write paths as strings, as a config does."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Path) else value
