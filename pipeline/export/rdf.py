"""Turtle: entities, relations, events and facts, with Web Annotation selectors for evidence and PROV-O for origin.

Reads records; writes one Turtle file. Holds the graph of one record at a time: no node is blank, so that the graphs of
the records, one behind the other, are one graph. The vocabulary and its shapes lie in `vocabulary/`; docs/exports.md
says what each term means.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from itertools import dropwhile
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pipeline import __version__
from pipeline.backends.installed import require
from pipeline.export.formats import Format
from pipeline.export.iris import LABEL_CLASSES, VOCABULARY, Names, check_base, class_of, term
from pipeline.export.literals import Literals
from pipeline.export.lookup import FilledFact, Lookup
from pipeline.records import EventRecord, MentionRecord, Record, RelationRecord
from pipeline.registries import export_formats

PREFIXES = {
    "bz": VOCABULARY, "oa": "http://www.w3.org/ns/oa#", "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
CONTEXT = 32  # characters before and behind a quote


@export_formats("rdf")
def make_rdf(
    *,
    base: str = "https://example.org/baozhi/",
    config: str = "",
    syntax: Literal["turtle", "ntriples"] = "turtle",
) -> Format:
    """Write Turtle; IRIs begin with `base`, and `config` names the config of the run, where it is to be told.

    N-Triples, which is Turtle without prefixes, one triple a line, is twice as long and written in less than half the time.

    Raises:
        ConfigError: rdflib is not installed, or `base` is no IRI to put names behind.
    """
    rdflib = require("rdflib", extra="graph", where="--format rdf")
    check_base(base)

    def write(records: Iterable[Record], path: Path) -> None:
        with path.open("wb") as file:
            if syntax == "turtle":
                file.writelines(f"@prefix {prefix}: <{iri}> .\n".encode() for prefix, iri in PREFIXES.items())
            encode = _turtle if syntax == "turtle" else _ntriples
            file.write(encode(run_graph(rdflib, base, config).graph))
            for record in records:
                file.write(encode(record_graph(rdflib, record, base).graph))

    return Format(write=write)


def read_shapes() -> str:
    """Give the SHACL shapes that every export meets, as Turtle."""
    return files("pipeline.export").joinpath("vocabulary/shapes.ttl").read_text(encoding="utf-8")


def _turtle(graph: Any) -> bytes:
    lines: list[str] = graph.serialize(format="turtle").split("\n")
    kept = dropwhile(
        lambda line: line.startswith("@prefix "), lines
    )  # only at the top: a text may have such a line too
    return "\n".join(kept).encode()


def _ntriples(graph: Any) -> bytes:
    lines: list[str] = graph.serialize(format="nt").split("\n")  # no literal has a line feed of its own here
    return "".join(f"{line}\n" for line in sorted(lines) if line).encode()


class Triples:
    """A graph that is filled by IRIs written with a prefix: `add(names.article, "rdf:type", iri("bz:Article"))`."""

    def __init__(self, rdflib: Any) -> None:
        self._iri, self._literal = rdflib.URIRef, Literals(rdflib)
        self.graph = rdflib.Graph(bind_namespaces="none")
        for prefix, iri in PREFIXES.items():
            self.graph.bind(prefix, iri)

    def iri(self, name: str) -> Any:
        """Give the IRI node of a prefixed or whole name."""
        prefix, _, rest = name.partition(":")
        return self._iri(PREFIXES[prefix] + rest if prefix in PREFIXES else name)

    def link(self, subject: str, predicate: str, *objects: str | None) -> None:
        """Say that something stands in a relation to other things; None is nothing."""
        for thing in objects:
            if thing is not None:
                self.graph.add((self.iri(subject), self.iri(predicate), self.iri(thing)))

    def tell(self, subject: str, predicate: str, value: str | float | None) -> None:
        """Say that something has a text or a number; None is none."""
        if value is not None:
            node = self._literal.text(value) if isinstance(value, str) else self._literal.of(value)
            self.graph.add((self.iri(subject), self.iri(predicate), node))

    def value(self, subject: str, predicate: str, value: Any) -> None:
        """Say that something has a normalized value: a date, a number, an amount; None is none."""
        if value is not None:
            self.graph.add((self.iri(subject), self.iri(predicate), self._literal.of(value)))


def _software(base: str) -> str:
    return f"{base}software/baozhi-{__version__}"


def run_graph(rdflib: Any, base: str, config: str) -> Triples:
    """Give what all records share: the run, the software, its config."""
    g, run, software = Triples(rdflib), f"{base}run", _software(base)
    g.link(software, "rdf:type", "prov:SoftwareAgent")
    g.tell(software, "rdfs:label", f"baozhi {__version__}")
    g.link(run, "rdf:type", "prov:Activity")
    g.link(run, "prov:wasAssociatedWith", software)
    if config:
        plan = f"{base}config/{quote(config, safe='/')}"
        g.link(run, "prov:used", plan)
        g.link(plan, "rdf:type", "prov:Entity", "prov:Plan")
        g.tell(plan, "rdfs:label", config)
    return g


def record_graph(rdflib: Any, record: Record, base: str) -> Triples:
    """Give the graph of one record."""
    return _RecordTriples(rdflib, Lookup(record), Names(base, record.id, page=record.page)).made()


class _RecordTriples:
    def __init__(self, rdflib: Any, lookup: Lookup, names: Names) -> None:
        self.g, self.at, self.names = Triples(rdflib), lookup, names

    def made(self) -> Triples:
        record = self.at.record
        self._article(record)
        for entity in record.entities:
            self._thing(self.names.part(entity.id), entity.label, entity.name)
        for mention in record.mentions:
            self._mention(mention)
        for relation in record.relations:
            self._relation(relation)
        for event in record.events:
            self._event(event)
        for fact in self.at.facts():
            self._fact(fact)
        return self.g

    def _article(self, record: Record) -> None:
        g, article, page = self.g, self.names.article, self.names.page
        g.link(article, "rdf:type", "bz:Article", "prov:Entity")
        g.tell(article, "dcterms:identifier", record.id)
        g.tell(article, "dcterms:title", record.title)
        g.value(article, "dcterms:date", record.date)
        g.tell(article, "bz:kind", record.kind)
        g.tell(article, "bz:text", record.text)
        for name in record.byline:
            g.tell(article, "bz:byline", name)
        g.link(article, "prov:wasGeneratedBy", f"{self.names.base}run")
        if page is not None:
            g.link(article, "dcterms:isPartOf", page)
            g.link(article, "prov:wasDerivedFrom", page)
            g.link(page, "rdf:type", "bz:Page", "prov:Entity")
            g.tell(page, "dcterms:identifier", record.page)

    def _thing(self, iri: str, label: str, name: str) -> None:
        self.g.link(iri, "rdf:type", "bz:Thing", term(LABEL_CLASSES[label]))
        self.g.tell(iri, "rdfs:label", name)

    def _thing_of(self, mention: MentionRecord) -> str:
        return self.names.part(mention.entity or f"t{mention.start}-{mention.end}")

    def _mention(self, mention: MentionRecord) -> None:
        g, iri, thing = self.g, self.names.part(mention.id), self._thing_of(mention)
        if mention.entity is None:
            self._thing(thing, mention.label, mention.text)
        g.link(iri, "rdf:type", "bz:Mention", "oa:Annotation")
        g.link(iri, "oa:motivatedBy", "oa:identifying")
        g.link(iri, "oa:hasBody", thing)
        g.tell(iri, "bz:label", mention.label)
        g.value(iri, "bz:value", mention.value)
        self._origin(iri, mention.source, mention.probability)
        self._targets(iri, "oa:hasTarget", mention.start, mention.end)

    def _targets(self, iri: str, predicate: str, start: int, end: int) -> None:
        """Point to a stretch of the text by its position and by a quote, and to its pieces on the page."""
        g, text = self.g, self.at.record.text
        target = f"{iri}.text"
        g.link(iri, predicate, target)
        g.link(target, "rdf:type", "oa:SpecificResource")
        g.link(target, "oa:hasSource", self.names.article)
        self._position(target, start, end)
        quoted = f"{target}.quote"
        g.link(target, "oa:hasSelector", quoted)
        g.link(quoted, "rdf:type", "oa:TextQuoteSelector")
        g.tell(quoted, "oa:exact", text[start:end])
        g.tell(quoted, "oa:prefix", text[max(start - CONTEXT, 0) : start])
        g.tell(quoted, "oa:suffix", text[end : end + CONTEXT])
        if self.names.page is not None:
            for number, piece in enumerate(self.at.to_page(start, end), 1):
                on_page = f"{iri}.page{number}"
                g.link(iri, predicate, on_page)
                g.link(on_page, "rdf:type", "oa:SpecificResource")
                g.link(on_page, "oa:hasSource", self.names.page)
                self._position(on_page, *piece)

    def _position(self, target: str, start: int, end: int) -> None:
        position = f"{target}.position"
        self.g.link(target, "oa:hasSelector", position)
        self.g.link(position, "rdf:type", "oa:TextPositionSelector")
        self.g.tell(position, "oa:start", start)
        self.g.tell(position, "oa:end", end)

    def _origin(self, iri: str, source: str | None, probability: float | None) -> None:
        self.g.tell(iri, "bz:probability", probability)
        if source:
            stage = f"{self.names.base}stage/{quote(source, safe='')}"
            self.g.link(iri, "prov:wasAttributedTo", stage)
            self.g.link(stage, "rdf:type", "prov:SoftwareAgent")
            self.g.tell(stage, "rdfs:label", source)
            self.g.link(stage, "prov:actedOnBehalfOf", _software(self.names.base))

    def _relation(self, relation: RelationRecord) -> None:
        g, iri = self.g, self.names.part(relation.id)
        head, tail = self.at.ends(relation)
        subject, object = self._thing_of(head), self._thing_of(tail)
        g.link(subject, term(relation.type), object)
        g.link(iri, "rdf:type", "bz:Relation", "rdf:Statement")
        g.link(iri, "rdf:subject", subject)
        g.link(iri, "rdf:predicate", term(relation.type))
        g.link(iri, "rdf:object", object)
        g.link(iri, "bz:head", self.names.part(head.id))
        g.link(iri, "bz:tail", self.names.part(tail.id))
        g.tell(iri, "bz:inferred", relation.inferred)
        self._origin(iri, relation.source, relation.probability)
        self._targets(iri, "bz:evidence", *self.at.sentence(head.start))

    def _event(self, event: EventRecord) -> None:
        g, iri = self.g, self.names.part(event.id)
        g.link(iri, "rdf:type", "bz:Event", class_of(event.type, "Event"))
        g.tell(iri, "rdfs:label", event.text)
        g.tell(iri, "bz:status", event.status)
        self._origin(iri, event.source, event.probability)
        self._targets(iri, "bz:evidence", event.start, event.end)
        for role in event.roles:
            filled = f"{iri}.{role.role}.{role.mention}"
            g.link(iri, term(role.role), self._thing_of(self.at.mentions[role.mention]))
            g.link(iri, "bz:hasRole", filled)
            g.link(filled, "rdf:type", "bz:Role")
            g.link(filled, "rdf:predicate", term(role.role))
            g.link(filled, "bz:mention", self.names.part(role.mention))
            g.tell(filled, "bz:probability", role.probability)

    def _fact(self, fact: FilledFact) -> None:
        g, iri = self.g, self.names.part(f"fact.{fact.id}")
        g.link(iri, "rdf:type", "bz:Fact", class_of(fact.type, "Fact"))
        self._origin(iri, fact.source, fact.probability)
        g.link(iri, "prov:wasDerivedFrom", self.names.article)
        for slot in fact.slots:
            if slot.mention is None:
                g.value(iri, term(slot.name), slot.value)
            else:
                g.link(iri, term(slot.name), self._thing_of(slot.mention))
                g.link(iri, "bz:mention", self.names.part(slot.mention.id))
        for id in fact.evidence:
            if id in self.at.relations or id in self.at.events or id in self.at.mentions:
                g.link(iri, "prov:wasDerivedFrom", self.names.part(id))
