"""Reliability, calibration error and thresholds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluation.calibration import expected_calibration_error, reliability_table, threshold_for

JUDGED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40)


def test_bins_have_equal_width_and_the_upper_end_belongs_to_them() -> None:
    table = reliability_table([(0.0, False), (0.1, True), (0.11, True), (1.0, True)])
    assert [(bin.low, bin.high) for bin in table][:2] == [(0.0, 0.1), (0.1, 0.2)]
    assert [bin.items for bin in table] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert (table[0].accuracy, table[0].confidence) == (0.5, 0.05)


@given(JUDGED)
@settings(deadline=None)
def test_every_item_is_in_one_bin(judged: list[tuple[float, bool]]) -> None:
    table = reliability_table(judged)
    assert sum(bin.items for bin in table) == len(judged)
    assert sum(bin.right for bin in table) == sum(right for _, right in judged)
    assert 0 <= expected_calibration_error(table) <= 1


def test_the_error_is_the_mean_gap_weighted_by_items() -> None:
    judged = [(0.95, True)] * 3 + [(0.95, False)] + [(0.35, False)] * 4
    assert expected_calibration_error(reliability_table(judged)) == pytest.approx(0.5 * 0.2 + 0.5 * 0.35)


def test_honest_probabilities_have_a_small_error_and_boastful_ones_a_large_one() -> None:
    draw = random.Random(1)
    honest = [(p, draw.random() < p) for p in (draw.random() for _ in range(5000))]
    assert expected_calibration_error(reliability_table(honest)) < 0.03
    boastful = [(0.99, right) for _, right in honest]
    assert expected_calibration_error(reliability_table(boastful)) > 0.4


def test_nothing_judged_is_no_error() -> None:
    assert expected_calibration_error(reliability_table([])) == 0.0
    assert threshold_for(0.9, []) is None


@given(JUDGED, st.sampled_from([0.5, 0.8, 0.95]))
@settings(deadline=None)
def test_the_threshold_keeps_its_word_and_no_lower_one_does(judged: list[tuple[float, bool]], wanted: float) -> None:
    def precision(threshold: float) -> float:
        kept = [right for probability, right in judged if probability >= threshold]
        return sum(kept) / len(kept)

    threshold = threshold_for(wanted, judged)
    candidates = [probability for probability, _ in judged if precision(probability) >= wanted]
    assert threshold == (min(candidates) if candidates else None)
