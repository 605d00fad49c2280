"""Fit what a model's confidences mean: isotonic regression on the development set, label by label.

Reads a model folder and annotated text; writes lean and calibration into the folder's `model.json`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline.encoder.decoding import Found, Scores, decode
from pipeline.encoder.model import Head, Model, read_card, write_card
from pipeline.evaluation.counts import Counts, count
from pipeline.training.corpora import Example, read_corpus

Judged = tuple[float, bool]
Curve = list[tuple[float, float]]
LEANS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # natural logarithms of odds
_ENOUGH = 150  # judged mentions of a label; with fewer it shares the curve of all labels
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


def find_mentions(model: Model, examples: Sequence[Example], head: str) -> list[list[Found]]:
    """Run a model over texts and decode one head."""
    how = model.head(head)
    outputs = model.run([example.text for example in examples])
    return [decode(arrays[head], how.labels, lean=how.lean) for arrays in outputs]


def calibrate(folder: Path, dev: Path, *, head: str = "mentions") -> Head:
    """Choose the lean of a head, fit its curves, and write both into the model's card."""
    model = Model(path=folder, threads=1)
    labels = model.head(head).labels
    examples = read_corpus(dev, labels)
    outputs = [arrays[head] for arrays in model.run([example.text for example in examples])]
    lean = max(LEANS, key=lambda value: (_f1(outputs, examples, labels, value), -abs(value)))
    judged: defaultdict[str, list[Judged]] = defaultdict(list)
    for example, scores in zip(examples, outputs, strict=True):
        for mention in decode(scores, labels, lean=lean):
            right = (mention.start, mention.end, mention.label) in example.spans
            judged[mention.label].append((mention.confidence, right))
    pooled = [pair for pairs in judged.values() for pair in pairs]
    curves = {
        label: fit_curve(judged[label] if len(judged[label]) >= _ENOUGH else pooled) for label in labels if pooled
    }
    card = read_card(folder)
    fitted = msgspec.structs.replace(card.heads[head], calibration=curves, lean=lean)
    write_card(msgspec.structs.replace(card, heads={**card.heads, head: fitted}), folder)
    return fitted


def _f1(outputs: Sequence[Scores], examples: Sequence[Example], labels: Sequence[str], lean: float) -> float:
    total = Counts()
    for example, scores in zip(examples, outputs, strict=True):
        found = {(f.start, f.end, f.label) for f in decode(scores, labels, lean=lean)}
        total += count(found, set(example.spans))
    return total.f1


def _rising(curve: Curve) -> Curve:
    """Drawing blocks of unequal size towards one half may turn two neighbours round: keep the curve from falling."""
    highest = 0.0
    points = []
    for confidence, value in curve:
        highest = max(highest, value)
        points.append((confidence, highest))
    return points
