"""Counts of true positives, predictions and gold items; every ratio is derived from added counts."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from msgspec import Struct


class Counts(Struct, frozen=True):
    """How many items were found and right, found, and there to be found."""

    true_positives: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.true_positives + other.true_positives, self.predicted + other.predicted, self.gold + other.gold
        )

    @property
    def precision(self) -> float:
        """Share of the predicted items that are right; 0 where nothing was predicted."""
        return self.true_positives / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold items that were found; 0 where there is no gold."""
        return self.true_positives / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (van Rijsbergen 1979); 1 where there was nothing to find or say."""
        total = self.predicted + self.gold
        return 2 * self.true_positives / total if total else 1.0


def count(predicted: Collection[Hashable], gold: Collection[Hashable]) -> Counts:
    """Count exact matches between two sets of items.

    >>> count({"甲", "乙"}, {"乙", "丙"})
    Counts(true_positives=1, predicted=2, gold=2)
    """
    predicted, gold = set(predicted), set(gold)
    return Counts(len(predicted & gold), len(predicted), len(gold))
