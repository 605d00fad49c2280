"""What the page is given: plain values with offsets in UTF-16 code units, as browsers count.

Indexes point into the lists of `View`; -1 stands for none.
"""

from __future__ import annotations

from msgspec import Struct

NONE = -1


class LineView(Struct, frozen=True, array_like=True):
    """A line of a page. `role` is empty where pages.jsonl does not tell it."""

    text: str
    role: str
    article: int


class PageView(Struct, frozen=True):
    """A newspaper page. `whole` is true where it was read from its own file, false where only its lines are known."""

    name: str
    date: str | None
    whole: bool
    lines: tuple[LineView, ...]


class PlaceView(Struct, frozen=True, array_like=True):
    """A stretch of article text that stands in one piece on a line of the page."""

    start: int
    length: int
    line: int
    column: int


class NameView(Struct, frozen=True, array_like=True):
    """A name of the whole file. `kinds` are those of person, body and company by which it can be chosen."""

    name: str
    label: str
    kinds: tuple[str, ...]


class MentionView(Struct, frozen=True, array_like=True):
    """A mention. `value` is its normalized value as it is shown."""

    start: int
    end: int
    label: str
    name: int
    value: str | None
    source: str
    probability: float


class SlotView(Struct, frozen=True, array_like=True):
    """A filler of a slot, a role or an end: a mention by its index, or a plain value as text."""

    name: str
    mention: int
    text: str


class SpanView(Struct, frozen=True, array_like=True):
    """A stretch of text that is evidence, and as what."""

    start: int
    end: int
    role: str


class ItemView(Struct, frozen=True):
    """A fact, a relation or an event with its evidence.

    `day` is when, as text that sorts by time; `printed` says that it is only the day of the paper. `amount` sorts money.
    """

    layer: str
    type: str
    status: str | None
    source: str | None
    probability: float | None
    inferred: bool
    slots: tuple[SlotView, ...]
    spans: tuple[SpanView, ...]
    day: str
    printed: bool
    amount: float | None


class ArticleView(Struct, frozen=True):
    """One article; `places` are its way to the page."""

    id: str
    page: int
    kind: str
    title: str | None
    date: str | None
    byline: tuple[str, ...]
    text: str
    places: tuple[PlaceView, ...]
    mentions: tuple[MentionView, ...]
    items: tuple[ItemView, ...]


class View(Struct, frozen=True):
    """Everything that the page shows, in the order of the records."""

    source: str
    pages: tuple[PageView, ...]
    names: tuple[NameView, ...]
    articles: tuple[ArticleView, ...]

    @property
    def shown_pages(self) -> int:
        """Count the pages whose text is there."""
        return sum(bool(page.lines) for page in self.pages)
