"""Counting how often short forms are right."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.entities.alias_forms import Kind, load_forms, load_kinds
from pipeline.entities.alias_kinds import KINDS
from pipeline.errors import InputError
from pipeline.training.aliases import PLACES, RULES, count_kinds, read_articles, write_kinds

ROOT = Path(__file__).resolve().parents[2]
LINE = (
    '{"id":"a","text":"山西省、山西、太原市、太原","mentions":[{"start":0,"end":3,"label":"LOC"},'
    '{"start":4,"end":6,"label":"LOC"},{"start":7,"end":10,"label":"LOC"},{"start":11,"end":13,"label":"LOC"}],'
    '"relations":[{"type":"alias_of","from":[4,6],"to":[0,3]}],"events":[]}'
)


def test_a_marked_pair_is_right_and_any_other_wrong_and_the_file_reads_back(tmp_path: Path) -> None:
    source = tmp_path / "train.jsonl.gz"
    source.write_bytes(gzip.compress(LINE.encode()))
    forms = load_forms(ROOT / RULES, [ROOT / place for place in PLACES])
    counts = count_kinds(read_articles(source), forms)
    assert counts == {("LOC", "unit", True): 1, ("LOC", "unit", False): 1}
    written = tmp_path / "kinds.toml"
    written.write_text(write_kinds(counts), encoding="utf-8")
    assert load_kinds(written, KINDS) == {("LOC", "unit"): Kind("unit", "LOC", 1, 1).probability}


def test_a_file_that_is_no_annotation_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "train.jsonl.gz"
    source.write_bytes(gzip.compress(b'{"id": 1}'))
    with pytest.raises(InputError, match=r"train\.jsonl\.gz: cannot be read"):
        read_articles(source)
