"""Which relations a reader had to infer."""

from __future__ import annotations

from pathlib import Path

import pytest
from markup import parse

from pipeline.errors import RulesError
from pipeline.export.inferred import is_inferred, load_anaphors
from pipeline.records import Relation


def inferred(marked: str, kind: str = "invests_amount") -> bool:
    text, mentions = parse(marked)
    places = [(m.start, m.end) for m in mentions]
    starts = [0, *(n + 1 for n, character in enumerate(text[:-1]) if character == "。")]
    return is_inferred(Relation(places[0], places[-1], kind), text, starts, places)


@pytest.mark.parametrize(
    "marked",
    [
        "[恒远公司|ORG]扩产。投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产。该公司投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产，该公司投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产，公司拟投资[5亿元|MONEY]。",
        "[云州市公安局|ORG]表示，该局投入[5万元|MONEY]。",
        "[王小明|PER]说，他捐出[5万元|MONEY]。",
    ],
)
def test_another_sentence_or_an_anaphor_in_its_clause_makes_a_relation_inferred(marked: str) -> None:
    assert inferred(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "[恒远公司|ORG]投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产，投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产，[太行公司|ORG]投资[5亿元|MONEY]。",
        "昨日，[恒远公司|ORG]向其投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产，应该投资[5亿元|MONEY]。",
        "据其介绍，[恒远公司|ORG]投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产，其他人投资[5亿元|MONEY]。",
        "[恒远公司|ORG]扩产，上市公司拟投资[5亿元|MONEY]。",
    ],
)
def test_a_relation_that_the_text_states_is_not_inferred(marked: str) -> None:
    assert not inferred(marked)


def test_a_short_form_in_another_sentence_is_not_inferred() -> None:
    assert not inferred("[恒远|ORG]扩产。[恒远公司|ORG]投资。", "alias_of")


@pytest.mark.parametrize("source", ["words = []", "words = '该'", "words = ['(']", "word = ['该']", "words = ['a*']"])
def test_broken_anaphors_are_refused(tmp_path: Path, source: str) -> None:
    path = tmp_path / "anaphors.toml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(RulesError, match=r"anaphors\.toml:1: "):
        load_anaphors(path)
