"""spaCy's own recognizer as a source, trained here and loaded through the stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
import tiny
from cases import CONFIGS, LABELS

from pipeline.build import load
from pipeline.doc import read
from pipeline.errors import ConfigError


def test_a_trained_ner_finds_what_it_was_taught(model: Callable[[str], Path]) -> None:
    nlp = load(
        CONFIGS / "spacy.cfg", {"components.spacy.model": str(model("spacy")), "components.spacy.labels": LABELS}
    )
    gold, found = 0, 0
    for sentence in tiny.sentences(40, seed=79):
        expected = set(tiny.spans_of(sentence))
        mentions = read(nlp(tiny.text_of(sentence)), "mentions", "spacy")
        gold += len(expected)
        found += len(expected & {(m.start, m.end, m.label) for m in mentions})
    assert found >= 0.8 * gold


def test_a_pipeline_without_ner_is_refused(tmp_path: Path) -> None:
    spacy.blank("zh").to_disk(tmp_path / "blank")
    with pytest.raises(ConfigError, match="has no ner"):
        load(CONFIGS / "spacy.cfg", {"components.spacy.model": str(tmp_path / "blank")})


def test_a_pipeline_that_is_not_there_says_how_to_get_it() -> None:
    with pytest.raises(ConfigError, match="python -m spacy download zh_core_web_xl"):
        load(CONFIGS / "spacy.cfg", {"components.spacy.model": "zh_core_web_xl"})
