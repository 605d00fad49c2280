"""Read labelled corpora: mentions, triggers and edges by JSONL, words by lines of separated words.

Every corpus has its own head on the shared encoder, since guidelines differ; a head knows the labels that its corpus
annotates and no others.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from pipeline.encoder.characters import Ids
from pipeline.errors import ConfigError, InputError
from pipeline.records import EVENT_ROLES, EVENT_TYPES, RELATION_TYPES, Offsets

WORD = "WORD"
Marked = tuple[int, int, str]
Edge = tuple[int, int, str]


class Example(Struct, frozen=True):
    """A text with flat labelled spans (start, end, label) and flat triggers of events, both sorted.

    `relations` join places in `spans`, head first; `roles` lead from a place in `triggers` to one in `spans`. `strays`
    are mentions that some source finds and that nobody marked: no edge leads to them.
    """

    text: str
    spans: tuple[Marked, ...]
    triggers: tuple[Marked, ...] = ()
    relations: tuple[Edge, ...] = ()
    roles: tuple[Edge, ...] = ()
    strays: tuple[Marked, ...] = ()


class Corpus(Struct, frozen=True, kw_only=True):
    """What `[train.corpora.NAME]` says; `share` is the part of the training rows that come from it."""

    paths: list[Path]
    labels: list[str]
    share: float
    least_characters: int = 0


class _Mention(Struct):
    start: int
    end: int
    label: str


class _Relation(Struct):
    type: str
    head: Offsets = msgspec.field(name="from")
    tail: Offsets = msgspec.field(name="to")


class _Role(Struct):
    role: str
    mention: Offsets


class _Event(Struct):
    type: str
    start: int
    end: int
    roles: list[_Role] = []


class _Line(Struct):
    text: str
    mentions: list[_Mention]
    relations: list[_Relation] = []
    events: list[_Event] = []


def read_corpus(path: Path, labels: Sequence[str], *, edges: bool = False) -> list[Example]:
    """Read `*.jsonl[.gz]` by the annotation scheme, or `*.seg[.gz]`: a sentence a line, words separated by blanks.

    Labels outside `labels` are left out; triggers, relations and roles are read only where `edges` is true.

    Raises:
        InputError: the file is missing or a line is not well formed; names the line.
        ConfigError: the name has another ending.
    """
    name = path.name.removesuffix(".gz")
    try:
        packed = path.read_bytes()
        lines = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read a corpus: {error}", where=path, remedy="check [paths] in the config") from error
    if name.endswith(".seg"):
        return [_read_words(line) for line in lines if line.strip()]
    if not name.endswith(".jsonl"):
        raise ConfigError("a corpus is *.jsonl or *.seg, packed by gzip or not", where=path)
    examples = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                row = msgspec.json.decode(line, type=_Line)
            except msgspec.DecodeError as error:
                raise InputError(f"not a line of mentions: {error}", where=path, line=number) from error
            example = Example(row.text, _check(row, labels, path, number))
            examples.append(_add_edges(example, row, path, number) if edges else example)
    return examples


def tag(length: int, spans: Sequence[Marked], labels: Sequence[str]) -> Ids:
    """Give each character its tag's number, in the order of `pipeline.encoder.decoding`."""
    tags = np.zeros(length, dtype=np.int64)
    for start, end, label in spans:
        first = 1 + 4 * labels.index(label)
        if end - start == 1:
            tags[start] = first + 3
        else:
            tags[start] = first
            tags[start + 1 : end - 1] = first + 1
            tags[end - 1] = first + 2
    return tags


def _read_words(line: str) -> Example:
    words = line.split()
    spans, place = [], 0
    for word in words:
        spans.append((place, place + len(word), WORD))
        place += len(word)
    return Example("".join(words), tuple(spans))


def _check(row: _Line, labels: Sequence[str], path: Path, number: int) -> tuple[Marked, ...]:
    spans = sorted((mention.start, mention.end, mention.label) for mention in row.mentions if mention.label in labels)
    _check_flat(spans, len(row.text), path, number)
    return tuple(spans)


def _check_flat(spans: Sequence[Marked], length: int, path: Path, number: int) -> None:
    place = 0
    for start, end, label in spans:
        if not place <= start < end <= length:
            raise InputError(
                f"{label} at {start}-{end} overlaps another or lies outside the text", where=path, line=number,
                remedy="mentions are flat, and triggers are, by half-open code-point offsets",
            )  # fmt: skip
        place = end


def _add_edges(example: Example, row: _Line, path: Path, number: int) -> Example:
    events = sorted((event for event in row.events if event.type in EVENT_TYPES), key=lambda e: (e.start, e.end))
    triggers = tuple((event.start, event.end, event.type) for event in events)
    _check_flat(triggers, len(row.text), path, number)
    places = {(start, end): place for place, (start, end, _) in enumerate(example.spans)}
    relations = {
        (places[relation.head], places[relation.tail], relation.type)
        for relation in row.relations
        if relation.type in RELATION_TYPES and relation.head in places and relation.tail in places
    }
    roles = {
        (place, places[role.mention], role.role)
        for place, event in enumerate(events)
        for role in event.roles
        if role.role in EVENT_ROLES and role.mention in places
    }
    return Example(example.text, example.spans, triggers, tuple(sorted(relations)), tuple(sorted(roles)))
