"""Load the words that qualify facts: is a post held, how far is an investment, who sells and who buys."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from pipeline.errors import RulesError, unknown
from pipeline.rulefiles import key_line, read_tables, read_toml

STATUSES = ("current", "proposed", "former", "acting")
STAGES = ("proposed", "signed", "started", "producing")
SIDES = ("seller", "buyer", "holder")
Shape = TypeVar("Shape")


class Status(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say that a post is not simply held."""

    name: str
    beside: tuple[str, ...]
    inside: tuple[str, ...]
    clause: tuple[str, ...]


class Stage(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say how far an investment has come."""

    name: str
    words: tuple[str, ...]


class NotYet(Struct, frozen=True, forbid_unknown_fields=True):
    """Words around a stage's word that say that it has not been reached."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class Never(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that only look like those of a status: 日前 ends like 前, 代表 begins like 代."""

    beside: tuple[str, ...]
    inside: tuple[str, ...]


class Cues(Struct, frozen=True):
    """All words that qualify facts; `sides` goes from a trigger to what its agent is."""

    statuses: tuple[Status, ...]
    never: Never
    stages: tuple[Stage, ...]
    not_yet: NotYet
    sides: dict[str, str]


class _Triggers(Struct, frozen=True, forbid_unknown_fields=True):
    triggers: tuple[str, ...]


def load_cues(folder: Path) -> Cues:
    """Load posts.toml, investments.toml and shares.toml of a folder.

    Raises:
        RulesError: a table is missing or not well formed, or names an unknown status or stage.
    """
    posts, investments, shares = (folder / f"{name}.toml" for name in ("posts", "investments", "shares"))
    statuses = read_tables(posts, "status", Status)
    for line, status in statuses:
        if status.name not in STATUSES:
            raise RulesError(unknown("status", status.name, STATUSES), where=posts, line=line)
    stages = read_tables(investments, "stage", Stage)
    for line, stage in stages:
        if stage.name not in STAGES:
            raise RulesError(unknown("stage", stage.name, STAGES), where=investments, line=line)
    sides: dict[str, str] = {}
    for side in SIDES:
        for trigger in _read_table(shares, side, _Triggers).triggers:
            if sides.setdefault(trigger, side) != side:
                raise RulesError(
                    f"{trigger!r} stands under {sides[trigger]} and {side}", where=shares,
                    line=key_line(shares, "triggers"), remedy="keep it in one of them",
                )  # fmt: skip
    return Cues(
        statuses=tuple(status for _, status in statuses), never=_read_table(posts, "never", Never),
        stages=tuple(stage for _, stage in stages), not_yet=_read_table(investments, "not_yet", NotYet), sides=sides,
    )  # fmt: skip


def _read_table(path: Path, table: str, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(read_toml(path).get(table), shape)
    except msgspec.ValidationError as error:
        raise RulesError(f"[{table}]: {error}", where=path, remedy=f"give the table [{table}] its lists") from error
