"""Facts read off the edges."""

from __future__ import annotations

from marked_texts import evaluate_texts, tallies, text_of

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.counts import Counts
from pipeline.facts import derive_facts


def facts(text: AnnotatedText) -> list[tuple[str, ...]]:
    return [
        (fact.type, *(f"{name}={text.text[slice(*offsets)] if offsets else None}" for name, offsets in fact.slots))
        for fact in derive_facts(text.relations, text.events)
    ]


def test_a_post_goes_with_each_body_in_which_it_is_held() -> None:
    text = text_of(
        "[市委|ORG][市政府|ORG][主任|TITLE][张三|PER]、[记者|TITLE][李四|PER]",
        relations=[("position_held", "张三", "主任"), ("position_in", "主任", "市委"),
                   ("position_in", "主任", "市政府"),                    ("position_held", "李四", "记者")],
    )  # fmt: skip
    assert facts(text) == [
        ("official_post", "person=张三", "post=主任", "body=市委"),
        ("official_post", "person=张三", "post=主任", "body=市政府"),
        ("official_post", "person=李四", "post=记者", "body=None"),
    ]


PAID = "[甲公司|ORG]投资[5亿元|MONEY]建[一期项目|PROJECT]和[二期项目|PROJECT]，[乙公司|ORG]投资[3亿元|MONEY]"


def test_an_amount_of_the_project_goes_with_that_project_alone() -> None:
    edges = [("invests_in", "甲公司", "一期项目"), ("invests_in", "甲公司", "二期项目"),
             ("project_amount", "一期项目", "5亿元"), ("invests_amount", "甲公司", "5亿元")]  # fmt: skip
    assert facts(text_of(PAID, relations=edges)) == [
        ("investment", "investor=甲公司", "target=一期项目", "amount=5亿元"),
        ("investment", "investor=甲公司", "target=二期项目", "amount=None"),
    ]


def test_an_amount_of_the_investor_goes_with_what_it_pays_for_or_stands_alone() -> None:
    edges = [
        ("invests_in", "甲公司", "一期项目"),
        ("invests_amount", "甲公司", "5亿元"),
        ("invests_amount", "乙公司", "3亿元"),
    ]
    assert facts(text_of(PAID, relations=edges)) == [
        ("investment", "investor=甲公司", "target=一期项目", "amount=5亿元"),
        ("investment", "investor=乙公司", "target=None", "amount=3亿元"),
    ]


def test_an_amount_beside_projects_with_amounts_of_their_own_is_not_lost() -> None:
    edges = [
        ("invests_in", "甲公司", "一期项目"),
        ("project_amount", "一期项目", "5亿元"),
        ("invests_amount", "甲公司", "3亿元"),
    ]
    assert facts(text_of(PAID, relations=edges)) == [
        ("investment", "investor=甲公司", "target=一期项目", "amount=5亿元"),
        ("investment", "investor=甲公司", "target=None", "amount=3亿元"),
    ]


def test_shares_change_hands_in_one_fact_and_other_events_give_none() -> None:
    markup = "[甲公司|ORG]向[乙公司|ORG]转让[丙公司|ORG][51%|PERCENT]股权，后投资"
    roles = {"agent": "甲公司", "participant": "乙公司", "theme": "丙公司", "amount": "51%"}
    text = text_of(markup, events=[("equity_change", "转让", roles), ("investment", "投资", {"agent": "甲公司"})])
    assert facts(text) == [("equity_change", "agent=甲公司", "theme=丙公司", "participant=乙公司", "amount=51%")]


def test_a_fact_is_right_only_with_all_its_slots() -> None:
    markup = "[市委|ORG][主任|TITLE][张三|PER]，[煤矿|ORG]属[集团|ORG]"
    held, body, part = ("position_held", "张三", "主任"), ("position_in", "主任", "市委"), ("part_of", "煤矿", "集团")
    gold, predicted = text_of(markup, relations=[held, body, part]), text_of(markup, relations=[held, part])
    counts = tallies(evaluate_texts(gold, predicted), "facts", "facts")
    assert counts["official_post"] == Counts(0, 1, 1)
    assert counts["membership"] == Counts(1, 1, 1)
