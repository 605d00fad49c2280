"""How sure a score is: percentile bootstrap over articles, and the paired bootstrap for two runs.

Reads counts by unit (an article, a page); writes intervals. A unit is drawn whole, because errors of one article come
together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import msgspec
import numpy as np
from msgspec import Struct


class Tally(Protocol):
    """Counts that can be added and give ratios: `Counts`, or the sums of B-cubed."""

    @property
    def precision(self) -> float: ...  # noqa: D102
    @property
    def recall(self) -> float: ...  # noqa: D102
    @property
    def f1(self) -> float: ...  # noqa: D102


TallyT = TypeVar("TallyT", bound=Tally)


class Interval(Struct, frozen=True):
    """The bounds between which the statistic of the resamples lies."""

    low: float
    high: float


class PairedTest(Struct, frozen=True):
    """By how much B is better than A, within which bounds, and how likely that is by chance."""

    a: float
    b: float
    difference: float
    interval: Interval
    p_value: float


def f1_of(tally: Tally) -> float:
    """Give the F1 of a tally."""
    return tally.f1


def bootstrap_interval(
    per_unit: Sequence[TallyT],
    *,
    statistic: Callable[[TallyT], float] = f1_of,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 20250101,
) -> Interval:
    """Give the percentile bootstrap interval of a statistic of added counts (Efron and Tibshirani 1993, chapter 13).

    Resamples in which nothing was to find and nothing was found say nothing and are left out. With one unit, or none
    that counts, the interval is the point itself or, without any unit, all of [0, 1].

    >>> from pipeline.evaluation.counts import Counts
    >>> bootstrap_interval([Counts(1, 1, 2)])
    Interval(low=0.6666666666666666, high=0.6666666666666666)
    """
    return percentile_interval(
        [statistic(total) for total in resample(per_unit, resamples=resamples, seed=seed)], level=level
    )


def resample(per_unit: Sequence[TallyT], *, resamples: int = 1000, seed: int = 20250101) -> list[TallyT]:
    """Give the added counts of each resample that says something, drawn with replacement from the units."""
    if not per_unit:
        return []
    kind = type(per_unit[0])
    return [kind(*row) for row in _totals(per_unit, resamples, seed).tolist() if any(row)]


def percentile_interval(values: Sequence[float], *, level: float = 0.95) -> Interval:
    """Give the middle `level` of some values; all of [0, 1] where there are none."""
    if not values:
        return Interval(0.0, 1.0)
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return Interval(low, high)


def paired_bootstrap(
    a: Sequence[TallyT],
    b: Sequence[TallyT],
    *,
    statistic: Callable[[TallyT], float] = f1_of,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 20250101,
) -> PairedTest:
    """Test two runs over the same units, `a[i]` and `b[i]` being the counts of unit i (Berg-Kirkpatrick et al. 2012).

    The p-value is the share of resamples in which the better run's lead is at least twice what it is on the whole,
    the observed one counted in; it is one-sided and never 0. Two equal runs have 1.

    Raises:
        ValueError: the two do not have the same number of units, or none.
    """
    if len(a) != len(b) or not a:
        raise ValueError(f"{len(a)} and {len(b)} units cannot be paired")
    kind = type(a[0])
    whole_a, whole_b = (statistic(kind(*_matrix(side).sum(axis=0).tolist())) for side in (a, b))
    totals = zip(_totals(a, resamples, seed).tolist(), _totals(b, resamples, seed).tolist(), strict=True)
    differences = [statistic(kind(*row_b)) - statistic(kind(*row_a)) for row_a, row_b in totals]
    difference = whole_b - whole_a
    sign = 1 if difference >= 0 else -1
    beyond = sum(sign * value >= 2 * sign * difference - 1e-12 for value in differences)
    return PairedTest(
        whole_a, whole_b, difference, percentile_interval(differences, level=level), (beyond + 1) / (resamples + 1)
    )


def _matrix(per_unit: Sequence[Any]) -> Any:
    return np.array([msgspec.structs.astuple(tally) for tally in per_unit])


def _totals(per_unit: Sequence[Any], resamples: int, seed: int) -> Any:
    """Add up the drawn units of every resample: shape (resamples, fields of the tally)."""
    units = len(per_unit)
    drawn = np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=resamples)
    return drawn @ _matrix(per_unit)
