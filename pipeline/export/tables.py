"""The flat tables of records, whatever file they are put into: their columns with kinds, and their rows.

Reads a record; writes nothing. Every row has the id of its article; mentions, entities, relations, events and facts
are unique by that id and their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from pipeline.export.lookup import Lookup

Kind = Literal["text", "texts", "integer", "decimal", "flag", "offsets", "json"]
Row = tuple[Any, ...]


class Table(NamedTuple):
    """A table: its columns in order, each with its kind, and the rows that one record gives."""

    columns: dict[str, Kind]
    rows: Callable[[Lookup], Iterator[Row]]


def _articles(at: Lookup) -> Iterator[Row]:
    r = at.record
    yield r.id, r.page, r.kind, r.title, r.date, r.byline, r.text


def _mentions(at: Lookup) -> Iterator[Row]:
    for m in at.record.mentions:
        page = at.to_page(m.start, m.end)
        yield at.record.id, m.id, m.label, m.text, m.start, m.end, page, m.entity, m.value, m.source, m.probability


def _entities(at: Lookup) -> Iterator[Row]:
    for entity in at.record.entities:
        yield at.record.id, entity.id, entity.label, entity.name, entity.mentions


def _relations(at: Lookup) -> Iterator[Row]:
    for r in at.record.relations:
        head, tail = at.ends(r)
        yield (
            at.record.id, r.id, r.type, head.id, head.text, at.to_page(head.start, head.end), tail.id, tail.text,
            at.to_page(tail.start, tail.end), at.sentence_text(head.start, tail.start), r.inferred, r.source, r.probability,
        )  # fmt: skip


def _events(at: Lookup) -> Iterator[Row]:
    for e in at.record.events:
        yield (
            at.record.id, e.id, e.type, e.status, e.text, e.start, e.end, at.to_page(e.start, e.end),
            at.sentence_text(e.start), e.source, e.probability,
        )  # fmt: skip


def _roles(at: Lookup) -> Iterator[Row]:
    for event in at.record.events:
        for role in event.roles:
            mention = at.mentions[role.mention]
            page = at.to_page(mention.start, mention.end)
            yield at.record.id, event.id, event.type, role.role, mention.id, mention.text, page, role.probability


def _facts(at: Lookup) -> Iterator[Row]:
    for fact in at.facts():
        sentence = at.sentence_text(*at.places(fact)) if at.places(fact) else None
        yield at.record.id, fact.id, fact.type, fact.evidence, sentence, fact.source, fact.probability


def _slots(at: Lookup) -> Iterator[Row]:
    for fact in at.facts():
        for slot in fact.slots:
            m = slot.mention
            if m is None:
                yield at.record.id, fact.id, fact.type, slot.name, None, None, slot.value, None, ()
            else:
                page = at.to_page(m.start, m.end)
                yield at.record.id, fact.id, fact.type, slot.name, m.text, m.id, m.value, m.entity, page


TABLES: dict[str, Table] = {
    "articles": Table(
        {"article": "text", "page": "text", "kind": "text", "title": "text", "date": "text", "byline": "texts",
         "text": "text"},
        _articles,
    ),
    "mentions": Table(
        {"article": "text", "mention": "text", "label": "text", "text": "text", "start": "integer", "end": "integer",
         "page_offsets": "offsets", "entity": "text", "value": "json", "source": "text", "probability": "decimal"},
        _mentions,
    ),
    "entities": Table(
        {"article": "text", "entity": "text", "label": "text", "name": "text", "mentions": "texts"}, _entities
    ),
    "relations": Table(
        {"article": "text", "relation": "text", "type": "text", "from": "text", "from_text": "text",
         "from_page_offsets": "offsets", "to": "text", "to_text": "text", "to_page_offsets": "offsets",
         "sentence": "text", "inferred": "flag", "source": "text", "probability": "decimal"},
        _relations,
    ),
    "events": Table(
        {"article": "text", "event": "text", "type": "text", "status": "text", "text": "text", "start": "integer",
         "end": "integer", "page_offsets": "offsets", "sentence": "text", "source": "text", "probability": "decimal"},
        _events,
    ),
    "roles": Table(
        {"article": "text", "event": "text", "type": "text", "role": "text", "mention": "text", "text": "text",
         "page_offsets": "offsets", "probability": "decimal"},
        _roles,
    ),
    "facts": Table(
        {"article": "text", "fact": "text", "type": "text", "evidence": "texts", "sentence": "text", "source": "text",
         "probability": "decimal"},
        _facts,
    ),
    "slots": Table(
        {"article": "text", "fact": "text", "type": "text", "slot": "text", "text": "text", "mention": "text",
         "value": "json", "entity": "text", "page_offsets": "offsets"},
        _slots,
    ),
}  # fmt: skip
