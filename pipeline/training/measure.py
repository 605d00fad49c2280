"""Measure a model folder: strict F1 by label with intervals, and characters a second.

Reads a model folder and annotated text; writes nothing. torch is not needed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pipeline.encoder.model import Model
from pipeline.evaluation.counts import Counts, count
from pipeline.evaluation.intervals import Interval, bootstrap_interval
from pipeline.training.calibrate import find_mentions
from pipeline.training.corpora import read_corpus

NAMES = ("PER", "ORG", "LOC")


class Score(Struct, frozen=True):
    """The counts of one label, or of several added, with the interval of F1 over texts."""

    counts: Counts
    interval: Interval


def score_mentions(
    folder: Path, corpus: Path, *, labels: Sequence[str], head: str = "mentions", threads: int = 1
) -> Mapping[str, Score]:
    """Score strict matches of span and label: each label, and those of PER, ORG and LOC together."""
    model = Model(path=folder, threads=threads)
    examples = read_corpus(corpus, labels)
    per_text: dict[str, list[Counts]] = {label: [] for label in labels}
    for example, found in zip(examples, find_mentions(model, examples, head), strict=True):
        for label in labels:
            wanted = {(start, end) for start, end, own in example.spans if own == label}
            per_text[label].append(count({(f.start, f.end) for f in found if f.label == label}, wanted))
    names = [label for label in NAMES if label in per_text]
    rows = {"+".join(names): [sum((per_text[label][i] for label in names), Counts()) for i in range(len(examples))]}
    rows |= per_text
    return {name: Score(sum(row, Counts()), bootstrap_interval(row)) for name, row in rows.items()}


def report_scores(scores: Mapping[str, Score]) -> str:
    """Give the scores as a table in Markdown."""
    lines = ["| label | precision | recall | F1 | 95 % interval | gold |", "|---|---|---|---|---|---|"]
    for name, score in scores.items():
        counts, interval = score.counts, score.interval
        lines.append(
            f"| {name} | {counts.precision:.3f} | {counts.recall:.3f} | {counts.f1:.3f} "
            f"| {interval.low:.3f}-{interval.high:.3f} | {counts.gold} |"
        )
    return "\n".join(lines)


def measure_speed(folder: Path, texts: Sequence[str], *, threads: int, repeats: int = 3) -> float:
    """Give the characters a second from text to scores, look-up in the dictionary included, of the best run."""
    characters = sum(map(len, texts))
    best = float("inf")
    model = Model(path=folder, threads=threads)
    model.run(["今天。"])
    for number in range(repeats):
        fresh = [f"{text}{' ' * (number + 1)}" for text in texts]  # other texts each time: nothing is kept from before
        start = time.perf_counter()
        model.run(fresh)
        best = min(best, time.perf_counter() - start)
    return characters / best
