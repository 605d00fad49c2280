"""Read shares: 39.782%, 百分之五十一, 五成, 三分之一, 过半."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from pipeline.normalize.money import MoneyRules, around, bounded
from pipeline.normalize.numerals import Quantity, flatten, read_number, read_quantity

DIGITS_KEPT = Decimal("0.0001")  # of a fraction that has no end, such as 三分之一
_PERCENT = re.compile(r"百分之(?P<spoken>.{1,40})|(?P<written>.{1,40}?)(?:%|个百分点)")
_TENTHS = re.compile(r"(?P<tenths>[0-9一二两三四五六七八九]{1,4})成(?P<half>[半一二三四五六七八九]?)")
_FRACTION = re.compile(r"(?P<below>[^分]{1,40})分之(?P<above>.{1,40})")
_HALF = {
    "一半": "exact",
    "半数": "exact",
    "过半": "above",
    "过半数": "above",
    "多半": "above",
    "近半": "below",
    "近半数": "below",
}


def read_share(text: str, rules: MoneyRules, *, before: str = "", after: str = "") -> dict[str, Any] | None:
    """Read a share as a percentage.

    39.782% gives `{"percent": "39.782", "bound": "exact"}`, 过半 gives 50 and the bound `above`. A fraction without end
    is rounded to four digits, and its bound is `approximately`.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if plain in _HALF:
        half = Decimal(50)
        return bounded(Quantity(half, half, _HALF[plain]), "", "percent")
    bound = ""
    for word, said in rules.before:
        if plain.startswith(word):
            bound, plain = said, plain[len(word) :]
            break
    quantity = _read(plain)
    return None if quantity is None else bounded(quantity, bound or around(rules, before, after), "percent")


def _read(plain: str) -> Quantity | None:
    match = _PERCENT.fullmatch(plain)
    if match:
        return read_quantity((match["spoken"] or match["written"]).replace("%", ""))
    match = _TENTHS.fullmatch(plain)
    if match:
        # 三成五: thirty-five; 三四成: thirty to forty
        quantity = _tenths(flatten(match["tenths"]))
        rest = read_number(match["half"]) if match["half"] else Decimal(0)
        if quantity is None or rest is None:
            return None
        more = Decimal(5) if match["half"] == "半" else rest
        return Quantity(quantity.low * 10 + more, quantity.high * 10 + more, quantity.bound)
    match = _FRACTION.fullmatch(plain)
    if match:
        above, below = read_number(match["above"]), read_number(match["below"])
        if above is None or not below:
            return None
        exact = above * 100 / below
        rounded = exact.quantize(DIGITS_KEPT)
        return Quantity(rounded, rounded, "exact" if rounded == exact else "approximately")
    return None


def _tenths(plain: str) -> Quantity | None:
    low, high = read_number(plain[:1]), read_number(plain[-1:])
    if low is None or high is None or len(plain) > 2 or not low <= high <= 10:
        return None
    return Quantity(low, high, "exact" if len(plain) == 1 else "between")
