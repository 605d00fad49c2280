"""Articles: which lines belong together once it is known what each line is."""

from __future__ import annotations

import pytest
from page_rules import marked, regroup

LEAD = "本报讯 昨天上午，岭川市白鹭湖大桥正式通车，全长三点二公里，连接新老城区，市民过湖时间由四十分钟缩短到六分钟"
STOP = "。"
OTHER = "本报讯 市气象台发布寒潮预报，本周末气温将下降十二摄氏度，农户须为大棚加盖草帘，防止蔬菜受冻。"


@pytest.mark.parametrize(
    "rows",
    [
        # a headline opens an article, and one of several lines opens one
        ["title 1 白鹭湖大桥通车", f"body 1 {LEAD}{STOP}", "title 2 寒潮周末到", f"body 2 {OTHER}"],
        ["kicker 1 岭川", "title 1 白鹭湖大桥通车", "subtitle 1 ——全长三点二公里", f"body 1 {LEAD}{STOP}"],
        # a body that goes on returns to its article, whatever stands between
        [
            "title 1 白鹭湖大桥通车", f"body 1 {LEAD}，沿线群众", "title 2 寒潮周末到", f"body 2 {OTHER}",
            "body 1+ 纷纷走上桥头拍照留念。",
        ],
        # a new dateline behind a text that ended opens one without a headline
        ["title 1 白鹭湖大桥通车", f"body 1 {LEAD}{STOP}", f"body 2 {OTHER}"],
        # the remainder of another page's article stands alone
        ["title 1 白鹭湖大桥通车", f"body 1 {LEAD}{STOP}", "body 2 （上接第1版）会议要求，各地要压实责任。"],
        # subheads do not part an article
        ["title 1 白鹭湖大桥通车", f"body 1 {LEAD}{STOP}", "subhead 1 六分钟过湖", "body 1 市民说，方便多了。"],
        # labels and staff belong to none
        ["section - 要闻", "title 1 白鹭湖大桥通车", f"body 1 {LEAD}{STOP}", "credit - 责编 祁克宁"],
        # behind a label, a text of its own
        [f"body 1 {LEAD}{STOP}", "section - 简讯", "body 2 市图书馆周末照常开放。"],
    ],
)  # fmt: skip
def test_lines_are_gathered_into_their_articles(rows: list[str]) -> None:
    page = marked(*rows)
    assert regroup(page) == [line.article for line in page.lines]


def test_a_headline_below_its_article_belongs_to_it() -> None:
    below = marked(f"body 1 {LEAD}{STOP}", "title 1 白鹭湖大桥正式通车", "title 2 寒潮周末到", f"body 2 {OTHER}")
    assert regroup(below) == [1, 1, 2, 2]


def test_a_headline_above_another_text_does_not_belong_to_the_article_above() -> None:
    above = marked(f"body 1 {LEAD}{STOP}", "title 2 寒潮预报：本周末气温下降", f"body 2 {OTHER}")
    assert regroup(above) == [1, 2, 2]


@pytest.mark.parametrize(
    ("caption", "own"),
    [
        ("市民在白鹭湖大桥上拍照。", True),  # the same matter
        ("司机缓缓驶过收费亭。", True),  # says neither when nor where: nothing without its article
        ("图为剪彩现场。", True),
        ("昨日，学生在梅溪小学的操场上跳绳。", False),  # a picture with news of its own
        ("7月3日，渔民在青石渡码头晾晒渔网。", False),
        ("荷塘清趣 （国画） 柳如岸 作", False),
    ],
)
def test_a_picture_inside_an_article_is_its_own_unless_it_tells_other_news(caption: str, own: bool) -> None:
    page = marked(
        "title 1 白鹭湖大桥通车",
        f"body 1 {LEAD}，沿线群众",
        f"caption {1 if own else 2} {caption}",
        "body 1 纷纷走上桥头。",
    )
    assert regroup(page) == [line.article for line in page.lines]


def test_a_picture_goes_to_the_article_that_it_shows_wherever_that_stands() -> None:
    page = marked(
        "title 1 寒潮周末到", f"body 1 {OTHER}", "caption 2 7月3日，市民走上白鹭湖大桥，见证大桥正式通车。",
        "title 2 白鹭湖大桥正式通车", f"body 2 {LEAD}{STOP}",
    )  # fmt: skip
    assert regroup(page) == [1, 1, 2, 2, 2]


def test_pictures_under_headlines_of_their_own_are_apart() -> None:
    page = marked(
        "title 1 渔港开海忙", "caption 1 8月16日，渔船驶出青石渡码头。", "byline 1 柳如岸 摄",
        "title 2 梯田晒秋图", "caption 2 8月15日，云岭村村民晾晒玉米。", "byline 2 祁克宁 摄",
    )  # fmt: skip
    assert regroup(page) == [1, 1, 1, 2, 2, 2]


def test_numbers_follow_the_first_lines() -> None:
    page = marked("caption 1 7月3日，渔民在青石渡码头晾晒渔网。", "title 2 寒潮周末到", f"body 2 {OTHER}")
    assert regroup(page) == [1, 2, 2]


def test_no_lines_make_no_articles() -> None:
    assert regroup(marked("section - 要闻")) == [None]
