"""Make the knowledge record of one Doc: a pure function of what the stages wrote.

Reads every layer of the Doc; writes nothing into it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc

from pipeline.records import (
    SCHEMA,
    Article,
    Entity,
    EntityRecord,
    Event,
    EventRecord,
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

    An edge whose end is no mention of the merged layer is left out: it would point to nothing.
    """
    article: Article = doc._.article
    mentions: Sequence[Mention] = doc._.mentions
    entities: Sequence[Entity] = doc._.entities
    known = {(mention.start, mention.end) for mention in mentions}
    entity_ids = {offsets: f"e{n}" for n, entity in enumerate(entities, 1) for offsets in entity.mentions}
    sentences = sentence_offsets(doc)
    starts = [start for start, _ in sentences]
    text = article.text
    return Record(
        schema=SCHEMA, id=article.id, page=article.page, kind=article.kind, title=article.title, date=article.date,
        byline=article.byline, text=text, page_map=article.page_map, sentences=sentences,
        tokens=tuple((token.idx, token.idx + len(token)) for token in doc if not token.is_space),
        mentions=tuple(_mention_record(mention, text, entity_ids) for mention in mentions),
        entities=tuple(
            EntityRecord(f"e{n}", entity.label, entity.name, tuple(mention_id(o) for o in entity.mentions))
            for n, entity in enumerate(entities, 1)
        ),
        relations=tuple(_relation_records(doc._.relations, known, starts)),
        events=tuple(_event_record(event, text, known) for event in doc._.events),
        facts=(),
    )  # fmt: skip


def mention_id(offsets: Offsets) -> str:
    """Name a mention by its place: `m25-37`."""
    return f"m{offsets[0]}-{offsets[1]}"


def sentence_offsets(doc: Doc) -> tuple[Offsets, ...]:
    """Give the sentences' offsets without blanks at their ends; the whole text where no stage has cut it."""
    if not doc.has_annotation("SENT_START"):
        return ((0, len(doc.text)),) if doc.text else ()
    offsets = []
    for sentence in doc.sents:
        text = sentence.text
        start = sentence.start_char + len(text) - len(text.lstrip())
        end = sentence.start_char + len(text.rstrip())
        if start < end:
            offsets.append((start, end))
    return tuple(offsets)


def _mention_record(mention: Mention, text: str, entity_ids: dict[Offsets, str]) -> MentionRecord:
    offsets = (mention.start, mention.end)
    return MentionRecord(
        id=mention_id(offsets), start=mention.start, end=mention.end, label=mention.label,
        text=text[mention.start : mention.end], entity=entity_ids.get(offsets), value=mention.value,
        source=mention.source, probability=round(mention.probability, PROBABILITY_DIGITS),
    )  # fmt: skip


def _relation_records(
    relations: Iterable[Relation], known: set[Offsets], sentence_starts: Sequence[int]
) -> Iterable[RelationRecord]:
    seen: set[tuple[Offsets, Offsets, str]] = set()
    for relation in sorted(relations, key=lambda r: (r.head, r.tail, r.type, -r.probability, r.source)):
        edge = (relation.head, relation.tail, relation.type)
        if relation.head in known and relation.tail in known and edge not in seen:
            seen.add(edge)  # an edge that several sources found is one relation, that of the surest
            (a, b), (c, d) = relation.head, relation.tail
            yield RelationRecord(
                id=f"r{a}-{b}-{relation.type}-{c}-{d}", type=relation.type, head=mention_id(relation.head),
                tail=mention_id(relation.tail), sentence=max(bisect_right(sentence_starts, a) - 1, 0),
                source=relation.source, probability=round(relation.probability, PROBABILITY_DIGITS),
            )  # fmt: skip


def _event_record(event: Event, text: str, known: set[Offsets]) -> EventRecord:
    return EventRecord(
        id=f"v{event.start}-{event.end}", type=event.type, start=event.start, end=event.end,
        text=text[event.start : event.end], source=event.source,
        probability=round(event.probability, PROBABILITY_DIGITS), status=event.status,
        roles=tuple(
            RoleRecord(role.role, mention_id(role.mention), round(role.probability, PROBABILITY_DIGITS))
            for role in event.roles
            if role.mention in known
        ),
    )  # fmt: skip
