"""What must hold of all scores, whatever the texts."""

from __future__ import annotations

import random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_texts import added, drawn_texts, evaluate_texts, tallies

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.items import BCubed
from pipeline.evaluation.report import as_json, build_report
from pipeline.records import Article, Run
from pipeline.scheme import EXHAUSTIVE_LABELS

Texts = list[AnnotatedText]
change = msgspec.structs.replace


def several(paged: bool) -> st.SearchStrategy[Texts]:
    return st.tuples(drawn_texts("a", paged), drawn_texts("b", paged), drawn_texts("c", paged)).map(list)


TEXTS = st.booleans().flatmap(several)


def all_tallies(gold: Texts, predicted: Texts) -> dict[tuple[str, str, str], Any]:
    evaluation = evaluate_texts(gold, predicted)
    return {
        (scores.measure.layer, scores.measure.name, label): tally
        for scores in evaluation.measures
        for label, tally in added(scores).items()
    }


def marks_moved(texts: Texts, draw: random.Random) -> Texts:
    """Give a prediction: marks lost, relabelled and shifted, always with the edges that still have their ends."""
    moved = []
    for text in texts:
        mentions = []
        for mention in text.mentions:
            fate = draw.random()
            if fate < 0.5:
                mentions.append(mention)
            elif fate < 0.7:
                mentions.append(change(mention, label=draw.choice(EXHAUSTIVE_LABELS)))
            elif fate < 0.8 and mention.end - mention.start > 1:
                mentions.append(change(mention, end=mention.end - 1))
        spans = {(m.start, m.end) for m in mentions}
        relations = [r for r in text.relations if r.head in spans and r.tail in spans and draw.random() < 0.8]
        events = tuple(
            change(e, roles=tuple(r for r in e.roles if r.mention in spans)) for e in text.events if draw.random() < 0.8
        )
        moved.append(change(text, mentions=tuple(mentions), relations=tuple(relations), events=events))
    return moved


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_gold_scored_against_itself_is_perfect_in_every_layer(texts: Texts) -> None:
    for row, tally in all_tallies(texts, texts).items():
        assert tally.f1 == 1.0, row
        if isinstance(tally, Counts):
            assert tally.true_positives == tally.predicted == tally.gold, row


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_removing_one_relation_changes_one_count(texts: Texts, draw: random.Random) -> None:
    holders = [n for n, text in enumerate(texts) if text.relations]
    if not holders:
        return
    number = draw.choice(holders)
    gone = draw.choice(texts[number].relations)
    fewer = list(texts)
    fewer[number] = change(texts[number], relations=tuple(r for r in texts[number].relations if r is not gone))
    before, after = all_tallies(texts, texts), all_tallies(texts, fewer)
    changed = {row for row in before if before[row] != after[row] and row[0] not in ("facts", "entities")}
    assert changed == {("relations", "edges", gone.type), ("relations", "edges", "micro")}
    for row in changed:  # and it is a miss, on the side of gold as before
        counts = before[row]
        assert after[row] == Counts(counts.true_positives - 1, counts.predicted - 1, counts.gold)


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_removing_one_mention_changes_one_count_of_the_mentions(texts: Texts, draw: random.Random) -> None:
    bare = [change(text, relations=(), events=()) for text in texts]
    holders = [n for n, text in enumerate(bare) if text.mentions]
    if not holders:
        return
    number = draw.choice(holders)
    gone = draw.choice(bare[number].mentions)
    fewer = list(bare)
    fewer[number] = change(bare[number], mentions=tuple(m for m in bare[number].mentions if m is not gone))
    before, after = all_tallies(bare, bare), all_tallies(bare, fewer)
    single = {row for row in before if before[row] != after[row] and row[:2] == ("mentions", "strict")}
    groups = {"all nine", gone.label}
    groups |= {"micro"} if gone.label in EXHAUSTIVE_LABELS else set()
    groups |= {"PER+ORG+LOC"} if gone.label in ("PER", "ORG", "LOC") else set()
    assert {label for *_, label in single} == groups
    for row in single:
        assert before[row].true_positives - after[row].true_positives == 1
        assert before[row].predicted - after[row].predicted == 1
        assert before[row].gold == after[row].gold


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_order_of_texts_and_marks_does_not_matter(texts: Texts, draw: random.Random) -> None:
    predicted = marks_moved(texts, draw)

    def mixed(side: Texts) -> Texts:
        def mix(items: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(draw.sample(items, len(items)))

        shuffled = [
            change(text, mentions=mix(text.mentions), relations=mix(text.relations), events=mix(text.events))
            for text in side
        ]
        return draw.sample(shuffled, len(shuffled))

    def rows(gold: Texts, found: Texts) -> list[Any]:
        return [row for scores in evaluate_texts(gold, found).measures for row in scores.rows()]

    plain, other = rows(texts, predicted), rows(mixed(texts), mixed(predicted))
    assert [(row.measure, row.label) for row in plain] == [(row.measure, row.label) for row in other]
    for one, two in zip(plain, other, strict=True):
        if isinstance(one.tally, Counts):
            assert one == two  # the intervals too
        else:
            assert abs(one.tally.f1 - two.tally.f1) < 1e-12  # sums of fractions


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_scores_of_texts_together_are_the_added_counts_of_each_alone(texts: Texts, draw: random.Random) -> None:
    predicted = marks_moved(texts, draw)
    together = all_tallies(texts, predicted)
    alone = [all_tallies([one], [other]) for one, other in zip(texts, predicted, strict=True)]
    for row, tally in together.items():
        empty = BCubed() if isinstance(tally, BCubed) else Counts()
        added = sum((part[row] for part in alone if row in part), empty)
        if isinstance(tally, Counts):
            assert added == tally, row
        else:
            assert abs(added.precision - tally.precision) < 1e-12 and abs(added.recall - tally.recall) < 1e-12


@given(st.booleans().flatmap(several), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_every_miss_and_every_spurious_item_is_in_exactly_one_case(texts: Texts, draw: random.Random) -> None:
    evaluation = evaluate_texts(texts, marks_moved(texts, draw))
    for scores in evaluation.measures:
        if not scores.measure.listed or scores.measure.layer == "entities":
            continue
        counted: Any = scores.per_unit(scores.labels)
        total = sum(counted, Counts())
        gold = [case.gold.key for _, case in scores.cases if case.gold]
        assert len(gold) == len(set(gold)) == total.gold - total.true_positives
        judged = scores.exhaustive if scores.measure.layer == "mentions" else scores.labels
        found = [case.predicted.key for _, case in scores.cases if case.predicted and case.predicted.label in judged]
        partial: Any = sum(scores.per_unit(judged), Counts())
        assert len(found) == len(set(found)) == partial.predicted - partial.true_positives


@given(st.tuples(drawn_texts("a", True)), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_page_cut_into_other_articles_scores_the_same(texts: tuple[AnnotatedText], draw: random.Random) -> None:
    """The prediction makes an article of each paragraph, with offsets of its own; edges across them are lost."""
    (text,) = texts
    parts: Texts = []
    for run in draw.sample(text.article.page_map, len(text.article.page_map)):
        low, high, gap = run.text_start, run.text_start + run.length, draw.randint(0, 3)
        shift = gap - low

        def inside(start: int, end: int, low: int = low, high: int = high) -> bool:
            return low <= start and end <= high

        article = Article(
            f"other-{low}", text.article.page, "article", None, None, (), "\n" * gap + text.text[low:high],
            (Run(gap, run.page_start, run.length),),
        )  # fmt: skip
        parts.append(change(
            text, article=article, events=(),
            mentions=tuple(
                change(m, start=m.start + shift, end=m.end + shift) for m in text.mentions if inside(m.start, m.end)
            ),
            relations=tuple(
                change(r, head=(r.head[0] + shift, r.head[1] + shift), tail=(r.tail[0] + shift, r.tail[1] + shift))
                for r in text.relations if inside(*r.head) and inside(*r.tail)
            ),
        ))  # fmt: skip
    evaluation = evaluate_texts([text], parts, "mentions", "relations")
    strict = tallies(evaluation, "mentions", "strict")["all nine"]
    assert strict.true_positives == strict.predicted == strict.gold == len(text.mentions)
    edges = tallies(evaluation, "relations", "edges")["micro"]
    kept = sum(len(part.relations) for part in parts)
    assert (edges.true_positives, edges.predicted, edges.gold) == (kept, kept, len(text.relations))


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_two_runs_give_the_same_bytes(texts: Texts, draw: random.Random) -> None:
    predicted = marks_moved(texts, draw)
    reports = [build_report("g", "p", evaluate_texts(texts, predicted), None) for _ in range(2)]
    assert as_json(reports[0]) == as_json(reports[1])
