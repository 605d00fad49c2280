"""Tell whether an event is done, planned or denied, by cues in the trigger's clause.

Reads a text, its mentions and a trigger; writes nothing. Cues are data: 拟收购 is planned, 尚未开工 denied, 将股权转让给 done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pipeline.errors import RulesError, unknown
from pipeline.records import EVENT_STATUSES, Mention, Offsets
from pipeline.rulefiles import compile_regex, key_line, read_tables, read_toml

MASK = "■"
_FILLER = "\ufffc"  # what is left of a name behind its ■; no cue has it

_READ_AS_TEXT = frozenset({"DATE", "PERCENT"})  # 将12月 is no object of 将
_TITLES = re.compile(r"《[^《》\n]*》")
_BREAK = re.compile(r"[，。；！？：\n;!?]|(?<![0-9]),|,(?![0-9])|(?<![0-9]):|:(?![0-9])")
_COMMA = "，,"


class CueTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One cue as it stands in its file."""

    name: str
    status: str
    cue: str
    within: int
    where: Literal["before", "after"] = "before"
    stop: str = ""
    carries: bool = False
    leads: bool = False


class Scopes(Struct, frozen=True):
    """Where cues are looked for: the clause before and after the trigger, the clause before that one, and both as one
    where the trigger follows right after the comma."""

    before: str
    after: str
    previous: str
    carried: str


class Cue(Struct, frozen=True):
    """A cue that has been checked and compiled."""

    name: str
    status: str
    regex: re.Pattern[str]
    stop: re.Pattern[str] | None
    within: int
    after: bool
    carries: bool
    leads: bool

    def holds(self, scopes: Scopes) -> bool:
        """Say whether the cue stands where it counts."""
        if self.after:
            found = self.regex.search(scopes.after)
            return found is not None and found.start() <= self.within
        if self.leads and self.regex.fullmatch(scopes.previous):
            return True
        scope = scopes.carried if self.carries else scopes.before
        for match in self.regex.finditer(scope):
            between = scope[match.end() :]
            if len(between) - between.count(_FILLER) <= self.within and not (self.stop and self.stop.search(between)):
                return True
        return False


class Cues(Struct, frozen=True):
    """The cues of a file in their order, and what may stand between a comma and a trigger that a cue is carried to."""

    cues: tuple[Cue, ...]
    carry: re.Pattern[str]

    def status_of(self, masked: str, trigger: Offsets) -> str:
        """Give the status of an event from its masked text, `done` where no cue holds."""
        scopes = _find_scopes(masked, trigger, self.carry)
        for cue in self.cues:
            if cue.holds(scopes):
                return cue.status
        return "done"


def _find_scopes(masked: str, trigger: Offsets, carry: re.Pattern[str]) -> Scopes:
    start, end = trigger
    breaks = [-1, *(found.start() for found in _BREAK.finditer(masked, 0, start))]
    low, far = breaks[-1] + 1, breaks[-2] + 1 if len(breaks) > 1 else 0
    following = _BREAK.search(masked, end)
    comma = low > 0 and masked[low - 1] in _COMMA
    return Scopes(
        before=masked[low:start],
        after=masked[end : following.start() if following else len(masked)],
        previous=masked[far : low - 1] if comma else "",
        carried=masked[far if comma and carry.fullmatch(masked, low, start) else low : start],
    )


def mask(text: str, mentions: Iterable[Mention]) -> str:
    """Hide names and titles, so that no cue is found in one; the length of the text stays.

    A name counts as one character of a cue's reach: 中国计划出版社将 becomes ■ with six fillers, then 将.
    """
    spans = [(m.start, m.end) for m in mentions if m.label not in _READ_AS_TEXT]
    spans += [found.span() for found in _TITLES.finditer(text)]
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK.ljust(end - start, _FILLER)
    return "".join(characters)


def load_cues(path: Path) -> Cues:
    """Load a file of cues.

    Raises:
        RulesError: a cue is not well formed; names file and line.
    """
    carry = read_toml(path).get("carry", "")
    if not isinstance(carry, str):
        raise RulesError("`carry` is no pattern", where=path, line=key_line(path, "carry"), remedy="write carry = '…'")
    try:
        carried = re.compile(_over_masks(carry))
    except re.error as error:
        line = key_line(path, "carry")
        raise RulesError(f"no regular expression: {error}", where=path, line=line, remedy="mend it") from error
    cues: list[Cue] = []
    names: dict[str, int] = {}
    for line, table in read_tables(path, "cue", CueTable):
        if table.name in names:
            raise RulesError(f"cue {table.name!r} stands on line {names[table.name]} already", where=path, line=line)
        names[table.name] = line
        cues.append(_compile(table, path, line))
    return Cues(tuple(cues), carried)


def _compile(table: CueTable, path: Path, line: int) -> Cue:
    if table.status not in EVENT_STATUSES:
        raise RulesError(unknown("status", table.status, EVENT_STATUSES), where=path, line=line)
    if table.within < 0:
        raise RulesError(f"within = {table.within}", where=path, line=line, remedy="give 0 or more characters")
    if table.where == "after" and (table.carries or table.leads or table.stop):
        raise RulesError(
            "a cue after the trigger has no `stop`, `carries` or `leads`", where=path, line=line, remedy="take them out"
        )
    regex = compile_regex(_over_masks(table.cue), where=path, line=line)
    stop = compile_regex(_over_masks(table.stop), where=path, line=line) if table.stop else None
    return Cue(table.name, table.status, regex, stop, table.within, table.where == "after", table.carries, table.leads)


def _over_masks(source: str) -> str:
    """Let ■ of a pattern stand for a whole masked name; inside brackets it is the first character of one."""
    return re.sub(rf"(\[[^\]]*\])|{MASK}", lambda found: found[1] or f"(?:{MASK}{_FILLER}*)", source)


def statuses(cues: Cues, text: str, mentions: Sequence[Mention], triggers: Iterable[Offsets]) -> list[str]:
    """Give the status of each trigger of one text."""
    masked = mask(text, mentions)
    return [cues.status_of(masked, trigger) for trigger in triggers]
