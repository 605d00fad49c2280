from __future__ import annotations

import pytest
from markup import MarkupError, parse

from pipeline.records import Mention


def test_marks_become_mentions_and_leave_the_text():
    assert parse("[云州市|LOC]市长[刘建国|PER]说") == (
        "云州市市长刘建国说",
        [Mention(0, 3, "LOC"), Mention(5, 8, "PER")],
    )


def test_a_text_without_marks_stays_as_it_is():
    assert parse("没有\n标记。") == ("没有\n标记。", [])


@pytest.mark.parametrize(
    "broken", ["[刘建国|PER", "刘建国|PER]", "[刘建国]", "[|PER]", "[刘|建国|PER]", "[[刘建国|PER]]", "[刘建国|人]"]
)
def test_broken_marks_raise(broken):
    with pytest.raises(MarkupError):
        parse(broken)
