"""Where words of a dictionary begin, go on and end."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_words_come_back_as_they_were_saved(tmp_path: Path) -> None:
    save_words(WORDS, tmp_path / "w.gz")
    assert load_words(tmp_path / "w.gz") == {k: WORDS[k] for k in sorted(WORDS)}


def test_a_broken_dictionary_is_an_error_with_its_line(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "w.gz").write_bytes(gzip.compress("太原\t1\n重\t1\n".encode()))
    with pytest.raises(ConfigError, match=r"w\.gz:2"):
        load_words(tmp_path / "w.gz")
    (tmp_path / "w.gz").write_bytes(gzip.compress("太原\t9\n".encode()))
    with pytest.raises(ConfigError, match="unknown kind"):
        load_words(tmp_path / "w.gz")
