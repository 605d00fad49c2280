"""What a confidence means: a curve that never falls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.training.calibrate import choose_threshold, fit_curve


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300))
def test_the_curve_rises_and_stays_within_0_and_1(judged: list[tuple[float, bool]]) -> None:
    curve = fit_curve(judged)
    assert [point for point, _ in curve] == sorted(point for point, _ in curve)
    assert [value for _, value in curve] == sorted(value for _, value in curve)
    assert all(0 < value < 1 for _, value in curve)


@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_it_finds_the_relation_that_the_items_were_drawn_from(power: float) -> None:
    random = np.random.default_rng(2)
    confidences = random.random(4000)
    curve = fit_curve([(float(c), bool(random.random() < c**power)) for c in confidences])
    for confidence in (0.3, 0.6, 0.9):
        fitted = np.interp(confidence, [point for point, _ in curve], [value for _, value in curve])
        assert fitted == pytest.approx(confidence**power, abs=0.1)


def test_the_threshold_is_that_of_the_best_f1() -> None:
    judged = [(0.9, True), (0.8, True), (0.6, False), (0.5, True), (0.4, False), (0.3, False)]
    assert 0.4 < choose_threshold(judged, 3) < 0.5
    assert 0.6 < choose_threshold(judged, 2) < 0.8  # a third right one is not there to be found
    assert choose_threshold([], 5) == 0.5
