"""Score a prediction against hand annotations, measure by measure.

Reads annotated texts; writes scores. The gold side is always whole: what belongs to a missed mention is missed too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText, Place
from pipeline.evaluation.cases import Case, find_cases
from pipeline.evaluation.definitions import MEASURES, Measure
from pipeline.evaluation.entities import clusters_of
from pipeline.evaluation.items import Item, Items, Tally, by_unit, collect
from pipeline.evaluation.scores import NOTHING, MeasureScores
from pipeline.scheme import EXHAUSTIVE_LABELS


class Evaluation(Struct, frozen=True, eq=False):
    """All scores of one prediction over texts. The alignment knows which articles had no counterpart."""

    measures: tuple[MeasureScores, ...]
    alignment: Alignment


def score(
    gold: Sequence[AnnotatedText],
    predicted: Sequence[AnnotatedText],
    *,
    layers: Collection[str],
    by_source: bool = False,
) -> Evaluation:
    """Score the chosen layers; with `by_source` also the strict mentions of each source apart.

    Words are scored only if gold states any.
    """
    alignment = Alignment(gold, predicted)
    has_tokens = any(text.tokens is not None for text in gold)
    measures = [m for m in MEASURES if m.layer in layers and (m.layer != "tokens" or has_tokens)]
    scored = [score_measure(measure, alignment) for measure in measures]
    if by_source:
        strict = next(measure for measure in MEASURES if (measure.layer, measure.name) == ("mentions", "strict"))
        sources = sorted({mention.source for text in alignment.predicted for mention in text.mentions})
        scored += [score_measure(_of_source(strict, source), alignment, source=source) for source in sources]
    return Evaluation(tuple(scored), alignment)


def _of_source(measure: Measure, source: str) -> Measure:
    name = source or "unnamed"
    definition = f"{measure.definition} Only what the source {name} found counts as predicted."
    return msgspec.structs.replace(
        measure, name=f"{measure.name}, source {name}", definition=definition, listed=False, calibrated=False
    )


def score_measure(measure: Measure, alignment: Alignment, *, source: str | None = None) -> MeasureScores:
    """Count the items of one measure article by article, and list its cases; of one source where it is given."""
    gold_items = _find(measure, alignment.gold, alignment, None)
    predicted_items = _find(measure, alignment.predicted, alignment, source)
    exhaustive = tuple(label for label in EXHAUSTIVE_LABELS if all(label in text.layers for text in alignment.gold))
    tallies: dict[str, dict[str, Tally]] = {}
    cases: list[tuple[str, Case]] = []
    confusions: Counter[tuple[str, str]] = Counter()
    judged: list[tuple[float, bool]] = []
    clustered = _clustered(alignment) if measure.layer == "entities" else None
    for unit in _units(measure, alignment, predicted_items):
        gold, predicted = collect(gold_items.get(unit, ())), collect(predicted_items.get(unit, ()))
        tallies[unit] = _tally(measure, predicted, gold)
        if measure.listed:
            found = list(find_cases(predicted, gold, overlapping=measure.overlapping))
            found = [case for case in found if _says_something(case, measure, exhaustive, clustered)]
            confusions.update((label, label) for label, _ in predicted.keys() & gold.keys())
            confusions.update(_labels(case) for case in found)
            cases += [(unit, case) for case in found]
        if measure.calibrated:
            judged += _judge(predicted, gold, exhaustive if measure.layer == "mentions" else None)
    return MeasureScores(measure, exhaustive, tallies, tuple(cases), dict(confusions), tuple(sorted(judged)))


def _find(
    measure: Measure, texts: Iterable[AnnotatedText], alignment: Alignment, source: str | None
) -> dict[str, list[Item]]:
    assert measure.find is not None  # only the measures of pages find nothing in texts
    items = (item for text in texts for item in measure.find(text, alignment))
    return by_unit((item for item in items if source is None or item.source == source), alignment)


def _units(measure: Measure, alignment: Alignment, predicted: Collection[str]) -> list[str]:
    """Give the gold articles, then the rests of pages that hold predictions; for words only what states words."""
    if measure.layer == "tokens":
        return [text.id for text in alignment.gold if text.tokens is not None]
    articles = [text.id for text in alignment.gold]
    return [*articles, *sorted(set(predicted) - set(articles))]


def _tally(measure: Measure, predicted: Items, gold: Items) -> dict[str, Tally]:
    labels = sorted({label for label, _ in (*predicted, *gold)})
    return {
        label: measure.tally(
            {key: item for key, item in predicted.items() if key[0] == label},
            {key: item for key, item in gold.items() if key[0] == label},
        )
        for label in labels
    }


def _judge(predicted: Items, gold: Items, labels: Collection[str] | None) -> Iterator[tuple[float, bool]]:
    for key, item in predicted.items():
        if item.probability is not None and (labels is None or item.label in labels):
            yield item.probability, key in gold


def _labels(case: Case) -> tuple[str, str]:
    return (case.gold.label if case.gold else NOTHING, case.predicted.label if case.predicted else NOTHING)


def _clustered(alignment: Alignment) -> tuple[set[Place], set[Place]]:
    """Give the places of all mentions that can be in an entity: in gold, in the prediction."""
    gold, predicted = (
        {text.place(offsets) for text in texts for cluster in clusters_of(text) for offsets in cluster}
        for texts in (alignment.gold, alignment.predicted)
    )
    return gold, predicted


def _says_something(
    case: Case, measure: Measure, exhaustive: Sequence[str], clustered: tuple[set[Place], set[Place]] | None
) -> bool:
    """Leave out what is no error of this layer.

    A spurious mention of a label that gold marks only in part may be right. A link to a mention that the other side
    lacks is an error of the mentions, and is shown there.
    """
    if case.kind == "spurious" and measure.layer == "mentions" and case.item.label not in exhaustive:
        return False
    if clustered is None:
        return True
    other = clustered[1] if case.gold else clustered[0]
    return all(case.item.text.place(offsets) in other for _, offsets in case.item.marks)
