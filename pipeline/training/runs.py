"""What every training run on torch needs: the shape of the encoder, the device, the learning rate's course."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import msgspec
import torch
from msgspec import Struct

from pipeline.encoder.characters import Vocabulary
from pipeline.encoder.network import Encoder
from pipeline.errors import ConfigError

Trainer = Callable[[], Path]


class Shape(Struct, frozen=True, kw_only=True):
    """The shape of an encoder: everything that its weights depend on, but the vocabulary."""

    width: int
    bigram_width: int
    dilations: list[int]
    expansion: int


def choose_device(name: str) -> torch.device:
    """Choose the device; `auto` is a GPU where there is one."""
    if name != "auto":
        return torch.device(name)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def build_encoder(shape: Shape, vocabulary: Vocabulary, *, dropout: float, features: int = 0) -> Encoder:
    """Build an encoder of a shape for a vocabulary."""
    return Encoder(
        characters=len(vocabulary.characters), bigrams=len(vocabulary.bigrams), width=shape.width,
        bigram_width=shape.bigram_width, dilations=shape.dilations, expansion=shape.expansion, dropout=dropout,
        features=features,
    )  # fmt: skip


def schedule(gone: float, warm_up: float) -> float:
    """Give the factor of the learning rate when a part `gone` of the run is over: up at once, down by a cosine."""
    if gone < warm_up:
        return max(gone / warm_up, 0.01)
    return 0.5 * (1 + math.cos(math.pi * min((gone - warm_up) / (1 - warm_up), 1.0)))


def save_shape(shape: Shape, path: Path) -> None:
    """Write a shape as JSON."""
    path.write_bytes(msgspec.json.encode(shape) + b"\n")


def load_shape(path: Path) -> Shape:
    """Read a shape.

    Raises:
        ConfigError: there is no such file, or it is no shape.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Shape)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"cannot read the encoder's shape: {error}", where=path, remedy="pre-train first") from error
