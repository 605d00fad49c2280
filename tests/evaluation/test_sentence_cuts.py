"""The one way in which evaluation cuts sentences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluation.sentences import cut_sentences, sentence_at


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("开工了。通车了", ["开工了。", "通车了"]),
        ("增长3.5%，达12,000元。", ["增长3.5%，达12,000元。"]),
        ("“通车了！”他说。", ["“通车了！”", "他说。"]),
        ("什么？！开工?", ["什么？！", "开工?"]),
        ("标题\n正文。\n落款", ["标题\n", "正文。\n", "落款"]),
        ("一；二，三：四", ["一；二，三：四"]),
        ("\n\n", ["\n\n"]),
        ("", []),
    ],
)
def test_sentences_end_at_full_stops_and_line_feeds(text: str, sentences: list[str]) -> None:
    assert [text[a:b] for a, b in cut_sentences(text)] == sentences


@given(st.text("太原。！？?”\n 他", min_size=1))
@settings(deadline=None)
def test_sentences_cover_the_text_and_every_character_is_in_its_own(text: str) -> None:
    assert "".join(text[a:b] for a, b in cut_sentences(text)) == text
    for offset in range(len(text)):
        start, end = sentence_at(text, offset)
        assert start <= offset < end
