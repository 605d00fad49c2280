"""The queue: uncertain articles first, unlike ones before copies of what is chosen or done."""

from __future__ import annotations

import pytest

from pipeline.annotation.queue import choose, least_certain_first, uncertainties
from pipeline.errors import InputError
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.records import Article, Event, Mention, Relation, Role
from pipeline.scheme import EXHAUSTIVE_LABELS


def text(id: str, content: str, *probabilities: float, sure: bool = True, **layers) -> AnnotatedText:
    mentions = tuple(Mention(n, n + 1, "ORG", p) for n, p in enumerate(probabilities))
    article = Article(id, None, "article", None, None, (), content, ())
    return AnnotatedText(
        article, EXHAUSTIVE_LABELS, None, mentions, None, layers.get("relations", ()), layers.get("events", ()), sure,
        f"r.jsonl:{id}",
    )  # fmt: skip


STEEL = "云州钢厂昨日开工建设，总投资五亿元。"
SCHOOL = "第三小学举行运动会，孩子们十分高兴。"


def test_uncertainty_is_the_expected_share_of_wrong_marks_drawn_to_the_mean() -> None:
    sure, unsure, empty = text("1", STEEL, 0.9, 0.9), text("2", STEEL, 0.5, 0.5), text("3", STEEL)
    found = uncertainties([sure, unsure, empty])
    assert found == pytest.approx([(0.2 + 5 * 0.3) / 7, (1.0 + 5 * 0.3) / 7, 0.3])


def test_relations_events_and_roles_count_too() -> None:
    plain = text("1", STEEL, 0.9)
    doubtful = text(
        "2", STEEL, 0.9, relations=(Relation((0, 1), (1, 2), "alias_of", 0.2),),
        events=(Event(3, 4, "launch", 0.3, roles=(Role("agent", (0, 1), 0.1),)),),
    )  # fmt: skip
    assert [t.id for t in least_certain_first([plain, doubtful])] == ["2", "1"]


def test_equally_certain_articles_keep_their_order() -> None:
    assert [t.id for t in least_certain_first([text(n, STEEL, 0.5) for n in "312"])] == ["3", "1", "2"]


def test_a_copy_of_a_chosen_article_waits_for_an_unlike_one() -> None:
    texts = [text("1", STEEL, 0.5), text("2", STEEL, 0.52), text("3", SCHOOL, 0.7)]
    assert [c.text.id for c in choose(texts, count=2)] == ["1", "3"]
    assert [c.text.id for c in choose(texts, count=2, diversity=0.0)] == ["1", "2"]


def test_what_is_done_is_not_chosen_and_neither_first_what_is_like_it() -> None:
    texts = [text("1", STEEL, 0.5), text("2", STEEL, 0.5), text("3", SCHOOL, 0.6)]
    chosen = choose(texts, count=3, done=[texts[0]])
    assert [c.text.id for c in chosen] == ["3", "2"]
    assert chosen[1].likeness == pytest.approx(1.0, abs=1e-5)


def test_nothing_to_choose_from_gives_nothing() -> None:
    assert choose([], count=3) == []


def test_texts_without_probabilities_are_refused_with_their_line() -> None:
    with pytest.raises(InputError, match=r"r\.jsonl:2: carries no probabilities"):
        choose([text("1", STEEL, 0.5), text("2", STEEL, sure=False)], count=1)
