"""Score the pairs of spans of one text with the graph of one family of edges.

Reads the encoder's states at run time; the graph is `relations.onnx` or `roles.onnx` of a model folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from msgspec import Struct
from numpy.typing import NDArray

from pipeline.encoder.candidates import FAMILIES, Spans, describe_pairs, find_pairs
from pipeline.errors import ConfigError

_AT_ONCE = 20_000  # pairs that are scored together: a long text has very many


class Edge(Struct, frozen=True):
    """An edge between two places in the spans given; `confidence` is the network's, uncalibrated."""

    head: int
    tail: int
    label: str
    confidence: float


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """Open a graph on one thread of the CPU: texts run side by side instead.

    Raises:
        ConfigError: the file is missing or broken.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises classes of its own that share no base
        raise ConfigError(
            f"cannot load the network: {error}", where=path, remedy="name a whole model folder"
        ) from error


class EdgeScorer:
    """Find the edges of one family between the spans of a text."""

    def __init__(self, folder: Path, family: str) -> None:
        """Load the graph of a family.

        Raises:
            ConfigError: the folder has no such graph, or it is broken.
        """
        self.edges = FAMILIES[family]
        self._session = open_session(folder / f"{family}.onnx")

    def find(self, text: str, states: NDArray[Any], spans: Spans, *, least: float) -> Iterator[Edge]:
        """Give the edges whose confidence is at least `least`; `states` are the encoder's, (length, width)."""
        pairs = find_pairs(spans, self.edges)
        ends = np.stack((spans.starts, spans.ends), axis=1)
        for start in range(0, len(pairs), _AT_ONCE):
            part = pairs[start : start + _AT_ONCE]
            features = describe_pairs(text, spans, part)
            feeds = {"states": states, "spans": ends, "pairs": part, "features": features}
            confidences = 1 / (1 + np.exp(-self._session.run(["scores"], feeds)[0].astype(np.float64)))
            allowed = self.edges.allowed[spans.kinds[part[:, 0]], spans.kinds[part[:, 1]]]
            for row, label in np.argwhere(allowed & (confidences >= least)).tolist():
                head, tail = part[row].tolist()
                yield Edge(head, tail, self.edges.labels[label], float(confidences[row, label]))
