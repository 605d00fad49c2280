"""Adversarial input must cost no more than proportionally: no regular expression may run away."""

from __future__ import annotations

import time

import pytest
from entity_stages import LEXICON, RULES, lexicon_settings, make_stage

PIECES = [
    "1",
    "1,",
    "1,000",
    "一",
    "亿",
    "《",
    "《》",
    "（",
    "（王",
    "年1月",
    "1月1日至",
    "·王",
    "王 ",
    "、王",
    "记者",
    "副",
    "市",
    "局",
    "公司",
    "和",
    "1月1日（",
]
LONG, TIMES_LONGER = 200_000, 8
SLACK, FLOOR = 4.0, 0.05  # a timer is noisy, and short runs mostly wait


@pytest.fixture(scope="module", params=["patterns", "posts", "suffixes", "lexicon"])
def stage(request):
    settings = {
        "patterns": {"rules": sorted(RULES.glob("*.toml"))},
        "posts": {"lexicon": LEXICON},
        "suffixes": {"lexicon": LEXICON},
        "lexicon": lexicon_settings(),
    }[request.param]
    return make_stage(request.param, **settings).get_pipe(request.param)


class Text:
    """A Doc's text without its tokens: only what `find` reads."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.user_data: dict[str, object] = {}


def seconds(stage, text: str) -> float:
    begin = time.process_time()
    list(stage.find(Text(text)))
    return time.process_time() - begin


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_and_no_faster(stage, piece):
    text = piece * (LONG // len(piece))
    short = seconds(stage, text[: LONG // TIMES_LONGER])
    assert seconds(stage, text) <= SLACK * TIMES_LONGER * max(short, FLOOR)
