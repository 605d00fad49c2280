"""Normalized values are said in a line, and sort by time and by amount."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.reader.values import amount_of, day_of, say_value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, None),
        ("2024-12-03", "2024-12-03"),
        (3, "3"),
        ({"amount": "570000000", "currency": "CNY", "bound": "exact"}, "570,000,000 CNY"),
        ({"amount": "0.5", "currency": None, "bound": "below"}, "0.5, below"),
        (
            {"low": "500000000", "high": "600000000", "currency": "USD", "bound": "between"},
            "500,000,000–600,000,000 USD",
        ),
        ({"percent": "39.782", "bound": "approximately"}, "39.782%, approximately"),
        ({"amount": "很多", "note": "x"}, "很多, note x"),
        ({}, ""),
    ],
)
def test_a_value_is_said_in_one_line(value: Any, says: str | None) -> None:
    assert say_value(value) == says


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ({"amount": "12.5"}, 12.5),
        ({"low": "3", "high": "4"}, 3.0),
        ({"percent": "50"}, None),
        ({"amount": "x"}, None),
        ("5", None),
    ],
)
def test_only_money_sorts_by_amount(value: Any, amount: float | None) -> None:
    assert amount_of(value) == amount


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-12-03", "2024-12-03"), ("2024-12~", "2024-12"), ("2024", "2024"), ("2024-06-08/2024-06-09", "2024-06-08"),
        ("../2024-12", "2024-12"), ("XXXX-12-03", "XXXX-12-03"), ("近日", ""), (None, ""), ({"amount": "2024"}, ""),
    ],
)  # fmt: skip
def test_a_date_sorts_by_its_beginning(value: Any, day: str) -> None:
    assert day_of(value) == day
