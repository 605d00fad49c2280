from __future__ import annotations

from typing import Any

import pytest
import spacy
from markup import parse
from spacy.tokens import Doc

from pipeline.doc import read, write
from pipeline.errors import ConfigError
from pipeline.records import Relation
from pipeline.relations.merge import MergeRelations


def make(**settings: Any) -> MergeRelations:
    defaults = {"precedence": ["rules", "model"], "threshold": 0.0, "thresholds": {}, "at_most": {"position_in": 1}}
    return MergeRelations(name="merge_relations", **{**defaults, **settings})


def merge(marked: str, rules: list[tuple], model: list[tuple], **settings: Any) -> list[tuple]:
    """Merge edges given as (head surface, type, tail surface, probability)."""
    text, mentions = parse(marked)
    doc = spacy.blank("zh").make_doc(text)
    doc.ents = [doc.char_span(m.start, m.end, label=m.label) for m in mentions]
    for source, edges in (("rules", rules), ("model", model)):
        write(doc, "relations", source, [Relation(at(text, h), at(text, t), kind, p) for h, kind, t, p in edges])
    make(**settings)(doc)
    return [tuple(show(doc, r)) for r in doc._.relations]


def at(text: str, surface: str) -> tuple[int, int]:
    return text.index(surface), text.index(surface) + len(surface)


def show(doc: Doc, relation: Relation) -> list[object]:
    text = doc.text
    return [
        text[slice(*relation.head)],
        relation.type,
        text[slice(*relation.tail)],
        relation.probability,
        relation.source,
    ]


POST = "[恒远集团|ORG]和[云州大学|ORG]的[校长|TITLE][赵敏|PER]"
FIRMS = "[恒远集团|ORG]与[青石水务|ORG]"


def test_an_edge_of_two_sources_is_one_of_the_first_with_the_higher_probability():
    edge = ("恒远集团", "owns_share_in", "青石水务")
    assert merge(FIRMS, [(*edge, 0.8)], [(*edge, 0.9)]) == [(*edge, 0.9, "rules")]


def test_edges_that_only_one_source_has_all_stay():
    one, other = ("赵敏", "position_held", "校长", 0.9), ("校长", "position_in", "云州大学", 0.7)
    assert merge(POST, [one], [other]) == [(*other, "model"), (*one, "rules")]


def test_a_post_has_the_body_of_the_first_source_then_the_surest_then_the_nearest():
    near, far = ("校长", "position_in", "云州大学"), ("校长", "position_in", "恒远集团")
    assert merge(POST, [(*far, 0.6)], [(*near, 0.9)]) == [(*far, 0.6, "rules")]
    assert merge(POST, [], [(*near, 0.6), (*far, 0.9)]) == [(*far, 0.9, "model")]
    assert merge(POST, [], [(*near, 0.9), (*far, 0.9)]) == [(*near, 0.9, "model")]


def test_without_a_limit_a_post_keeps_both_bodies():
    near, far = ("校长", "position_in", "云州大学", 0.9), ("校长", "position_in", "恒远集团", 0.6)
    assert len(merge(POST, [], [near, far], at_most={})) == 2


def test_of_an_edge_and_its_reverse_one_stays_but_other_types_may_go_back():
    there, back = ("恒远集团", "acquires", "青石水务"), ("青石水务", "acquires", "恒远集团")
    assert merge(FIRMS, [(*back, 0.5)], [(*there, 0.9)]) == [(*back, 0.5, "rules")]
    part = ("青石水务", "part_of", "恒远集团")
    assert len(merge(FIRMS, [(*there, 0.5)], [(*part, 0.9)])) == 2


def test_cooperation_goes_forward_in_the_text():
    assert merge(FIRMS, [], [("青石水务", "cooperates_with", "恒远集团", 0.9)]) == [
        ("恒远集团", "cooperates_with", "青石水务", 0.9, "model")
    ]


@pytest.mark.parametrize(
    ("threshold", "thresholds", "kept"), [(0.5, {}, 1), (0.7, {}, 0), (0.7, {"acquires": 0.6}, 1), (0.5, {"acquires": 0.7}, 0)]
)  # fmt: skip
def test_a_type_has_its_own_threshold_or_that_of_all(threshold, thresholds, kept):
    found = merge(FIRMS, [("恒远集团", "acquires", "青石水务", 0.65)], [], threshold=threshold, thresholds=thresholds)
    assert len(found) == kept


def test_a_source_below_the_threshold_gives_no_name_to_the_edge():
    edge = ("恒远集团", "acquires", "青石水务")
    assert merge(FIRMS, [(*edge, 0.3)], [(*edge, 0.9)], threshold=0.5) == [(*edge, 0.9, "model")]


@pytest.mark.parametrize(
    "edge",
    [
        ("赵敏", "position_in", "云州大学", 0.9),
        ("校长", "position_held", "赵敏", 0.9),
        ("云州", "owns_share_in", "恒远集团", 0.9),
    ],
)
def test_an_edge_that_the_scheme_does_not_know_or_whose_end_is_no_mention_goes(edge):
    assert merge(POST, [edge], []) == []


def test_what_the_sources_said_stays_beside_the_merged_edges():
    text, mentions = parse(FIRMS)
    doc = spacy.blank("zh").make_doc(text)
    doc.ents = [doc.char_span(m.start, m.end, label=m.label) for m in mentions]
    edge = Relation((0, 4), (5, 9), "acquires", 0.4)
    write(doc, "relations", "rules", [edge])
    write(doc, "relations", "model", [])
    assert len(doc._.relations) == 1
    make(threshold=0.5)(doc)
    assert (doc._.relations, len(read(doc, "relations", "rules"))) == ((), 1)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"precedence": []}, "at least one source"),
        ({"precedence": ["a", "a"]}, "each one once"),
        ({"thresholds": {"buys": 0.5}}, "unknown relation 'buys'; known: .*acquires"),
        ({"thresholds": {"acquires": 1.5}}, "a threshold is 1.5"),
        ({"threshold": -0.1}, "a threshold is -0.1"),
        ({"at_most": {"position_on": 1}}, "unknown relation 'position_on'"),
        ({"at_most": {"position_in": 0}}, "position_in = 0"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings, says):
    with pytest.raises(ConfigError, match=says):
        make(**settings)


@pytest.mark.parametrize(("precedence", "says"), [(["rules"], "leaves out 'model'"), (["rules", "model", "more"], "unknown source of relations 'more'; known: model, rules")])  # fmt: skip
def test_the_precedence_names_every_source_that_ran(precedence, says):
    with pytest.raises(ConfigError, match=says):
        merge(FIRMS, [], [], precedence=precedence)
