"""Readings: which edges say a fact."""

from __future__ import annotations

from pipeline.facts import derive_facts, surest
from pipeline.records import Event, Relation, Role

A, B, C, D = (0, 1), (2, 3), (4, 5), (6, 7)


def test_a_fact_keeps_the_edges_that_say_it() -> None:
    held, body = Relation(A, B, "position_held", 0.9), Relation(B, C, "position_in", 0.8)
    (fact,) = derive_facts([body, held], [])
    assert fact.slots == (("person", A), ("post", B), ("body", C))
    assert fact.relations == (held, body) and fact.events == ()


def test_an_empty_slot_is_told_among_the_slots_and_not_among_the_filled_ones() -> None:
    (fact,) = derive_facts([Relation(A, B, "position_held")], [])
    assert ("body", None) in fact.slots and fact.filled == (("person", A), ("post", B))


def test_an_edge_of_two_sources_counts_once_the_surest() -> None:
    weak, strong = Relation(A, B, "part_of", 0.4, "规则"), Relation(A, B, "part_of", 0.7, "模型")
    assert surest([weak, strong]) == [strong]
    assert [fact.relations for fact in derive_facts([weak, strong], [])] == [(strong,)]


def test_the_projects_amount_is_evidence_and_not_that_of_another_project() -> None:
    edges = [Relation(A, B, "invests_in"), Relation(B, C, "project_amount"), Relation(D, C, "project_amount")]
    assert [fact.relations for fact in derive_facts(edges, [])] == [(edges[0], edges[1])]


def test_an_event_is_evidence_of_its_change() -> None:
    event = Event(8, 9, "equity_change", roles=(Role("agent", A), Role("theme", B)))
    (fact,) = derive_facts([], [event, Event(10, 11, "award", roles=(Role("agent", A),))])
    assert (fact.type, fact.filled, fact.events) == ("equity_change", (("agent", A), ("theme", B)), (event,))


def test_no_edges_give_no_fact() -> None:
    assert list(derive_facts([Relation(A, B, "located_in")], [Event(8, 9, "equity_change")])) == []
