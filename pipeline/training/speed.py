"""Measure characters a second beside transformers of known shape with random weights, in one run.

Reads a model folder and texts; writes nothing that stays.
"""

from __future__ import annotations

import math
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from msgspec import Struct
from torch import Tensor, nn

from pipeline.training.measure import measure_speed


class Speed(Struct, frozen=True):
    """Characters a second of one shape."""

    name: str
    characters_per_second: float


class TransformerShape(Struct, frozen=True):
    """The shape of a transformer encoder."""

    name: str
    layers: int
    width: int
    heads: int
    inner: int


SHAPES = (TransformerShape("BERT-base", 12, 768, 12, 3072), TransformerShape("ELECTRA-small", 12, 256, 4, 1024))
_VOCABULARY, _TAGS = 21128, 37


class _Layer(nn.Module):
    """Self-attention and a feed-forward, normed after each (Vaswani et al. 2017)."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query, self.key, self.value, self.out = (nn.Linear(shape.width, shape.width) for _ in range(4))
        self.widen, self.narrow = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)
        self.first, self.second = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)

    def forward(self, states: Tensor) -> Tensor:
        batch, length, width = states.shape
        size = (batch, length, self.heads, width // self.heads)
        query, key, value = (each(states).reshape(size).transpose(1, 2) for each in (self.query, self.key, self.value))
        weights = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(size[-1]), dim=-1)
        states = self.first(states + self.out((weights @ value).transpose(1, 2).reshape(batch, length, width)))
        normed: Tensor = self.second(states + self.narrow(nn.functional.gelu(self.widen(states))))
        return normed


class _Transformer(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.embed = nn.Embedding(_VOCABULARY, shape.width)
        self.layers = nn.Sequential(*(_Layer(shape) for _ in range(shape.layers)))
        self.head = nn.Linear(shape.width, _TAGS)

    def forward(self, ids: Tensor) -> Tensor:
        scores: Tensor = self.head(self.layers(self.embed(ids)))
        return scores


def compare_speeds(
    folder: Path,
    texts: Sequence[str],
    *,
    threads: int = 2,
    shapes: Sequence[TransformerShape] = SHAPES,
    batch: int = 32,
) -> Iterator[Speed]:
    """Measure the model from text to scores, then each shape in fp32 from ready ids to scores, length-sorted."""
    yield Speed(folder.name, measure_speed(folder, texts, threads=threads))
    for shape in shapes:
        yield Speed(f"{shape.name} fp32", measure_shape(shape, texts, threads=threads, batch=batch))


def measure_shape(shape: TransformerShape, texts: Sequence[str], *, threads: int, batch: int) -> float:
    """Give the characters a second of a shape in fp32, from ready ids to scores, texts of like length together."""
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shape.onnx"
        axes = {name: {0: "batch", 1: "length"} for name in ("ids", "scores")}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _Transformer(shape).eval(), (torch.ones(2, 9, dtype=torch.long),), str(path), input_names=["ids"],
                output_names=["scores"], dynamic_axes=axes, opset_version=17, dynamo=False,
            )  # fmt: skip
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    ordered = sorted(texts, key=len)
    rows = [ordered[start : start + batch] for start in range(0, len(ordered), batch)]
    ids = [np.ones((len(row), max(map(len, row))), dtype=np.int64) for row in rows]
    session.run(None, {"ids": ids[0][:1]})
    start = time.perf_counter()
    for array in ids:
        session.run(None, {"ids": array})
    return sum(map(len, texts)) / (time.perf_counter() - start)
