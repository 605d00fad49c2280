from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.rule_hits import RuleHits, judge_rules, judge_together
from pipeline.records import Article, Mention, Relation
from pipeline.relations.patterns import load_rules


def annotated(*edges: Relation) -> AnnotatedText:
    article = Article(
        id="a", page=None, kind="", title=None, date=None, byline=(), text="市长赵敏,局长陈明", page_map=()
    )
    mentions = tuple(Mention(*m) for m in [(0, 2, "TITLE"), (2, 4, "PER"), (5, 7, "TITLE"), (7, 9, "PER")])
    return AnnotatedText(
        article=article, layers=(), tokens=None, mentions=mentions, entities=None, relations=edges, events=(),
        has_probabilities=False, where="",
    )  # fmt: skip


def test_hits_and_gold_edges_are_added_up_over_texts(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(
        "[[rule]]\nname = 'x'\npattern = '(?P<post><TITLE>)(?P<who><PER>)'\n"
        "edges = [{type = 'position_held', from = 'who', to = 'post', probability = 0.9}]\n",
        encoding="utf-8",
    )
    one = Relation((2, 4), (0, 2), "position_held")
    texts = [annotated(one, Relation((7, 9), (0, 2), "position_held")), annotated(one)]
    expected = Counts(true_positives=2, predicted=4, gold=3)
    assert list(judge_rules(load_rules(path), texts)) == [RuleHits("x", "position_held", expected)]
    assert judge_together(load_rules(path), texts) == {"position_held": expected}


@pytest.mark.parametrize(
    ("right", "hits", "probability"), [(0, 0, 0.85), (1, 1, 0.88), (0, 4, 0.42), (999, 1000, 0.99)]
)
def test_a_rule_that_was_hit_seldom_is_taken_for_about_as_good_as_rules_are(right, hits, probability) -> None:
    assert RuleHits("x", "part_of", Counts(right, hits, hits)).probability == pytest.approx(probability, abs=0.006)
