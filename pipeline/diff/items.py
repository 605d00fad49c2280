"""Read a record as things that can be matched with those of another run, each by its places in the text.

Reads a record; writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from msgspec import Struct

from pipeline.diff.places import Place
from pipeline.export.lookup import FilledFact, Lookup

FindPlace = Callable[[int, int], Place]


class Item(Struct, frozen=True):
    """One thing of a layer.

    `keys` say what it is, the strictest first: a relation is the same one if ends and type are, else perhaps if its ends are.
    `parts` are compared, each by its first value and shown by its second.
    """

    keys: tuple[Hashable, ...]
    type: str
    text: str
    start: int
    end: int
    probability: float | None
    parts: dict[str, tuple[Any, Any]]


def mention_items(at: Lookup, place: FindPlace) -> Iterator[Item]:
    """Give the mentions; one is the same where its place is."""
    for m in at.record.mentions:
        entity = at.entities.get(m.entity or "")
        name = entity.name if entity else None
        parts = {"label": (m.label, m.label), "value": _same(m.value), "entity": _same(name)}
        yield Item((place(m.start, m.end),), m.label, m.text, m.start, m.end, m.probability, parts)


def entity_items(at: Lookup, place: FindPlace) -> Iterator[Item]:
    """Give the entities; one is the same where its mentions are, else where its name is."""
    for entity in at.record.entities:
        found = sorted((at.mentions[id] for id in entity.mentions), key=lambda m: m.start)
        places = frozenset(place(m.start, m.end) for m in found)
        parts = {
            "name": _same(entity.name),
            "label": _same(entity.label),
            "mentions": (places, [m.text for m in found]),
        }
        start, end = (found[0].start, found[0].end) if found else (0, 0)
        yield Item((places, (entity.label, entity.name)), entity.label, entity.name, start, end, None, parts)


def relation_items(at: Lookup, place: FindPlace) -> Iterator[Item]:
    """Give the relations; one is the same where its ends and type are, else where its ends are."""
    for r in at.record.relations:
        head, tail = at.ends(r)
        ends = (place(head.start, head.end), place(tail.start, tail.end))
        text = f"{head.text} → {tail.text}"
        parts = {"type": _same(r.type), "inferred": _same(r.inferred)}
        yield Item(((*ends, r.type), ends), r.type, text, head.start, head.end, r.probability, parts)


def event_items(at: Lookup, place: FindPlace) -> Iterator[Item]:
    """Give the events; one is the same where its trigger and type are, else where its trigger is."""
    for e in at.record.events:
        trigger = place(e.start, e.end)
        fillers = [(role.role, at.mentions[role.mention]) for role in e.roles]
        roles = frozenset((role, place(m.start, m.end)) for role, m in fillers)
        parts = {
            "type": _same(e.type), "status": _same(e.status),
            "roles": (roles, sorted(f"{role} {m.text}" for role, m in fillers)),
        }  # fmt: skip
        yield Item(((trigger, e.type), trigger), e.type, e.text, e.start, e.end, e.probability, parts)


def fact_items(at: Lookup, place: FindPlace) -> Iterator[Item]:
    """Give the facts; one is the same where its type and all its mentions are, else where that of its first slot is."""
    for fact in at.facts():
        placed = [(s.name, place(s.mention.start, s.mention.end)) for s in fact.slots if s.mention]
        keys: list[Hashable] = [(fact.type, frozenset(placed))]
        if placed:
            keys.append((fact.type, *placed[0]))
        start, end = next(((s.mention.start, s.mention.end) for s in fact.slots if s.mention), (0, 0))
        yield Item(tuple(keys), fact.type, _say(fact), start, end, fact.probability, _slot_parts(fact, place))


def _slot_parts(fact: FilledFact, place: FindPlace) -> dict[str, tuple[Any, Any]]:
    slots: dict[str, list[tuple[Any, Any]]] = {}
    for slot in fact.slots:
        m = slot.mention
        if m is not None or slot.value is not None:
            filler = (slot.value, slot.value) if m is None else (place(m.start, m.end), m.text)
            slots.setdefault(slot.name, []).append(filler)
    shown = {name: ([key for key, _ in fillers], [text for _, text in fillers]) for name, fillers in slots.items()}
    return {name: (keys, texts if len(texts) > 1 else texts[0]) for name, (keys, texts) in shown.items()}


def _say(fact: FilledFact) -> str:
    return ", ".join(f"{s.name} {s.value if s.text is None else s.text}" for s in fact.slots if s.text or s.value)


def _same(value: Any) -> tuple[Any, Any]:
    return value, value


ITEMS: dict[str, Callable[[Lookup, FindPlace], Iterator[Item]]] = {
    "mentions": mention_items,
    "entities": entity_items,
    "relations": relation_items,
    "events": event_items,
    "facts": fact_items,
}
