"""A script for Neo4j's cypher-shell, or its statements with their parameters as JSON for a driver or the Query API.

Reads records; writes one file. Holds a batch of rows of each statement. No value of a record ever stands in a statement: all are
rows of the parameter `$rows`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec

from pipeline.export.cypher_statements import CONSTRAINTS, STATEMENTS
from pipeline.export.formats import Format
from pipeline.export.lookup import FilledFact, Lookup
from pipeline.records import Record
from pipeline.registries import export_formats

_KEY = re.compile(r"[a-z][a-z0-9_]*")


@export_formats("cypher")
def make_cypher(*, rows: Literal["param", "json"] = "param", batch: int = 500) -> Format:
    """Write `:param rows => […]` and the statement by turns (`param`), or lines `{"statement", "parameters"}` (`json`)."""
    encode = _as_param if rows == "param" else _as_json

    def write(records: Iterable[Record], path: Path) -> None:
        waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in STATEMENTS}

        def flush(file: BinaryIO) -> None:
            for name, found in waiting.items():  # nodes stand before the edges that join them
                if found:
                    file.write(encode(STATEMENTS[name], found))
                    found.clear()

        with path.open("wb") as file:
            for statement in CONSTRAINTS:
                file.write(encode(statement, None))
            for record in records:
                for name, row in cypher_rows(record):
                    waiting[name].append(row)
                if max(map(len, waiting.values())) >= batch:
                    flush(file)
            flush(file)

    return Format(write=write)


def cypher_rows(record: Record) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the rows of a record, each with the name of its statement; what an edge joins comes before it."""
    at, article = Lookup(record), record.id
    yield "article", {
        "id": article, "page": record.page, "kind": record.kind, "title": record.title, "date": record.date,
        "byline": list(record.byline), "text": record.text,
    }  # fmt: skip
    for entity in record.entities:
        yield f"entity {entity.label}", {"id": _id(article, entity.id), "name": entity.name, "article": article}
    for mention in record.mentions:
        thing = _thing(at, mention.id)
        if mention.entity is None:
            yield f"entity {mention.label}", {"id": thing, "name": mention.text, "article": article}
        yield "mention", {
            "id": _id(article, mention.id), "thing": thing, "article": article, "text": mention.text,
            "label": mention.label, "start": mention.start, "end": mention.end, "value": _plain(mention.value),
            "page_offsets": [offset for piece in at.to_page(mention.start, mention.end) for offset in piece],
            "source": mention.source, "probability": mention.probability,
        }  # fmt: skip
    for relation in record.relations:
        head, tail = at.ends(relation)
        yield f"relation {relation.type}", {
            "id": _id(article, relation.id), "head": _thing(at, head.id), "tail": _thing(at, tail.id),
            "article": article, "sentence": at.sentence_text(head.start, tail.start), "inferred": relation.inferred,
            "source": relation.source, "probability": relation.probability,
        }  # fmt: skip
    for event in record.events:
        yield "event", {
            "id": _id(article, event.id), "type": event.type, "text": event.text, "status": event.status,
            "article": article, "start": event.start, "end": event.end, "sentence": at.sentence_text(event.start),
            "source": event.source, "probability": event.probability,
        }  # fmt: skip
        for role in event.roles:
            yield "role", {
                "event": _id(article, event.id), "thing": _thing(at, role.mention), "role": role.role,
                "mention": _id(article, role.mention), "probability": role.probability,
            }  # fmt: skip
    for fact in at.facts():
        yield from _fact_rows(at, fact)


def _fact_rows(at: Lookup, fact: FilledFact) -> Iterator[tuple[str, dict[str, Any]]]:
    id = _id(at.record.id, f"fact-{fact.id}")
    plain: dict[str, Any] = {}
    for slot in fact.slots:
        if slot.mention is None:
            before = plain.get(slot.name)
            value = _plain(slot.value)
            plain[slot.name] = (
                value if before is None else [*before, value] if isinstance(before, list) else [before, value]
            )
    yield "fact", {
        "id": id, "type": fact.type, "article": at.record.id, "values": plain, "probability": fact.probability,
        "evidence": [_id(at.record.id, name) for name in fact.evidence],
    }  # fmt: skip
    for slot in fact.slots:
        if slot.mention is not None:
            yield "slot", {
                "fact": id, "slot": slot.name, "thing": _thing(at, slot.mention.id),
                "mention": _id(at.record.id, slot.mention.id), "value": _plain(slot.value),
            }  # fmt: skip


def _id(article: str, id: str) -> str:
    return f"{article}#{id}"


def _thing(at: Lookup, mention: str) -> str:
    found = at.mentions[mention]
    return _id(at.record.id, found.entity or f"t{found.start}-{found.end}")


def _plain(value: Any) -> str | int | float | bool | None:
    """Give a value as a property of a node: nested ones, which no property can hold, as JSON."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return msgspec.json.encode(value, order="sorted").decode("utf-8")


def _as_json(statement: str, rows: list[dict[str, Any]] | None) -> bytes:
    line = {"statement": statement, "parameters": {} if rows is None else {"rows": rows}}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _as_param(statement: str, rows: list[dict[str, Any]] | None) -> bytes:
    param = "" if rows is None else f":param rows => {literal(rows)}\n"  # ends with its line
    return f"{param}{statement};\n\n".encode("ascii")


def literal(value: Any) -> str:
    r"""Write a value as a Cypher literal, all ASCII and on one line, since cypher-shell reads `:param` by lines.

    A JSON string is a Cypher string, escapes and all; only the keys of a map stand without quotes.

    >>> literal([{"name": "太原 \"x\"", "start": 3, "page": None}])
    '[{name: "\\u592a\\u539f \\"x\\"", start: 3, page: null}]'
    """
    if isinstance(value, dict):
        for key in value:
            if not _KEY.fullmatch(key):
                raise ValueError(f"{key!r} cannot be a key of a map")
        return "{" + ", ".join(f"{key}: {literal(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(part) for part in value) + "]"
    return json.dumps(value, ensure_ascii=True)
