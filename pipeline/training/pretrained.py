"""A pre-trained encoder on disk: as a run of `baozhi pretrain` leaves it, or as it ships, in half precision.

The folder holds `encoder.pt` or `encoder.npz`, `vocabulary.json` and `shape.json`; an .npz is read without pickle.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from pipeline.errors import ConfigError

_SHIPPED = "encoder.npz"


def read_encoder(folder: Path) -> dict[str, Tensor] | None:
    """Give the weights of a pre-trained encoder by torch's names; None where the folder has none.

    Raises:
        ConfigError: the file is broken.
    """
    rough, shipped = folder / "encoder.pt", folder / _SHIPPED
    try:
        if rough.exists():
            weights: dict[str, Tensor] = torch.load(rough, map_location="cpu", weights_only=True)["encoder"]
            return weights
        if shipped.exists():
            with np.load(shipped) as stored:  # which reads no pickle
                return {name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files}
    except Exception as error:  # zip, pickle and numpy each raise errors of their own
        raise ConfigError(f"cannot read the pre-trained encoder: {error}", where=folder) from error
    return None


def ship_encoder(trained: Path, output: Path) -> Path:
    """Write the encoder of a run of `baozhi pretrain` in half precision, with its vocabulary and shape.

    Raises:
        ConfigError: there is no encoder in `trained`.
    """
    weights = read_encoder(trained)
    if weights is None:
        raise ConfigError("there is no pre-trained encoder here", where=trained, remedy="run baozhi pretrain first")
    output.mkdir(parents=True, exist_ok=True)
    half = {name: weights[name].numpy().astype(np.float16) for name in sorted(weights)}
    rough = output / "encoder.rough.npz"
    np.savez_compressed(rough, **half)  # type: ignore[arg-type]
    rough.replace(output / _SHIPPED)
    for name in ("vocabulary.json", "shape.json"):
        shutil.copyfile(trained / name, output / name)
    return output
