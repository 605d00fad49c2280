"""Bootstrap intervals and the paired test."""

from __future__ import annotations

import math
import random

import pytest

from pipeline.evaluation.counts import Counts
from pipeline.evaluation.intervals import Interval, bootstrap_interval, paired_bootstrap, resample


def run(right: float, *, units: int = 200, seed: int = 1, size: int = 1) -> list[Counts]:
    draw = random.Random(seed)
    return [Counts(sum(draw.random() < right for _ in range(size)), size, size) for _ in range(units)]


def test_the_interval_is_the_one_that_theory_gives_for_a_share() -> None:
    counts = run(0.7, units=400)
    share = sum(c.true_positives for c in counts) / 400
    half = 1.96 * math.sqrt(share * (1 - share) / 400)
    interval = bootstrap_interval(counts)
    assert interval.low == pytest.approx(share - half, abs=0.01)
    assert interval.high == pytest.approx(share + half, abs=0.01)


def test_units_that_err_together_give_a_wider_interval() -> None:
    scattered = [Counts(8, 10, 10)] * 50
    together = [Counts(10, 10, 10)] * 40 + [Counts(0, 10, 10)] * 10
    assert sum(scattered, Counts()) == sum(together, Counts())
    narrow, wide = bootstrap_interval(scattered), bootstrap_interval(together)
    assert narrow == Interval(0.8, 0.8)
    assert wide.high - wide.low > 0.15


def test_the_statistic_can_be_chosen() -> None:
    counts = [Counts(1, 1, 4)] * 3
    assert bootstrap_interval(counts, statistic=lambda c: c.precision) == Interval(1.0, 1.0)
    assert bootstrap_interval(counts, statistic=lambda c: c.recall) == Interval(0.25, 0.25)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    counts = run(0.5, units=60, size=17)
    assert bootstrap_interval(counts) == bootstrap_interval(counts)
    assert bootstrap_interval(counts) != bootstrap_interval(counts, seed=7)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([], Interval(0.0, 1.0)), ([Counts(1, 2, 2)], Interval(0.5, 0.5)), ([Counts(), Counts()], Interval(0.0, 1.0))],
    ids=["no unit", "one unit", "nothing to find"],
)
def test_too_little_data_gives_no_false_certainty(counts: list[Counts], expected: Interval) -> None:
    assert bootstrap_interval(counts) == expected


def test_resamples_with_nothing_to_find_are_left_out() -> None:
    totals = resample([Counts(1, 1, 1), Counts(), Counts()])
    assert 0 < len(totals) < 1000
    assert all(total.gold > 0 for total in totals)
    assert bootstrap_interval([Counts(0, 0, 1), Counts(), Counts()]) == Interval(0.0, 0.0)  # empty ones would have F1 1


def test_equal_runs_are_not_told_apart() -> None:
    test = paired_bootstrap(run(0.7), run(0.7))
    assert (test.difference, test.p_value) == (0.0, 1.0)


def test_a_clear_lead_is_found_and_turns_round_with_the_runs() -> None:
    worse, better = run(0.6, size=10), run(0.8, seed=2, size=10)
    test, turned = paired_bootstrap(worse, better), paired_bootstrap(better, worse)
    assert test.difference == pytest.approx(0.2, abs=0.03)
    assert test.p_value < 0.01 and test.interval.low > 0
    assert turned.difference == pytest.approx(-test.difference)
    assert turned.p_value == test.p_value


def test_chance_is_called_chance_about_as_often_as_p_says() -> None:
    p_values = [
        paired_bootstrap(run(0.7, seed=2 * n, units=60), run(0.7, seed=2 * n + 1, units=60), resamples=200).p_value
        for n in range(200)
    ]
    # one-sided on the side of the lead: p is spread over (0, 0.5], so a tenth of all runs fall below 0.05
    assert 0.03 < sum(p < 0.05 for p in p_values) / 200 < 0.2
    assert min(p_values) > 0


def test_runs_over_other_units_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="2 and 1 units"):
        paired_bootstrap([Counts(), Counts()], [Counts()])
