"""Match overlapping marks one to one, as many as possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pipeline.evaluation.annotated import Place

Mark = TypeVar("Mark")


def match_overlapping(
    left: Sequence[Mark], right: Sequence[Mark], place_of: Callable[[Mark], Place]
) -> list[tuple[int, int]]:
    """Pair marks of the two sides that share a character: the most pairs that one-to-one matching allows.

    Returns indices into `left` and `right`. Of several partners the one that begins nearest is tried first (augmenting
    paths, Kuhn 1955), so that the pairs do not depend on the order in which marks were given.
    """
    places = [place_of(mark) for mark in right]
    partners: list[list[int]] = []
    for mark in left:
        own = place_of(mark)
        near = [index for index, place in enumerate(places) if own.overlaps(place)]
        partners.append(sorted(near, key=lambda index: (_distance(own, places[index]), places[index])))
    taken: dict[int, int] = {}

    def augment(index: int, tried: set[int]) -> bool:
        for partner in partners[index]:
            if partner not in tried:
                tried.add(partner)
                if partner not in taken or augment(taken[partner], tried):
                    taken[partner] = index
                    return True
        return False

    for index in sorted(range(len(left)), key=lambda index: place_of(left[index])):
        augment(index, set())
    return sorted((index, partner) for partner, index in taken.items())


def _distance(own: Place, other: Place) -> int:
    return abs(own.pieces[0][0] - other.pieces[0][0]) + abs(own.pieces[-1][1] - other.pieces[-1][1])
