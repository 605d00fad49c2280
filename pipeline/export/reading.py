"""Read records.jsonl one record at a time, and refuse what no format could hold.

Reads a JSONL file, also gzipped; gives records. Every error names the file and the line.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from pipeline.errors import InputError, unknown
from pipeline.records import (
    EVENT_ROLES,
    EVENT_STATUSES,
    EVENT_TYPES,
    MENTION_LABELS,
    RELATION_TYPES,
    SCHEMA,
    Record,
)  # fmt: skip

_GZIP, _MARK = b"\x1f\x8b", b"\xef\xbb\xbf"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")  # what may become a column, a file name, a property


class RecordFile:
    """The records of a file. Each iteration reads the file anew and holds one record at a time.

    Raises, while it is read:
        InputError: the file cannot be read, is damaged or empty, or a line is no record or contradicts itself.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Record]:
        decoder = msgspec.json.Decoder(Record)
        seen: dict[str, int] = {}
        for number, line in self._lines():
            try:
                record = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise InputError(
                    f"is no record of {SCHEMA}: {error}", where=self.path, line=number,
                    remedy="give what baozhi extract writes",
                ) from error  # fmt: skip
            if record.id in seen:
                raise InputError(
                    f"the id {record.id!r} stands on line {seen[record.id]} already", where=self.path, line=number,
                    remedy="give every article its own id",
                )  # fmt: skip
            seen[record.id] = number
            for fault in faults(record):
                raise InputError(
                    fault, where=self.path, line=number, remedy="write the records again with baozhi extract"
                )
            yield record
        if not seen:
            raise InputError("has no record", where=self.path, remedy="give a file that baozhi extract has written")

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        try:
            with self.path.open("rb") as raw:
                packed = raw.peek(2).startswith(_GZIP)
                file = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
                for number, line in enumerate(file, 1):
                    text = line.removeprefix(_MARK) if number == 1 else line
                    if text.strip():
                        yield number, text
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"cannot be read ({error})", where=self.path, remedy="check the path") from error


def faults(record: Record) -> Iterator[str]:
    """List where a record contradicts itself or the scheme: `mention 'm3-5' says '太原', its text '太重'`."""
    length = len(record.text)
    for name, ids in (
        ("mention", [m.id for m in record.mentions]), ("entity", [e.id for e in record.entities]),
        ("relation", [r.id for r in record.relations]), ("event", [e.id for e in record.events]),
    ):  # fmt: skip
        if len(set(ids)) < len(ids):
            twice = next(id for id in ids if ids.count(id) > 1)
            yield f"{record.id}: the {name} id {twice!r} stands there twice"
    for kind, items in (("mention", record.mentions), ("event", record.events)):
        for item in items:
            if not 0 <= item.start < item.end <= length:
                yield f"{record.id}: {kind} {item.id!r} lies outside the text of {length} characters"
            elif record.text[item.start : item.end] != item.text:
                yield (
                    f"{record.id}: {kind} {item.id!r} says {item.text!r}, its text "
                    f"{record.text[item.start : item.end]!r}"
                )
    for start, end in (*record.sentences, *record.tokens):
        if not 0 <= start < end <= length:
            yield f"{record.id}: [{start}, {end}] of its sentences and tokens lies outside the text"
    mentions = {mention.id for mention in record.mentions}
    for where, pointed in _pointers(record):
        if pointed not in mentions:
            yield f"{record.id}: {where} points to {pointed!r}, which is no mention"
    entities = {entity.id for entity in record.entities}
    for mention in record.mentions:
        if mention.entity is not None and mention.entity not in entities:
            yield f"{record.id}: mention {mention.id!r} points to {mention.entity!r}, which is no entity"
    for kind, value, known in _names(record):
        if value not in known:
            yield f"{record.id}: {unknown(kind, value, known)}"
    for fact in record.facts:
        for key in (fact.get("type"), *fact):
            if not isinstance(key, str) or not _NAME.fullmatch(key):
                yield f"{record.id}: a fact has {key!r} for its type or a slot, which must be a name of a-z, 0-9 and _"


def _pointers(record: Record) -> Iterator[tuple[str, str]]:
    for entity in record.entities:
        yield from ((f"entity {entity.id!r}", id) for id in entity.mentions)
    for relation in record.relations:
        yield from ((f"relation {relation.id!r}", id) for id in (relation.head, relation.tail))
    for event in record.events:
        yield from ((f"event {event.id!r}", role.mention) for role in event.roles)


def _names(record: Record) -> Iterator[tuple[str, str, Iterable[Any]]]:
    yield from (("label", mention.label, MENTION_LABELS) for mention in record.mentions)
    yield from (("label", entity.label, MENTION_LABELS) for entity in record.entities)
    yield from (("relation", relation.type, RELATION_TYPES) for relation in record.relations)
    for event in record.events:
        yield "event type", event.type, EVENT_TYPES
        yield "status", event.status, EVENT_STATUSES
        yield from (("role", role.role, EVENT_ROLES) for role in event.roles)
