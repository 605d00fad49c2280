"""Load what tells short forms of names: what they leave out, which ones everybody knows, how sure each kind is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import RulesError, unknown
from pipeline.records import MENTION_LABELS
from pipeline.rulefiles import read_table, read_tables, read_toml, read_words


class Forms(Struct, frozen=True):
    """What short forms leave out, and the words of forms.toml; `places` are names of places."""

    units: frozenset[str]
    legal: tuple[str, ...]
    industries: frozenset[str]
    offices: tuple[str, ...]
    familiar: frozenset[str]
    project_ends: frozenset[str]
    defined: tuple[str, ...]
    known: dict[str, tuple[str, ...]]
    places: frozenset[str]

    def is_place(self, text: str) -> bool:
        """Say whether a text is made of names of places only: 河南省郑州市, 美国加利福尼亚州."""
        reached = {0}
        for end in range(2, len(text) + 1):
            if any(text[start:end] in self.places for start in reached if end - start >= 2):
                reached.add(end)
        return len(text) in reached and bool(text)

    def without_place(self, text: str) -> str:
        """Give a name without the places at its front, as many of them as leave two characters."""
        for cut in range(len(text) - 2, 1, -1):
            if self.is_place(text[:cut]):
                return text[cut:]
        return text

    def without_legal(self, text: str) -> str:
        """Give a name without its legal form; itself where that would leave less than two characters."""
        for ending in self.legal:
            if text.endswith(ending) and len(text) >= len(ending) + 2:
                return text[: -len(ending)]
        return text


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    units: tuple[str, ...]
    legal: tuple[str, ...]
    industries: tuple[str, ...]
    offices: tuple[str, ...]
    familiar: tuple[str, ...]
    project_ends: tuple[str, ...]
    defined: tuple[str, ...]


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """How often a kind of short form was right, and wrong, where people have marked aliases."""

    name: str
    label: str
    right: int
    wrong: int

    @property
    def probability(self) -> float:
        """How likely such a pair is one name: the counts with one right and one wrong added (Laplace)."""
        return (self.right + 1) / (self.right + self.wrong + 2)


def load_forms(folder: Path, places: Iterable[Path]) -> Forms:
    """Load forms.toml and known.txt of a folder, and lists of places.

    Raises:
        RulesError: a list is missing or mistyped, or a known short form has no full form.
    """
    path = folder / "forms.toml"
    try:
        words = msgspec.convert(read_toml(path), _Words)
    except msgspec.ValidationError as error:
        raise RulesError(str(error), where=path, remedy="give each key a list of words") from error
    known: dict[str, tuple[str, ...]] = {}
    for entry in read_words(folder / "known.txt"):
        if not entry.columns or not all(entry.columns) or entry.word in entry.columns:
            raise RulesError(
                f"{entry.word!r} has no full form", where=folder / "known.txt", line=entry.line,
                remedy="write the short form, a tab, the full form",
            )  # fmt: skip
        known[entry.word] = entry.columns
    return Forms(
        units=frozenset(words.units), legal=_longest_first(words.legal), industries=frozenset(words.industries),
        offices=_longest_first(words.offices), familiar=frozenset(words.familiar),
        project_ends=frozenset(words.project_ends), defined=_longest_first(words.defined), known=known,
        places=frozenset(word for place in places for word in read_table(Path(place))),
    )  # fmt: skip


def load_kinds(path: Path, known: Iterable[str]) -> dict[tuple[str, str], float]:
    """Load how likely each kind of each label is right.

    Raises:
        RulesError: an unknown kind or label, or one that stands twice.
    """
    names = frozenset(known)
    kinds: dict[tuple[str, str], float] = {}
    for line, kind in read_tables(path, "kind", Kind):
        if kind.name not in names:
            raise RulesError(unknown("kind", kind.name, names), where=path, line=line)
        if kind.label not in MENTION_LABELS:
            raise RulesError(unknown("label", kind.label, MENTION_LABELS), where=path, line=line)
        if (kind.label, kind.name) in kinds or min(kind.right, kind.wrong) < 0:
            raise RulesError(f"{kind.name} of {kind.label} stands twice, or counts below zero", where=path, line=line)
        kinds[kind.label, kind.name] = kind.probability
    return kinds


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
