"""What a step of training asks of a batch: tags of mentions and triggers, and the edges between them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from pipeline.encoder.network import Tagger
from pipeline.training.batches import NO_TAG, Pairs, Rows

TRIGGERS = "triggers"  # the head that tags triggers of events


def add_losses(model: Tagger, rows: Rows, head: str, *, trigger_weight: float, edge_weight: float) -> Tensor:
    """Add the losses of one batch: cross-entropy of the tags, binary cross-entropy of every edge that could be."""
    states = model.dropout(model.encoder(rows.characters, rows.bigrams, rows.features))
    total = _tag_loss(model.heads[head](states), rows.tags)
    if rows.triggers is not None:
        total = total + trigger_weight * _tag_loss(model.heads[TRIGGERS](states), rows.triggers)
    if rows.edges and model.pairs is not None:
        flat = model.pairs(states).flatten(0, 1)
        for family, pairs in rows.edges.items():
            if len(pairs.pairs):
                total = total + edge_weight * _edge_loss(model.scorers[family], flat, pairs)
    return total


def _tag_loss(scores: Tensor, tags: Tensor) -> Tensor:
    return functional.cross_entropy(scores.flatten(0, 1), tags.flatten(), ignore_index=NO_TAG)


def _edge_loss(scorer: torch.nn.Module, states: Tensor, pairs: Pairs) -> Tensor:
    """Sum over the edges that are possible, by the spans there are: a text with many far pairs counts no more."""
    scores = scorer(states, pairs.spans, pairs.pairs, pairs.features)
    each = functional.binary_cross_entropy_with_logits(
        scores, pairs.wanted, weight=pairs.allowed.float(), reduction="sum"
    )
    return each / len(pairs.spans)
