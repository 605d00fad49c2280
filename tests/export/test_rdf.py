"""Turtle: one graph that meets its shapes, whose evidence is found again in the text and on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from made_records import HOSTILE, INVESTMENT, make_record
from rdflib.namespace import PROV, RDF, RDFS

from pipeline import __version__
from pipeline.export.formats import export, make_format
from pipeline.export.iris import VOCABULARY, Names, class_of
from pipeline.export.rdf import read_shapes, record_graph
from pipeline.records import Record, article_of

BZ, OA = rdflib.Namespace(VOCABULARY), rdflib.Namespace("http://www.w3.org/ns/oa#")
BASE = "https://news.example/"


@pytest.fixture(scope="module", name="file")
def file_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rdf") / "news.ttl"
    settings = {"base": BASE, "config": "configs/my default.cfg"}
    export([INVESTMENT, HOSTILE], path, format=make_format("rdf", settings))
    return path


@pytest.fixture(name="graph")
def graph_(file: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(file, format="turtle")


def part(record: Record, id: str) -> rdflib.URIRef:
    return rdflib.URIRef(Names(BASE, record.id, page=None).part(id))


def conforms(graph: rdflib.Graph) -> tuple[bool, str]:
    shapes = rdflib.Graph().parse(data=read_shapes(), format="turtle")
    met, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    return met, text


def test_an_export_meets_the_shapes(graph: rdflib.Graph) -> None:
    met, text = conforms(graph)
    assert met, text
    assert len(set(graph.subjects(RDF.type, BZ.Mention))) == len(INVESTMENT.mentions) + len(HOSTILE.mentions)


def test_both_syntaxes_say_the_same_triples(graph: rdflib.Graph, tmp_path: Path) -> None:
    settings = {"base": BASE, "config": "configs/my default.cfg", "syntax": "ntriples"}
    export([INVESTMENT, HOSTILE], tmp_path / "n", format=make_format("rdf", settings))
    assert set(rdflib.Graph().parse(tmp_path / "n", format="nt")) == set(graph)
    assert set(rdflib.Graph().parse(tmp_path / "n", format="turtle")) == set(graph)


def _swap(graph: rdflib.Graph, subject: Any, predicate: Any, value: Any) -> None:
    graph.remove((subject, predicate, None))
    if value is not None:
        graph.add((subject, predicate, value))


@pytest.mark.parametrize(
    ("id", "predicate", "value"),
    [
        ("m0-4", OA.hasBody, None),
        ("m0-4", BZ.label, rdflib.Literal("CITY")),
        ("m0-4", OA.hasTarget, None),
        ("m0-4", BZ.probability, rdflib.Literal("1.5", datatype=rdflib.XSD.decimal)),
        ("m0-4.text", OA.hasSource, None),
        ("m0-4.text.position", OA.start, rdflib.Literal(9)),
        ("m0-4.text.quote", OA.exact, None),
        ("m0-4.page1.position", OA.end, None),
        ("e1", RDFS.label, None),
        ("v29-31", BZ.status, rdflib.Literal("maybe")),
        ("v29-31", BZ.evidence, None),
        ("v29-31.agent.m25-29", BZ.mention, None),
        ("fact.investment-m0-4-m36-45-m31-34", PROV.wasDerivedFrom, None),
    ],
)
def test_a_graph_that_lacks_a_part_or_has_a_wrong_one_does_not(id: str, predicate: Any, value: Any) -> None:
    roles = INVESTMENT.events[0].roles
    id = id.replace("m25-29", next(r.mention for r in roles if r.role == "agent"))
    graph = record_graph(rdflib, INVESTMENT, BASE).graph
    graph.add((rdflib.URIRef(f"{BASE}run"), RDF.type, PROV.Activity))
    assert conforms(graph)[0]
    assert (part(INVESTMENT, id), predicate, None) in graph
    _swap(graph, part(INVESTMENT, id), predicate, value)
    assert not conforms(graph)[0]


def test_every_selector_leads_to_the_words_in_the_text_and_on_the_page(graph: rdflib.Graph) -> None:
    for record in (INVESTMENT, HOSTILE):
        for item in (*record.mentions, *record.events):
            at = part(record, f"{item.id}.text")
            (quote, position) = sorted(graph.objects(at, OA.hasSelector), reverse=True)
            start, end = (int(graph.value(position, p)) for p in (OA.start, OA.end))
            assert record.text[start:end] == str(graph.value(quote, OA.exact)) == item.text
            before, behind = (str(graph.value(quote, p)) for p in (OA.prefix, OA.suffix))
            assert record.text[:start].endswith(before) and record.text[end:].startswith(behind)
            pieces = [
                tuple(int(graph.value(part(record, f"{item.id}.page{n}.position"), p)) for p in (OA.start, OA.end))
                for n, _ in enumerate(article_of(record).to_page(item.start, item.end), 1)
            ]
            assert tuple(pieces) == article_of(record).to_page(item.start, item.end) != ()


def test_texts_are_read_back_as_they_were_whatever_they_hold(graph: rdflib.Graph) -> None:
    for record in (INVESTMENT, HOSTILE):
        article = rdflib.URIRef(Names(BASE, record.id, page=None).article)
        assert str(graph.value(article, BZ.text)) == record.text
        assert str(graph.value(article, rdflib.DCTERMS.identifier)) == record.id
        assert str(graph.value(article, rdflib.DCTERMS.title)) == record.title


def test_relations_events_and_facts_join_the_same_things(graph: rdflib.Graph) -> None:
    company, project = part(INVESTMENT, "e1"), part(INVESTMENT, "t36-45")
    assert (company, BZ.invests_in, project) in graph
    assert (company, RDF.type, BZ.Organization) in graph and (project, RDF.type, BZ.Project) in graph
    event = part(INVESTMENT, "v29-31")
    assert (event, RDF.type, BZ.InvestmentEvent) in graph and (event, BZ.agent, company) in graph
    fact = part(INVESTMENT, "fact.investment-m0-4-m36-45-m31-34")
    assert (fact, RDF.type, BZ.InvestmentFact) in graph and (fact, BZ.target, project) in graph
    assert (fact, BZ.stage, rdflib.Literal("planned")) in graph and (fact, PROV.wasDerivedFrom, event) in graph
    statement = next(graph.subjects(RDF.predicate, BZ.invests_in))
    assert float(graph.value(statement, BZ.probability)) == 0.9


def test_dates_are_dates_and_what_only_looks_like_one_is_text() -> None:
    record = make_record(
        "[3月5日|DATE]，[今年|DATE]，[2月30日|DATE]。", id="2024",
        values={"3月5日": "2024-03-05", "今年": "2024", "2月30日": "2024-02-30"},
    )  # fmt: skip
    graph = record_graph(rdflib, record, BASE).graph
    kinds = [graph.value(part(record, m.id), BZ.value).datatype for m in record.mentions]
    assert kinds == [rdflib.XSD.date, rdflib.XSD.gYear, None]
    article = rdflib.URIRef(Names(BASE, "2024", page=None).article)
    assert graph.value(article, rdflib.DCTERMS.identifier).datatype is None
    assert graph.value(article, rdflib.DCTERMS.date).datatype == rdflib.XSD.date


def test_what_made_it_is_told_software_config_page_and_stage(graph: rdflib.Graph) -> None:
    run = rdflib.URIRef(f"{BASE}run")
    assert str(graph.value(graph.value(run, PROV.wasAssociatedWith), RDFS.label)) == f"baozhi {__version__}"
    assert graph.value(run, PROV.used) == rdflib.URIRef(f"{BASE}config/configs/my%20default.cfg")
    article = rdflib.URIRef(Names(BASE, INVESTMENT.id, page=None).article)
    assert graph.value(article, PROV.wasGeneratedBy) == run
    page = rdflib.URIRef(f"{BASE}page/%E7%AC%AC3%E7%89%88/003.txt")
    assert graph.value(article, PROV.wasDerivedFrom) == page
    stage = graph.value(part(INVESTMENT, "m0-4"), PROV.wasAttributedTo)
    assert str(graph.value(stage, RDFS.label)) == "模型"


def test_names_are_percent_encoded_and_no_node_is_blank(graph: rdflib.Graph) -> None:
    assert (
        Names(BASE, HOSTILE.id, page=HOSTILE.page).article == f"{BASE}article/..%2F7%20%23%22%E5%A4%AA%E5%8E%9F%22%3F"
    )
    assert Names(BASE, HOSTILE.id, page=HOSTILE.page).page == f"{BASE}page/%E7%94%B2%20%E4%B9%99/%237.txt"
    assert class_of("equity_change", "Event") == f"{VOCABULARY}EquityChangeEvent"
    nodes = {node for triple in graph for node in triple}
    assert not [node for node in nodes if isinstance(node, rdflib.BNode)]


def test_an_article_that_no_page_is_known_of_has_no_page() -> None:
    graph = record_graph(rdflib, make_record("[赵敏|PER]说。", page=None), BASE).graph
    graph.add((rdflib.URIRef(f"{BASE}run"), RDF.type, PROV.Activity))
    assert conforms(graph)[0]
    assert not list(graph.subjects(RDF.type, BZ.Page))


def test_the_vocabulary_of_the_manual_is_that_of_the_export(graph: rdflib.Graph, root: Path) -> None:
    manual = (root / "docs" / "exports.md").read_text(encoding="utf-8")
    used = {
        str(term).removeprefix(VOCABULARY) for triple in graph for term in triple if str(term).startswith(VOCABULARY)
    }
    own = {name for name in used if f"`bz:{name}`" not in manual}
    slots = {"investor", "target", "stage", "person", "post", "since", "part", "whole", "note"}
    classes = {"InvestmentEvent", "AgreementEvent", "InvestmentFact", "OfficialPostFact", "MembershipFact"}
    scheme = {"invests_in", "alias_of", "cooperates_with", "agent", "amount", "time", "place"}
    assert own <= slots | classes | scheme
