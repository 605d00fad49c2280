"""Whether a probability means what it says: reliability table, expected calibration error, thresholds.

Reads pairs of a probability and whether the item was right; writes numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

Judged = tuple[float, bool]


class Bin(Struct, frozen=True):
    """The items whose probability lies in (low, high], the first bin with its low end too."""

    low: float
    high: float
    items: int
    right: int
    probability_sum: float

    @property
    def accuracy(self) -> float:
        """Share of the items that are right; 0 for an empty bin."""
        return self.right / self.items if self.items else 0.0

    @property
    def confidence(self) -> float:
        """Mean probability of the items; 0 for an empty bin."""
        return self.probability_sum / self.items if self.items else 0.0


def reliability_table(judged: Sequence[Judged], *, bins: int = 10) -> tuple[Bin, ...]:
    """Sort judged items into bins of equal width (Guo et al. 2017)."""
    members: list[list[Judged]] = [[] for _ in range(bins)]
    edges = [number / bins for number in range(bins + 1)]
    for probability, right in sorted(judged):
        number = next(n for n in range(bins) if probability <= edges[n + 1] or n == bins - 1)
        members[number].append((probability, right))
    return tuple(
        Bin(edges[n], edges[n + 1], len(m), sum(right for _, right in m), sum(probability for probability, _ in m))
        for n, m in enumerate(members)
    )


def expected_calibration_error(table: Sequence[Bin]) -> float:
    """Give the mean distance of accuracy and confidence over the items of a table (Guo et al. 2017, equation 3).

    >>> expected_calibration_error(reliability_table([(0.9, True), (0.9, False)]))
    0.4
    """
    items = sum(bin.items for bin in table)
    return sum(bin.items * abs(bin.accuracy - bin.confidence) for bin in table) / items if items else 0.0


def threshold_for(precision: float, judged: Sequence[Judged]) -> float | None:
    """Give the lowest probability from which on, upwards, the items have at least this precision; None if none has.

    Items of one probability stand or fall together, so that the threshold does what it says.

    >>> threshold_for(1.0, [(0.9, True), (0.7, True), (0.6, False)])
    0.7
    """
    best, right = None, 0
    ordered = sorted(judged, reverse=True)
    for number, (probability, is_right) in enumerate(ordered, start=1):
        right += is_right
        closes = number == len(ordered) or ordered[number][0] < probability
        if closes and right >= precision * number:
            best = probability
    return best
