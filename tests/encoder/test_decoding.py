"""Decoding gives the best well-formed tagging, as trying all of them does."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.encoder.decoding import _viterbi, decode, log_softmax, tag_count

LABELS = ["PER", "LOC"]


def spans_of(tags: tuple[int, ...]) -> list[tuple[int, int, str]] | None:
    """Give the spans of a tagging, or None where it is not well formed."""
    spans, open_at, label = [], None, -1
    for place, tag in enumerate(tags):
        kind, own = ((tag - 1) % 4, (tag - 1) // 4) if tag else (None, -1)
        if open_at is None:
            if kind in (1, 2):
                return None
            if kind == 3:
                spans.append((place, place + 1, LABELS[own]))
            if kind == 0:
                open_at, label = place, own
        else:
            if kind not in (1, 2) or own != label:
                return None
            if kind == 2:
                spans.append((open_at, place + 1, LABELS[own]))
                open_at = None
    return None if open_at is not None else spans


def best_by_trying(scores: NDArray[np.float32]) -> list[tuple[int, int, str]]:
    logs = log_softmax(scores)
    taggings = itertools.product(range(scores.shape[1]), repeat=len(scores))
    formed = [(sum(logs[i, t] for i, t in enumerate(tags)), spans_of(tags)) for tags in taggings]
    return max((pair for pair in formed if pair[1] is not None), key=lambda pair: pair[0])[1]


@pytest.mark.parametrize("seed", range(40))
def test_it_finds_what_trying_every_tagging_finds(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(0, 2, (1 + seed % 4, tag_count(LABELS))).astype(np.float32)
    assert [(f.start, f.end, f.label) for f in decode(scores, LABELS)] == best_by_trying(scores)


@pytest.mark.parametrize("seed", range(40))
def test_a_longer_text_is_tagged_as_viterbi_tags_it_in_one_piece(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(0, 0.5 + seed % 4, (5 + 4 * seed, tag_count(LABELS))).astype(np.float32)
    scores[:, 0] += seed % 3  # with more O there are more places to cut at
    whole = tuple(_viterbi(log_softmax(scores)))
    assert [(f.start, f.end, f.label) for f in decode(scores, LABELS)] == spans_of(whole)


def test_no_text_has_no_mentions() -> None:
    assert decode(np.zeros((0, tag_count(LABELS)), dtype=np.float32), LABELS) == []


def test_confidence_is_the_geometric_mean_of_the_tags_probabilities() -> None:
    scores = np.full((2, tag_count(LABELS)), -9.0, dtype=np.float32)
    scores[0, 1], scores[0, 0] = 2.0, 0.0
    scores[1, 3] = 9.0
    (found,) = decode(scores, LABELS)
    logs = log_softmax(scores)
    assert (found.start, found.end, found.label) == (0, 2, "PER")
    assert found.confidence == pytest.approx(float(np.exp((logs[0, 1] + logs[1, 3]) / 2)), rel=1e-5)


def test_leaning_against_outside_finds_more() -> None:
    scores = np.zeros((1, tag_count(LABELS)), dtype=np.float32)
    scores[0, 0], scores[0, 4] = 1.0, 0.5
    assert decode(scores, LABELS) == []
    assert [found.label for found in decode(scores, LABELS, lean=1.0)] == ["PER"]
