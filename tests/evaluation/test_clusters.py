"""Entities: clusters, links and B-cubed."""

from __future__ import annotations

import pytest
from marked_texts import evaluate_texts, tallies, text_of

from pipeline.evaluation.counts import Counts
from pipeline.evaluation.entities import clusters_of

NAMES = "[太重集团|ORG]是[太原重型机械集团|ORG]，[太重集团|ORG]在[太原|LOC]，[太原|ORG]"


def words(text: object, clusters: object) -> list[list[str]]:
    return [[text.text[a:b] for a, b in cluster] for cluster in clusters]  # type: ignore[attr-defined]


def test_same_words_of_one_label_and_aliases_make_one_entity() -> None:
    text = text_of(NAMES, relations=[("alias_of", "太重集团", "太原重型机械集团")])
    assert words(text, clusters_of(text)) == [["太重集团", "太原重型机械集团", "太重集团"], ["太原"], ["太原"]]


def test_other_edges_and_other_labels_join_nothing() -> None:
    text = text_of(NAMES, relations=[("part_of", "太重集团", "太原重型机械集团")])
    assert words(text, clusters_of(text)) == [["太重集团", "太重集团"], ["太原重型机械集团"], ["太原"], ["太原"]]


def test_an_alias_of_another_label_is_no_mention_of_the_entity() -> None:
    text = text_of("[山西|LOC][山西省政府|ORG]", relations=[("alias_of", "山西", "山西省政府")])
    assert len(clusters_of(text)) == 2


def test_a_file_that_states_entities_is_taken_at_its_word() -> None:
    text = text_of("[老王|PER]和[王伟|PER]，[老王|PER]", entities=[["老王", "王伟"]])
    assert words(text, clusters_of(text)) == [["老王", "王伟"], ["老王"]]


def test_aliases_join_transitively() -> None:
    text = text_of(
        "[甲|ORG][甲乙|ORG][甲乙丙|ORG]", relations=[("alias_of", "甲乙@1", "甲乙丙"), ("alias_of", "甲", "甲乙@1")]
    )
    assert len(clusters_of(text)) == 1


def test_a_missed_mention_misses_all_its_links() -> None:
    gold = text_of("[甲|PER]，[甲|PER]，[甲|PER]")
    predicted = text_of("[甲|PER]，[甲|PER]，甲")
    assert tallies(evaluate_texts(gold, predicted), "entities", "links")["micro"] == Counts(1, 1, 3)


@pytest.mark.parametrize(
    ("response", "precision", "recall"),
    [
        ([range(5), range(5, 12)], 16 / 21, 1.0),
        ([[*range(5), *range(7, 12)], range(5, 7)], 7 / 12, 1.0),
    ],
    ids=["two small ones joined", "two large ones joined"],
)
def test_b_cubed_gives_the_figures_of_its_paper(response: list[list[int]], precision: float, recall: float) -> None:
    """Bagga and Baldwin (1998), figures 2 to 4: twelve mentions in entities of 5, 2 and 5."""
    people = "甲乙丙丁戊己庚辛壬癸子丑"
    markup = "".join(f"[{name}|PER]" for name in people)

    def clustered(clusters: list[list[int]]) -> object:
        return text_of(markup, entities=[[people[n] for n in cluster] for cluster in clusters])

    key = clustered([range(5), range(5, 7), range(7, 12)])  # type: ignore[list-item]
    b_cubed = tallies(evaluate_texts(key, clustered(response)), "entities", "B-cubed")["PER"]  # type: ignore[arg-type]
    assert b_cubed.precision == pytest.approx(precision)
    assert b_cubed.recall == pytest.approx(recall)


def test_b_cubed_counts_mentions_that_one_side_lacks() -> None:
    gold, predicted = text_of("[甲|PER]，[甲|PER]，乙"), text_of("[甲|PER]，甲，[乙|PER]")
    b_cubed = tallies(evaluate_texts(gold, predicted), "entities", "B-cubed")["PER"]
    assert (b_cubed.precision, b_cubed.recall) == (0.5, 0.25)
