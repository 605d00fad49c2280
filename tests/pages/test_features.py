"""Features: what a line looks like by itself, beside its neighbours, and beside the other headings of its page."""

from __future__ import annotations

import pytest
from page_rules import READER, looks_of

from pipeline.pages.context import describe
from pipeline.pages.headings import compare_headings
from pipeline.pages.lines import cut

TEXT = "昨天上午，岭川市白鹭湖大桥正式通车，全长三点二公里，连接新老城区，市民过湖的时间由四十分钟缩短到六分钟。"


def features_of(text: str) -> list[set[str]]:
    """Describe the lines of a page with their neighbours."""
    looks, joins = looks_of(text)
    return list(describe(cut(text), looks, joins))


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("本报讯 昨天，大桥通车", "start:dateline"),
        ("（上接第1版）会议要求", "start:remainder"),
        ("——我市防汛工作观察", "start:dash"),
        ("图为抢险现场。", "start:picture"),
        ("（下转第三版）", "whole:jump"),
        ("责编 林芳 校对 周宁", "whole:staff"),
        ("新闻热线：0351-××××123", "whole:contact"),
        ("2024年3月21日 星期四", "whole:date_line"),
        ("4月20日", "whole:day_alone"),
        ("特此通告。", "whole:closing_formula"),
        ("一等奖（2名）", "whole:rank"),
        ("云岭县青石镇", "whole:place"),
        ("严立本讲话 宋汉卿主持", "whole:attendance"),
        ("几名一线工人", "whole:signer"),
        ("岭川市 读者 柳如岸", "whole:signer"),
        ("大桥通车纪实", "end:genre"),
    ],
)
def test_a_line_has_the_shape(line: str, shape: str) -> None:
    assert shape in READER.labels.shapes.of(line)


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("本报记者走进大桥工地", "start:dateline"),
        ("上接天光，下接地气", "start:remainder"),
        ("转眼到了第三版开印的时候", "whole:jump"),
        ("图书馆延长开放时间", "start:picture"),
        ("4月20日，大桥通车", "whole:day_alone"),
        ("云岭县召开会议", "whole:place"),
        ("市政协召开提案督办会", "whole:attendance"),
        ("工人们日夜奋战在大桥工地", "whole:signer"),
        ("纪实作品征集开始", "end:genre"),
    ],
)
def test_a_near_miss_has_not(line: str, shape: str) -> None:
    assert shape not in READER.labels.shapes.of(line)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (TEXT, "text"), ("本报讯 昨天，大桥通车。", "dateline"), ("（记者 祁克宁）", "byline"), ("（下转第三版）", "jump"),
        ("责编 林芳 校对 周宁", "loose"), ("白鹭湖大桥通车", "short"), ("白鹭湖大桥通车了吗？", "short"), ("大桥通车，群众叫好。", "text"),
    ],
)  # fmt: skip
def test_lines_are_sorted_coarsely(line: str, kind: str) -> None:
    looks, _ = looks_of(line)
    assert [look.kind for look in looks] == [kind]


def test_a_line_between_the_halves_of_a_sentence_interrupts() -> None:
    broken = TEXT.removesuffix("缩短到六分钟。") + "缩"
    told = features_of(f"{broken}\n荷塘边游人如织。\n短到六分钟，群众叫好。")
    assert any(name.startswith("interrupts") for name in told[1])
    told = features_of(f"{TEXT}\n荷塘边游人如织。\n群众叫好，纷纷走上桥头。")
    assert not any(name.startswith("interrupts") for name in told[1])


def test_the_line_below_a_letter_ends_it() -> None:
    letter = f"编辑同志：\n{TEXT}\n几名湖区群众\n# 下一篇\n{TEXT}"
    assert [any(name.startswith("ends_letter") for name in told) for told in features_of(letter)] == [
        False, False, True, False, False,
    ]  # fmt: skip


def likeness(*headings: str) -> list[set[str]]:
    """Compare headings, each above a text."""
    text = "\n".join(f"{heading}\n{TEXT}" for heading in headings)
    looks, joins = looks_of(text)
    return compare_headings(cut(text), looks, joins.joins.breaks)[::2]


def test_headings_built_alike_are_told_from_others() -> None:
    told = likeness("案情回放", "法院审理", "全市三十一家公共体育场馆周末免费开放")
    assert "slot:above:like:some" in told[1] or "slot:above:like:much" in told[1]
    assert "slot:above:like:no" in told[2]


def test_a_signed_text_closes_what_stands_between_two_headings() -> None:
    text = f"第一桥\n{TEXT}（祁克宁）\n第二桥\n{TEXT}\n第三桥\n{TEXT}"
    looks, joins = looks_of(text)
    told = compare_headings(cut(text), looks, joins.joins.breaks)
    assert any(name.startswith("slot:above:closed") for name in told[2])
    assert any(name.startswith("slot:above:text") for name in told[4])


def test_the_halves_of_one_heading_are_told_from_two_headings() -> None:
    text = f"关于白鹭湖路段\n实行交通管制的通告\n{TEXT}"
    looks, joins = looks_of(text)
    assert "halves:announces:named" in compare_headings(cut(text), looks, joins.joins.breaks)[1]
    text = f"白鹭湖大桥通车\n全长三点二公里\n{TEXT}"
    looks, joins = looks_of(text)
    assert not any(
        name.startswith("halves:announces") for name in compare_headings(cut(text), looks, joins.joins.breaks)[1]
    )
