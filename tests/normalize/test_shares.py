"""Shares as percentages."""

from __future__ import annotations

from typing import Any

import pytest
from rules_at_hand import MONEY

from pipeline.normalize.shares import read_share


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("39.782%", {"percent": "39.782", "bound": "exact"}), ("５１％", {"percent": "51", "bound": "exact"}),
        ("百分之五十一", {"percent": "51", "bound": "exact"}), ("超51%", {"percent": "51", "bound": "above"}),
        ("五成", {"percent": "50", "bound": "exact"}), ("三成五", {"percent": "35", "bound": "exact"}),
        ("三成半", {"percent": "35", "bound": "exact"}), ("三四成", {"low": "30", "high": "40", "bound": "between"}),
        ("过半", {"percent": "50", "bound": "above"}), ("近半", {"percent": "50", "bound": "below"}),
        ("四分之三", {"percent": "75", "bound": "exact"}), ("三分之一", {"percent": "33.3333", "bound": "approximately"}),
        ("10%—20%", {"low": "10", "high": "20", "bound": "between"}), ("100%", {"percent": "100", "bound": "exact"}),
    ],
)  # fmt: skip
def test_a_share_is_read_as_a_percentage(text: str, value: dict[str, Any]) -> None:
    assert read_share(text, MONEY) == value


@pytest.mark.parametrize("text", ["", "%", "成", "半", "分之一", "三分之零点", "零分之一", "五三成", "增长"])
def test_what_is_no_share_has_no_value(text: str) -> None:
    assert read_share(text, MONEY) is None


def test_a_word_before_a_share_bounds_it() -> None:
    assert read_share("51%", MONEY, before="持股不低于") == {"percent": "51", "bound": "above"}
