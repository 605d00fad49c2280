"""How far people agree who have annotated the same articles: F1 and alpha by layer, confusions, every disagreement.

Reads files of hand annotations, one a person; writes numbers and a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

from msgspec import Struct

from pipeline.annotation.alpha import Alpha, alphas
from pipeline.annotation.articles import read_articles
from pipeline.annotation.items import describe_item
from pipeline.annotation.settle import differences
from pipeline.errors import AnnotationError
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.intervals import Interval
from pipeline.evaluation.reading import read_annotated
from pipeline.evaluation.scores import MeasureScores
from pipeline.evaluation.scoring import score
from pipeline.marks import AnnotatedArticle

LAYERS = ("mentions", "relations", "events")


class Agreed(Struct, frozen=True):
    """The F1 of one measure and label between two people: it does not matter who is taken for gold."""

    people: tuple[str, str]
    layer: str
    measure: str
    label: str
    both: float
    first: float
    second: float
    f1: float
    interval: Interval


class Disagreement(Struct, frozen=True):
    """One item that only one of two people has marked."""

    people: tuple[str, str]
    article: str
    layer: str
    only: str
    what: str


class Agreement(Struct, frozen=True, eq=False):
    """All that is known of how far some people agree."""

    people: tuple[str, ...]
    articles: int
    agreed: tuple[Agreed, ...]
    alphas: tuple[Alpha, ...]
    confusions: tuple[tuple[tuple[str, str], MeasureScores], ...]
    disagreements: tuple[Disagreement, ...]


def agree(files: Mapping[str, Path]) -> Agreement:
    """Compare the files of two or more people, named by their keys, over the articles that all have.

    Raises:
        AnnotationError: there are fewer than two, they share no article, or an article has two texts.
    """
    if len(files) < 2:
        raise AnnotationError("one person agrees with nobody", remedy="give the files of two people or more")
    texts = {person: {text.id: text for text in read_annotated(path)} for person, path in files.items()}
    marked = {person: {a.id: a for _, a in read_articles(path)} for person, path in files.items()}
    shared = [id for id in next(iter(texts.values())) if all(id in own for own in texts.values())]
    if not shared:
        raise AnnotationError("the files share no article", where=", ".join(map(str, files.values())))
    for id in shared:
        versions = [own[id] for own in texts.values()]
        if len({text.text for text in versions}) > 1:
            raise AnnotationError(f"{id}: the texts differ", where=versions[0].where, remedy="annotate the same text")
    agreed: list[Agreed] = []
    confusions: list[tuple[tuple[str, str], MeasureScores]] = []
    disagreements: list[Disagreement] = []
    for pair in combinations(files, 2):
        first, second = pair
        measures = score(
            [texts[first][id] for id in shared], [texts[second][id] for id in shared], layers=LAYERS
        ).measures
        for measure in measures:
            agreed += _rows(pair, measure)
        confusions += [(pair, measure) for measure in measures if measure.measure.listed]
        disagreements += [d for id in shared for d in _disagreements(pair, marked[first][id], marked[second][id])]
    versions_by_article: list[Sequence[AnnotatedText]] = [[own[id] for own in texts.values()] for id in shared]
    return Agreement(
        tuple(files), len(shared), tuple(agreed), tuple(alphas(versions_by_article)), tuple(confusions),
        tuple(disagreements),
    )  # fmt: skip


def _rows(people: tuple[str, str], scores: MeasureScores) -> list[Agreed]:
    rows = []
    for row in scores.rows():
        tally = row.tally
        both, first, second = (getattr(tally, name) for name in ("true_positives", "gold", "predicted"))
        rows.append(Agreed(people, row.layer, row.measure, row.label, both, first, second, tally.f1, row.f1))
    return rows


def _disagreements(people: tuple[str, str], a: AnnotatedArticle, b: AnnotatedArticle) -> list[Disagreement]:
    sides = {"a": people[0], "b": people[1]}
    return [
        Disagreement(people, a.id, item[0], sides[side], describe_item(item, a.text))
        for side, item in differences(a, b)
    ]  # fmt: skip
