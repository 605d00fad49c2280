"""Look at what stands around a word that may be a trigger, and at the mentions nearest to it.

Reads a text and its mentions; writes nothing. `12月3日，云州市召开座谈会。`: 召开 stands in a dated sentence, after a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from pipeline.errors import RulesError, unknown
from pipeline.records import MENTION_LABELS, Mention, Offsets
from pipeline.rulefiles import compile_regex, read_tables

PATTERNS = ("dated", "opens", "leads")
CONTEXTS = (
    "dated+acted", "dated", "acted", "neither", "before:name", "before:leads", "before:other", "after:name", "after:opens",
    "after:of", "after:other",
)  # fmt: skip
NAMES = frozenset({"PER", "ORG", "LOC", "TITLE"})

_ACTORS = frozenset({"PER", "ORG", "LOC"})
_SENTENCE = re.compile(r"[。！？!?\n]")
_CLAUSE = re.compile(r"[，；：,;:]")


class ContextTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One pattern as it stands in its file."""

    name: str
    pattern: str


class Contexts(Struct, frozen=True):
    """The patterns of a file, by name."""

    dated: re.Pattern[str]
    opens: re.Pattern[str]
    leads: re.Pattern[str]


class Surroundings:
    """A text with its mentions, to be asked what stands around a span."""

    def __init__(self, text: str, mentions: Sequence[Mention], contexts: Contexts) -> None:
        self.text = text
        self.mentions = sorted(mentions)
        self._contexts = contexts
        self._starts = [0, *(found.end() for found in _SENTENCE.finditer(text))]
        self._begins = {mention.start for mention in self.mentions}
        self._ends = {mention.end for mention in self.mentions}

    def sentence(self, offset: int) -> Offsets:
        """Give the sentence of an offset."""
        number = bisect_right(self._starts, offset)
        return self._starts[number - 1], self._starts[number] if number < len(self._starts) else len(self.text)

    def inside_name(self, start: int, end: int) -> bool:
        """Say whether a name covers the span: 会议 in 中国人民政治协商会议."""
        return any(m.start <= start and end <= m.end and m.label in NAMES for m in self.mentions)

    def of(self, start: int, end: int) -> tuple[str, str, str]:
        """Give the contexts of a span: of its sentence, before it, and after it."""
        low, high = self.sentence(start)
        dated = self._contexts.dated.search(self.text, low, high) is not None
        acted = any(low <= m.start < start and m.label in _ACTORS for m in self.mentions)
        setting = ("dated+acted" if acted else "dated") if dated else ("acted" if acted else "neither")
        if start in self._ends:
            before = "before:name"
        elif start == low or self._contexts.leads.fullmatch(self.text, start - 1, start):
            before = "before:leads"
        else:
            before = "before:other"
        if end in self._begins:
            after = "after:name"
        elif end == len(self.text) or self._contexts.opens.match(self.text, end):
            after = "after:opens"
        else:
            after = "after:of" if self.text.startswith("的", end) else "after:other"
        return setting, before, after

    def nearest(self, start: int, end: int) -> Iterator[tuple[str, Mention]]:
        """Give the nearest mention of each label on each side in the sentence, and where it stands.

        `DATE before clause` is a date before the span in its clause, `DATE before sentence` one in an earlier clause.
        """
        low, high = self.sentence(start)
        inside = [mention for mention in self.mentions if low <= mention.start and mention.end <= high]
        for label in MENTION_LABELS:
            before = [m for m in inside if m.label == label and m.end <= start]
            after = [m for m in inside if m.label == label and m.start >= end]
            for side, found in (("before", before[-1:]), ("after", after[:1])):
                for mention in found:
                    between = (mention.end, start) if side == "before" else (end, mention.start)
                    scope = "sentence" if _CLAUSE.search(self.text, *between) else "clause"
                    yield f"{label} {side} {scope}", mention


def load_contexts(path: Path) -> Contexts:
    """Load the patterns of a file.

    Raises:
        RulesError: one is missing, unknown, twice there, or no regular expression; names file and line.
    """
    found: dict[str, re.Pattern[str]] = {}
    for line, table in read_tables(path, "context", ContextTable):
        if table.name not in PATTERNS:
            raise RulesError(unknown("context", table.name, PATTERNS), where=path, line=line)
        if table.name in found:
            raise RulesError(f"context {table.name!r} stands there twice", where=path, line=line, remedy="remove one")
        found[table.name] = compile_regex(table.pattern, where=path, line=line)
    for name in PATTERNS:
        if name not in found:
            raise RulesError(f"there is no context {name!r}", where=path, remedy="add a [[context]] table")
    return Contexts(**found)
