"""Look things up in one record: what a fact's slots name, where something stands on the page, which sentence says it.

Reads a record; writes nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from pipeline.records import EventRecord, MentionRecord, Offsets, Record, RelationRecord, article_of

OWN_KEYS = frozenset({"type", "id", "evidence", "probability", "source"})  # of a fact; all other keys are its slots
Evidence = MentionRecord | RelationRecord | EventRecord


class Slot(Struct, frozen=True):
    """One filler of a slot: a mention, or a plain value such as `planned`; of a mention, `value` is its own."""

    name: str
    value: Any
    mention: MentionRecord | None

    @property
    def text(self) -> str | None:
        """Give what the text says, where the filler is a mention."""
        return None if self.mention is None else self.mention.text


class FilledFact(Struct, frozen=True):
    """A fact with its slots filled in; `id` is unique in its record."""

    id: str
    type: str
    slots: tuple[Slot, ...]
    evidence: tuple[str, ...]
    probability: float | None
    source: str | None


class Lookup:
    """One record, and the ways from one part of it to another."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.mentions = {mention.id: mention for mention in record.mentions}
        self.entities = {entity.id: entity for entity in record.entities}
        self.relations = {relation.id: relation for relation in record.relations}
        self.events = {event.id: event for event in record.events}
        self._article = article_of(record)
        self._sentence_starts = [start for start, _ in record.sentences]

    def to_page(self, start: int, end: int) -> tuple[Offsets, ...]:
        """Give the pieces of the page on which `text[start:end]` stands."""
        return self._article.to_page(start, end)

    def sentence(self, offset: int) -> Offsets:
        """Give the sentence around an offset; the whole text where nothing has cut it."""
        if not self._sentence_starts:
            return (0, len(self.record.text))
        return self.record.sentences[max(bisect_right(self._sentence_starts, offset) - 1, 0)]

    def sentence_text(self, *offsets: int) -> str:
        """Give the text of the sentences around some offsets, each once, in the order of the text."""
        found = sorted({self.sentence(offset) for offset in offsets})
        return " ".join(self.record.text[start:end] for start, end in found)

    def ends(self, relation: RelationRecord) -> tuple[MentionRecord, MentionRecord]:
        """Give the two mentions that a relation joins."""
        return self.mentions[relation.head], self.mentions[relation.tail]

    def facts(self) -> Iterator[FilledFact]:
        """Give the facts. A fact without an id is named by its type and mentions: `official_post-m3-5-m7-9`."""
        taken: dict[str, int] = {}
        for fact in self.record.facts:
            slots = tuple(self._slots(fact))
            name = str(fact.get("id") or "-".join([fact["type"], *(s.mention.id for s in slots if s.mention)]))
            taken[name] = taken.get(name, 0) + 1
            yield FilledFact(
                id=name if taken[name] == 1 else f"{name}-{taken[name]}", type=fact["type"], slots=slots,
                evidence=tuple(str(id) for id in fact.get("evidence") or ()), probability=fact.get("probability"),
                source=fact.get("source"),
            )  # fmt: skip

    def _slots(self, fact: dict[str, Any]) -> Iterator[Slot]:
        for name, filler in fact.items():
            if name not in OWN_KEYS:
                for value in filler if isinstance(filler, list) else [filler]:
                    mention = self.mentions.get(value) if isinstance(value, str) else None
                    yield Slot(name, mention.value if mention else value, mention)

    def places(self, fact: FilledFact) -> list[int]:
        """Give the offsets that a fact stands on: those of its mentions, then of its evidence."""
        found = [slot.mention.start for slot in fact.slots if slot.mention]
        for id in fact.evidence:
            if id in self.relations:
                found += [mention.start for mention in self.ends(self.relations[id])]
            elif id in self.events or id in self.mentions:
                found.append((self.events.get(id) or self.mentions[id]).start)
        return found
