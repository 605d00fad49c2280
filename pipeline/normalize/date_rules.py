"""Load the words that dates are told with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from pipeline.errors import RulesError, unknown
from pipeline.rulefiles import key_line, read_tables, read_toml

UNITS = ("day", "week", "month", "year")
TURNS = ("until", "since", "about")


class Word(Struct, frozen=True, forbid_unknown_fields=True):
    """A date told by another one: 昨天, 上个月, 同年. `until` says that it has lasted up to that day: 连日来."""

    names: tuple[str, ...]
    unit: str
    offset: int
    anchored: bool = False
    about: bool = False
    until: bool = False


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a year, in months, or of a month, in days; both ends are inclusive."""

    names: tuple[str, ...]
    of: str
    low: int = field(name="from")
    high: int = field(name="to")
    about: bool = False


class Season(Struct, frozen=True, forbid_unknown_fields=True):
    """A season of a year, by its code."""

    names: tuple[str, ...]
    code: int


class Feast(Struct, frozen=True, forbid_unknown_fields=True):
    """A feast of the solar calendar."""

    names: tuple[str, ...]
    month: int
    day: int


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """A word behind a date that opens its stretch or makes it vague."""

    names: tuple[str, ...]
    kind: str


class DateRules(Struct, frozen=True):
    """The words of dates, each by its name."""

    words: dict[str, Word]
    parts_of_year: dict[str, Part]
    parts_of_month: dict[str, Part]
    seasons: dict[str, Season]
    feasts: dict[str, Feast]
    turns: dict[str, str]
    before: tuple[str, ...]
    after: tuple[str, ...]
    future: tuple[str, ...]
    never_future: tuple[str, ...]


Table = TypeVar("Table", Word, Part, Season, Feast, Turn)


def load_date_rules(path: Path) -> DateRules:
    """Load the tables of a file of date words.

    Raises:
        RulesError: a table is not well formed, or a word stands in two tables of one kind.
    """
    words = _read(path, "word", Word)
    parts = read_tables(path, "part", Part)
    for line, part in parts:
        if part.of not in ("year", "month"):
            raise RulesError(unknown("`of`", part.of, ("year", "month")), where=path, line=line)
        if not 1 <= part.low <= part.high <= (12 if part.of == "year" else 31):
            raise RulesError(f"from {part.low} to {part.high} is no part of a {part.of}", where=path, line=line)
    for line, word in read_tables(path, "word", Word):
        if word.unit not in UNITS:
            raise RulesError(unknown("unit", word.unit, UNITS), where=path, line=line)
    turns: dict[str, str] = {}
    for line, turn in read_tables(path, "turn", Turn):
        if turn.kind not in TURNS:
            raise RulesError(unknown("kind", turn.kind, TURNS), where=path, line=line)
        turns.update(dict.fromkeys(turn.names, turn.kind))
    values = read_toml(path)
    return DateRules(
        words=words,
        parts_of_year=_by_name(path, ((line, part) for line, part in parts if part.of == "year")),
        parts_of_month=_by_name(path, ((line, part) for line, part in parts if part.of == "month")),
        seasons=_read(path, "season", Season), feasts=_read(path, "feast", Feast), turns=turns,
        before=_listed(path, values, "around", "before"), after=_listed(path, values, "around", "after"),
        future=_listed(path, values, "future", "words"), never_future=_listed(path, values, "future", "never"),
    )  # fmt: skip


def _read(path: Path, table: str, shape: type[Table]) -> dict[str, Table]:
    return _by_name(path, read_tables(path, table, shape))


def _by_name(path: Path, rows: Iterable[tuple[int, Table]]) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for line, row in rows:
        for name in row.names:
            if not name or name in found:
                raise RulesError(f"{name!r} is empty, or stands in two tables", where=path, line=line)
            found[name] = row
    return found


def _listed(path: Path, values: Mapping[str, Any], table: str, key: str) -> tuple[str, ...]:
    try:
        words: tuple[str, ...] = msgspec.convert(values.get(table, {}).get(key), tuple[str, ...])
    except (msgspec.ValidationError, AttributeError) as error:
        raise RulesError(
            f"[{table}] {key} is no list of words", where=path, line=key_line(path, key), remedy=f'write {key} = ["…"]'
        ) from error
    return words
