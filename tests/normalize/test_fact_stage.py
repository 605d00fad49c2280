"""The stage `facts`: slots, what the text tells of them, evidence, probability."""

from __future__ import annotations

import pytest
import spacy
from markup import parse
from rules_at_hand import RULES
from spacy.tokens import Doc

from pipeline.doc import MERGED, make_doc, read, write
from pipeline.export.records import record_of
from pipeline.normalize.facts import Facts
from pipeline.records import Article, Event, Offsets, Relation, Role

NLP = spacy.blank("zh")
STAGE = Facts(name="facts", rules=RULES / "facts")
Edge = tuple[str, str, str, float]


def doc_of(marked: str, edges: list[Edge], events: list[tuple[str, str, float, dict[str, str]]]) -> Doc:
    text, mentions = parse(marked)

    def at(words: str) -> Offsets:
        return text.index(words), text.index(words) + len(words)

    doc = make_doc(NLP, Article("x", None, "article", None, "2024-12-04", (), text, ()))
    write(doc, "mentions", MERGED, mentions)
    write(doc, "relations", "gold", [Relation(at(head), at(tail), kind, p) for kind, head, tail, p in edges])
    found = [
        Event(*at(trigger), kind, p, roles=tuple(Role(role, at(words), 0.5) for role, words in roles.items()))
        for trigger, kind, p, roles in events
    ]
    write(doc, "events", "gold", found)
    return STAGE(doc)


def facts(marked: str, edges: list[Edge], *events: tuple[str, str, float, dict[str, str]]) -> list[dict[str, object]]:
    """Give the facts of the record with words in place of mentions, without evidence."""
    record = record_of(doc_of(marked, edges, list(events)))
    say = {mention.id: mention.text for mention in record.mentions}
    return [
        {
            key: [say[id] for id in value] if isinstance(value, list) else say.get(str(value), value)
            for key, value in fact.items()
            if key not in ("evidence", "source")
        }
        for fact in record.facts
    ]


POST = "原[云州市|LOC][市长|TITLE][刘建国|PER]说"


def test_a_post_has_its_body_its_day_and_its_status() -> None:
    edges = [("position_held", "刘建国", "市长", 0.9), ("position_in", "市长", "云州市", 0.8)]
    assert facts(POST, edges) == [
        {"type": "official_post", "person": "刘建国", "post": "市长", "body": "云州市", "status": "former",
         "as_of": "2024-12-04", "probability": 0.72},
    ]  # fmt: skip


def test_a_fact_names_the_edges_that_say_it_and_no_empty_slot() -> None:
    record = record_of(doc_of(POST, [("position_held", "刘建国", "市长", 0.9)], []))
    assert [(fact["evidence"], "body" in fact) for fact in record.facts] == [(["r6-9-position_held-4-6"], False)]
    assert {id for fact in record.facts for id in fact["evidence"]} <= {relation.id for relation in record.relations}


def test_an_investment_has_its_stage() -> None:
    marked = "[恒远公司|ORG]拟投资[5亿元|MONEY]建[锂电项目|PROJECT]；[太行公司|ORG]是其子公司"
    edges = [
        ("invests_in", "恒远公司", "锂电项目", 1.0),
        ("project_amount", "锂电项目", "5亿元", 0.5),
        ("part_of", "太行公司", "恒远公司", 0.5),
    ]
    assert facts(marked, edges) == [
        {"type": "investment", "investor": "恒远公司", "target": "锂电项目", "amount": "5亿元", "stage": "proposed",
         "probability": 0.5},
        {"type": "membership", "part": "太行公司", "whole": "恒远公司", "probability": 0.5},
    ]  # fmt: skip


SALE = "[甲公司|ORG]将[丙公司|ORG][51%|PERCENT]股权转让给[乙公司|ORG]，作价[5亿元|MONEY]"


@pytest.mark.parametrize(
    ("trigger", "agent", "participant"),
    [
        ("转让", "seller", "buyer"),
        ("收购", "buyer", "seller"),
        ("质押", "holder", "pledgee"),
        ("重组", "party", "party"),
    ],
)
def test_the_trigger_tells_who_sells_and_who_buys(trigger: str, agent: str, participant: str) -> None:
    roles = {"agent": "甲公司", "participant": "乙公司", "theme": "丙公司"}
    (fact,) = facts(SALE.replace("转让", trigger), [], (trigger, "equity_change", 1.0, roles))
    parties = ["甲公司", "乙公司"]
    expected = {agent: parties} if agent == participant else {agent: "甲公司", participant: "乙公司"}
    assert fact == {"type": "equity_change", **expected, "target": "丙公司", "probability": 0.125}


def test_share_and_price_are_one_fact() -> None:
    text, mentions = parse(SALE)
    places = {text[m.start : m.end]: (m.start, m.end) for m in mentions}
    doc = doc_of(SALE, [], [])
    at = text.index("转让")
    roles = [Role("agent", places["甲公司"]), Role("amount", places["51%"]), Role("amount", places["5亿元"])]
    write(doc, "events", "gold", [Event(at, at + 2, "equity_change", roles=tuple(roles))])
    (fact,) = read(STAGE(doc), "facts")
    assert fact.slots == (("seller", places["甲公司"]), ("share", places["51%"]), ("price", places["5亿元"]))


def test_edges_tell_who_buys_where_the_trigger_does_not_and_the_edge_is_told_once() -> None:
    event = ("重组", "equity_change", 1.0, {"agent": "甲公司", "participant": "乙公司", "theme": "丙公司"})
    edges = [("owns_share_in", "甲公司", "丙公司", 1.0), ("acquires", "乙公司", "丙公司", 1.0)]
    assert facts(SALE.replace("转让", "重组"), edges, event) == [
        {"type": "equity_change", "seller": "甲公司", "buyer": "乙公司", "target": "丙公司", "probability": 0.125},
    ]  # fmt: skip


def test_an_acquisition_that_no_event_tells_is_a_fact_too() -> None:
    edges = [("acquires", "乙公司", "丙公司", 0.5), ("owns_share_in", "甲公司", "丙公司", 1.0)]
    assert facts(SALE, edges) == [{"type": "equity_change", "buyer": "乙公司", "target": "丙公司", "probability": 0.5}]


def test_other_events_and_other_edges_give_no_fact() -> None:
    event = ("转让", "award", 1.0, {"agent": "甲公司"})
    assert facts(SALE, [("cooperates_with", "甲公司", "乙公司", 1.0)], event) == []


def test_a_second_run_changes_nothing() -> None:
    doc = doc_of(POST, [("position_held", "刘建国", "市长", 0.9)], [])
    once = read(doc, "facts")
    assert once and read(STAGE(doc), "facts") == once
