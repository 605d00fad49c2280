"""Turn a record into what the page shows of it, with offsets in UTF-16 code units.

Reads a record; gives an article with its mentions, and with facts, relations and events that know their evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.export.lookup import FilledFact, Lookup
from pipeline.export.utf16 import CodeUnits
from pipeline.reader.values import amount_of, day_of, say_value
from pipeline.reader.view import NONE, ArticleView, ItemView, MentionView, PlaceView, SlotView, SpanView
from pipeline.records import EventRecord, MentionRecord, Record, RelationRecord

STATUS_SLOTS = ("status", "stage")  # of a fact: shown as its status


class ArticleParts:
    """The parts of one record, each in the way that the page takes them."""

    def __init__(self, record: Record, names: dict[str, int]) -> None:
        self.record = record
        self._lookup = Lookup(record)
        self._units = CodeUnits(record.text)
        self._names = names
        self._numbers = {mention.id: number for number, mention in enumerate(record.mentions)}

    def view(self, page: int, places: Iterable[PlaceView]) -> ArticleView:
        """Put the parts together; facts come first, then events, then relations, each in the record's order."""
        record = self.record
        items = [self._fact(fact) for fact in self._lookup.facts()]
        items += [self._event(event) for event in record.events]
        items += [self._relation(relation) for relation in record.relations]
        return ArticleView(
            id=record.id, page=page, kind=record.kind, title=record.title, date=record.date, byline=record.byline,
            text=record.text, places=tuple(places), mentions=tuple(map(self._mention, record.mentions)),
            items=tuple(items),
        )  # fmt: skip

    def _mention(self, mention: MentionRecord) -> MentionView:
        return MentionView(
            *self._place(mention), mention.label, self._names[mention.id], say_value(mention.value), mention.source,
            mention.probability,
        )  # fmt: skip

    def _place(self, part: MentionRecord | EventRecord) -> tuple[int, int]:
        return self._units.of(part.start), self._units.of(part.end)

    def _span(self, part: MentionRecord | EventRecord, role: str) -> SpanView:
        return SpanView(*self._place(part), role)

    def _slot(self, name: str, mention: MentionRecord) -> SlotView:
        return SlotView(name, self._numbers[mention.id], mention.text)

    def _relation(self, relation: RelationRecord) -> ItemView:
        head, tail = self._lookup.ends(relation)
        return self._item(
            "relation", relation, (self._slot("from", head), self._slot("to", tail)),
            [self._span(head, "from"), self._span(tail, "to")], (head, tail), inferred=relation.inferred,
        )  # fmt: skip

    def _event(self, event: EventRecord) -> ItemView:
        fillers = [(role.role, self._lookup.mentions[role.mention]) for role in event.roles]
        return self._item(
            "event", event,
            (SlotView("trigger", NONE, event.text), *(self._slot(name, mention) for name, mention in fillers)),
            [self._span(event, "trigger"), *(self._span(mention, name) for name, mention in fillers)],
            [mention for _, mention in fillers], status=event.status,
        )  # fmt: skip

    def _fact(self, fact: FilledFact) -> ItemView:
        status = next((say_value(slot.value) for slot in fact.slots if slot.name in STATUS_SLOTS), None)
        slots = [
            self._slot(slot.name, slot.mention)
            if slot.mention
            else SlotView(slot.name, NONE, say_value(slot.value) or "")
            for slot in fact.slots
            if slot.name not in STATUS_SLOTS
        ]
        spans = [self._span(slot.mention, slot.name) for slot in fact.slots if slot.mention]
        seen = {(span.start, span.end) for span in spans}
        for span in self._evidence(fact):
            if (span.start, span.end) not in seen:
                seen.add((span.start, span.end))
                spans.append(span)
        told = [slot.mention for slot in fact.slots if slot.mention]
        for id in fact.evidence:
            if id in self._lookup.events:
                told += [self._lookup.mentions[role.mention] for role in self._lookup.events[id].roles]
        as_of = next((slot.value for slot in fact.slots if slot.name == "as_of"), None)
        return self._item("fact", fact, tuple(slots), spans, told, status=status, day=day_of(as_of))

    def _evidence(self, fact: FilledFact) -> Iterator[SpanView]:
        lookup = self._lookup
        for id in fact.evidence:
            if id in lookup.relations:
                yield from (self._span(mention, "") for mention in lookup.ends(lookup.relations[id]))
            elif id in lookup.events:
                yield self._span(lookup.events[id], "trigger")
            elif id in lookup.mentions:
                yield self._span(lookup.mentions[id], "")

    def _item(
        self, layer: str, found: Any, slots: tuple[SlotView, ...], spans: list[SpanView],
        mentions: Iterable[MentionRecord], *, status: str | None = None, inferred: bool = False, day: str = "",
    ) -> ItemView:  # fmt: skip
        mentions = list(mentions)
        days = [day] + [day_of(mention.value) for mention in mentions if mention.label == "DATE"]
        told = next(filter(None, days), "")
        amounts = [amount_of(mention.value) for mention in mentions if mention.label == "MONEY"]
        return ItemView(
            layer=layer, type=found.type, status=status, source=found.source, probability=found.probability,
            inferred=inferred, slots=slots, spans=tuple(spans), day=told or day_of(self.record.date),
            printed=not told, amount=next((amount for amount in amounts if amount is not None), None),
        )  # fmt: skip
