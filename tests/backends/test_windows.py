"""Cutting texts for models: every character once, tags into spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.backends.tags import TaggedPiece, mark_spans, split_tag
from pipeline.backends.windows import cut_sentences, slide


@given(st.text(alphabet="中国，。！”\n 　Aa", max_size=80), st.integers(min_value=2, max_value=30))
def test_every_character_but_blanks_is_in_one_stretch(text: str, longest: int) -> None:
    end = 0
    for start, stop in cut_sentences(text, longest=longest):
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip() and stop - start <= longest
        end = stop
    assert not text[end:].strip()


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("他说：“好。”会议强调。散会", ["他说：“好。”", "会议强调。", "散会"]),
        ("真的？！走吧", ["真的？！", "走吧"]),
        ("一二三四五，六七八九十一", ["一二三四五，", "六七八九十一"]),
        ("一二三四五六七八九十", ["一二三四五六七八", "九十"]),
    ],
)
def test_texts_are_cut_behind_sentences_then_commas_then_anywhere(text: str, stretches: list[str]) -> None:
    assert [text[a:b] for a, b in cut_sentences(text, longest=8)] == stretches


@given(st.lists(st.booleans(), max_size=300), st.integers(min_value=16, max_value=64))
def test_cores_cover_all_pieces_once_and_windows_hold_their_size(ends: list[bool], size: int) -> None:
    covered = 0
    for window in slide(ends, size=size):
        assert window.start <= window.core_start == covered < window.core_end <= window.end <= len(ends)
        assert window.end - window.start <= size
        covered = window.core_end
    assert covered == len(ends)


def test_a_core_ends_behind_a_sentence_where_it_can() -> None:
    ends = [number in {24, 50} for number in range(100)]
    assert next(window.core_end for window in slide(ends, size=32)) == 25


@pytest.mark.parametrize(
    ("text", "tags", "spans"),
    [
        ("赵敏说", "B-PER I-PER O", [("赵敏", "PER")]),
        ("赵敏王伟", "B-PER I-PER B-PER I-PER", [("赵敏", "PER"), ("王伟", "PER")]),
        ("赵敏王伟", "B-PER E-PER I-PER E-PER", [("赵敏", "PER"), ("王伟", "PER")]),
        ("赵敏王伟", "S-PER S-PER B-PER E-PER", [("赵", "PER"), ("敏", "PER"), ("王伟", "PER")]),
        ("赵敏太原", "I-PER I-PER I-LOC I-LOC", [("赵敏", "PER"), ("太原", "LOC")]),
        ("赵敏说", "PER PER O", [("赵敏", "PER")]),
        ("赵 敏说", "B-PER - I-PER O", [("赵 敏", "PER")]),
        ("赵\n敏说", "B-PER - I-PER O", [("赵", "PER"), ("敏", "PER")]),
    ],
)
def test_tags_of_any_scheme_become_spans(text: str, tags: str, spans: list[tuple[str, str]]) -> None:
    pieces = [TaggedPiece(n, n + 1, tag, 0.9) for n, tag in enumerate(tags.split()) if tag != "-"]
    assert [(text[span.start : span.end], span.label) for span in mark_spans(pieces, text)] == spans


def test_a_span_is_as_probable_as_its_weakest_piece() -> None:
    pieces = [TaggedPiece(0, 1, "B-PER", 0.9), TaggedPiece(1, 2, "I-PER", 0.4)]
    assert [span.probability for span in mark_spans(pieces, "赵敏")] == [0.4]


@pytest.mark.parametrize(
    ("tag", "parts"), [("B-position", ("B", "position")), ("O", ("", "")), ("X-RAY", ("", "X-RAY"))]
)
def test_only_a_known_position_is_split_off(tag: str, parts: tuple[str, str]) -> None:
    assert split_tag(tag) == parts
