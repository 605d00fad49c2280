"""What both sides of a comparison are read into: one text with its marks, each of which has a place.

Gold and prediction need not share one text: a place is told in offsets of the page where there is one.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from pipeline.records import Article, Entity, Event, Mention, Offsets, Relation


class Place(NamedTuple):
    """Where something stands: on which page (or in which text, where there is no page), in which pieces.

    Two marks are in the same place if their characters are the same characters of the same page, whatever articles
    were made of it. A mention that a column break cuts in two has two pieces.
    """

    kind: Literal["page", "id"]
    home: str
    pieces: tuple[Offsets, ...]

    def overlaps(self, other: Place) -> bool:
        """Say whether the two share a character."""
        return (self.kind, self.home) == (other.kind, other.home) and any(
            a < d and c < b for a, b in self.pieces for c, d in other.pieces
        )


class AnnotatedText(Struct, frozen=True):
    """One article with all that a person, or a run, has marked in it. Offsets are into `article.text`.

    `layers` are the labels whose every mention is marked. `tokens` and `entities` are None where the file states no
    words or no clusters. `has_probabilities` tells a run's marks from a person's. `where` is the file and line.
    """

    article: Article
    layers: tuple[str, ...]
    tokens: tuple[Offsets, ...] | None
    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...] | None
    relations: tuple[Relation, ...]
    events: tuple[Event, ...]
    has_probabilities: bool
    where: str

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.id

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text

    def place(self, offsets: Offsets) -> Place:
        """Give the place of `text[start:end]`: on the page, or in this text where it comes from no page."""
        if self.article.page is None:
            return Place("id", self.id, (offsets,))
        return Place("page", self.article.page, self.article.to_page(*offsets))

    def stretches(self) -> tuple[tuple[int, int, int], ...]:
        """Give `(text start, home start, length)` for each stretch of the text that stands in one piece at its home."""
        if self.article.page is None:
            return ((0, 0, len(self.text)),)
        return tuple((run.text_start, run.page_start, run.length) for run in self.article.page_map)
