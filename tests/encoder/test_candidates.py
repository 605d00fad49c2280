"""Pairs of spans: which are asked for, and what is seen of each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoder.candidates import (
    FEATURES,
    KINDS,
    RELATIONS,
    ROLES,
    Edges,
    describe_pairs,
    find_pairs,
    make_spans,
)  # fmt: skip
from pipeline.records import RELATION_TYPES
from pipeline.scheme import allows

TEXT = "云州市市长赵敏会见恒远集团董事长钱学军，恒远投资5亿元。"
SPANS = [
    (0, 3, "LOC"), (3, 5, "TITLE"), (5, 7, "PER"), (7, 9, "meeting"), (9, 13, "ORG"), (13, 16, "TITLE"),
    (16, 19, "PER"), (20, 22, "ORG"), (24, 27, "MONEY"),
]  # fmt: skip
MENTIONS = [span for span in SPANS if span[2] != "meeting"]


def named(spans: list[tuple[int, int, str]], pairs: np.ndarray) -> set[tuple[str, str]]:
    surfaces = [TEXT[start:end] for start, end, _ in spans]
    return {(surfaces[head], surfaces[tail]) for head, tail in pairs.tolist()}


def test_pairs_are_those_that_the_scheme_lets_an_edge_join() -> None:
    found = named(MENTIONS, find_pairs(make_spans(MENTIONS), RELATIONS))
    assert {("赵敏", "市长"), ("市长", "云州市"), ("恒远", "5亿元"), ("恒远", "恒远集团")} <= found
    assert ("5亿元", "恒远") not in found
    assert ("赵敏", "赵敏") not in found


def test_roles_lead_from_triggers_to_mentions_on_both_sides() -> None:
    found = named(SPANS, find_pairs(make_spans(SPANS), ROLES))
    assert {head for head, _ in found} == {"会见"}
    assert {"赵敏", "恒远集团", "钱学军", "5亿元"} <= {tail for _, tail in found}


def naive(spans: list[tuple[int, int, str]], window: int) -> set[tuple[int, int]]:
    return {
        (i, j)
        for i in range(len(spans))
        for j in range(len(spans))
        if i != j
        and spans[max(i, j)][0] - spans[min(i, j)][1] <= window
        and any(allows(relation, spans[i][2], spans[j][2]) for relation in RELATION_TYPES)
    }


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["PER", "ORG", "LOC", "TITLE", "MONEY"])), max_size=12))
def test_the_pairs_are_all_within_the_window(gaps: list[tuple[int, str]]) -> None:
    spans, place = [], 0
    for gap, label in gaps:
        spans.append((place + gap, place + gap + 2, label))
        place += gap + 2
    near = Edges(RELATIONS.labels, RELATIONS.allowed, 20)
    got = {tuple(pair) for pair in find_pairs(make_spans(spans), near).tolist()}
    assert got == naive(spans, 20)


def column(feature: str) -> int:
    """Give the place of a feature by the order of `describe_pairs`."""
    kinds = 2 * len(KINDS)
    return {"head first": kinds + 10, "comma": kinds + 11 + 3, "equal": FEATURES - 8, "inside": FEATURES - 7}[feature]


@pytest.mark.parametrize(
    ("pair", "feature", "value"),
    [
        ((2, 1), "head first", 0.0), ((1, 4), "head first", 1.0),
        ((2, 3), "comma", 0.0), ((5, 6), "comma", 1.0),
        ((6, 3), "inside", 1.0), ((3, 6), "inside", 0.0), ((6, 3), "equal", 0.0),
    ],
)  # fmt: skip
def test_what_is_seen_of_a_pair(pair: tuple[int, int], feature: str, value: float) -> None:
    seen = describe_pairs(TEXT, make_spans(MENTIONS), np.array([pair]))
    assert seen.shape == (1, FEATURES)
    assert seen[0, column(feature)] == value


def test_no_spans_make_no_pairs() -> None:
    spans = make_spans([])
    pairs = find_pairs(spans, RELATIONS)
    assert describe_pairs("", spans, pairs).shape == (0, FEATURES)


def test_half_width_and_full_width_signs_are_seen_alike() -> None:
    spans = make_spans([(0, 2, "ORG"), (3, 5, "ORG")])
    pairs = np.array([(0, 1), (1, 0)])
    np.testing.assert_array_equal(describe_pairs("恒远，云建", spans, pairs), describe_pairs("恒远,云建", spans, pairs))
