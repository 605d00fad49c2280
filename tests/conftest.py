"""What tests share: the repository's folders and the default pipeline, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

from pipeline.build import load

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def default_nlp() -> Language:
    """The default pipeline; tests must not change it."""
    return load(ROOT / "configs" / "default.cfg")
