"""Amounts of money: number, currency, bound."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_at_hand import MONEY, RULES

from pipeline.errors import RulesError
from pipeline.normalize.money import load_money_rules, read_money


@pytest.mark.parametrize(
    ("text", "amount", "currency", "bound"),
    [
        ("近200亿元", "20000000000", "CNY", "below"), ("7000多万元", "70000000", "CNY", "above"),
        ("100多万美元", "1000000", "USD", "above"), ("14亿元人民币", "1400000000", "CNY", "exact"),
        ("3000余元", "3000", "CNY", "above"), ("一百二十万元", "1200000", "CNY", "exact"),
        ("１２０万元", "1200000", "CNY", "exact"), ("约920亿元人民币", "92000000000", "CNY", "approximately"),
        ("人民币约为8111.60万元", "81116000", "CNY", "approximately"), ("超过了1000亿元", "100000000000", "CNY", "above"),
        ("不超过3亿元", "300000000", "CNY", "below"), ("超千亿元", "100000000000", "CNY", "above"),
        ("上百亿元", "10000000000", "CNY", "above"), ("过亿元", "100000000", "CNY", "above"),
        ("四块五", "4.5", "CNY", "exact"), ("1块5毛6", "1.56", "CNY", "exact"), ("八毛钱", "0.8", "CNY", "exact"),
        ("11块钱", "11", "CNY", "exact"), ("$500", "500", "USD", "exact"), ("￥3.5亿", "350000000", "CNY", "exact"),
        ("800万新加坡元", "8000000", "SGD", "exact"), ("2万多港元", "20000", "HKD", "above"),
        ("2亿欧元", "200000000", "EUR", "exact"), ("伍拾陆万元", "560000", "CNY", "exact"),
        ("负82亿美元", "-8200000000", "USD", "exact"), ("7,092,106,965元", "7092106965", "CNY", "exact"),
        ("0.22元", "0.22", "CNY", "exact"), ("5000亿", "500000000000", None, "exact"), ("300万比索", "3000000", None, "exact"),
    ],
)  # fmt: skip
def test_an_amount_has_its_number_its_currency_and_its_bound(
    text: str, amount: str, currency: str | None, bound: str
) -> None:
    assert read_money(text, MONEY) == {"amount": amount, "currency": currency, "bound": bound}


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("5亿—6亿元", "500000000", "600000000", "CNY"), ("约100-200亿美元", "10000000000", "20000000000", "USD"),
        ("1元至2.4元", "1", "2.4", "CNY"), ("三十至五十万元", "300000", "500000", "CNY"), ("四五千元", "4000", "5000", "CNY"),
        ("数百亿元", "20000000000", "90000000000", "CNY"),
    ],
)  # fmt: skip
def test_a_stretch_has_two_ends(text: str, low: str, high: str, currency: str) -> None:
    assert read_money(text, MONEY) == {"low": low, "high": high, "currency": currency, "bound": "between"}


@pytest.mark.parametrize("text", ["元", "好几元钱", "亿万元", "677万亩", "人民币"])
def test_what_is_no_amount_has_no_value(text: str) -> None:
    assert read_money(text, MONEY) is None


@pytest.mark.parametrize(
    ("before", "after", "bound"),
    [
        ("产值突破", "", "above"), ("投资", "以上", "above"), ("投资", "左右", "approximately"), ("花费不到", "", "below"),
        ("每年节约", "", "exact"), ("公司最近", "投资", "exact"), ("预约", "", "exact"), ("", "", "exact"),
    ],
)  # fmt: skip
def test_words_around_an_amount_bound_it_but_not_longer_words_that_end_alike(
    before: str, after: str, bound: str
) -> None:
    value = read_money("5亿元", MONEY, before=before, after=after)
    assert value is not None and value["bound"] == bound


@given(
    st.decimals("0.01", "99999999", places=2),
    st.sampled_from(["", "万", "亿", "万亿"]),
    st.sampled_from(["", "近", "超", "约"]),
)
def test_an_amount_comes_back_from_its_written_form(number: Decimal, unit: str, about: str) -> None:
    factor = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[unit]
    value = read_money(f"{about}{number:f}{unit}元", MONEY)
    assert value is not None and Decimal(value["amount"]) == number * factor
    assert value["bound"] == {"": "exact", "近": "below", "超": "above", "约": "approximately"}[about]


@given(st.text("近约超元块毛角分钱美港人民币$￥零一二十百万亿0123456789.-—至（） ", max_size=12))
def test_no_text_breaks_the_reading(text: str) -> None:
    value = read_money(text, MONEY)
    assert value is None or {"bound", "currency"} < value.keys()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "below"', 'name = "under"', "unknown bound 'under'"),
        ('code = "USD"', 'code = "Dollar"', "none of ISO 4217"),
        ('"日元", "日圆"', '"日元", "美元"', "stands in another table"),
        ("never = []", "nevr = []", "nevr"),
    ],
)
def test_a_broken_rule_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "money.toml"
    source = (RULES / "normalize" / "money.toml").read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=rf"money\.toml:\d+: .*{said}"):
        load_money_rules(path)
