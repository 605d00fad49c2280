"""Make the knowledge record of one Doc: a pure function of what the stages wrote.

Reads every layer of the Doc; writes nothing into it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from spacy.tokens import Doc

from pipeline.doc import sentence_starts, text_of, word_offsets
from pipeline.export.inferred import is_inferred
from pipeline.records import (
    SCHEMA,
    Article,
    Entity,
    EntityRecord,
    Event,
    EventRecord,
    Fact,
    Mention,
    MentionRecord,
    Offsets,
    Record,
    Relation,
    RelationRecord,
    RoleRecord,
)  # fmt: skip

PROBABILITY_DIGITS = 4  # rounding makes the bytes the same on machines whose last bits differ


def record_of(doc: Doc) -> Record:
    """Give the record of one article: ids are made of offsets, so two runs give the same bytes.

    An edge whose end is no mention of the merged layer is left out: it would point to nothing. So is a fact that names
    such an end, or whose evidence has been left out.
    """
    article: Article = doc._.article
    mentions: Sequence[Mention] = doc._.mentions
    entities: Sequence[Entity] = doc._.entities
    known = {(mention.start, mention.end) for mention in mentions}
    entity_ids = {offsets: f"e{n}" for n, entity in enumerate(entities, 1) for offsets in entity.mentions}
    sentences = sentence_offsets(doc)
    starts = [start for start, _ in sentences]
    text = article.text
    relations = tuple(_relation_records(doc._.relations, text, known, starts))
    events: Sequence[Event] = doc._.events
    told = {relation.id for relation in relations} | {event_id((event.start, event.end)) for event in events}
    return Record(
        schema=SCHEMA, id=article.id, page=article.page, kind=article.kind, title=article.title, date=article.date,
        byline=article.byline, text=text, page_map=article.page_map, sentences=sentences,
        tokens=word_offsets(doc),
        mentions=tuple(_mention_record(mention, text, entity_ids) for mention in mentions),
        entities=tuple(
            EntityRecord(f"e{n}", entity.label, entity.name, tuple(mention_id(o) for o in entity.mentions))
            for n, entity in enumerate(entities, 1)
        ),
        relations=relations, events=tuple(_event_record(event, text, known) for event in events),
        facts=tuple(_fact_records(doc._.facts, known, told)),
    )  # fmt: skip


def mention_id(offsets: Offsets) -> str:
    """Name a mention by its place: `m25-37`."""
    return f"m{offsets[0]}-{offsets[1]}"


def relation_id(head: Offsets, tail: Offsets, kind: str) -> str:
    """Name a relation by its ends: `r25-37-position_held-40-43`."""
    return f"r{head[0]}-{head[1]}-{kind}-{tail[0]}-{tail[1]}"


def event_id(trigger: Offsets) -> str:
    """Name an event by its trigger: `v38-40`."""
    return f"v{trigger[0]}-{trigger[1]}"


def sentence_offsets(doc: Doc) -> tuple[Offsets, ...]:
    """Give the sentences' offsets without blanks at their ends; the whole text where no stage has cut it."""
    text, starts = text_of(doc), sentence_starts(doc)
    if not starts:
        return ((0, len(text)),) if text else ()
    offsets = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        sentence = text[start:end]
        first, last = start + len(sentence) - len(sentence.lstrip()), start + len(sentence.rstrip())
        if first < last:
            offsets.append((first, last))
    return tuple(offsets)


def _mention_record(mention: Mention, text: str, entity_ids: dict[Offsets, str]) -> MentionRecord:
    offsets = (mention.start, mention.end)
    return MentionRecord(
        id=mention_id(offsets), start=mention.start, end=mention.end, label=mention.label,
        text=text[mention.start : mention.end], entity=entity_ids.get(offsets), value=mention.value,
        source=mention.source, probability=round(mention.probability, PROBABILITY_DIGITS),
    )  # fmt: skip


def _relation_records(
    relations: Iterable[Relation], text: str, known: set[Offsets], sentence_starts: Sequence[int]
) -> Iterator[RelationRecord]:
    seen: set[tuple[Offsets, Offsets, str]] = set()
    mentions = sorted(known)
    for relation in sorted(relations, key=lambda r: (r.head, r.tail, r.type, -r.probability, r.source)):
        edge = (relation.head, relation.tail, relation.type)
        if relation.head in known and relation.tail in known and edge not in seen:
            seen.add(edge)  # an edge that several sources found is one relation, that of the surest
            yield RelationRecord(
                id=relation_id(*edge), type=relation.type, head=mention_id(relation.head),
                tail=mention_id(relation.tail), sentence=max(bisect_right(sentence_starts, relation.head[0]) - 1, 0),
                source=relation.source, probability=round(relation.probability, PROBABILITY_DIGITS),
                inferred=is_inferred(relation, text, sentence_starts, mentions),
            )  # fmt: skip


def _fact_records(facts: Iterable[Fact], known: set[Offsets], told: set[str]) -> Iterator[dict[str, Any]]:
    """Give facts as flat tables: a slot names its mention, or a list of them where it has several."""
    for fact in facts:
        evidence = [relation_id(*edge) for edge in fact.relations] + [event_id(trigger) for trigger in fact.events]
        if not told.issuperset(evidence) or not known.issuperset(offsets for _, offsets in fact.slots):
            continue
        slots: dict[str, list[str]] = {}
        for name, offsets in fact.slots:
            slots.setdefault(name, []).append(mention_id(offsets))
        yield {
            "type": fact.type, **{name: ids if len(ids) > 1 else ids[0] for name, ids in slots.items()},
            **dict(fact.tells), "evidence": evidence, "probability": round(fact.probability, PROBABILITY_DIGITS),
            "source": fact.source,
        }  # fmt: skip


def _event_record(event: Event, text: str, known: set[Offsets]) -> EventRecord:
    return EventRecord(
        id=event_id((event.start, event.end)), type=event.type, start=event.start, end=event.end,
        text=text[event.start : event.end], source=event.source,
        probability=round(event.probability, PROBABILITY_DIGITS), status=event.status,
        roles=tuple(
            RoleRecord(role.role, mention_id(role.mention), round(role.probability, PROBABILITY_DIGITS))
            for role in event.roles
            if role.mention in known
        ),
    )  # fmt: skip
