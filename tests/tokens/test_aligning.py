"""The alignment of a segmenter's words with the text, and the pieces it is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from pipeline.tokens.aligning import LONGEST_PIECE, align, make_doc, pieces
from pipeline.tokens.widths import fold_widths


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["太原", "重工"], "太原重工", ["太原", "重工"]),
        (["太原", "重工"], " 太原  重工\n", [" ", "太原", " ", " ", "重工", "\n"]),  # blanks left out
        (["A", "公司"], "Ａ公司", ["Ａ", "公司"]),  # changed
        (["太原", "", "重工"], "太原重工", ["太原", "重工"]),
        (["太原", "晋城", "重工"], "太原重工", ["太原", "重工"]),  # made up
        ([], "太原", ["太", "原"]),
        (["太原"], "", []),
    ],
)
def test_words_are_aligned_and_gaps_are_single_characters(words: list[str], text: str, expected: list[str]) -> None:
    assert list(align(words, text)) == expected


@given(st.lists(st.text(alphabet="太原重工A ", max_size=3)), st.text(alphabet="太原重工AＡ \n", max_size=30))
def test_whatever_a_segmenter_says_the_text_stays(words: list[str], text: str) -> None:
    assert "".join(align(words, text)) == text
    assert make_doc(Vocab(), text, lambda piece: words).text == text


@given(st.text(alphabet="会议。！？”，, \n\r", max_size=60))
def test_pieces_together_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@pytest.mark.parametrize("text", ["字" * 5000, "字" * 700 + "，" + "字" * 5000, "\n" * 5000, " " * 5000, "。" * 5000])
def test_pieces_of_a_text_without_ends_are_short(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert max(len(piece.strip("\n。")) for piece in pieces(text)) <= LONGEST_PIECE


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ａ股涨３％", "A股涨3%"),
        ("会议强调,要(全力)推进!", "会议强调，要（全力）推进！"),
        ("成交1,200亿元,12:30收盘", "成交1,200亿元，12:30收盘"),
        ("比分3:2", "比分3:2"),
        ("时间:昨日", "时间：昨日"),
        ("。、《》“”", "。、《》“”"),
    ],
)
def test_widths_are_folded_outside_numbers(text: str, folded: str) -> None:
    assert fold_widths(text) == folded


@given(st.text())
def test_folding_widths_keeps_every_offset(text: str) -> None:
    assert len(fold_widths(text)) == len(text)
