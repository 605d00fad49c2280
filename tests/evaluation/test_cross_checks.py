"""Our counts beside those of seqeval, nervaluate and spaCy, on the same random data."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
import spacy
from marked_texts import evaluate_texts, tallies
from nervaluate import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.counts import Counts
from pipeline.records import Article, Mention
from pipeline.scheme import EXHAUSTIVE_LABELS

LENGTH = 60


def random_text(id: str, mentions: tuple[Mention, ...]) -> AnnotatedText:
    article = Article(id, None, "article", None, None, (), "山" * LENGTH, ())
    return AnnotatedText(
        article=article, layers=EXHAUSTIVE_LABELS, tokens=None, mentions=mentions, entities=None, relations=(),
        events=(), has_probabilities=False, where="x:1",
    )  # fmt: skip


def random_mentions(draw: random.Random) -> tuple[Mention, ...]:
    cuts = sorted(draw.sample(range(LENGTH + 1), draw.randint(2, 24)))
    spans = [span for span in pairwise(cuts) if draw.random() < 0.6]
    return tuple(Mention(a, b, draw.choice(EXHAUSTIVE_LABELS)) for a, b in spans)


def moved(mentions: tuple[Mention, ...], draw: random.Random) -> tuple[Mention, ...]:
    kept = []
    for mention in mentions:
        fate = draw.random()
        if fate < 0.2:
            continue
        label = draw.choice(EXHAUSTIVE_LABELS) if fate < 0.4 else mention.label
        start = mention.start + (fate > 0.9 and mention.end - mention.start > 1)
        kept.append(Mention(start, mention.end, label))
    return tuple(kept)


@pytest.fixture(params=range(5), name="texts")
def texts_(request: pytest.FixtureRequest) -> tuple[list[AnnotatedText], list[AnnotatedText]]:
    draw = random.Random(request.param)
    gold = [random_text(f"t{n}", random_mentions(draw)) for n in range(30)]
    predicted = [
        random_text(text.id, moved(text.mentions, draw) if draw.random() < 0.7 else random_mentions(draw))
        for text in gold
    ]
    return gold, predicted


def tags(text: AnnotatedText) -> list[str]:
    row = ["O"] * LENGTH
    for mention in text.mentions:
        row[mention.start] = f"B-{mention.label}"
        row[mention.start + 1 : mention.end] = [f"I-{mention.label}"] * (mention.end - mention.start - 1)
    return row


def strict(texts: tuple[list[AnnotatedText], list[AnnotatedText]]) -> dict[str, Counts]:
    return tallies(evaluate_texts(*texts, "mentions"), "mentions", "strict")


def test_strict_mentions_agree_with_seqeval(texts: tuple[list[AnnotatedText], list[AnnotatedText]]) -> None:
    gold, predicted = ([tags(text) for text in side] for side in texts)
    report = classification_report(gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    ours = strict(texts)
    for theirs, label in [(report["micro avg"], "micro"), *((report[label], label) for label in EXHAUSTIVE_LABELS)]:
        assert ours[label].precision == pytest.approx(theirs["precision"])
        assert ours[label].recall == pytest.approx(theirs["recall"])
        assert ours[label].f1 == pytest.approx(theirs["f1-score"])
        assert ours[label].gold == theirs["support"]


def test_strict_mentions_agree_with_nervaluate(texts: tuple[list[AnnotatedText], list[AnnotatedText]]) -> None:
    sides = [
        [[{"label": m.label, "start": m.start, "end": m.end - 1} for m in text.mentions] for text in side]
        for side in texts
    ]
    theirs = Evaluator(*sides, tags=list(EXHAUSTIVE_LABELS), loader="dict").evaluate()["overall"]["strict"]
    assert strict(texts)["micro"] == Counts(theirs.correct, theirs.actual, theirs.possible)


def test_relaxed_mentions_agree_with_nervaluate_where_no_mention_has_two_partners() -> None:
    """Our pairing is the largest, nervaluate's takes the first partner: they meet where there is no choice."""
    draw = random.Random(3)
    gold, predicted = [], []
    for n in range(40):
        mentions = tuple(
            Mention(start, start + 4, draw.choice(EXHAUSTIVE_LABELS))
            for start in range(0, LENGTH, 10)
            if draw.random() < 0.8
        )
        found = tuple(
            Mention(
                m.start + draw.choice([-2, -1, 0, 1]) * (m.start > 0), m.end + draw.choice([-1, 0, 2]),
                m.label if draw.random() < 0.8 else draw.choice(EXHAUSTIVE_LABELS),
            )
            for m in mentions
            if draw.random() < 0.8
        )  # fmt: skip
        gold.append(random_text(f"t{n}", mentions))
        predicted.append(random_text(f"t{n}", found))
    sides = [
        [[{"label": m.label, "start": m.start, "end": m.end - 1} for m in text.mentions] for text in side]
        for side in (gold, predicted)
    ]
    theirs = Evaluator(*sides, tags=list(EXHAUSTIVE_LABELS), loader="dict").evaluate()["overall"]["ent_type"]
    ours = tallies(evaluate_texts(gold, predicted, "mentions"), "mentions", "boundary-relaxed")["micro"]
    assert ours == Counts(theirs.correct, theirs.actual, theirs.possible)
    assert 0 < ours.true_positives < ours.gold


def test_strict_mentions_agree_with_spacy(texts: tuple[list[AnnotatedText], list[AnnotatedText]]) -> None:
    nlp = spacy.blank("zh")

    def doc_of(text: AnnotatedText) -> Doc:
        doc = nlp.make_doc(text.text)
        doc.ents = tuple(doc.char_span(m.start, m.end, m.label) for m in text.mentions)
        return doc

    examples = [Example(doc_of(found), doc_of(gold)) for gold, found in zip(*texts, strict=True)]
    theirs = Scorer.score_spans(examples, "ents")
    ours = strict(texts)
    assert (ours["micro"].precision, ours["micro"].recall) == pytest.approx((theirs["ents_p"], theirs["ents_r"]))
    for label, scores in theirs["ents_per_type"].items():
        assert ours[label].f1 == pytest.approx(scores["f"])
