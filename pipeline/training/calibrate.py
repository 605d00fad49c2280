"""Fit what a model's confidences mean: isotonic regression on the development set, label by label.

Reads a model folder and annotated text; writes leans, thresholds and calibration into the folder's `model.json`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.encoder.candidates import FAMILIES, make_spans
from pipeline.encoder.decoding import Found, Scores, decode
from pipeline.encoder.model import Card, Head, Model, read_card, write_card
from pipeline.evaluation.counts import Counts, count
from pipeline.training.corpora import Example, Marked, read_corpus
from pipeline.training.strays import add_strays

Judged = tuple[float, bool]
Curve = list[tuple[float, float]]
LEANS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # natural logarithms of odds
_ENOUGH = 150  # judged mentions of a label; with fewer it shares the curve of all labels
_FEW = 30  # annotated edges of a label; with fewer it shares the threshold of all
_LEAST = 0.02  # confidence of an edge that is judged at all
_BLOCK = 25.0  # judged mentions that a step of the curve rests on at the least


def fit_curve(judged: Sequence[Judged], *, block: float = _BLOCK) -> Curve:
    """Fit a curve from confidence to the share that is right, which never falls (Ayer et al. 1955).

    Each point is the mean confidence of a block and the share that is right in it, drawn a little towards one half.
    """
    pools: list[list[float]] = []  # items, sum of confidences, right
    for confidence, right in sorted(judged):
        if pools and pools[-1][0] < block:
            pools[-1] = [pools[-1][0] + 1, pools[-1][1] + confidence, pools[-1][2] + right]
        else:
            pools.append([1.0, confidence, float(right)])
        while len(pools) > 1 and pools[-1][0] >= block and pools[-1][2] / pools[-1][0] <= pools[-2][2] / pools[-2][0]:
            last = pools.pop()
            pools[-1] = [before + after for before, after in zip(pools[-1], last, strict=True)]
    if len(pools) > 1 and pools[-1][0] < block:
        last = pools.pop()
        pools[-1] = [before + after for before, after in zip(pools[-1], last, strict=True)]
    return _rising([(round(total / items, 4), round((right + 0.5) / (items + 1), 4)) for items, total, right in pools])


def fit_curves(judged: Mapping[str, Sequence[Judged]], labels: Sequence[str]) -> dict[str, Curve]:
    """Fit a curve for each label; one with few judged finds shares the curve of all."""
    pooled = [pair for pairs in judged.values() for pair in pairs]
    return {
        label: fit_curve(own if len(own := judged.get(label, ())) >= _ENOUGH else pooled) for label in labels if pooled
    }


def find_mentions(model: Model, examples: Sequence[Example], head: str) -> list[list[Found]]:
    """Run a model over texts and decode one head."""
    how = model.head(head)
    outputs = model.run([example.text for example in examples])
    return [decode(arrays[head], how.labels, lean=how.lean) for arrays in outputs]


def calibrate(folder: Path, dev: Path, *, strays: Path | None = None) -> Card:
    """Choose leans and thresholds of all heads, fit their curves, and write all into the model's card.

    `strays` is the config whose patterns find mentions beside the model's own, as in a run.
    """
    labels = read_card(folder).heads["mentions"].labels
    examples = read_corpus(dev, labels, edges=True)
    if strays is not None:
        examples = add_strays(examples, strays)
    for name in ("mentions", "triggers"):
        card = read_card(folder)
        if name in card.heads:
            right = [set(e.spans if name == "mentions" else e.triggers) for e in examples]
            fitted = _calibrate_tags(Model(path=folder, threads=1), name, [e.text for e in examples], right)
            write_card(msgspec.structs.replace(card, heads={**card.heads, name: fitted}), folder)
    for name in FAMILIES:
        card = read_card(folder)
        if name in card.heads:
            fitted = calibrate_edges(Model(path=folder, threads=1), name, examples)
            write_card(msgspec.structs.replace(card, heads={**card.heads, name: fitted}), folder)
    return read_card(folder)


def calibrate_edges(model: Model, family: str, examples: Sequence[Example]) -> Head:
    """Fit a family of edges between the mentions that the model itself finds, right and wrong ones."""
    judged: defaultdict[str, list[Judged]] = defaultdict(list)
    gold: Counter[str] = Counter()
    for example in examples:
        right = _right_edges(example, family)
        gold.update(label for *_, label in right)
        found = _spans_of_run(model, example, family)
        states = model.run([example.text])[0]["pairs"]
        for edge in model.scorer(family).find(example.text, states, make_spans(found), least=_LEAST):
            key = (found[edge.head][:2], found[edge.tail][:2], edge.label)
            judged[edge.label].append((edge.confidence, key in right))
    labels = model.head(family).labels
    common = choose_threshold([pair for pairs in judged.values() for pair in pairs], sum(gold.values()))
    thresholds = {
        label: choose_threshold(judged[label], gold[label]) if gold[label] >= _FEW else common for label in labels
    }
    return Head(labels, thresholds, fit_curves(judged, labels))


def choose_threshold(judged: Sequence[Judged], gold: int) -> float:
    """Choose the least confidence of the finds to keep for the best F1; halfway to the next find below it."""
    ordered = sorted(judged, reverse=True)
    best, threshold, right = -1.0, 0.5, 0
    for place, (confidence, is_right) in enumerate(ordered, start=1):
        right += is_right
        f1 = Counts(right, place, gold).f1
        if f1 > best:
            below = ordered[place][0] if place < len(ordered) else 0.0
            best, threshold = f1, (confidence + below) / 2
    return round(threshold, 4)


def _spans_of_run(model: Model, example: Example, family: str) -> list[Marked]:
    """Give the spans that a run would pair: mentions of patterns first, then the model's, and its triggers."""
    outputs = model.run([example.text])[0]
    heads = ("mentions", "triggers") if family == "roles" else ("mentions",)
    spans: list[Marked] = []
    for name in heads:
        head = model.head(name)
        found = [(f.start, f.end, f.label) for f in decode(outputs[name], head.labels, lean=head.lean)]
        if name == "mentions":
            found = [f for f in found if not any(f[0] < end and start < f[1] for start, end, _ in example.strays)]
            found += example.strays
        spans += found
    return sorted(spans)


def _right_edges(example: Example, family: str) -> set[tuple[tuple[int, int], tuple[int, int], str]]:
    edges, heads = (example.relations, example.spans) if family == "relations" else (example.roles, example.triggers)
    return {(heads[head][:2], example.spans[tail][:2], label) for head, tail, label in edges}


def _calibrate_tags(model: Model, name: str, texts: Sequence[str], right: Sequence[set[Marked]]) -> Head:
    """Choose the lean of a head that tags, and fit its curves."""
    labels = model.head(name).labels
    outputs = [arrays[name] for arrays in model.run(texts)]
    lean = max(LEANS, key=lambda value: (_f1(outputs, right, labels, value), -abs(value)))
    judged: defaultdict[str, list[Judged]] = defaultdict(list)
    for own, scores in zip(right, outputs, strict=True):
        for found in decode(scores, labels, lean=lean):
            judged[found.label].append((found.confidence, (found.start, found.end, found.label) in own))
    return Head(labels, {}, fit_curves(judged, labels), lean=lean)


def _f1(outputs: Sequence[Scores], right: Sequence[set[Marked]], labels: Sequence[str], lean: float) -> float:
    total = Counts()
    for own, scores in zip(right, outputs, strict=True):
        total += count({(f.start, f.end, f.label) for f in decode(scores, labels, lean=lean)}, own)
    return total.f1


def _rising(curve: Curve) -> Curve:
    """Drawing blocks of unequal size towards one half may turn two neighbours round: keep the curve from falling."""
    highest = 0.0
    points = []
    for confidence, value in curve:
        highest = max(highest, value)
        points.append((confidence, highest))
    return points
