"""Pair what was missed with what was made up, so that each error is shown once, as what it is.

Reads the items of both sides; writes cases. Every missed gold item and every spurious one is in exactly one case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from pipeline.evaluation.items import Item, Items, sort_key
from pipeline.evaluation.matching import match_overlapping

Kind = Literal["missed", "spurious", "confused", "boundary"]
KINDS: tuple[tuple[Kind, str], ...] = (
    ("missed", "in gold, not predicted"),
    ("spurious", "predicted, not in gold"),
    ("confused", "predicted with another label"),
    ("boundary", "right label, other boundaries"),
)


class Case(Struct, frozen=True, eq=False):
    """One error: a gold item, a predicted one, or the two that belong together."""

    kind: Kind
    gold: Item | None
    predicted: Item | None

    @property
    def item(self) -> Item:
        """The gold item where there is one, else the predicted one."""
        item = self.gold or self.predicted
        assert item is not None  # a case has a side
        return item


def find_cases(predicted: Items, gold: Items, *, overlapping: bool) -> Iterator[Case]:
    """Give the errors in one unit, in the order of its text.

    Items that fill one slot with two labels are confused. Where `overlapping`, two that share a character belong
    together: with one label the boundary is wrong, and such pairs are made first; with two they are confused.
    """
    cases = list(_paired(predicted, gold, overlapping))
    shown_gold = {case.gold.key for case in cases if case.gold}
    shown_predicted = {case.predicted.key for case in cases if case.predicted}
    missed = gold.keys() - predicted.keys() - shown_gold
    spurious = predicted.keys() - gold.keys() - shown_predicted
    cases += [Case("missed", gold[key], None) for key in missed]
    cases += [Case("spurious", None, predicted[key]) for key in spurious]
    yield from sorted(cases, key=lambda case: (sort_key(case.item), case.kind))


def _paired(predicted: Items, gold: Items, overlapping: bool) -> Iterator[Case]:
    missed = sorted((item for key, item in gold.items() if key not in predicted), key=sort_key)
    spurious = sorted((item for key, item in predicted.items() if key not in gold), key=sort_key)
    for item in list(missed):
        other = next((other for other in spurious if other.slot == item.slot), None)
        if other is not None:
            missed.remove(item)
            spurious.remove(other)
            yield Case("confused", item, other)
    if overlapping:
        boundary = []
        for label in sorted({item.label for item in missed}):
            sides = ([item for item in side if item.label == label] for side in (missed, spurious))
            boundary += _overlapping("boundary", *sides)
        paired = [item for case in boundary for item in (case.gold, case.predicted)]
        yield from boundary
        rest = ([item for item in side if item not in paired] for side in (missed, spurious))
        yield from _overlapping("confused", *rest)


def _overlapping(kind: Kind, gold: list[Item], predicted: list[Item]) -> list[Case]:
    pairs = match_overlapping(gold, predicted, place_of=lambda item: item.place)
    return [Case(kind, gold[one], predicted[other]) for one, other in pairs]
