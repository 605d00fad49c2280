"""Agreement: F1 and alpha by layer, against values computed by hand and by the library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.annotation.agreement import Agreement, agree
from pipeline.annotation.alpha import _coincidences, alpha_of
from pipeline.errors import AnnotationError

TEXT = "恒远集团赵敏出资"
ORG, PER = {"start": 0, "end": 4, "label": "ORG"}, {"start": 4, "end": 6, "label": "PER"}
EDGE = {"type": "owns_share_in", "from": [4, 6], "to": [0, 4]}
EVENT = {"type": "investment", "start": 6, "end": 8, "roles": [{"role": "agent", "mention": [4, 6]}]}


def write(path: Path, **articles: dict[str, Any]) -> Path:
    rows = [{"id": id, "text": TEXT, "mentions": [], "relations": [], "events": [], **a} for id, a in articles.items()]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


FULL = {"mentions": [ORG, PER], "relations": [EDGE], "events": [EVENT]}


def compare(folder: Path, **people: dict[str, Any]) -> Agreement:
    return agree({name: write(folder / f"{name}.jsonl", **articles) for name, articles in people.items()})


def f1(found: Agreement, layer: str, measure: str, label: str = "micro") -> float:
    return next(r.f1 for r in found.agreed if (r.layer, r.measure, r.label) == (layer, measure, label))


def alpha(found: Agreement, layer: str) -> float | None:
    return next(a.value for a in found.alphas if a.layer == layer)


def test_people_who_mark_the_same_agree_wholly(tmp_path: Path) -> None:
    found = compare(tmp_path, li={"1": FULL, "2": FULL}, wang={"1": FULL, "2": FULL})
    assert found.disagreements == ()
    assert {row.f1 for row in found.agreed if row.first} == {1.0}
    assert {a.layer: a.value for a in found.alphas} == {"mentions": 1.0, "relations": None, "events": 1.0, "roles": 1.0}


def test_f1_and_alpha_are_those_computed_by_hand(tmp_path: Path) -> None:
    li = {"1": FULL, "2": {"mentions": [ORG]}}
    wang = {"1": {**FULL, "relations": []}, "2": {"mentions": [{**ORG, "label": "LOC"}]}}
    found = compare(tmp_path, li=li, wang=wang)
    assert f1(found, "mentions", "strict") == pytest.approx(2 * 2 / (3 + 3))
    assert f1(found, "relations", "edges") == 0.0
    # 16 characters, 2 people: PER PER twice, — — 2 + 4 = 6, ORG ORG 4, ORG LOC 4
    table = [
        ["ORG"] * 4 + ["PER"] * 2 + ["—"] * 2 + ["ORG"] * 4 + ["—"] * 4,
        ["ORG"] * 4 + ["PER"] * 2 + ["—"] * 2 + ["LOC"] * 4 + ["—"] * 4,
    ]
    expected = krippendorff.alpha(
        reliability_data=table, value_domain=["ORG", "PER", "LOC", "—"], level_of_measurement="nominal"
    )
    assert alpha(found, "mentions") == pytest.approx(expected)
    assert alpha(found, "mentions") == pytest.approx(1 - 31 * 8 / (32**2 - (12**2 + 4**2 + 4**2 + 12**2)))


def test_relations_are_judged_between_mentions_that_all_have_marked(tmp_path: Path) -> None:
    found = compare(
        tmp_path, li={"1": FULL, "2": FULL}, wang={"1": FULL, "2": {**FULL, "mentions": [PER], "relations": []}}
    )
    units = next(a.units for a in found.alphas if a.layer == "relations")
    assert units == 1  # PER → ORG in the first article; ORG → PER is nothing the scheme knows
    assert alpha(found, "relations") is None  # one value only: nothing could be said differently


def test_every_disagreement_is_listed_with_who_has_it(tmp_path: Path) -> None:
    found = compare(tmp_path, li={"1": FULL}, wang={"1": {**FULL, "relations": [], "mentions": [ORG, PER]}})
    assert [(d.article, d.layer, d.only, d.what) for d in found.disagreements] == [
        ("1", "relations", "li", "owns_share_in 赵敏@4 → 恒远集团@0")
    ]


def test_confusions_pair_the_two_labels(tmp_path: Path) -> None:
    found = compare(tmp_path, li={"1": {"mentions": [ORG]}}, wang={"1": {"mentions": [{**ORG, "label": "LOC"}]}})
    strict = next(scores for _, scores in found.confusions if scores.measure.name == "strict")
    assert strict.confusions == {("ORG", "LOC"): 1}


def test_three_people_are_compared_in_pairs_and_together(tmp_path: Path) -> None:
    people = {"li": {"1": FULL}, "wang": {"1": FULL}, "zhao": {"1": {"mentions": [ORG]}}}
    found = compare(tmp_path, **people)
    assert {row.people for row in found.agreed} == {("li", "wang"), ("li", "zhao"), ("wang", "zhao")}
    table = [["ORG"] * 4 + ["PER"] * 2 + ["—"] * 2] * 2 + [["ORG"] * 4 + ["—"] * 4]
    expected = krippendorff.alpha(
        reliability_data=table, value_domain=["ORG", "PER", "—"], level_of_measurement="nominal"
    )
    assert alpha(found, "mentions") == pytest.approx(expected)


def test_one_person_and_different_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="one person"):
        compare(tmp_path, li={"1": FULL})
    with pytest.raises(AnnotationError, match="share no article"):
        compare(tmp_path, li={"1": FULL}, wang={"2": FULL})
    other = {"text": TEXT + "。", **FULL}
    with pytest.raises(AnnotationError, match="the texts differ"):
        compare(tmp_path, li={"1": FULL}, wang={"1": other})


@given(arrays(np.int_, st.tuples(st.integers(2, 4), st.integers(1, 12)), elements=st.integers(0, 3)))
def test_alpha_of_coincidences_is_that_of_the_library(table: Any) -> None:
    counts = np.array([[(column == value).sum() for value in range(4)] for column in table.T], dtype=float)
    ours = alpha_of(_coincidences(counts))
    if len(np.unique(table)) < 2:
        assert ours is None
    else:
        assert ours == pytest.approx(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
