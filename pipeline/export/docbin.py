"""A DocBin for users of spaCy: entities, spans, sentence starts, and relations, events and facts in `user_data`.

Reads records; writes one `.spacy` file. The format is one compressed block, so that all tokens are held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from pipeline.doc import MERGED, keep_article, read, spans_of, write
from pipeline.errors import InputError
from pipeline.export.formats import Format
from pipeline.export.lookup import Lookup
from pipeline.export.tokens import whole_sentences, whole_tokens
from pipeline.records import (
    FACT_TYPES,
    Entity,
    Event,
    Fact,
    Mention,
    Offsets,
    Record,
    Relation,
    Role,
    article_of,
)  # fmt: skip
from pipeline.registries import export_formats

ATTRIBUTES = ("ORTH", "SPACY", "SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID")
FACTS, TRIGGERS = "baozhi.facts_of_record", "triggers"  # the key in `user_data`, and the name of the span group


@export_formats("docbin")
def make_docbin() -> Format:
    """Write one `.spacy` file, which `spacy train` takes too."""

    def write_all(records: Iterable[Record], path: Path) -> None:
        vocab, bin = Vocab(), DocBin(attrs=ATTRIBUTES, store_user_data=True)
        for record in records:
            bin.add(doc_of(record, vocab))
        path.write_bytes(bin.to_bytes())

    return Format(write=write_all)


def read_docs(path: Path, vocab: Vocab) -> Iterator[Doc]:
    """Read the Docs of an export; `doc._.relations` and the other layers are there where `pipeline.doc` is imported.

    Raises:
        InputError: it is no DocBin.
    """
    try:
        bin = DocBin(store_user_data=True).from_bytes(path.read_bytes())
    except Exception as error:  # what zlib, msgpack and spaCy raise for other bytes is of many kinds
        raise InputError(f"is no DocBin: {error}", where=path, remedy="export it again") from error
    yield from bin.get_docs(vocab)


def doc_of(record: Record, vocab: Vocab) -> Doc:
    """Give the Doc of a record: text, tokens, sentences, and every layer with its sources and probabilities.

    The kb_id of an entity is its id in the record; `doc.spans` has the mentions (`merge`) and the events' `triggers`.
    """
    words, spaces = _words(record.text, whole_tokens(record))
    doc = keep_article(Doc(vocab, words=words, spaces=spaces), article_of(record))
    starts = {start for start, _ in record.sentences} or {start for start, _ in whole_sentences(record)}
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    at = {mention.id: (mention.start, mention.end) for mention in record.mentions}
    mentions = [Mention(m.start, m.end, m.label, m.probability, m.value, m.source) for m in record.mentions]
    write(doc, "mentions", MERGED, mentions)
    write(
        doc, "entities", "record", (Entity(tuple(at[m] for m in e.mentions), e.label, e.name) for e in record.entities)
    )
    write(
        doc, "relations", "record",
        (Relation(at[r.head], at[r.tail], r.type, r.probability, r.source) for r in record.relations),
    )  # fmt: skip
    write(
        doc, "events", "record",
        (
            Event(
                e.start, e.end, e.type, e.probability, e.status,
                tuple(Role(r.role, at[r.mention], r.probability) for r in e.roles), e.source,
            )
            for e in record.events
        ),
    )  # fmt: skip
    write(doc, "facts", "record", _facts(record))
    doc.user_data[FACTS] = msgspec.to_builtins(record.facts)  # whole, whatever their types and values
    ids = [mention.entity or "" for mention in sorted(record.mentions, key=lambda m: (m.start, m.end))]
    spans = spans_of(doc, read(doc, "mentions", MERGED))
    doc.ents = [Span(doc, s.start, s.end, s.label, kb_id=id) for s, id in zip(spans, ids, strict=True)]
    triggers = (Mention(event.start, event.end, event.type) for event in record.events)
    doc.spans[TRIGGERS] = spans_of(doc, sorted(set(triggers)))
    return doc


def _facts(record: Record) -> Iterator[Fact]:
    """Give the facts that the layer can hold: of a known type, with texts for plain values."""
    lookup = Lookup(record)
    for fact in lookup.facts():
        slots = tuple((s.name, (s.mention.start, s.mention.end)) for s in fact.slots if s.mention)
        tells = tuple((s.name, s.value) for s in fact.slots if not s.mention)
        if fact.type in FACT_TYPES and all(isinstance(value, str) for _, value in tells):
            edges = [lookup.relations[id] for id in fact.evidence if id in lookup.relations]
            ends = [(r.type, *lookup.ends(r)) for r in edges]
            triggers = [lookup.events[id] for id in fact.evidence if id in lookup.events]
            yield Fact(
                type=fact.type, slots=slots, tells=tells, events=tuple((e.start, e.end) for e in triggers),
                relations=tuple(((a.start, a.end), (b.start, b.end), kind) for kind, a, b in ends),
                probability=1.0 if fact.probability is None else fact.probability, source=fact.source or "",
            )  # fmt: skip


def _words(text: str, tokens: Iterable[Offsets]) -> tuple[list[str], list[bool]]:
    """Give the tokens as words; blanks between them are words too, but for the one that spaCy keeps in a flag."""
    words: list[str] = []
    spaces: list[bool] = []
    place = 0
    for start, end in (*tokens, (len(text), len(text))):
        gap = text[place:start]
        if gap.startswith(" ") and words:
            spaces[-1], gap = True, gap[1:]
        for word in (gap, text[start:end]):
            if word:
                words.append(word)
                spaces.append(False)
        place = end
    return words, spaces
