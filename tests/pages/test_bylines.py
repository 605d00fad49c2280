"""Bylines: the names in them, and what is no byline."""

from __future__ import annotations

import pytest
from page_rules import READER

RULES = READER.bylines


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("（记者 祁克宁 通讯员 武咏梅）", ("祁克宁", "武咏梅")),
        ("(记者祁克宁通讯员武咏梅)", ("祁克宁", "武咏梅")),
        ("本报记者 王 丹 实习生 李小雨", ("王丹", "李小雨")),
        ("□本报记者 费 翔", ("费翔",)),
        ("（卢 青）", ("卢青",)),
        ("文/图 本报记者 祁克宁", ("祁克宁",)),
        ("王磊 摄", ("王磊",)),
        ("柳 岸", ("柳岸",)),
        ("本报记者 墨 白", ("墨白",)),  # a pen name, set with a blank, behind its role
        ("岭川日报记者 欧阳晓月", ("欧阳晓月",)),
        ("通讯员 买买提·吐尔逊", ("买买提·吐尔逊",)),
        ("□ 岭川市白鹭小学校长　沈 漪", ("沈漪",)),
        ("本报记者 任 远 高 杨", ("任远", "高杨")),
    ],
)
def test_the_names_of_a_byline_are_read(line: str, names: tuple[str, ...]) -> None:
    byline = RULES.parse(line)
    assert byline is not None
    assert byline.names == names


@pytest.mark.parametrize(
    "line",
    ["岭川市召开防汛会议", "文化", "高温", "万家灯火", "记者的一天", "王磊在会上讲话。", "一等奖（2名）", "墨 白", "张某某", "", "王",
     "昨天下午，记者来到白鹭湖大桥，看到沿线群众纷纷走上桥头拍照留念，孩子们在人行道上奔跑，老人们扶着栏杆远望，水面上白鹭翻飞。"],
)  # fmt: skip
def test_what_says_more_than_a_byline_is_none(line: str) -> None:
    assert RULES.parse(line) is None


@pytest.mark.parametrize(
    ("line", "photo"),
    [
        ("王磊 摄", True),
        ("本报记者 王磊 摄影报道", True),
        ("新华社记者 王磊 摄", True),
        ("文/图 王磊", False),
        ("本报记者 王磊", False),
    ],
)
def test_a_photographers_byline_is_told_from_a_writers(line: str, photo: bool) -> None:
    byline = RULES.parse(line)
    assert byline is not None
    assert byline.has_photo is photo


@pytest.mark.parametrize("line", ["（据新华社）", "据新华社北京3月21日电", "（市价格监测中心提供）", "本报综合消息"])
def test_a_source_is_a_byline_without_names(line: str) -> None:
    byline = RULES.parse(line)
    assert byline is not None
    assert byline.names == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报讯（记者 祁克宁 通讯员 武咏梅）昨天，大桥通车。", ("祁克宁", "武咏梅")),
        ("本报讯 昨天，大桥通车（总投资三亿元）。", ()),
        ("新华社北京3月21日电（记者祁克宁）昨天，大桥通车。", ("祁克宁",)),
    ],
)
def test_the_names_at_the_start_of_a_text_are_read(text: str, names: tuple[str, ...]) -> None:
    assert RULES.lead_names(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("大桥昨天通车。（卢 青）", ("卢青",)),
        ("大桥昨天通车。　　（卢青 武咏梅）", ("卢青", "武咏梅")),
        ("大桥昨天通车。 本报记者 金石", ("金石",)),
        ("大桥昨天通车。（总投资三亿元）", ()),
        ("大桥昨天通车（卢青主持）。", ()),
        ("大桥昨天通车。", ()),
    ],
)
def test_the_names_at_the_end_of_a_text_are_read(text: str, names: tuple[str, ...]) -> None:
    assert RULES.tail_names(text) == names
