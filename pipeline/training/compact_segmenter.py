"""Make a trained pkuseg model small enough to ship: leave out what cannot change a segmentation.

Reads and writes a folder with `features.msgpack` and `weights.npz`; plain spacy-pkuseg reads the result as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np

LEAST_WEIGHT = 0.05  # a feature that moves no tag by more than this is left out
STEP = 0.02  # weights are rounded to multiples of it, which lets them be packed


def compact_segmenter(source: Path, target: Path, *, least_weight: float = LEAST_WEIGHT, step: float = STEP) -> int:
    """Write a smaller copy of a model, and give how many features it has.

    Only the difference between the tags' weights counts, so every feature's weights are centred first. pkuseg looks
    bigrams of words up only while it trains, and a word only if it is part of a feature.
    """
    data: dict[str, Any] = msgspec.msgpack.decode((source / "features.msgpack").read_bytes())
    names = sorted(data["feature_to_idx"], key=data["feature_to_idx"].__getitem__)
    with np.load(source / "weights.npz") as stored:
        tags, features = (int(size) for size in stored["sizes"])
        weights = stored["w"]
    nodes = weights[: features * tags].reshape(features, tags)
    nodes = nodes - (nodes.max(axis=1, keepdims=True) + nodes.min(axis=1, keepdims=True)) / 2
    kept = np.abs(nodes).max(axis=1) > least_weight
    kept[0] = True  # pkuseg gives every character the feature 0
    rounded = np.concatenate([nodes[kept].ravel(), weights[features * tags :]])
    rounded = np.round(rounded / step) * step + 0.0  # no negative zero
    chosen = [name for name, keep in zip(names, kept, strict=True) if keep]
    words = {word for name in chosen for word in _words_of(name)}
    smaller = {
        "unigram": sorted(words & set(data["unigram"])),
        "bigram": [],
        "feature_to_idx": {name: number for number, name in enumerate(chosen)},
        "tag_to_idx": data["tag_to_idx"],
    }
    (target / "features.msgpack").write_bytes(msgspec.msgpack.encode(smaller))
    np.savez_compressed(target / "weights.npz", sizes=np.array([tags, len(chosen)]), w=rounded)
    return len(chosen)


def _words_of(feature: str) -> list[str]:
    """Give the words that a feature names: `w1.会议`, `ww.l.会议*强调`."""
    kind, _, rest = feature.partition(".")
    if kind in ("w-1", "w1"):
        return [rest]
    return rest[2:].split("*") if kind == "ww" else []
