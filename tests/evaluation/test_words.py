"""Word scores by the bakeoff's definition, on files written by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.errors import InputError
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.words import benchmark_segmenters, read_segmented, relative_speed, score_words, word_spans

VOCAB = spacy.blank("zh").vocab


def by_twos(text: str) -> Doc:
    words = [text[start : start + 2] for start in range(0, len(text), 2)]
    return Doc(VOCAB, words=words, spaces=[False] * len(words))


def by_ones(text: str) -> Doc:
    return Doc(VOCAB, words=list(text), spaces=[False] * len(text))


@pytest.mark.parametrize(
    ("predicted", "gold", "counts"),
    [
        (["太原", "重工"], ["太原", "重工"], Counts(2, 2, 2)),
        (["太", "原重", "工"], ["太原", "重工"], Counts(0, 3, 2)),
        (["太原", "重", "工"], ["太原", "重工"], Counts(1, 3, 2)),
        (["的", "的"], ["的的"], Counts(0, 2, 1)),  # words are counted by place, not by form
        (["的", "的"], ["的", "的"], Counts(2, 2, 2)),
        ([], [], Counts(0, 0, 0)),
    ],
)
def test_a_word_is_right_if_both_its_ends_are(predicted: list[str], gold: list[str], counts: Counts) -> None:
    assert score_words(predicted, gold) == counts


@given(st.lists(st.text(alphabet="太原重工", min_size=1, max_size=3)))
def test_there_are_as_many_spans_as_words(words: list[str]) -> None:
    assert len(word_spans(words)) == len(words)
    assert score_words(words, words).f1 == 1.0


def test_a_segmented_file_is_read_plain_packed_and_tagged(tmp_path: Path) -> None:
    expected = [("太原", "重工"), ("会议",)]
    for name, text in [("a.seg", "太原 重工\n\n会议\n"), ("b.seg", "\ufeff太原/ORG  重工/n \r\n会议/n\r\n")]:
        (tmp_path / name).write_bytes(text.encode())
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
        assert read_segmented(tmp_path / name) == read_segmented(tmp_path / f"{name}.gz") == expected


def test_a_slash_in_a_word_is_no_tag(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_text("文/图 太原\n元/人\n太原/ORG / 太原\n", encoding="utf-8")
    assert read_segmented(tmp_path / "a.seg") == [("文/图", "太原"), ("元/人",), ("太原/ORG", "/", "太原")]


def test_a_word_or_a_tag_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_text("太原/ORG /n 重工/ //w\n", encoding="utf-8")
    assert read_segmented(tmp_path / "a.seg") == [("太原", "重工", "/")]


@pytest.mark.parametrize(
    "data", [None, b"", b" \n", "报纸".encode("gb18030")], ids=["missing", "empty", "blank", "gb18030"]
)
def test_a_file_without_sentences_is_refused_by_name(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "a.seg"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.seg: "):
        read_segmented(path)


def test_a_benchmark_adds_counts_over_sentences(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    path.write_text("太原 重工\n会 议\n强 调\n", encoding="utf-8")
    twos, ones = benchmark_segmenters({"twos": by_twos, "ones": by_ones}, [path])
    assert (twos.segmenter, twos.file, twos.sentences, twos.characters) == ("twos", "a.seg", 3, 8)
    assert twos.counts == Counts(2, 4, 6)
    assert ones.counts == Counts(4, 8, 6)
    assert twos.f1_interval.low == 0.0 and twos.f1_interval.high == 1.0  # two of three sentences are all wrong
    assert twos.f1_interval.low <= twos.counts.f1 <= twos.f1_interval.high


def test_speed_is_told_beside_another_segmenter(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    path.write_text("太原 重工\n", encoding="utf-8")
    scores = benchmark_segmenters({"jieba": by_twos, "ones": by_ones}, [path, path])
    speeds = relative_speed(scores)
    assert speeds["jieba"] == 1.0 and speeds["ones"] > 0
    with pytest.raises(InputError, match="ones"):
        relative_speed(scores, to="hanlp")
