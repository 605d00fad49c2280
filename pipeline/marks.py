"""Hand annotations as they lie in a file: one article a line, offsets into its text and on its page."""

from __future__ import annotations

from msgspec import Struct, field

from pipeline.records import Offsets, Run
from pipeline.scheme import EXHAUSTIVE_LABELS

Pieces = tuple[Offsets, ...]


class MentionMark(Struct, frozen=True, order=True):
    """A marked mention; `page` are the pieces of the page that it stands on."""

    start: int
    end: int
    label: str
    page: Pieces = ()


class RelationMark(Struct, frozen=True, order=True):
    """A marked edge between two mentions, named by their offsets."""

    type: str
    head: Offsets = field(name="from")
    tail: Offsets = field(name="to")


class RoleMark(Struct, frozen=True, order=True):
    """A marked role of an event."""

    role: str
    mention: Offsets


class EventMark(Struct, frozen=True, order=True):
    """A marked trigger with its type and roles."""

    type: str
    start: int
    end: int
    roles: tuple[RoleMark, ...] = ()
    page: Pieces = ()


class AnnotatedArticle(Struct, frozen=True, kw_only=True):
    """All marks of one article. `layers` names the labels whose every mention is marked."""

    id: str
    page: str | None = None
    layers: tuple[str, ...] = EXHAUSTIVE_LABELS
    text: str
    page_map: tuple[Run, ...] = ()
    mentions: tuple[MentionMark, ...]
    relations: tuple[RelationMark, ...]
    events: tuple[EventMark, ...]
