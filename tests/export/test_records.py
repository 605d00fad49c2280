"""A record is a pure function of its Doc: ids from offsets, nothing dangling, keys in the order of the contract."""

from __future__ import annotations

import json

import msgspec
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, make_doc, write
from pipeline.export.records import record_of
from pipeline.records import (
    Article,
    Entity,
    Event,
    Fact,
    Mention,
    Record,
    Relation,
    Role,
    Run,
    article_of,
    encode_line,
    record_schema,
)  # fmt: skip

TEXT = "恒远集团扩建\n 恒远集团出资5亿元。恒远总经理赵敏说。"


@pytest.fixture
def nlp() -> Language:
    return spacy.blank("zh")


@pytest.fixture
def doc(nlp: Language) -> Doc:
    article = Article(
        id="9-1", page="9.txt", kind="article", title="恒远集团扩建", date="2024-12-03", byline=("王丹",), text=TEXT,
        page_map=(Run(0, 4, 6), Run(8, 20, 22)),
    )  # fmt: skip
    doc = make_doc(nlp, article)
    for token in doc:
        token.is_sent_start = token.idx in (0, 6, 18)
    found = [
        Mention(0, 4, "ORG", 0.91234567), Mention(8, 12, "ORG"), Mention(14, 17, "MONEY", value={"amount": "500000000"}),
        Mention(23, 25, "PER"),
    ]  # fmt: skip
    write(doc, "mentions", MERGED, found)
    write(doc, "entities", "别名", [Entity(((0, 4), (8, 12)), "ORG", "恒远集团")])
    write(
        doc,
        "relations",
        "规则",
        [Relation((8, 12), (14, 17), "invests_amount", 0.5), Relation((8, 12), (20, 23), "part_of")],
    )
    roles = (Role("agent", (8, 12)), Role("place", (1, 2)))
    write(doc, "events", "规则", [Event(12, 14, "investment", roles=roles)])
    return doc


def test_the_keys_stand_in_the_order_of_the_contract(doc: Doc) -> None:
    assert list(json.loads(encode_line(record_of(doc)))) == [
        "schema", "id", "page", "kind", "title", "date", "byline", "text", "page_map", "sentences", "tokens",
        "mentions", "entities", "relations", "events", "facts",
    ]  # fmt: skip
    assert list(json.loads(encode_line(record_of(doc)))["mentions"][0]) == [
        "id", "start", "end", "label", "text", "entity", "value", "source", "probability",
    ]  # fmt: skip


def test_ids_are_made_of_offsets_and_edges_name_mentions(doc: Doc) -> None:
    record = record_of(doc)
    assert [(m.id, m.text, m.entity) for m in record.mentions] == [
        ("m0-4", "恒远集团", "e1"), ("m8-12", "恒远集团", "e1"), ("m14-17", "5亿元", None), ("m23-25", "赵敏", None),
    ]  # fmt: skip
    assert record.mentions[0].probability == 0.9123
    assert [(r.id, r.head, r.tail, r.sentence) for r in record.relations] == [
        ("r8-12-invests_amount-14-17", "m8-12", "m14-17", 1)
    ]
    assert [(e.id, e.text) for e in record.events] == [("v12-14", "出资")]
    assert [r.mention for r in record.events[0].roles] == ["m8-12"]


def test_sentences_have_no_blanks_at_their_ends_and_tokens_are_no_blanks(doc: Doc) -> None:
    record = record_of(doc)
    assert [TEXT[a:b] for a, b in record.sentences] == ["恒远集团扩建", "恒远集团出资5亿元。", "恒远总经理赵敏说。"]
    assert "".join(TEXT[a:b] for a, b in record.tokens) == TEXT.replace("\n ", "")


def test_a_record_decodes_to_itself_and_keeps_its_article(doc: Doc) -> None:
    record = record_of(doc)
    assert msgspec.json.decode(encode_line(record), type=Record) == record
    assert article_of(record) == doc._.article
    assert encode_line(record).endswith(b"\n") and "恒远".encode() in encode_line(record)


def test_an_edge_that_two_sources_found_is_one_relation_that_of_the_surer(doc: Doc) -> None:
    write(doc, "relations", "模型", [Relation((8, 12), (14, 17), "invests_amount", 0.75)])
    assert [(r.source, r.probability) for r in record_of(doc).relations] == [("模型", 0.75)]


def test_a_fact_names_mentions_and_evidence_and_one_that_dangles_is_left_out(doc: Doc) -> None:
    edge = ((8, 12), (14, 17), "invests_amount")
    told = Fact(
        "investment", (("investor", (8, 12)), ("amount", (14, 17))), (("stage", "started"),), (edge,), ((12, 14),), 0.5
    )
    several = Fact("equity_change", (("buyer", (0, 4)), ("buyer", (8, 12))), events=((12, 14),))
    without_mention = Fact("membership", (("part", (8, 12)), ("whole", (20, 23))))
    without_evidence = Fact(
        "membership", (("part", (8, 12)), ("whole", (0, 4))), relations=(((8, 12), (0, 4), "part_of"),)
    )
    write(doc, "facts", "事实", [told, several, without_mention, without_evidence])
    assert list(record_of(doc).facts) == [
        {"type": "equity_change", "buyer": ["m0-4", "m8-12"], "evidence": ["v12-14"], "probability": 1.0, "source": "事实"},
        {"type": "investment", "investor": "m8-12", "amount": "m14-17", "stage": "started",
         "evidence": ["r8-12-invests_amount-14-17", "v12-14"], "probability": 0.5, "source": "事实"},
    ]  # fmt: skip


def test_a_relation_across_sentences_is_inferred_and_one_within_is_not(doc: Doc) -> None:
    write(
        doc,
        "relations",
        "规则",
        [Relation((0, 4), (14, 17), "invests_amount"), Relation((8, 12), (14, 17), "invests_amount")],
    )
    assert [relation.inferred for relation in record_of(doc).relations] == [True, False]


def test_the_schema_is_that_of_the_record() -> None:
    schema = record_schema()
    assert schema["$ref"].endswith("Record")
    assert schema["$defs"]["RelationRecord"]["required"][:4] == ["id", "type", "from", "to"]


def test_an_empty_text_gives_an_empty_record(nlp: Language) -> None:
    record = record_of(nlp(""))
    assert (record.text, record.sentences, record.tokens, record.mentions) == ("", (), (), ())


@pytest.mark.parametrize(
    ("start", "end", "pieces"),
    [
        (0, 6, ((4, 10),)),
        (4, 10, ((8, 10), (20, 22))),
        (6, 8, ()),
        (8, 8, ()),
        (29, 30, ((41, 42),)),
    ],
)
def test_offsets_go_back_to_the_page_in_as_few_pieces_as_there_are_gaps(
    doc: Doc, start: int, end: int, pieces: tuple
) -> None:
    assert doc._.article.to_page(start, end) == pieces


def test_runs_that_touch_on_the_page_make_one_piece() -> None:
    article = Article("a", "a", "article", None, None, (), "甲乙丙", (Run(0, 5, 1), Run(1, 6, 2)))
    assert article.to_page(0, 3) == ((5, 8),)
