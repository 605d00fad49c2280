"""Scores on the development set between rounds of training: mentions, triggers, and edges between the right spans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from msgspec import Struct

from pipeline.encoder.candidates import FAMILIES
from pipeline.encoder.characters import Vocabulary
from pipeline.encoder.decoding import decode
from pipeline.encoder.matches import Dictionary
from pipeline.encoder.network import Tagger
from pipeline.evaluation.counts import Counts, count
from pipeline.records import EVENT_TYPES
from pipeline.scheme import EDGE_LABELS
from pipeline.training.batches import Rows, encode_rows
from pipeline.training.corpora import Example
from pipeline.training.losses import TRIGGERS

NAMES = ("PER", "ORG", "LOC")
_BATCH = 8


class Reading(Struct, frozen=True):
    """What turns text into the network's input: vocabulary, dictionary, and the device it goes to."""

    vocabulary: Vocabulary
    dictionary: Dictionary
    device: torch.device

    def encode(self, examples: Sequence[Example], labels: Sequence[str], *, edges: bool) -> Rows:
        """Encode whole texts as they are."""
        return encode_rows(
            examples, labels, vocabulary=self.vocabulary, dictionary=self.dictionary, device=self.device, edges=edges
        )


def score(
    model: Tagger, examples: Sequence[Example], head: str, labels: Sequence[str], reading: Reading
) -> dict[str, Counts]:
    """Count what is right in whole texts: mentions by label, then `triggers`, `relations`, `roles` if there are such heads.

    Edges are asked between the spans that were annotated, and one is found where its score is above even odds.
    """
    edges = model.pairs is not None
    counts = {name: Counts() for name in (*labels, *((TRIGGERS, *FAMILIES) if edges else ()))}
    ordered = sorted(examples, key=lambda example: len(example.text))
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        rows = reading.encode(batch, labels, edges=edges)
        with torch.no_grad():
            states = model.encoder(rows.characters, rows.bigrams, rows.features)
            tags = model.heads[head](states).float().cpu().numpy()
            for example, row in zip(batch, tags, strict=True):
                found = {(f.start, f.end, f.label) for f in decode(row[: len(example.text)], labels)}
                for label in labels:
                    right = {span for span in example.spans if span[2] == label}
                    counts[label] += count({span for span in found if span[2] == label}, right)
            if edges:
                tags = model.heads[TRIGGERS](states).float().cpu().numpy()
                for example, row in zip(batch, tags, strict=True):
                    found = {(f.start, f.end, f.label) for f in decode(row[: len(example.text)], EVENT_TYPES)}
                    counts[TRIGGERS] += count(found, set(example.triggers))
                for family in FAMILIES:
                    counts[family] += _count_edges(model, states, rows, batch, family)
    return counts


def add(counts: Mapping[str, Counts], labels: Sequence[str]) -> Counts:
    """Add the counts of some labels; of those that are not there, nothing."""
    return sum((counts[label] for label in labels if label in counts), Counts())


def overall(counts: Mapping[str, Counts]) -> float:
    """Give the one number that chooses a round: the mean F1 of mentions, triggers, relations and roles.

    Of mentions those count that are annotated wherever they occur.
    """
    others = [name for name in (TRIGGERS, *FAMILIES) if name in counts]
    parts = [add(counts, everywhere(counts)).f1, *(counts[name].f1 for name in others)]
    return sum(parts) / len(parts)


def everywhere(labels: Iterable[str]) -> list[str]:
    """Give the labels of mentions that are annotated wherever they occur."""
    return [label for label in labels if label not in (*EDGE_LABELS, TRIGGERS, *FAMILIES)]


def _count_edges(model: Tagger, states: torch.Tensor, rows: Rows, examples: Sequence[Example], family: str) -> Counts:
    pairs = rows.edges[family]
    assert model.pairs is not None
    scores = model.scorers[family](model.pairs(states).flatten(0, 1), pairs.spans, pairs.pairs, pairs.features)
    found = (scores > 0) & pairs.allowed
    right = int((found & (pairs.wanted > 0)).sum())
    gold = sum(len(example.relations if family == "relations" else example.roles) for example in examples)
    return Counts(right, int(found.sum()), gold)
