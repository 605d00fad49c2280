"""Dates: which day a line, a page and an article tell, and where they tell none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import RulesError
from pipeline.evaluation.markup import parse_marked_page
from pipeline.pages.dates import Dates, MonthDay

RULES = Path(__file__).resolve().parents[2] / "configs" / "rules" / "pages" / "dates.toml"
DATES = Dates(RULES)


def day_of(markup: str) -> date | None:
    """Date a marked-up page."""
    page = parse_marked_page(markup, name="p")
    return DATES.of_page(page.text, page.lines)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("3月21日，岭川市召开防汛会议", (3, 21)),
        ("3月21日,岭川市召开防汛会议", (3, 21)),
        ("３月２１日，岭川市召开防汛会议", (3, 21)),
        ("3月21日上午，岭川市召开防汛会议", (3, 21)),
        ("3月21日晚7时许，岭川市召开防汛会议", (3, 21)),
        ("3月21日 记者从市水务局获悉", (3, 21)),
        ("■3月21日，全市开考", (3, 21)),
        ("3月20日、21日，全市开考", (3, 21)),
        ("本报讯 3月21日是世界睡眠日", (3, 21)),
        ("本报讯（记者 祁克宁）3月21日，全市开考", (3, 21)),
        ("（记者 祁克宁）3月21日，全市开考", (3, 21)),
        ("记者3月21日从市水务局获悉", (3, 21)),
        ("新华社北京3月21日电", (3, 21)),
        ("2024年3月21日，岭川市召开防汛会议", date(2024, 3, 21)),
        ("本报讯 二〇二四年三月二十一日，全市开考", date(2024, 3, 21)),
    ],
)
def test_a_dateline_tells_its_day(line: str, day: date | MonthDay) -> None:
    assert DATES.dateline_of(line) == day


@pytest.mark.parametrize(
    "line",
    [
        "3月21日是世界睡眠日", "3月21日，是世界睡眠日", "3月21日那天下着雨", "3月21日，我回到老家", "3月21日起，全市禁渔",
        "3月21日至25日，展会举行", "3月21日前完成整改", "去年3月21日，全市开考", "每年3月21日，全村祭祖", "农历3月21日，全村祭祖",
        "截至3月21日，全市开考", "“3月21日，我在场。”", "1998年3月21日，我出生", "13月21日，全市开考", "2月30日，全市开考", "21日，全市开考", "",
    ],
)  # fmt: skip
def test_a_date_that_is_no_dateline_tells_nothing(line: str) -> None:
    assert DATES.dateline_of(line) is None


def test_a_bare_date_counts_only_where_it_opens_an_article() -> None:
    assert DATES.dateline_of("3月21日，全市开考", opens=False) is None
    assert DATES.dateline_of("本报讯 3月21日，全市开考", opens=False) == (3, 21)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024年3月20日发布", [date(2024, 3, 20)]),
        ("2024-03-20", [date(2024, 3, 20)]),
        ("2024.3.20", [date(2024, 3, 20)]),
        ("二〇二四年三月二十日", [date(2024, 3, 20)]),
        ("二○二四年十月三十一日", [date(2024, 10, 31)]),
        ("2024年2月30日", []),
        ("将于2024年3月20日开工", []),
        ("2024年3月20日前完成", []),
        ("自2024年3月20日起施行", []),
        ("电话12024.3.201", []),
    ],
)
def test_full_dates_are_found_and_plans_left_out(text: str, days: list[date]) -> None:
    assert DATES.full_dates(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("从2024年8月1日起施行", [date(2024, 8, 1)]),
        ("自2024年8月1日起，全市禁渔", [date(2024, 8, 1)]),
        ("将从2024年8月1日起施行", []),
        ("拟自2024年8月1日起施行", []),
        ("自2024年8月1日起将施行", []),
        ("到2024年8月1日", []),
    ],
)
def test_what_holds_already_is_told_from_what_will(text: str, days: list[date]) -> None:
    assert DATES.started_dates(text) == days


NEWS = "title 1\t全市开考\nbody 1\t本报讯 12月3日，全市开考。"


@pytest.mark.parametrize(
    ("markup", "day"),
    [
        ("section -\t2024年12月4日 星期三\n" + NEWS, date(2024, 12, 4)),
        ("credit -\t责编 祁克宁 2024年12月4日\n" + NEWS, date(2024, 12, 4)),
        ("section -\t12月4日 星期三\n" + NEWS + "\nbody 1\t2024年全市共有考生三万人。", date(2024, 12, 4)),
        ("section -\t12月4日 星期四\n" + NEWS + "\nbody 1\t2024年全市共有考生三万人。", date(2025, 12, 4)),
        (NEWS + "\nbody 1\t2024年11月28日，考务办公布了考点。", date(2024, 12, 3)),
        (NEWS + "\nbody 1\t新规从2024年8月1日起施行。", date(2024, 12, 3)),
        (NEWS + "\nbody 1\t2024年7月2日，考务办公布了考点。", date(2024, 12, 3)),
        ("body 1\t本报讯 1月2日，全市开考。\nbody 1\t2023年12月28日，考务办公布了考点。", date(2024, 1, 2)),
        ("title 1\t通告\nbody 1\t即日封路。\nsignature 1\t2024年3月20日", date(2024, 3, 20)),
        ("caption 1\t2024年3月20日，居民在江边散步。", date(2024, 3, 20)),
        ("body 1\t2024年3月20日，全市开考。", date(2024, 3, 20)),
    ],
)
def test_a_page_is_dated_where_the_text_tells(markup: str, day: date) -> None:
    assert day_of(markup) == day


@pytest.mark.parametrize(
    "markup",
    [
        NEWS,
        NEWS + "\nbody 1\t2024年全市共有考生三万人。",  # a year alone may be of another time
        NEWS + "\nbody 1\t新规将从2024年8月1日起施行。",
        NEWS + "\nbody 1\t新规从2024年8月1日起施行，2025年共有考生三万人。",  # the page names a later year
        NEWS + "\nbody 1\t2021年3月2日，考务办公布了考点。",
        NEWS
        + "\nbody 1\t新规从2024年8月1日起施行。\ntitle 2\t小满\nbody 2\t本报讯 5月20日，麦子黄了。",  # too far apart
        "section -\t12月4日 星期二\n" + NEWS + "\nbody 1\t2021年全市共有考生三万人。",  # no such weekday near
        "body 1\t1949年10月1日，祖父在场。\nbody 1\t2019年，他去世。",
        "body 1\t全市开考。\nbody 1\t2024年3月20日，全市开考。",  # not where the article opens
    ],
)
def test_a_page_is_not_dated_where_the_text_does_not_tell(markup: str) -> None:
    assert day_of(markup) is None


@pytest.mark.parametrize(
    ("markup", "page", "day"),
    [
        ("body 1\t3月20日，全市开考。", date(2024, 3, 21), date(2024, 3, 20)),
        ("body 1\t12月30日，全市开考。", date(2024, 1, 2), date(2023, 12, 30)),
        ("body 1\t5月20日，全市开考。", date(2024, 3, 21), date(2024, 3, 21)),
        ("body 1\t全市开考。", date(2024, 3, 21), date(2024, 3, 21)),
        ("body 1\t即日封路。\nsignature 1\t2024年3月18日", date(2024, 3, 21), date(2024, 3, 18)),
        ("body 1\t即日封路。\nsignature 1\t2024年5月18日", date(2024, 3, 21), date(2024, 3, 21)),
        ("body 1\t1949年10月1日，祖父在场。", date(2024, 3, 21), date(2024, 3, 21)),
        ("body 1\t1949年10月1日，祖父在场。", None, None),
        ("body 1\t3月20日，全市开考。", None, None),
        ("body 1\t本报讯 2024年3月20日，全市开考。", None, date(2024, 3, 20)),
    ],
)
def test_an_article_has_its_own_day_or_the_pages(markup: str, page: date | None, day: date | None) -> None:
    marked = parse_marked_page(markup, name="p")
    assert DATES.of_article(marked.text, marked.lines, page) == day


def test_a_missing_limit_is_named(tmp_path: Path) -> None:
    rules = tmp_path / "dates.toml"
    rules.write_text(RULES.read_text(encoding="utf-8").replace("\napart = ", "\nfar = "), encoding="utf-8")
    with pytest.raises(RulesError, match=r"limits\.apart is missing"):
        Dates(rules)
