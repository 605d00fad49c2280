"""Say normalized values in a line, and sort by them: amounts of money by number, dates by time."""

from __future__ import annotations

import re
from typing import Any

import msgspec

_DAY = re.compile(r"(?:\d{4}|XXXX)(?:-\d{2}){0,2}")


def say_value(value: Any) -> str | None:
    """Say a normalized value in one line; None where there is none.

    >>> say_value({"amount": "570000000", "currency": "CNY", "bound": "approximately"})
    '570,000,000 CNY, approximately'
    """
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return msgspec.json.encode(value).decode("utf-8")
    rest = dict(value)
    numbers = [_grouped(rest.pop(key)) for key in ("amount", "percent", "low", "high") if rest.get(key) is not None]
    unit = "%" if "percent" in value else f" {rest.pop('currency')}" if rest.get("currency") else ""
    if rest.get("bound") in ("exact", "between", None):
        rest.pop("bound", None)
    told = [f"{'–'.join(numbers)}{unit}".strip(), str(rest.pop("bound", ""))]
    told += [f"{key} {say_value(part)}" for key, part in rest.items() if part is not None]
    return ", ".join(part for part in told if part)


def amount_of(value: Any) -> float | None:
    """Give the number of an amount of money; of a range its lower end."""
    if not isinstance(value, dict):
        return None
    try:
        return float(value.get("amount") or value.get("low") or "")
    except (TypeError, ValueError):
        return None


def day_of(value: Any) -> str:
    """Give when a date begins, as text that sorts by time; empty where it is not told.

    >>> day_of("2024-06-08/2024-06-09"), day_of("../2024-12~"), day_of(None)
    ('2024-06-08', '2024-12', '')
    """
    match = _DAY.search(value) if isinstance(value, str) else None
    return match[0] if match else ""


def _grouped(number: Any) -> str:
    whole, dot, rest = str(number).partition(".")
    return (f"{int(whole):,}" if re.fullmatch(r"-?[0-9]{1,30}", whole) else whole) + dot + rest
