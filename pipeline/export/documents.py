"""An article as a person marks it: labelled stretches of text, and labelled edges between them.

Reads records; gives the marks back. Every event is kept: its trigger is a span labelled with its type, its roles are
edges from that span to mentions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from msgspec import Struct

from pipeline.errors import unknown
from pipeline.records import (
    EVENT_ROLES,
    EVENT_TYPES,
    MENTION_LABELS,
    RELATION_TYPES,
    Event,
    Mention,
    Record,
    Relation,
    Role,
)

SPAN_LABELS = (*MENTION_LABELS, *EVENT_TYPES)
EDGE_LABELS = (*RELATION_TYPES, *EVENT_ROLES)
HASH_DIGITS = 16


class Span(Struct, frozen=True, order=True, array_like=True):
    """A labelled stretch of the text, in code points."""

    start: int
    end: int
    label: str


class Edge(Struct, frozen=True, order=True, array_like=True):
    """A labelled edge between two spans."""

    head: Span
    tail: Span
    label: str


class Document(Struct, frozen=True):
    """One article with its labels; spans and edges are sets in the order of the text."""

    id: str
    page: str | None
    text: str
    spans: tuple[Span, ...]
    edges: tuple[Edge, ...]

    def __post_init__(self) -> None:
        if list(self.spans) != sorted(set(self.spans)) or list(self.edges) != sorted(set(self.edges)):
            raise ValueError(f"the spans or edges of {self.id!r} are not in order, or stand there twice")

    @property
    def text_hash(self) -> str:
        """Tell the text apart from any other."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]

    @property
    def fingerprint(self) -> str:
        """Tell the text with these labels apart from any other."""
        labels = json.dumps([self.text_hash, _plain(self.spans), _plain(self.edges)], separators=(",", ":"))
        return hashlib.sha256(labels.encode("ascii")).hexdigest()[:HASH_DIGITS]


def document(id: str, page: str | None, text: str, spans: Iterable[Span], edges: Iterable[Edge]) -> Document:
    """Give a document with its spans and edges in order, each once."""
    return Document(id, page, text, tuple(sorted(set(spans))), tuple(sorted(set(edges))))


def to_document(
    id: str,
    page: str | None,
    text: str,
    *,
    mentions: Iterable[Mention],
    relations: Iterable[Relation],
    events: Iterable[Event],
) -> Document:
    """Turn the marks of an article into spans and edges.

    Raises:
        KeyError: an edge ends at no mention.
    """
    spans = {(m.start, m.end): Span(m.start, m.end, m.label) for m in mentions}
    edges = [Edge(spans[r.head], spans[r.tail], r.type) for r in relations]
    triggers = []
    for event in events:
        trigger = Span(event.start, event.end, event.type)
        triggers.append(trigger)
        edges += [Edge(trigger, spans[role.mention], role.role) for role in event.roles]
    return document(id, page, text, [*spans.values(), *triggers], edges)


def document_of(record: Record) -> Document:
    """Turn a record into spans and edges."""
    at = {mention.id: (mention.start, mention.end) for mention in record.mentions}
    return to_document(
        record.id, record.page, record.text,
        mentions=(Mention(m.start, m.end, m.label) for m in record.mentions),
        relations=(Relation(at[r.head], at[r.tail], r.type) for r in record.relations),
        events=(
            Event(e.start, e.end, e.type, roles=tuple(Role(r.role, at[r.mention]) for r in e.roles))
            for e in record.events
        ),
    )  # fmt: skip


def marks_of(document: Document) -> tuple[tuple[Mention, ...], tuple[Relation, ...], tuple[Event, ...]]:
    """Turn spans and edges into the marks of an article; what `faults` lists must be mended before."""
    roles: dict[Span, list[Role]] = {span: [] for span in document.spans if span.label in EVENT_TYPES}
    for edge in document.edges:
        if edge.label in EVENT_ROLES:
            roles[edge.head].append(Role(edge.label, (edge.tail.start, edge.tail.end)))
    return (
        tuple(Mention(s.start, s.end, s.label) for s in document.spans if s.label in MENTION_LABELS),
        tuple(
            Relation((edge.head.start, edge.head.end), (edge.tail.start, edge.tail.end), edge.label)
            for edge in document.edges
            if edge.label in RELATION_TYPES
        ),
        tuple(Event(t.start, t.end, t.label, roles=tuple(sorted(found))) for t, found in roles.items()),
    )


def faults(document: Document) -> Iterator[str]:
    """List what the scheme cannot hold: other labels, overlapping mentions, edges of the wrong kind."""
    for span in document.spans:
        if span.label not in SPAN_LABELS:
            yield f"{unknown('label', span.label, SPAN_LABELS)}; it marks {show(document, span)}"
    flat = [span for span in document.spans if span.label in MENTION_LABELS]
    for before, after in pairwise(flat):
        if after.start < before.end:
            yield f"the mentions {show(document, before)} and {show(document, after)} overlap: the longest name wins"
    for edge in document.edges:
        said = f"{show(document, edge.head)} → {show(document, edge.tail)}"
        if edge.label not in EDGE_LABELS:
            yield f"{unknown('relation', edge.label, EDGE_LABELS)}; it joins {said}"
        elif edge.label in RELATION_TYPES and not {edge.head.label, edge.tail.label} <= set(MENTION_LABELS):
            yield f"{edge.label} joins mentions; here it joins {said}"
        elif edge.label in EVENT_ROLES and not (edge.head.label in EVENT_TYPES and edge.tail.label in MENTION_LABELS):
            yield f"{edge.label} goes from a trigger to a mention; here it goes from {said}"


def show(document: Document, span: Span) -> str:
    """Say a span in words: `PER 范贺平@93`."""
    return f"{span.label} {document.text[span.start : span.end]}@{span.start}".replace("\n", "⏎")


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return [value.start, value.end, value.label]
    if isinstance(value, Edge):
        return [_plain(value.head), _plain(value.tail), value.label]
    return [_plain(part) for part in value]
