"""Where words of a dictionary begin, go on and end."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.encoder.characters import fold
from pipeline.encoder.matches import FEATURES, KINDS, Dictionary, load_words, save_words
from pipeline.errors import ConfigError

WORDS = {"太原": ("place",), "太原重工": ("body",), "原重": ("noun", "verb"), "董事长": ("post",)}


def marked(text: str, kind: str) -> list[str]:
    bits = Dictionary(WORDS).mark(text).reshape(len(text), len(KINDS), 3)[:, KINDS.index(kind)]
    return ["".join(letter for letter, bit in zip("BME", row, strict=True) if bit) for row in bits]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("place", ["B", "E", "", ""]),
        ("body", ["B", "M", "M", "E"]),
        ("noun", ["", "B", "E", ""]),
        ("verb", ["", "B", "E", ""]),
        ("post", ["", "", "", ""]),
    ],
)
def test_every_match_counts_also_inside_another(kind: str, expected: list[str]) -> None:
    assert marked("太原重工", kind) == expected


def test_neighbours_do_not_run_together() -> None:
    assert marked("太原太原", "place") == ["B", "E", "B", "E"]


@pytest.mark.parametrize("text", ["", "𠮷太原", "\ud800太原", "山西"])
def test_offsets_count_code_points(text: str) -> None:
    marks = Dictionary(WORDS).mark(text)
    assert marks.shape == (len(text), FEATURES)
    assert bool(marks.any()) == ("太原" in text)
    if "太原" in text:
        assert marked(text, "place")[text.index("太原")] == "B"


SIGNS = st.sampled_from("太原重工Ａa,，\t\n \ud800")
SOME_WORDS = st.dictionaries(
    st.text(SIGNS, min_size=2, max_size=6), st.lists(st.sampled_from(KINDS), min_size=1, unique=True), max_size=10
)


@settings(deadline=None)
@given(SOME_WORDS, st.text(SIGNS, max_size=30))
def test_marks_are_those_of_looking_for_every_word_everywhere(words: dict[str, list[str]], text: str) -> None:
    expected = np.zeros((len(text), len(KINDS), 3), dtype=np.uint8)
    for word, kinds in words.items():
        for start in range(len(text)):
            if fold(text).startswith(fold(word), start):
                last = start + len(word) - 1
                for kind in map(KINDS.index, kinds):
                    expected[start, kind, 0] = expected[last, kind, 2] = 1
                    expected[start + 1 : last, kind, 1] = 1
    assert (Dictionary(words).mark(text).reshape(expected.shape) == expected).all()


@pytest.mark.parametrize("words", [WORDS, {}, {"A股": ("noun",), "Ａ股": ("verb",)}, {"太,原": ("place", "other")}])
def test_a_loaded_dictionary_marks_as_the_one_that_was_saved(words: dict[str, tuple[str, ...]], tmp_path: Path) -> None:
    save_words(words, tmp_path / "w.gz")
    text = "太原重工董事长Ａ股，太，原太原"
    assert (Dictionary.load(tmp_path / "w.gz").mark(text) == Dictionary(words).mark(text)).all()


@pytest.mark.parametrize("broken", ["太原\t1\n重\t1\n", "太原\t1\n重工\t\n", "太原\t1\n重工1\n", "太原\t1\n重工\tx\n"])
def test_loading_names_the_broken_line(broken: str, tmp_path: Path) -> None:
    (tmp_path / "w.gz").write_bytes(gzip.compress(broken.encode()))
    with pytest.raises(ConfigError, match=r"w\.gz:2"):
        Dictionary.load(tmp_path / "w.gz")


def test_loading_names_what_is_no_dictionary(tmp_path: Path) -> None:
    (tmp_path / "w.gz").write_bytes(b"no gzip")
    with pytest.raises(ConfigError, match=r"w\.gz: cannot read"):
        Dictionary.load(tmp_path / "w.gz")


def test_words_come_back_as_they_were_saved(tmp_path: Path) -> None:
    save_words(WORDS, tmp_path / "w.gz")
    assert load_words(tmp_path / "w.gz") == {k: WORDS[k] for k in sorted(WORDS)}


def test_a_broken_dictionary_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "w.gz").write_bytes(gzip.compress("太原\t1\n重\t1\n".encode()))
    with pytest.raises(ConfigError, match=r"w\.gz:2"):
        load_words(tmp_path / "w.gz")
    (tmp_path / "w.gz").write_bytes(gzip.compress("太原\t9\n".encode()))
    with pytest.raises(ConfigError, match="unknown kind"):
        load_words(tmp_path / "w.gz")
