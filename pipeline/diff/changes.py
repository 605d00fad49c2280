"""What a comparison of two runs finds: changes with their evidence, and counts."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

LAYERS = ("articles", "mentions", "entities", "relations", "events", "facts")
Outcome = Literal["gained", "lost", "changed"]


class Field(Struct, frozen=True):
    """A part of something that is not as it was: the status `done` is now `planned`."""

    name: str
    old: Any
    new: Any


class Change(Struct, frozen=True):
    """One difference. Offsets and sentence are those of the new run, or of the old where something was lost."""

    article: str
    layer: str
    outcome: Outcome
    type: str
    text: str
    start: int
    end: int
    sentence: str
    probability: float | None
    fields: tuple[Field, ...] = ()


class ArticleChanges(Struct, frozen=True):
    """The differences in one article, with its title."""

    article: str
    title: str | None
    changes: tuple[Change, ...]


class Tally(Struct):
    """How many things of one layer came, went, changed or are the same."""

    gained: int = 0
    lost: int = 0
    changed: int = 0
    same: int = 0


class Differences(Struct):
    """All differences between two runs, in the order of the old run's articles, then of the new one's."""

    tolerance: float
    tallies: dict[str, Tally] = field(default_factory=lambda: {layer: Tally() for layer in LAYERS})
    articles: list[ArticleChanges] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.articles)
