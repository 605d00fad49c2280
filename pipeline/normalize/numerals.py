"""Read numerals as newspapers write them: Arabic, Chinese, mixed, financial, vague.

Values are exact decimals: 2.29万亿 is 2290000000000, with no binary fraction on the way.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from msgspec import Struct

DIGITS = "零一二三四五六七八九"
UNITS = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10**4), "亿": Decimal(10**8)}
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億〇○两俩弐貳參陸", "一二三四五六七八九十百千万亿零零二二二二三六")
_ARABIC = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,12}|[0-9]{1,40})(?:\.[0-9]{1,40})?")
_SPOKEN = re.compile(rf"[{DIGITS}]{{1,40}}")
_POINT = re.compile(rf"([{DIGITS}十百千万亿]{{1,40}})点([{DIGITS}]{{1,40}})")
_PAIR = re.compile(rf"(?<![{DIGITS}0-9.])([一二三四五六七八])([二三四五六七八九])(?=[十百千万亿]|$)")
_ONE_COUNT = re.compile(
    rf"[{DIGITS}]|[{DIGITS}]点[{DIGITS}]{{1,40}}|[0-9,.]{{1,40}}"
)  # what may count tens, hundreds, thousands
_MORE = re.compile(r"(?<=.)[余多]")
_ABOUT = re.compile(r"(?<=[十百千万亿])来")
_SHARED_UNIT = re.compile(r"[万亿]{1,4}$")
_BETWEEN = re.compile(r"至|到|—{1,2}|-{1,2}|~|–")


class Quantity(Struct, frozen=True):
    """What a numeral says: one number (`low` is `high`), or a stretch of numbers.

    `bound` is `exact`, `above` (三十多), `approximately` (十来), or `between` (三四十, 几百, 30至50).
    """

    low: Decimal
    high: Decimal
    bound: str

    def times(self, factor: Decimal) -> Quantity:
        """Give it in another unit."""
        return Quantity(self.low * factor, self.high * factor, self.bound)


def read_number(text: str) -> Decimal | None:
    """Read a numeral that says one number, as a whole; None where it is none.

    >>> [str(read_number(text)) for text in ("2.29万亿", "一百二十万", "壹仟零伍", "一万二", "二〇二四", "1亿1千万")]
    ['2290000000000', '1200000', '1005', '12000', '2024', '110000000']
    """
    plain = flatten(text)
    if not plain:
        return None
    if plain == "半":
        return Decimal("0.5")
    value = _read(plain, first=True)
    return None if value is None else value.normalize() + 0


def read_quantity(text: str) -> Quantity | None:
    """Read a numeral that may be vague or a stretch: 7000多万, 十几, 数百亿, 四五千, 10—30亿, 上百, 过亿.

    几 and 数 stand for 二 to 九. In 10—30亿 the unit of the right end also counts for the left.
    """
    plain = flatten(text)
    ends = _BETWEEN.split(plain)
    if len(ends) == 2 and all(ends):
        return _stretch(*ends)
    if plain[:1] in ("上", "过") and plain[1:2] in UNITS:
        value = read_number(plain[1:])
        return None if value is None else Quantity(value, value, "above")
    if _MORE.search(plain):
        inner = read_quantity(_MORE.sub("", plain, count=1))
        return (
            None
            if inner is None
            else Quantity(inner.low, inner.high, "above" if inner.bound == "exact" else inner.bound)
        )
    if _ABOUT.search(plain):
        value = read_number(_ABOUT.sub("", plain, count=1))
        return None if value is None else Quantity(value, value, "approximately")
    return _vague(plain)


def flatten(text: str) -> str:
    """Write a numeral in one form: half-width, without blanks, no financial or capital characters."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_PLAIN)
    return plain.replace("廿", "二十").replace("卅", "三十").replace("−", "-").replace("－", "-")


def _vague(plain: str) -> Quantity | None:
    for sign in "几数":
        if plain.count(sign) == 1 and len(plain) > 1:
            least = "二" if plain.startswith(sign) else "一"
            return _between(plain.replace(sign, least), plain.replace(sign, "九"))
    pair = _PAIR.search(plain)
    if pair and len(plain) > 2 and (int(_digit(pair[2])) - int(_digit(pair[1])) == 1 or pair[0] == "三五"):
        left, right = plain[: pair.start()], plain[pair.end() :]
        return _between(left + pair[1] + right, left + pair[2] + right)
    value = read_number(plain)
    return None if value is None else Quantity(value, value, "exact")


def _stretch(left: str, right: str) -> Quantity | None:
    high = read_number(right)
    unit = _SHARED_UNIT.search(right)
    if unit and not _SHARED_UNIT.search(left):
        low = read_number(left + unit[0])
        if low is not None and high is not None and low < high:
            return Quantity(low, high, "between")
    low = read_number(left)
    return Quantity(low, high, "between") if low is not None and high is not None and low < high else None


def _between(low: str, high: str) -> Quantity | None:
    values = read_number(low), read_number(high)
    return Quantity(values[0], values[1], "between") if values[0] is not None and values[1] is not None else None


def _read(plain: str, *, first: bool) -> Decimal | None:
    """Read by the largest unit; what stands left of it is counted in it, what stands right of it is smaller."""
    if _ARABIC.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if _SPOKEN.fullmatch(plain):
        return Decimal("".join(map(_digit, plain)))
    for unit in "亿万千百十":
        place = plain.rfind(unit)
        if place >= 0:
            return _read_with(plain[:place], unit, plain[place + 1 :], first=first)
    point = _POINT.fullmatch(plain)
    if point:
        whole = _read(point[1], first=True)
        return None if whole is None else whole + Decimal("0." + "".join(map(_digit, point[2])))
    return None


def _read_with(left: str, unit: str, right: str, *, first: bool) -> Decimal | None:
    factor = UNITS[unit]
    if left:
        count = _read(left, first=first)
        if count is None or (unit in "十百千" and not _ONE_COUNT.fullmatch(left)):
            return None
    elif first or unit == "十":
        count = Decimal(1)  # 十二, 百亿
    else:
        return None
    rest = right.lstrip("零")
    if not rest:
        return None if right else count * factor
    if len(rest) == 1 and rest == right and factor > 10:  # 一万二, 三千五
        return count * factor + Decimal(_digit(rest)) * factor / 10 if _digit(rest) else None
    value = _read(rest, first=False)
    return count * factor + value if value is not None and value < factor else None


def _digit(character: str) -> str:
    return str(DIGITS.index(character)) if character in DIGITS else character if character.isdecimal() else ""
