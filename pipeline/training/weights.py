"""Read the weights of a shipped model back into torch, so that a model folder is also where training goes on.

Reads `model.onnx`, int8 or fp32; int8 weights come back as what they stand for.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from pipeline.errors import ConfigError

_SCALED = "_quantized"
_HEAD = "mentions."
_EMBEDDINGS = ("encoder.embed.weight", "encoder.embed_bigrams.weight")


def read_weights(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Give the encoder's weights and the head's, by torch's names.

    Raises:
        ConfigError: there is no such graph, or it was not written by `pipeline.training.export`.
    """
    try:
        graph = onnx.load(str(path)).graph
    except Exception as error:  # protobuf's errors share no base with the missing file's
        raise ConfigError(
            f"cannot read the network: {error}", where=path, remedy="name a whole model folder"
        ) from error
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights: dict[str, Tensor] = {}
    for name, array in stored.items():
        if name.endswith(_SCALED):
            plain = name.removesuffix(_SCALED)
            weights[plain] = _turn(plain, _unscale(array, stored[f"{plain}_scale"], stored[f"{plain}_zero_point"]))
        elif name.startswith(("encoder.", _HEAD)) and not name.endswith(("_scale", "_zero_point")):
            weights[name] = _turn(name, array)
    encoder = {name.removeprefix("encoder."): value for name, value in weights.items() if name.startswith("encoder.")}
    head = {name.removeprefix(_HEAD): value for name, value in weights.items() if name.startswith(_HEAD)}
    if "embed.weight" not in encoder or set(head) != {"weight", "bias"}:
        raise ConfigError("the graph has other names than `baozhi train` writes", where=path)
    return encoder, head


def _unscale(array: np.ndarray, scale: np.ndarray, zero: np.ndarray) -> np.ndarray:
    """Undo the quantization; scales are one for all, or one for each column."""
    result: np.ndarray = (array.astype(np.float32) - zero.astype(np.float32)) * scale
    return result


def _turn(name: str, array: np.ndarray) -> Tensor:
    """Turn a multiplied matrix back into a Linear's weight; an embedding stays as it is."""
    turned = array.T if array.ndim == 2 and name not in _EMBEDDINGS else array
    return torch.from_numpy(np.array(turned, dtype=np.float32))
