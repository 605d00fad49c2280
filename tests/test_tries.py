"""A trie finds what looking for every word everywhere finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tries import Trie, code_points, find_digits, find_lines

LETTERS = st.sampled_from("太原重工𠮷a\ud800")


def search(words: list[str], text: str) -> set[tuple[int, int, int]]:
    trie = Trie.of(words, np.arange(1, len(words) + 1))
    return {
        (start, length, value)
        for length, starts, values in trie.find(code_points(text))
        for start, value in zip(starts.tolist(), values.tolist(), strict=True)
    }


@settings(deadline=None)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=5), unique=True, max_size=12), st.text(LETTERS, max_size=30))
def test_it_finds_every_word_wherever_it_stands(words: list[str], text: str) -> None:
    expected = {
        (start, len(word), number)
        for number, word in enumerate(words, start=1)
        for start in range(len(text))
        if text.startswith(word, start)
    }
    assert search(words, text) == expected


@pytest.mark.parametrize(
    ("words", "text"), [([], "太原"), (["太原"], ""), (["太原市"], "太原"), (["太原"], "原太"), (["太原市"], "太原太")]
)
def test_it_finds_nothing_where_no_word_stands(words: list[str], text: str) -> None:
    assert search(words, text) == set()


def test_of_a_word_given_twice_the_last_value_counts() -> None:
    trie = Trie.of(["太原", "太", "太原"], np.array([1, 2, 3]))
    assert len(trie) == 2
    assert search(["太", "太原"], "太原") == {(0, 1, 1), (0, 2, 2)}
    assert [values.tolist() for _, _, values in trie.find(code_points("太原"))] == [[2], [3]]


def test_lines_are_found_with_their_first_separator() -> None:
    lines = find_lines(code_points("太原\t12\n重\t\t\n"), "\t")
    assert [part.tolist() for part in lines] == [[0, 6], [2, 7], [5, 9]]
    assert [part.tolist() for part in find_lines(code_points(""), "\t")] == [[], [], []]


@pytest.mark.parametrize("text", ["太原", "太原\t1", "太原\n重\t1\n", "太\t1\n重\n", "\t1\n"])
def test_broken_lines_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        find_lines(code_points(text), "\t")


def test_digits_are_given_place_by_place() -> None:
    digits = list(find_digits(code_points("12 7"), np.array([0, 3]), np.array([2, 4])))
    assert [(which.tolist(), found.tolist()) for which, found in digits] == [([0, 1], [1, 7]), ([0], [2])]


@pytest.mark.parametrize("text", ["", "x", "1x", "１"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="digit"):
        list(find_digits(code_points(text), np.array([0]), np.array([len(text)])))
