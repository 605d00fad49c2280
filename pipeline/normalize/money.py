"""Read amounts of money: number, currency, and how exact the newspaper is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from pipeline.errors import RulesError, unknown
from pipeline.normalize.numerals import DIGITS, Quantity, flatten, read_number, read_quantity
from pipeline.rulefiles import read_tables

BOUNDS = ("exact", "below", "above", "approximately", "between")
_COINS = re.compile(rf"(?P<yuan>[^块元毛角分]{{1,40}}[块元])?(?P<jiao>[0-9{DIGITS}][毛角])?(?P<fen>[0-9{DIGITS}]分?)?")
_CODE = re.compile(r"[A-Z]{3}")


class BoundWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say how a number is meant, before it (近200亿元) or behind it (5亿元以上).

    `never` are longer words that end like one of `before` and say nothing of the number: 节约5亿元.
    """

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    never: tuple[str, ...]


class Currency(Struct, frozen=True, forbid_unknown_fields=True):
    """A money: its ISO 4217 code, its names behind a number and before one."""

    code: str
    names: tuple[str, ...]
    before: tuple[str, ...]


class MoneyRules(Struct, frozen=True):
    """The words around amounts, longest first: word → bound (empty for a word that says none), word → code."""

    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    currency_before: tuple[tuple[str, str], ...]
    currency_after: tuple[tuple[str, str], ...]


def load_money_rules(path: Path) -> MoneyRules:
    """Load `[[bound]]` and `[[currency]]` tables.

    Raises:
        RulesError: an unknown bound, a code that is none, or a word that stands twice.
    """
    columns: list[dict[str, str]] = [{}, {}, {}, {}]
    for line, bound in read_tables(path, "bound", BoundWords):
        if bound.name not in BOUNDS:
            raise RulesError(unknown("bound", bound.name, BOUNDS), where=path, line=line)
        _add(columns[0], bound.before, bound.name, path, line)
        _add(columns[0], bound.never, "", path, line)
        _add(columns[1], bound.after, bound.name, path, line)
    for line, currency in read_tables(path, "currency", Currency):
        if currency.code and not _CODE.fullmatch(currency.code):
            raise RulesError(f"code {currency.code!r} is none of ISO 4217", where=path, line=line)
        _add(columns[2], currency.before, currency.code, path, line)
        _add(columns[3], currency.names, currency.code, path, line)
    before, after, currency_before, currency_after = (_longest_first(column) for column in columns)
    return MoneyRules(before, after, currency_before, currency_after)


def read_money(text: str, rules: MoneyRules, *, before: str = "", after: str = "") -> dict[str, Any] | None:
    """Read an amount; `before` and `after` are the text around it, for words such as 突破 and 以上.

    近200亿元 gives `{"amount": "20000000000", "currency": "CNY", "bound": "below"}`, 5亿—6亿元 gives `low`, `high` and
    the bound `between`. Currency is null where the text does not tell which.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    bound, plain = _strip_start(plain, rules.before)
    code, plain = _strip_start(plain, rules.currency_before)
    inner, plain = _strip_start(plain, rules.before)
    sign, plain = (-1, plain[1:]) if plain.startswith(("负", "-")) else (1, plain)
    coins = _read_coins(plain)
    if coins is not None:
        quantity: Quantity | None = coins
        code = code or "CNY"
    else:
        named, plain = _strip_end(plain, rules.currency_after)
        code = named or code
        quantity = read_quantity(_drop_inner_currency(plain, rules))
    if quantity is None:
        return None
    return _value(quantity.times(Decimal(sign)), code, bound or inner or around(rules, before, after))


def around(rules: MoneyRules, before: str, after: str) -> str:
    """Give the bound that the words right around a number say; empty where there is none."""
    plain_before, plain_after = before.rstrip(), after.lstrip()
    for word, bound in rules.before:
        if plain_before.endswith(word):
            return bound
    for word, bound in rules.after:
        if plain_after.startswith(word):
            return bound
    return ""


def bounded(quantity: Quantity, bound: str, name: str) -> dict[str, Any]:
    """Give a quantity as a value; a stretch has `low` and `high` in place of `name`."""
    if quantity.low != quantity.high:
        low, high = sorted((quantity.low, quantity.high))
        return {"low": write_decimal(low), "high": write_decimal(high), "bound": "between"}
    return {name: write_decimal(quantity.low), "bound": bound or quantity.bound}


def write_decimal(number: Decimal) -> str:
    """Write a number without exponent and without zeros at its end.

    >>> write_decimal(Decimal("2.290E+12")), write_decimal(Decimal("0.50"))
    ('2290000000000', '0.5')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _value(quantity: Quantity, code: str, bound: str) -> dict[str, Any]:
    value = bounded(quantity, bound, "amount")
    return {**{key: value[key] for key in value if key != "bound"}, "currency": code or None, "bound": value["bound"]}


def _read_coins(plain: str) -> Quantity | None:
    """Read 1块5毛6, 四块五, 八毛钱: a part in 毛 or 角, or a digit behind 块."""
    match = _COINS.fullmatch(plain.removesuffix("钱"))
    if match is None or not (match["jiao"] or (match["yuan"] and match["fen"])):
        return None
    numbers = [
        read_number(part.rstrip("块元毛角分")) if part else Decimal(0) for part in match.group("yuan", "jiao", "fen")
    ]
    if None in numbers:
        return None
    yuan, jiao, fen = (number or Decimal(0) for number in numbers)
    smallest = Decimal("0.01") if match["jiao"] or (match["fen"] or "").endswith("分") else Decimal("0.1")
    total = yuan + jiao / 10 + fen * smallest
    return Quantity(total, total, "exact")


def _drop_inner_currency(plain: str, rules: MoneyRules) -> str:
    """Make one stretch of 1元至2.4元, whose left end names the money too."""
    for word, _ in rules.currency_after:
        plain = re.sub(rf"{re.escape(word)}(?=至|到|—|-|~|–)", "", plain)
    return flatten(plain)


def _strip_start(text: str, words: Sequence[tuple[str, str]]) -> tuple[str, str]:
    return next(((value, text[len(word) :]) for word, value in words if text.startswith(word)), ("", text))


def _strip_end(text: str, words: Sequence[tuple[str, str]]) -> tuple[str, str]:
    return next(((value, text[: -len(word)]) for word, value in words if text.endswith(word)), ("", text))


def _add(column: dict[str, str], words: Sequence[str], value: str, path: Path, line: int) -> None:
    for word in words:
        plain = unicodedata.normalize("NFKC", word)
        if not plain or column.setdefault(plain, value) != value:
            raise RulesError(f"{word!r} is empty, or stands in another table too", where=path, line=line)


def _longest_first(column: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(column.items(), key=lambda item: (-len(item[0]), item[0])))
