"""Joins: where a line goes on in mid-sentence from the line before it."""

from __future__ import annotations

import pytest
from page_rules import READER, looks_of

START = "昨天上午，岭川市白鹭湖大桥正式通车，全长三点二公里，连接新老城区，市民过湖的时间"


def joins(before: str, after: str) -> bool:
    """Say whether a line is read as going on from the one above."""
    _, scores = looks_of(f"{before}\n{after}")
    return scores.score(0, 1) > 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (START + "由四十分钟缩", "短到六分钟。"),
        (START + "缩短了，", "沿线群众都说方便。"),
        (START + "缩短了,", "沿线群众都说方便。"),
        (START + "由四十分钟缩短到百分之", "十五左右，群众都说方便。"),
        (START + "由4", "0分钟缩短到6分钟。"),
        (START + "写进了《湖区交通", "规划》，群众都说方便。"),
        (START + "（含等候", "）由四十分钟缩短到六分钟。"),
        (START + "大大缩短", "，沿线群众都说方便。"),
    ],
)
def test_a_broken_sentence_goes_on(before: str, after: str) -> None:
    assert joins(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (START + "缩短了。", "沿线群众都说方便。"),
        (START + "缩短了！", "沿线群众都说方便。"),
        (START + "缩短了。”", "沿线群众都说方便。"),
        (START + "缩短了。（祁克宁）", "沿线群众都说方便。"),
        (START + "缩短了：", "沿线群众都说方便。"),
        (START + "缩短了", "本报讯 昨天，市气象台发布寒潮预报。"),
        (START + "缩短了", "据了解，大桥由省路桥集团承建，工期三年。"),
        (START + "缩短了", "一、加强桥面巡查，及时清除积水。"),
        (START + "缩短了", "（上接第1版）会议要求，各地要压实责任。"),
        ("特此通告。", "岭川市水务局"),
    ],
)
def test_a_finished_paragraph_does_not_go_on(before: str, after: str) -> None:
    assert not joins(before, after)


def test_a_subhead_between_parts_two_lines() -> None:
    _, scores = looks_of(f"{START}由四十分钟缩\n短到六分钟。")
    assert scores.score(0, 1) > 0 > scores.score(0, 1, across_heading=True)


def test_a_speaker_begins_anew() -> None:
    talk = f"记者：桥修了几年？\n{START}缩短了不少\n记者：以后还修吗？\n邢工：还修。"
    _, scores = looks_of(talk)
    assert scores.score(1, 2) < 0


def test_the_halves_of_a_page_are_joined_across_a_foreign_piece() -> None:
    text = f"# 大桥通车\n\n本报讯 {START}由四十分钟缩\n\n图为大桥夜景。 柳如岸 摄\n\n短到六分钟。\n"
    page = READER.read_text(text, name="p", id="p")
    assert any("由四十分钟缩短到六分钟。" in article.text for article in page.articles)
