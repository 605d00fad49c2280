"""Dates against the day of the newspaper.

dateparser 1.5.0 reads 4 of 40 of these forms; JioNLP 1.5.31 most, but 2024年4月至7月 as April alone, neither 近日 nor 同日, and no
date without a year where the newspaper's is unknown. So the reading is ours.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_at_hand import DATES, RULES

from pipeline.errors import RulesError
from pipeline.normalize.contexts import Context
from pipeline.normalize.date_rules import load_date_rules
from pipeline.normalize.periods import Period, Point

DECEMBER = datetime.date(2024, 12, 4)  # a Wednesday
JANUARY = datetime.date(2025, 1, 10)


def read(text: str, reference: datetime.date | None = DECEMBER, **known: object) -> str | None:
    period = DATES.read(text, Context(reference=reference, **known))  # type: ignore[arg-type]
    return period.write() if period is not None else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12月3日", "2024-12-03"), ("１２月３日", "2024-12-03"), ("12 月 3 日", "2024-12-03"), ("十二月三日", "2024-12-03"),
        ("二〇二四年十二月三日", "2024-12-03"), ("2016年12月31号", "2016-12-31"), ("一九八〇年", "1980"), ("2024年", "2024"),
        ("12月", "2024-12"), ("去年11月份", "2023-11"), ("今年", "2024"), ("后年", "2026"),
        ("昨天", "2024-12-03"), ("今晨", "2024-12-04"), ("明日", "2024-12-05"), ("昨天上午10点", "2024-12-03"),
        ("近日", "2024-12-04~"), ("日前", "2024-12-04~"), ("近期", "2024-12~"), ("连日来", "../2024-12-04"),
        ("今年前两个月", "2024-01/2024-02"), ("今年前5个月", "2024-01/2024-05"), ("今年1至7月", "2024-01/2024-07"),
        ("上半年", "2024-01/2024-06"), ("去年下半年", "2023-07/2023-12"), ("二季度", "2024-04/2024-06"),
        ("2025年三季度", "2025-07/2025-09"), ("前三季度", "2024-01/2024-09"), ("年内", "2024"),
        ("年底", "2024-12~"), ("去年底", "2023-12~"), ("年底前", "../2024-12~"), ("今年年初", "2024-01~"),
        ("6月底", "2024-06-30~"), ("2023年2月底", "2023-02-28~"), ("4月中旬", "2024-04-11/2024-04-20"),
        ("2月下旬", "2024-02-21/2024-02-29"), ("上个月", "2024-11"), ("上月底", "2024-11-30~"), ("本月22日", "2024-12-22"),
        ("当地时间6月8日至9日", "2024-06-08/2024-06-09"), ("19—20日", "2024-11-19/2024-11-20"),
        ("10月31日到11月1日", "2024-10-31/2024-11-01"), ("12月28日至1月3日", "2024-12-28/2025-01-03"),
        ("2023年11月20日至2024年1月12日", "2023-11-20/2024-01-12"), ("2024年4月至7月", "2024-04/2024-07"),
        ("2011年至2021年", "2011/2021"), ("4月中旬至6月底", "2024-04-11/2024-06-30~"),
        ("今年以来", "2024/.."), ("2013年起", "2013/.."), ("6月30日前", "../2024-06-30"), ("5月1日前后", "2024-05-01~"),
        ("今天（3月28日）下午5时许", "2024-03-28"), ("昨天(24日)", "2024-11-24"), ("今年秋天", "2024-23"),
        ("周三", "2024-12-04"), ("上周三", "2024-11-27"), ("上周", "2024-11-25/2024-12-01"), ("国庆节", "2024-10-01"),
        ("三天前", "2024-12-01"), ("5年前", "2019~"), ("截至11月底", "2024-11-30~"), ("1960年11月5日上午九时许", "1960-11-05"),
    ],
)  # fmt: skip
def test_a_date_is_read_against_the_day_of_the_newspaper(text: str, value: str) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "2月30日", "13月1日", "2024年13月", "日", "2024年春节", "大年初三", "过去一年", "第3日", "12月3日上班", "31日31日",
     "2024年6月9日至2024年6月8日", "0月5日"],
)  # fmt: skip
def test_what_is_no_date_or_one_that_cannot_be_told_has_no_value(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12月3日", "XXXX-12-03"), ("12月", "XXXX-12"), ("6月8日至9日", "XXXX-06-08/XXXX-06-09"), ("2月29日", "XXXX-02-29"),
        ("2024年12月3日", "2024-12-03"), ("近日", None), ("去年", None), ("3日", None), ("上半年", None), ("2月30日", None),
    ],
)  # fmt: skip
def test_without_the_newspapers_day_the_year_is_unknown(text: str, value: str | None) -> None:
    assert read(text, None) == value


@pytest.mark.parametrize(
    ("text", "reference", "future", "value"),
    [
        ("12月25日", JANUARY, False, "2024-12-25"), ("12月25日", JANUARY, True, "2025-12-25"),
        ("1月5日", DECEMBER, False, "2024-01-05"), ("1月5日", DECEMBER, True, "2025-01-05"),
        ("1月12日", JANUARY, False, "2025-01-12"), ("四季度", JANUARY, False, "2024-10/2024-12"),
        ("四季度", JANUARY, True, "2025-10/2025-12"), ("二季度", JANUARY, False, "2025-04/2025-06"),
        ("25日", DECEMBER, False, "2024-11-25"), ("25日", DECEMBER, True, "2024-12-25"), ("3日", DECEMBER, False, "2024-12-03"),
        ("5日", DECEMBER, False, "2024-12-05"), ("29日", JANUARY, False, "2024-12-29"), ("2月29日", JANUARY, False, "2024-02-29"),
    ],
)  # fmt: skip
def test_the_year_or_month_left_out_is_the_nearest_in_the_time_of_the_clause(
    text: str, reference: datetime.date, future: bool, value: str
) -> None:
    assert read(text, reference, future=future) == value


@pytest.mark.parametrize(
    ("text", "anchor", "value"),
    [
        ("当天", Point(2024, 6, 8), "2024-06-08"), ("次日", Point(2023, 12, 31), "2024-01-01"), ("同年9月", Point(1982, 5), "1982-09"),
        ("次年", Point(1982, 5), "1983"), ("9日", Point(2024, 6, 8), "2024-06-09"), ("1日", Point(2023, 12, 30), "2024-01-01"),
        ("同日", None, None), ("同年9月", None, None),
    ],
)  # fmt: skip
def test_some_words_go_by_the_last_date_of_the_text(text: str, anchor: Point | None, value: str | None) -> None:
    assert read(text, anchor=anchor) == value


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)), st.data())
def test_a_date_comes_back_from_its_forms(day: datetime.date, data: st.DataObject) -> None:
    spoken = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    forms = [
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}年{day.month:02}月{day.day:02}日", f"{spoken}年{day.month}月{day.day}号",
        f"{day.year} 年 {day.month} 月 {day.day} 日上午",
    ]  # fmt: skip
    assert read(data.draw(st.sampled_from(forms)), None) == day.isoformat()


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)), st.integers(0, 27))
def test_a_day_comes_back_from_what_a_newspaper_printed_soon_after_calls_it(
    reference: datetime.date, days: int
) -> None:
    day = reference - datetime.timedelta(days=days)
    assert read(f"{day.month}月{day.day}日", reference) == day.isoformat()
    words = {0: "今天", 1: "昨天", 2: "前天"}
    assert read(words.get(days, f"{days}天前"), reference) == day.isoformat()
    if days <= 14:
        assert read(f"{day.day}日", reference) == day.isoformat()


@given(
    st.text("今去年昨天日月号周三上半旬底前后至到—（）()十二〇0123456789 起春", max_size=14),
    st.none() | st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)),
    st.none() | st.builds(Point, st.integers(0, 2999), st.sampled_from([0, 1, 12]), st.sampled_from([0, 1])),
    st.booleans(),
)
def test_no_text_breaks_the_reading(
    text: str, reference: datetime.date | None, anchor: Point | None, future: bool
) -> None:
    period = DATES.read(text, Context(reference=reference, anchor=anchor, future=future))
    assert period is None or period.is_real()


def test_a_period_whose_ends_are_one_is_no_interval() -> None:
    assert Period(Point(2024, 6, 8), Point(2024, 6, 8)).write() == "2024-06-08"
    assert Period(Point(2024, 6, 8), Point(2024, 6, 8, True)).write() == "2024-06-08/2024-06-08~"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "week"', 'unit = "fortnight"', "unknown unit 'fortnight'"),
        ('of = "year"', 'of = "decade"', "decade"),
        ("to = 6", "to = 13", "no part of a year"),
        ('kind = "until"', 'kind = "till"', "unknown kind 'till'"),
        ('names = ["后天"]', 'names = ["明天"]', "stands in two tables"),
        ("[future]", "[futur]", "no list of words"),
    ],
)
def test_a_broken_rule_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "dates.toml"
    source = (RULES / "normalize" / "dates.toml").read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=rf"dates\.toml:\d+: .*{said}"):
        load_date_rules(path)
