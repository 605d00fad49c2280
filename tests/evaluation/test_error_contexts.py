"""Each error is what it is, and is shown in its sentence."""

from __future__ import annotations

import pytest
from marked_texts import evaluate_texts, text_of

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.contexts import Segment, show_case, surface

SENTENCES = "前文。[张三|PER]任[省委|ORG][书记|TITLE]。后文"


def cases(gold: AnnotatedText, predicted: AnnotatedText, layer: str = "mentions") -> list[tuple[str, str, str]]:
    """Give kind, labels and the sentence with `<gold>`, `{predicted}` around what is marked."""
    evaluation = evaluate_texts(gold, predicted, layer)
    return [
        (
            case.kind,
            f"{case.gold.label if case.gold else '—'} {case.predicted.label if case.predicted else '—'}",
            "".join(drawn(segment) for segment in show_case(case, evaluation.alignment)),
        )
        for scores in evaluation.measures
        for _, case in scores.cases
    ]


def drawn(segment: Segment) -> str:
    text = f"{{{segment.text}}}" if segment.predicted else segment.text
    return f"<{text}>" if segment.gold else text


@pytest.mark.parametrize(
    ("predicted", "case"),
    [
        ("前文。[张三|PER]任省委[书记|TITLE]。后文", ("missed", "ORG —", "…张三任<省委>书记。…")),
        ("[前文|LOC]。[张三|PER]任[省委|ORG][书记|TITLE]。后文", ("spurious", "— LOC", "{前文}。…")),
        ("前文。[张三|ORG]任[省委|ORG][书记|TITLE]。后文", ("confused", "PER ORG", "…<{张三}>任省委书记。…")),
        ("前文。[张三|PER]任[省|ORG]委[书记|TITLE]。后文", ("boundary", "ORG ORG", "…张三任<{省}><委>书记。…")),
        ("前文。[张三任|ORG][省委|ORG][书记|TITLE]。后文", ("confused", "PER ORG", "…<{张三}>{任}省委书记。…")),
        ("前文。[张三|PER]任[省委|ORG][书记|TITLE]。[后文|LOC]", ("spurious", "— LOC", "…{后文}")),
    ],
)
def test_a_wrong_mention_is_one_case_in_its_sentence(predicted: str, case: tuple[str, str, str]) -> None:
    assert cases(text_of(SENTENCES), text_of(predicted)) == [case]


@pytest.mark.parametrize(
    ("predicted", "kinds"),
    [
        ("[山西|LOC][省委|ORG][宣传部|TITLE]", ["boundary", "spurious", "spurious"]),
        ("[山西|LOC][省委|LOC][宣传部|TITLE]", ["confused", "spurious", "spurious"]),
    ],
    ids=["one of its label", "none of its label"],
)
def test_a_long_gold_mention_is_paired_once_with_its_own_label_first(predicted: str, kinds: list[str]) -> None:
    found = cases(text_of("[山西省委宣传部|ORG]"), text_of(predicted))
    assert sorted(kind for kind, *_ in found) == kinds


def test_an_edge_over_sentences_shows_both_and_leaves_out_what_is_between() -> None:
    gold = text_of("[甲集团|ORG]开会。会上无事。[乙矿|ORG]属其旗下。", relations=[("part_of", "乙矿", "甲集团")])
    (case,) = cases(gold, text_of("[甲集团|ORG]开会。会上无事。[乙矿|ORG]属其旗下。"), "relations")
    assert case == ("missed", "part_of —", "<甲集团>开会。…<乙矿>属其旗下。")


def test_an_edge_of_another_type_is_confused_and_reads_from_its_head() -> None:
    markup = "[甲|ORG][乙|ORG]"
    gold, predicted = (text_of(markup, relations=[(kind, "乙", "甲")]) for kind in ("part_of", "acquires"))
    evaluation = evaluate_texts(gold, predicted, "relations")
    ((_, case),) = evaluation.measures[0].cases
    assert case.kind == "confused" and case.gold and surface(case.gold) == "乙 → 甲"
    tags = {(tag.side, tag.name) for segment in show_case(case, evaluation.alignment) for tag in segment.tags}
    assert tags == {("gold", "from"), ("gold", "to"), ("predicted", "from"), ("predicted", "to")}


def test_a_predicted_mention_is_shown_in_golds_text_where_that_holds_it() -> None:
    gold = text_of("标题\n[张三|PER]在太原。", page="1.txt", at=10)
    predicted = text_of("张三在[太原|LOC]。", id="x", page="1.txt", at=13)
    assert cases(gold, predicted) == [("missed", "PER —", "…<张三>在太原。"), ("spurious", "— LOC", "…张三在{太原}。")]


def test_a_predicted_mention_outside_gold_is_shown_where_it_was_found() -> None:
    gold = text_of("标题", page="1.txt")
    predicted = text_of("图为[李四|PER]。", id="x", page="1.txt", at=30)
    assert cases(gold, predicted) == [("spurious", "— PER", "图为{李四}。")]


def test_a_predicted_edge_over_two_gold_articles_is_shown_in_the_text_that_joined_them() -> None:
    gold = [text_of("[甲|ORG]开会。", id="1-1", page="1.txt"), text_of("[乙|ORG]开工。", id="1-2", page="1.txt", at=5)]
    predicted = text_of(
        "[甲|ORG]开会。\n[乙|ORG]开工。", id="x", page="1.txt", relations=[("cooperates_with", "甲", "乙")]
    )
    evaluation = evaluate_texts(gold, predicted, "relations")
    ((unit, case),) = evaluation.measures[0].cases
    assert (unit, case.kind) == ("1-1", "spurious")
    assert "".join(drawn(segment) for segment in show_case(case, evaluation.alignment)) == "{甲}开会。{乙}开工。"


def test_a_long_sentence_is_cut_around_the_mark() -> None:
    far = "山" * 200
    ((_, _, shown),) = cases(text_of(f"{far}[太原|LOC]{far}"), text_of(f"{far}太原{far}"))
    assert shown == f"…{'山' * 90}<太原>{'山' * 90}…"


def test_a_link_is_listed_only_where_both_mentions_were_found() -> None:
    gold = text_of("[老王|PER]即[王伟|PER]，[老王|PER]", relations=[("alias_of", "老王", "王伟")])
    unlinked = text_of("[老王|PER]即[王伟|PER]，[老王|PER]")
    assert [kind for kind, *_ in cases(gold, unlinked, "entities")] == ["missed", "missed"]
    assert cases(gold, text_of("[老王|PER]即王伟，[老王|PER]"), "entities") == []
