"""Build a tagger by its plan: new, on a pre-trained encoder, or with the weights of a model folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import torch
from msgspec import Struct

from pipeline.encoder.candidates import FAMILIES, FEATURES
from pipeline.encoder.characters import Vocabulary
from pipeline.encoder.decoding import tag_count
from pipeline.encoder.matches import FEATURES as MATCHES
from pipeline.encoder.model import read_card
from pipeline.encoder.network import PairScorer, Tagger
from pipeline.errors import ConfigError
from pipeline.records import EVENT_TYPES
from pipeline.training.losses import TRIGGERS
from pipeline.training.pretrained import read_encoder
from pipeline.training.runs import Shape, build_encoder
from pipeline.training.weights import read_weights


class PairShape(Struct, frozen=True, kw_only=True):
    """The shape of the scorers of pairs: of the states they read, of the text between, and inside."""

    width: int = 96
    between: int = 64
    hidden: int = 160


class Plan(Struct, frozen=True, kw_only=True):
    """What a tagger consists of: the corpora's labels, which of them ships, and how pairs are scored, if they are."""

    ships: str
    labels: dict[str, list[str]]
    shape: Shape
    pairs: PairShape | None


def build_tagger(plan: Plan, vocabulary: Vocabulary, *, dropout: float, start: Path | None = None) -> Tagger:
    """Build the network; `start` is a pre-trained encoder's folder, or a model folder, whose heads are then kept.

    Raises:
        ConfigError: the weights in `start` do not fit the plan.
    """
    encoder = build_encoder(plan.shape, vocabulary, dropout=dropout, features=MATCHES)
    heads = {name: tag_count(own) for name, own in plan.labels.items()}
    if plan.pairs is not None:
        heads[TRIGGERS] = tag_count(EVENT_TYPES)
    scorers = {
        family: PairScorer(
            width=shape.width, between=shape.between, hidden=shape.hidden, features=FEATURES, labels=len(edges.labels),
            dropout=dropout,
        )
        for family, edges in FAMILIES.items()
        if (shape := plan.pairs) is not None
    }  # fmt: skip
    width = plan.pairs.width if plan.pairs is not None else 0
    tagger = Tagger(encoder, heads=heads, dropout=dropout, pair_width=width, scorers=scorers)
    if start is None:
        return tagger
    weights = read_encoder(start)
    if weights is not None:
        _fit(encoder, weights, start, optional={"match.weight"})
    else:
        _take_over(tagger, plan, start)
    return tagger


def _take_over(tagger: Tagger, plan: Plan, folder: Path) -> None:
    """Put the weights of a model folder into a tagger: the encoder's, and those of the heads that are the same."""
    parts = read_weights(folder)
    _fit(tagger.encoder, parts["encoder"], folder, optional=set())
    known = read_card(folder).heads
    if list(plan.labels[plan.ships]) == known["mentions"].labels:
        tagger.heads[plan.ships].load_state_dict(parts["mentions"])
    for name in (TRIGGERS, "pairs", *FAMILIES):
        if name in parts and tagger.pairs is not None:
            module = {TRIGGERS: tagger.heads[TRIGGERS], "pairs": tagger.pairs}.get(name) or tagger.scorers[name]
            _fit(module, parts[name], folder, optional=set())


def _fit(module: torch.nn.Module, weights: Mapping[str, torch.Tensor], where: Path, *, optional: set[str]) -> None:
    try:
        missing, unexpected = module.load_state_dict(dict(weights), strict=False)
    except RuntimeError as error:
        raise ConfigError(f"the weights do not fit: {error}", where=where) from error
    if unexpected or set(missing) - optional:
        raise ConfigError(f"the weights do not fit: {missing}, {unexpected}", where=where)


def save_plan(plan: Plan, folder: Path) -> None:
    """Write down beside the weights what they belong to; the encoder's shape in a file of its own."""
    (folder / "plan.json").write_bytes(msgspec.json.encode(plan) + b"\n")
    (folder / "shape.json").write_bytes(msgspec.json.encode(plan.shape) + b"\n")


def load_plan(folder: Path) -> Plan:
    """Read the plan of a training folder.

    Raises:
        ConfigError: there is no plan, or it is not well formed.
    """
    try:
        return msgspec.json.decode((folder / "plan.json").read_bytes(), type=Plan)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"this is no folder of `baozhi train`: {error}", where=folder) from error
