"""The typed values of the pipeline: what a page, an article and a knowledge record are.

All offsets are half-open `[start, end)` counts of Unicode code points. `Page`, `Article` and everything under
`Record` are frozen; the JSON Schema of the output is derived from `Record`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct, field

SCHEMA: Literal["baozhi/1"] = "baozhi/1"
PAGE_SCHEMA: Literal["baozhi-page/1"] = "baozhi-page/1"

MENTION_LABELS = ("PER", "ORG", "LOC", "TITLE", "MONEY", "PROJECT", "PERCENT", "DATE", "DOCUMENT")
RELATION_TYPES = (
    "position_held", "position_in", "invests_in", "invests_amount", "project_amount", "owns_share_in", "acquires",
    "part_of", "located_in", "cooperates_with", "alias_of",
)  # fmt: skip
EVENT_TYPES = (
    "press_conference", "meeting", "visit", "inspection", "policy_release", "investment", "construction",
    "equity_change", "agreement", "award", "launch", "public_activity", "appointment", "incident", "enforcement",
    "achievement",
)  # fmt: skip
FACT_TYPES = ("official_post", "investment", "membership", "equity_change")
EVENT_ROLES = ("agent", "theme", "participant", "place", "time", "amount")
EVENT_STATUSES = ("done", "planned", "denied")

LINE_ROLES = (
    "section", "kicker", "title", "subtitle", "subhead", "body", "byline", "caption", "jump", "credit", "signature",
)  # fmt: skip
HEADLINE_ROLES = frozenset({"kicker", "title", "subtitle"})
LOOSE_ROLES = frozenset({"section", "credit"})  # lines of these roles belong to no article
ARTICLE_KINDS = ("article", "photo", "notice")

Offsets = tuple[int, int]


# ---------------------------------------------------------------- pages


class Line(Struct, frozen=True):
    """One line of a page that is not blank.

    `number` counts all lines of the page from 1. `start`, `end` are page offsets of what the line says: without blanks
    at its ends and without leading `#` marks. `article` numbers the articles of the page from 1. `joins` is true where
    the line goes on in mid-sentence from the line before it of the same article.
    """

    number: int
    start: int
    end: int
    role: str
    article: int | None
    joins: bool


class Run(Struct, frozen=True, array_like=True):
    """A stretch of article text that stands in one piece on the page: `length` code points."""

    text_start: int
    page_start: int
    length: int


class Article(Struct, frozen=True):
    """One article, and the way back from every character of its text to the page.

    `page_map` covers all of `text` except the line feeds put between paragraphs; it is empty for an article that was
    not read from a page.
    """

    id: str
    page: str | None
    kind: str
    title: str | None
    date: str | None
    byline: tuple[str, ...]
    text: str
    page_map: tuple[Run, ...]

    def to_page(self, start: int, end: int) -> tuple[Offsets, ...]:
        """Give the page offsets of `text[start:end]`, in text order, as few pieces as there are gaps.

        A mention that a column break cuts in two gives two pieces. Line feeds put between paragraphs have no place on
        the page and are passed over.
        """
        pieces: list[Offsets] = []
        for run in self.page_map:
            low, high = max(start, run.text_start), min(end, run.text_start + run.length)
            if low < high:
                shift = run.page_start - run.text_start
                if pieces and pieces[-1][1] == low + shift:
                    pieces[-1] = (pieces[-1][0], high + shift)
                else:
                    pieces.append((low + shift, high + shift))
        return tuple(pieces)


class Page(Struct, frozen=True):
    """One page as it was decoded, what each of its lines is, and the articles made of them.

    `name` is the file's name relative to the input folder, `text` the decoded file with its line ends as they stand,
    without a byte-order mark; `encoding` is `utf-8`, `utf-8-sig` or `gb18030`.
    """

    id: str
    name: str
    encoding: str
    date: str | None
    text: str
    lines: tuple[Line, ...]
    articles: tuple[Article, ...]


# ------------------------------------------------- what stages find in one document


class Mention(Struct, frozen=True, order=True, array_like=True):
    """A typed span of the article text. `value` is its normalized value where there is one."""

    start: int
    end: int
    label: str
    probability: float = 1.0
    value: Any = None
    source: str = ""


class Relation(Struct, frozen=True, order=True, array_like=True):
    """A typed, directed edge between two mentions, which it names by their offsets."""

    head: Offsets
    tail: Offsets
    type: str
    probability: float = 1.0
    source: str = ""


class Role(Struct, frozen=True, order=True, array_like=True):
    """An edge from an event's trigger to a mention."""

    role: str
    mention: Offsets
    probability: float = 1.0


class Event(Struct, frozen=True, order=True, array_like=True):
    """A trigger with its type, its status and its role edges."""

    start: int
    end: int
    type: str
    probability: float = 1.0
    status: str = "done"
    roles: tuple[Role, ...] = ()
    source: str = ""


class Entity(Struct, frozen=True, order=True, array_like=True):
    """The mentions of one person, body or place in one article, with its fullest name."""

    mentions: tuple[Offsets, ...]
    label: str
    name: str
    source: str = ""


class Fact(Struct, frozen=True, order=True, array_like=True):
    """What several edges say together. A slot may stand there several times; `tells` are its plain values.

    `relations` and `events` are the edges that say it: (head, tail, type), and the triggers' offsets.
    """

    type: str
    slots: tuple[tuple[str, Offsets], ...]
    tells: tuple[tuple[str, str], ...] = ()
    relations: tuple[tuple[Offsets, Offsets, str], ...] = ()
    events: tuple[Offsets, ...] = ()
    probability: float = 1.0
    source: str = ""


# ------------------------------------------------------------- the record


class MentionRecord(Struct, frozen=True):
    id: str
    start: int
    end: int
    label: str
    text: str
    entity: str | None
    value: Any
    source: str
    probability: float


class EntityRecord(Struct, frozen=True):
    id: str
    label: str
    name: str
    mentions: tuple[str, ...]


class RelationRecord(Struct, frozen=True):
    """`inferred` says that the text names one end only by a word such as 该公司, or in another sentence."""

    id: str
    type: str
    head: str = field(name="from")
    tail: str = field(name="to")
    sentence: int
    source: str
    probability: float
    inferred: bool = False


class RoleRecord(Struct, frozen=True):
    role: str
    mention: str
    probability: float


class EventRecord(Struct, frozen=True):
    id: str
    type: str
    start: int
    end: int
    text: str
    source: str
    probability: float
    status: str
    roles: tuple[RoleRecord, ...]


class Record(Struct, frozen=True):
    """Everything known of one article: one line of `records.jsonl`, keys in this order."""

    schema: Literal["baozhi/1"]
    id: str
    page: str | None
    kind: str
    title: str | None
    date: str | None
    byline: tuple[str, ...]
    text: str
    page_map: tuple[Run, ...]
    sentences: tuple[Offsets, ...]
    tokens: tuple[Offsets, ...]
    mentions: tuple[MentionRecord, ...]
    entities: tuple[EntityRecord, ...]
    relations: tuple[RelationRecord, ...]
    events: tuple[EventRecord, ...]
    facts: tuple[dict[str, Any], ...]


class LineRecord(Struct, frozen=True):
    line: int
    start: int
    end: int
    role: str
    article: int | None
    joins: bool
    text: str


class PageRecord(Struct, frozen=True):
    """What became of one page: one line of `pages.jsonl`. Lines that belong to no article are kept here."""

    schema: Literal["baozhi-page/1"]
    id: str
    page: str
    encoding: str
    date: str | None
    characters: int
    articles: tuple[str, ...]
    lines: tuple[LineRecord, ...]


def record_schema() -> dict[str, Any]:
    """Give the JSON Schema of one line of `records.jsonl`."""
    return msgspec.json.schema(Record)


def encode_line(value: Any) -> bytes:
    """Encode one value as one line of JSON in UTF-8, without ASCII escapes, with its line feed."""
    return msgspec.json.encode(value) + b"\n"


def article_of(record: Record) -> Article:
    """Give back the article that a record was made of, with its way to the page."""
    return Article(
        id=record.id, page=record.page, kind=record.kind, title=record.title, date=record.date, byline=record.byline,
        text=record.text, page_map=record.page_map,
    )  # fmt: skip
