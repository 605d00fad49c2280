"""Which articles a person should annotate next: those the pipeline is least sure of, and unlike those chosen already.

Reads annotated texts with calibrated probabilities; writes an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from msgspec import Struct

from pipeline.errors import InputError
from pipeline.evaluation.annotated import AnnotatedText

PRIOR_WEIGHT = 5.0  # marks that an article is credited with at the mean uncertainty, so that short ones are not extreme
DIMENSIONS = 8192  # of the vectors that tell how alike two texts are


class Choice(Struct, frozen=True):
    """An article, the share of its marks that is expected to be wrong, and how near it is to one chosen before."""

    text: AnnotatedText
    uncertainty: float
    likeness: float


def uncertainties(texts: Sequence[AnnotatedText]) -> list[float]:
    """Give the expected share of wrong marks of each text: the mean of 1 - p over mentions, relations, events, roles.

    The mean is drawn towards that of all texts by `PRIOR_WEIGHT` marks; a text without any mark has that of all.
    """
    doubts = [
        [1 - p for p in (
            *(m.probability for m in text.mentions), *(r.probability for r in text.relations),
            *(e.probability for e in text.events), *(role.probability for e in text.events for role in e.roles),
        )]
        for text in texts
    ]  # fmt: skip
    marks = sum(map(len, doubts))
    mean = sum(map(sum, doubts)) / marks if marks else 0.0
    return [(sum(own) + PRIOR_WEIGHT * mean) / (len(own) + PRIOR_WEIGHT) for own in doubts]


def least_certain_first(texts: Sequence[AnnotatedText]) -> list[AnnotatedText]:
    """Put the texts with the largest expected share of wrong marks first; equal ones stay in their order."""
    scored = zip(uncertainties(texts), range(len(texts)), strict=True)
    return [texts[number] for _, number in sorted(scored, key=lambda pair: (-pair[0], pair[1]))]


def choose(
    texts: Sequence[AnnotatedText], *, count: int, done: Sequence[AnnotatedText] = (), diversity: float = 0.5
) -> list[Choice]:
    """Choose articles one by one by maximal marginal relevance (Carbonell and Goldstein 1998).

    Each has the best of (1 - diversity) * uncertainty - diversity * likeness, uncertainty as a share of the largest.
    Likeness is the cosine of tf-idf vectors of pairs of characters, to the nearest text that is chosen or `done`.

    Raises:
        InputError: the texts carry no probabilities, so nothing tells which are uncertain.
    """
    if any(not text.has_probabilities for text in texts):
        where = next(text.where for text in texts if not text.has_probabilities)
        raise InputError("carries no probabilities", where=where, remedy="give records written by baozhi extract")
    finished = {text.id for text in done}
    open_ = [text for text in texts if text.id not in finished]
    doubt = np.array(uncertainties(open_))
    relevance = doubt / doubt.max() if len(doubt) and doubt.max() > 0 else doubt
    vectors = _vectors([text.text for text in (*open_, *done)])
    own, others = vectors[: len(open_)], vectors[len(open_) :]
    nearest = (own @ others.T).max(axis=1) if len(done) and open_ else np.zeros(len(open_))
    chosen: list[Choice] = []
    left = set(range(len(open_)))
    while left and len(chosen) < count:
        best = max(left, key=lambda n: ((1 - diversity) * relevance[n] - diversity * nearest[n], -n))
        left.remove(best)
        chosen.append(Choice(open_[best], float(doubt[best]), float(nearest[best])))
        nearest = np.maximum(nearest, own @ own[best])
    return chosen


def _vectors(texts: Sequence[str]) -> Any:
    """Give one unit vector a text, pairs of characters hashed (Weinberger et al. 2009): shape (texts, DIMENSIONS)."""
    counts = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        pairs = [crc32(text[n : n + 2].encode("utf-8", "surrogatepass")) % DIMENSIONS for n in range(len(text) - 1)]
        np.add.at(counts[row], pairs, 1)
    weights = counts * np.log((1 + len(texts)) / (1 + (counts > 0).sum(axis=0, dtype=np.float32)))
    return weights / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-12)
