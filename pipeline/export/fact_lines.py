"""Facts as lines of JSON, each whole in itself: surfaces, normalized values, evidence.

Reads records; writes one JSONL file. Holds one record at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.export.formats import Format
from pipeline.export.lookup import FilledFact, Lookup, Slot
from pipeline.records import Record, encode_line
from pipeline.registries import export_formats


@export_formats("facts")
def make_fact_lines() -> Format:
    """Write one fact a line."""
    return Format(write=_write)


def _write(records: Iterable[Record], path: Path) -> None:
    with path.open("wb") as file:
        for record in records:
            file.writelines(encode_line(line) for line in fact_lines(record))


def fact_lines(record: Record) -> Iterator[dict[str, Any]]:
    """Give the facts of a record. A slot has a list of fillers; `sentences` are those that its mentions stand in."""
    lookup = Lookup(record)
    for fact in lookup.facts():
        slots: dict[str, list[dict[str, Any]]] = {}
        for slot in fact.slots:
            slots.setdefault(slot.name, []).append(_filler(slot, lookup))
        yield {
            "article": record.id, "page": record.page, "title": record.title, "date": record.date,
            "fact": fact.id, "type": fact.type, "probability": fact.probability, "source": fact.source, "slots": slots,
            "evidence": [_evidence(id, lookup) for id in fact.evidence], "sentences": list(_sentences(fact, lookup)),
        }  # fmt: skip


def _filler(slot: Slot, lookup: Lookup) -> dict[str, Any]:
    mention = slot.mention
    if mention is None:
        return {"value": slot.value}
    entity = lookup.entities.get(mention.entity or "")
    return {
        "text": mention.text, "label": mention.label, "value": mention.value, "mention": mention.id,
        "name": entity.name if entity else mention.text, "start": mention.start, "end": mention.end,
        "page_offsets": lookup.to_page(mention.start, mention.end),
    }  # fmt: skip


def _evidence(id: str, lookup: Lookup) -> dict[str, Any]:
    if id in lookup.relations:
        relation = lookup.relations[id]
        head, tail = lookup.ends(relation)
        return {
            "id": id, "layer": "relation", "type": relation.type, "text": f"{head.text} → {tail.text}",
            "source": relation.source, "probability": relation.probability,
        }  # fmt: skip
    if id in lookup.events:
        event = lookup.events[id]
        return {
            "id": id, "layer": "event", "type": event.type, "text": event.text, "source": event.source,
            "probability": event.probability,
        }  # fmt: skip
    return {"id": id}


def _sentences(fact: FilledFact, lookup: Lookup) -> Iterator[dict[str, Any]]:
    for start, end in sorted({lookup.sentence(place) for place in lookup.places(fact)}):
        yield {
            "start": start, "end": end, "text": lookup.record.text[start:end],
            "page_offsets": lookup.to_page(start, end),
        }  # fmt: skip
