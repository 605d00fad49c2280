"""Overlapping marks are paired one to one, as many as there can be."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluation.annotated import Place
from pipeline.evaluation.matching import match_overlapping

SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda s: (s[0], s[0] + s[1])), max_size=4)


def place(span: tuple[int, int]) -> Place:
    return Place("page", "1.txt", (span,))


@given(SPANS, SPANS)
@settings(deadline=None)
def test_no_other_pairing_has_more_pairs(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    pairs = match_overlapping(left, right, place)
    assert all(place(left[a]).overlaps(place(right[b])) for a, b in pairs)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    padded = [*range(len(right)), *[None] * len(left)]
    best = max(
        sum(b is not None and place(left[a]).overlaps(place(right[b])) for a, b in enumerate(chosen))
        for chosen in set(permutations(padded, len(left)))
    )
    assert len(pairs) == best


def test_a_partner_is_given_up_for_another_where_that_makes_one_pair_more() -> None:
    assert match_overlapping([(0, 10), (9, 12)], [(1, 10), (0, 1)], place) == [(0, 1), (1, 0)]


def test_the_partner_that_fits_best_is_taken_where_both_are_free() -> None:
    assert match_overlapping([(0, 4)], [(3, 9), (0, 4)], place) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Place("page", "1.txt", ((0, 2),)), Place("page", "1.txt", ((1, 3),)), True),
        (Place("page", "1.txt", ((0, 2),)), Place("page", "1.txt", ((2, 3),)), False),
        (Place("page", "1.txt", ((0, 2),)), Place("page", "2.txt", ((0, 2),)), False),
        (Place("page", "1", ((0, 2),)), Place("id", "1", ((0, 2),)), False),
        (Place("page", "1.txt", ((0, 2), (9, 11))), Place("page", "1.txt", ((10, 12),)), True),
        (Place("page", "1.txt", ((0, 2), (9, 11))), Place("page", "1.txt", ((2, 9),)), False),
    ],
)
def test_places_overlap_if_they_share_a_character(one: Place, other: Place, expected: bool) -> None:
    assert one.overlaps(other) is other.overlaps(one) is expected
