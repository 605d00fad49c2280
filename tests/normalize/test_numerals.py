"""Numerals of every form, and both ways: from a number to its forms and back.

Two libraries were tried on the table below. cn2an 0.5.24 (`smart`) misses 1,242; 2.29万亿; 一点五亿; 半, reads no vague
numerals, and computes in binary fractions. JioNLP 1.5.31 (69 MB) reads 1亿1千万 as 210000000, 一万二 as 10002 and 三千五 as
3005, and no full-width decimals. So the reading is ours; cn2an is what it is checked against.
"""

from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalize.numerals import read_number, read_quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"), ("1,242", "1242"), ("１２３", "123"), ("２．５", "2.5"), ("5.7亿", "570000000"), ("10.64 亿", "1064000000"),
        ("2.29万亿", "2290000000000"), ("1亿1千万", "110000000"), ("7千亿", "700000000000"), ("1万2千", "12000"),
        ("61255.8亿", "6125580000000"), ("一百二十", "120"), ("十二", "12"), ("一百十二", "112"), ("两万", "20000"),
        ("一万二", "12000"), ("三千五", "3500"), ("一万零二", "10002"), ("二〇二四", "2024"), ("一九八○", "1980"),
        ("壹贰叁", "123"), ("伍拾陆万", "560000"), ("壹仟零伍", "1005"), ("一点五亿", "150000000"), ("三点一四", "3.14"),
        ("零点五", "0.5"), ("半", "0.5"), ("一亿零五十万", "100500000"), ("廿五", "25"), ("百亿", "10000000000"),
        ("万亿", "1000000000000"), ("０", "0"), ("兩萬", "20000"),
    ],
)  # fmt: skip
def test_a_numeral_of_any_form_is_read_exactly(text: str, number: str) -> None:
    assert read_number(text.replace("兩", "两")) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "元", "亿万", "二百三千", "一百百", "1.2.3", "1,24", "三百六十五天", "点五", "一万亿零"]
)
def test_what_is_no_numeral_is_not_read(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "bound"),
    [
        ("7000多万", "70000000", "70000000", "above"), ("1亿1千多万", "110000000", "110000000", "above"),
        ("1126万余", "11260000", "11260000", "above"), ("十余万", "100000", "100000", "above"),
        ("十来万", "100000", "100000", "approximately"), ("上百亿", "10000000000", "10000000000", "above"),
        ("过亿", "100000000", "100000000", "above"), ("10—30亿", "1000000000", "3000000000", "between"),
        ("5亿—6亿", "500000000", "600000000", "between"), ("５亿至６亿", "500000000", "600000000", "between"),
        ("5000-1万", "5000", "10000", "between"), ("三十至五十万", "300000", "500000", "between"),
        ("四五千", "4000", "5000", "between"), ("三四十万", "300000", "400000", "between"),
        ("十五六万", "150000", "160000", "between"), ("三五百", "300", "500", "between"),
        ("数百亿", "20000000000", "90000000000", "between"), ("几十", "20", "90", "between"),
        ("十几万", "110000", "190000", "between"), ("二五", "25", "25", "exact"), ("二三五", "235", "235", "exact"),
    ],
)  # fmt: skip
def test_a_vague_numeral_is_a_stretch_or_a_bound(text: str, low: str, high: str, bound: str) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert (quantity.low, quantity.high, quantity.bound) == (Decimal(low), Decimal(high), bound)


@pytest.mark.parametrize("text", ["几", "余", "30-20", "—5亿", "多万"])
def test_a_vague_word_alone_is_no_numeral(text: str) -> None:
    assert read_quantity(text) is None


@given(st.integers(0, 10**15), st.sampled_from(["low", "up"]))
def test_a_number_comes_back_from_its_spoken_and_its_financial_form(number: int, form: str) -> None:
    assert read_number(cn2an.an2cn(str(number), form)) == number


@given(st.integers(0, 10**12), st.integers(1, 999))
def test_a_number_comes_back_from_its_arabic_forms(whole: int, thousandths: int) -> None:
    number = whole + Decimal(thousandths) / 1000
    for text in (
        f"{number:f}",
        f"{number:,f}",
        f"{number:f}".translate(str.maketrans("0123456789.", "０１２３４５６７８９．")),
    ):
        assert read_number(text) == number
    assert read_number(f"{number:f}万") == number * 10**4
    assert read_number(f"{number:f}万亿") == number * 10**12


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from("百千万亿"))
def test_a_digit_behind_a_unit_counts_tenths_of_it_and_behind_zero_ones(digit: int, rest: int, unit: str) -> None:
    digits, size = "零一二三四五六七八九", {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[unit]
    assert read_number(digits[digit] + unit + digits[rest]) == digit * size + rest * size // 10
    assert read_number(digits[digit] + unit + "零" + digits[rest]) == digit * size + rest


@given(st.text("零一二三四五六七八九十百千万亿点半几数余多来上廿两0123456789.,-—至 ", max_size=12))
def test_no_text_breaks_the_reading(text: str) -> None:
    quantity = read_quantity(text)
    assert quantity is None or quantity.low <= quantity.high
