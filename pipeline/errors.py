"""The one family of errors: every message says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class BaozhiError(Exception):
    """Say what is wrong, where (`file:line`), and what to do about it.

    >>> print(InputError("the page is empty", where="a.txt", remedy="remove it from the input"))
    a.txt: the page is empty; remove it from the input
    """

    def __init__(
        self, what: str, *, where: str | Path | None = None, line: int | None = None, remedy: str = ""
    ) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.line = line
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        place = ""
        if self.where is not None:
            place = f"{self.where}:{self.line}: " if self.line is not None else f"{self.where}: "
        return place + self.what + (f"; {self.remedy}" if self.remedy else "")

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process: keyword arguments are not in `args`."""
        return _rebuild, (type(self), self.what, self.where, self.line, self.remedy)


def _rebuild(kind: type[BaozhiError], what: str, where: str | None, line: int | None, remedy: str) -> BaozhiError:
    return kind(what, where=where, line=line, remedy=remedy)


class InputError(BaozhiError):
    """A page, a folder or a JSONL file that cannot be read as it is."""


class ConfigError(BaozhiError):
    """A setting, a stage name or an order of stages that cannot work."""


class RulesError(BaozhiError):
    """A line of a rule file or of a lexicon that is not well formed."""


class LayerError(BaozhiError):
    """A stage found something that does not fit its document."""


class AnnotationError(BaozhiError):
    """A line of hand annotations that contradicts itself, its text or the scheme."""


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is unknown and list the known ones.

    >>> unknown("role", "titel", ["title", "body"])
    "unknown role 'titel'; known: body, title"
    """
    return f"unknown {kind} {name!r}; known: {', '.join(sorted(known))}"
