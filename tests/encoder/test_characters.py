"""What the encoder reads keeps every code point in its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoder.characters import SPECIALS, UNKNOWN, build_vocabulary, fold, load_vocabulary, pad, save_vocabulary
from pipeline.errors import ConfigError

TEXTS = ["太原重工发布公告，太原市市长出席。\n", "太原（记者）１２月"]


@given(st.text())
def test_folding_keeps_every_code_point_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("given", "folded"),
    [
        ("太原,山西", "太原，山西"),
        ("(记者)", "（记者）"),
        ("１２月", "12月"),
        ("赵\u3000敏", "赵 敏"),
        ("5.7亿", "5.7亿"),
    ],
)
def test_variants_of_a_sign_become_one(given: str, folded: str) -> None:
    assert fold(given) == folded


def test_the_line_end_stays_apart_from_the_blank() -> None:
    assert fold("甲\n乙\r\n") == "甲\n乙 \n"


@pytest.mark.parametrize("text", ["", "𠮷林", "\ud800太原", "🙂\r\n\t", "a\u0000b"])
def test_any_text_gets_one_id_a_code_point(text: str) -> None:
    assert build_vocabulary(TEXTS, least=1, bigrams=5).encode(text).shape == (len(text),)


def test_half_and_full_width_signs_share_an_id_and_unseen_ones_are_unknown() -> None:
    vocabulary = build_vocabulary(TEXTS, least=1, bigrams=5)
    assert vocabulary.encode(",")[0] == vocabulary.encode("，")[0] != UNKNOWN
    assert vocabulary.encode("龘")[0] == UNKNOWN


def test_rare_characters_are_left_out() -> None:
    vocabulary = build_vocabulary(TEXTS, least=2, bigrams=0)
    assert "太" in vocabulary.characters
    assert "重" not in vocabulary.characters


def test_a_frequent_bigram_has_an_id_at_its_first_character_and_a_rare_one_has_none() -> None:
    vocabulary = build_vocabulary(TEXTS, least=1, bigrams=1)
    assert vocabulary.bigrams == ("太原",)
    assert vocabulary.pair(vocabulary.encode("在太原重工")).tolist() == [0, 1, 0, 0, 0]
    assert vocabulary.pair(vocabulary.encode("太")).tolist() == [0]


def test_a_vocabulary_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    vocabulary = build_vocabulary(TEXTS, least=1, bigrams=9)
    save_vocabulary(vocabulary, tmp_path / "v.json")
    again = load_vocabulary(tmp_path / "v.json")
    assert (again.characters, again.bigrams) == (vocabulary.characters, vocabulary.bigrams)
    assert again.characters[: len(SPECIALS)] == SPECIALS


@pytest.mark.parametrize("content", [b"{", b'{"characters": ["a"], "bigrams": []}'])
def test_a_broken_vocabulary_is_an_error_that_names_the_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v.json").write_bytes(content)
    with pytest.raises(ConfigError, match=r"v\.json"):
        load_vocabulary(tmp_path / "v.json")


def test_padding_stands_at_the_end() -> None:
    assert pad([np.array([1, 2]), np.array([3])], length=3, fill=0).tolist() == [[1, 2, 0], [3, 0, 0]]
