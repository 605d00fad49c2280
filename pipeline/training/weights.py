"""Read the weights of a shipped model back into torch, so that a model folder is also where training goes on.

Reads `model.onnx`, int8 or fp32, and the graphs of its families of edges; int8 weights come back as what they stand for.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from pipeline.encoder.candidates import FAMILIES
from pipeline.errors import ConfigError

Weights = dict[str, Tensor]

_SCALED = "_quantized"
_NOT_WEIGHTS = ("_scale", "_zero_point")
_EMBEDDINGS = ("encoder.embed.weight", "encoder.embed_bigrams.weight")
_PARTS = ("encoder", "mentions", "triggers", "pairs", *FAMILIES)


def read_weights(folder: Path) -> dict[str, Weights]:
    """Give the weights of each part of a model (encoder, mentions, triggers, pairs, ...) by torch's names.

    Raises:
        ConfigError: there is no such graph, or it was not written by `pipeline.training.export`.
    """
    graphs = [folder / "model.onnx", *(path for family in FAMILIES if (path := folder / f"{family}.onnx").exists())]
    parts: dict[str, Weights] = {}
    for path in graphs:
        for name, value in _read_graph(path).items():
            part, _, rest = name.partition(".")
            if part in _PARTS:
                parts.setdefault(part, {})[rest] = value
    if "embed.weight" not in parts.get("encoder", {}) or set(parts.get("mentions", {})) != {"weight", "bias"}:
        raise ConfigError("the graph has other names than `baozhi train` writes", where=folder / "model.onnx")
    return parts


def _read_graph(path: Path) -> Weights:
    try:
        graph = onnx.load(str(path)).graph
    except Exception as error:  # protobuf's errors share no base with the missing file's
        raise ConfigError(
            f"cannot read the network: {error}", where=path, remedy="name a whole model folder"
        ) from error
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights: Weights = {}
    for name, array in stored.items():
        if name.endswith(_SCALED):
            plain = name.removesuffix(_SCALED)
            weights[plain] = _turn(plain, _unscale(array, stored[f"{plain}_scale"], stored[f"{plain}_zero_point"]))
        elif "." in name and not name.endswith(_NOT_WEIGHTS):
            weights[name] = _turn(name, array)
    return weights


def _unscale(array: np.ndarray, scale: np.ndarray, zero: np.ndarray) -> np.ndarray:
    """Undo the quantization; scales are one for all, or one for each column."""
    result: np.ndarray = (array.astype(np.float32) - zero.astype(np.float32)) * scale
    return result


def _turn(name: str, array: np.ndarray) -> Tensor:
    """Turn a multiplied matrix back into a Linear's weight; an embedding stays as it is."""
    turned = array.T if array.ndim == 2 and name not in _EMBEDDINGS else array
    return torch.from_numpy(np.array(turned, dtype=np.float32))
