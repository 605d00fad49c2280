"""What each measure counts, on texts small enough to count by hand."""

from __future__ import annotations

import msgspec
import pytest
from marked_texts import evaluate_texts, tallies, text_of

from pipeline.evaluation.counts import Counts
from pipeline.records import Mention

change = msgspec.structs.replace
POST = "[山西大学|ORG][校长|TITLE][张三|PER]在[太原|LOC]会见[李四|PER]"
HELD = [("position_held", "张三", "校长"), ("position_in", "校长", "山西大学")]


@pytest.mark.parametrize(
    ("predicted", "strict", "relaxed"),
    [
        (POST, Counts(5, 5, 5), Counts(5, 5, 5)),
        ("山西[大学|ORG][校长|TITLE][张三|PER]在[太原|LOC]会见[李四|PER]", Counts(4, 5, 5), Counts(5, 5, 5)),
        ("[山西大学|LOC][校长|TITLE][张三|PER]在[太原|LOC]会见[李四|PER]", Counts(4, 5, 5), Counts(4, 5, 5)),
        ("[山西|ORG][大学|ORG][校长|TITLE][张三|PER]在[太原|LOC]会见[李四|PER]", Counts(4, 6, 5), Counts(5, 6, 5)),
        ("山西大学校长张三在太原会见李四", Counts(0, 0, 5), Counts(0, 0, 5)),
        ("[山西大学校长张三|ORG]在太原会见李四", Counts(0, 1, 5), Counts(1, 1, 5)),
    ],
    ids=["same", "boundary", "label", "cut in two", "nothing", "one over three"],
)
def test_mentions_are_strict_or_overlap_one_to_one(predicted: str, strict: Counts, relaxed: Counts) -> None:
    evaluation = evaluate_texts(text_of(POST), text_of(predicted))
    assert tallies(evaluation, "mentions", "strict")["micro"] == strict
    assert tallies(evaluation, "mentions", "boundary-relaxed")["micro"] == relaxed


def test_a_relation_whose_mention_was_missed_is_a_miss() -> None:
    """The classic trap: recall over the pairs that were proposed would be 1.0 here."""
    gold = text_of(POST, relations=HELD)
    predicted = text_of("山西大学[校长|TITLE][张三|PER]在太原会见李四", relations=HELD[:1])
    edges = tallies(evaluate_texts(gold, predicted), "relations", "edges")
    assert edges["micro"] == Counts(1, 1, 2)
    assert edges["position_in"] == Counts(0, 0, 1)
    assert edges["micro"].recall == 0.5


def test_counts_of_two_texts_are_added_not_averaged() -> None:
    long, short = text_of(POST, id="long"), text_of("[太原|LOC]", id="short")
    found = [text_of(POST, id="long"), text_of("太原", id="short")]
    micro = tallies(evaluate_texts([long, short], found), "mentions", "strict")["micro"]
    assert micro == Counts(5, 5, 6)
    assert micro.recall == pytest.approx(5 / 6)  # a mean over texts would be 0.5


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (("position_held", "张三", "校长"), Counts(1, 1, 1)),
        (("position_held", "校长", "张三"), Counts(0, 1, 1)),
        (("position_in", "张三", "校长"), Counts(0, 1, 1)),
    ],
    ids=["same", "turned round", "other type"],
)
def test_a_relation_needs_type_ends_and_direction(predicted: tuple[str, str, str], expected: Counts) -> None:
    evaluation = evaluate_texts(text_of(POST, relations=HELD[:1]), text_of(POST, relations=[predicted]))
    assert tallies(evaluation, "relations", "edges")["micro"] == expected


def test_labels_marked_in_part_count_for_recall_and_are_flagged() -> None:
    gold, predicted = text_of("[近日|DATE]，[太原|LOC]"), text_of("[近日|DATE]，[太原|LOC]今年[12月|DATE]")
    gold = change(gold, article=change(gold.article, text=predicted.text))
    evaluation = evaluate_texts(gold, predicted, "mentions")
    rows = {row.label: row for scores in evaluation.measures for row in scores.rows() if row.measure == "strict"}
    assert rows["micro"].tally == Counts(1, 1, 1) and not rows["micro"].partial
    assert rows["DATE"].tally == Counts(1, 2, 1) and rows["DATE"].partial
    assert rows["all nine"].partial and not rows["PER+ORG+LOC"].partial
    cases = [case for scores in evaluation.measures for _, case in scores.cases]
    assert not cases  # what gold does not mark everywhere is no error


def test_micro_counts_the_labels_that_gold_marks_everywhere() -> None:
    gold = text_of("[太原|LOC]的[张三|PER]", layers=("PER", "ORG"))
    assert tallies(evaluate_texts(gold, gold), "mentions", "strict")["micro"] == Counts(1, 1, 1)


MEETING = [("meeting", "会见", {"agent": "张三", "place": "太原"})]


@pytest.mark.parametrize(
    ("events", "trigger", "typed", "by_sentence", "roles", "with_trigger"),
    [
        (MEETING, (1, 1), (1, 1), (1, 1), (2, 2), (2, 2)),
        ([("visit", "会见", {"agent": "张三", "place": "太原"})], (1, 1), (0, 1), (0, 1), (0, 2), (0, 2)),
        ([("meeting", "见", {"agent": "张三", "place": "太原"})], (0, 1), (0, 1), (1, 1), (2, 2), (0, 2)),
        ([("meeting", "会见", {"participant": "张三", "place": "太原"})], (1, 1), (1, 1), (1, 1), (1, 2), (1, 2)),
        ([("meeting", "会见", {})], (1, 1), (1, 1), (1, 1), (0, 0), (0, 0)),
    ],
    ids=["same", "other type", "other trigger", "other role", "no roles"],
)
def test_events_are_scored_by_trigger_type_sentence_and_role(  # noqa: PLR0917
    events: list[tuple[str, str, dict[str, str]]],
    trigger: tuple[int, int],
    typed: tuple[int, int],
    by_sentence: tuple[int, int],
    roles: tuple[int, int],
    with_trigger: tuple[int, int],
) -> None:
    evaluation = evaluate_texts(text_of(POST, events=MEETING), text_of(POST, events=events), "events")
    expected = {
        "trigger": (*trigger, 1), "trigger and type": (*typed, 1), "type by sentence": (*by_sentence, 1),
        "roles": (*roles, 2), "roles with trigger": (*with_trigger, 2),
    }  # fmt: skip
    for measure, counts in expected.items():
        row = "trigger" if measure == "trigger" else "micro"
        assert tallies(evaluation, "events", measure)[row] == Counts(*counts), measure


def test_a_type_counts_once_a_sentence_and_sentences_are_golds() -> None:
    text = "[太原|LOC]会谈，会见。\n会议"
    twice = [("meeting", "会谈", {}), ("meeting", "会见", {}), ("meeting", "会议", {})]
    gold, predicted = text_of(text, events=twice), text_of(text, events=twice[1:])
    types = tallies(evaluate_texts(gold, predicted, "events"), "events", "type by sentence")
    assert types["micro"] == Counts(2, 2, 2)
    elsewhere = text_of(text, events=[("meeting", "会谈", {})])
    assert tallies(evaluate_texts(gold, elsewhere), "events", "type by sentence")["micro"] == Counts(1, 1, 2)


def test_words_are_scored_only_where_gold_states_them() -> None:
    said, silent = text_of("太原开工", id="a", tokens=((0, 2), (2, 4))), text_of("太原", id="b")
    found = [
        text_of("太原开工", id="a", tokens=((0, 2), (2, 3), (3, 4))),
        text_of("太原", id="b", tokens=((0, 1), (1, 2))),
    ]
    assert tallies(evaluate_texts([said, silent], found), "tokens", "words") == {"word": Counts(1, 3, 2)}
    layers = {scores.measure.layer for scores in evaluate_texts([silent], found[1:]).measures}
    assert "tokens" not in layers


def test_mentions_of_each_source_can_be_scored_apart() -> None:
    from pipeline.evaluation.scoring import score

    gold = text_of("[太原|LOC][张三|PER]")
    predicted = change(
        gold, mentions=(Mention(0, 2, "LOC", 0.9, None, "encoder"), Mention(2, 4, "PER", 0.9, None, "lexicon"))
    )
    evaluation = score([gold], [predicted], layers={"mentions"}, by_source=True)
    for source in ("encoder", "lexicon"):
        assert tallies(evaluation, "mentions", f"strict, source {source}")["micro"] == Counts(1, 1, 2)


def test_one_edge_found_by_two_sources_counts_once() -> None:
    predicted = text_of(POST, relations=HELD[:1] * 2)
    assert tallies(evaluate_texts(text_of(POST, relations=HELD[:1]), predicted), "relations", "edges")[
        "micro"
    ] == Counts(1, 1, 1)
