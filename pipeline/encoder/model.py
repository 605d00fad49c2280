"""A trained encoder on disk and in memory: a folder of plain files, run by ONNX Runtime.

The folder holds `model.onnx`, `model.json` (labels, thresholds, calibration), `vocabulary.json` and `words.txt.gz`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from pipeline.encoder.candidates import FAMILIES
from pipeline.encoder.characters import load_vocabulary
from pipeline.encoder.decoding import tag_count
from pipeline.encoder.edges import EdgeScorer, open_session
from pipeline.encoder.matches import Dictionary
from pipeline.errors import ConfigError, unknown

Arrays = dict[str, NDArray[Any]]
WINDOW = 384  # characters that one run gives; the network then sees `reach` more on each side
_REMEDY = "name a whole model folder: model.onnx and model.json belong together"
_KEPT_TEXTS = 128  # more than a batch of Docs holds, so that every head finds what the first one had computed


class Head(Struct, frozen=True):
    """One output of the network: its labels, and for each label how sure a confidence is (points of a curve).

    `lean` is taken off the score of "no mention" when decoding: it balances misses and false finds.
    """

    labels: list[str]
    thresholds: dict[str, float]
    calibration: dict[str, list[tuple[float, float]]]
    lean: float = 0.0

    def probability(self, label: str, confidence: float) -> float:
        """Turn the network's confidence into a probability of being right, by the curve of the label."""
        curve = self.calibration.get(label)
        if not curve:
            return round(confidence, 4)
        return round(float(np.interp(confidence, [point for point, _ in curve], [value for _, value in curve])), 4)


class Card(Struct, frozen=True):
    """What `model.json` says; `reach` is how far, in characters, a score depends on its surroundings."""

    name: str
    reach: int
    heads: dict[str, Head]


class Window(Struct, frozen=True):
    """A run over [low, high) of a text, of which [start, end) counts; the rest is surroundings."""

    low: int
    high: int
    start: int
    end: int


def cut_windows(length: int, reach: int) -> Iterator[Window]:
    """Cut a text into windows; with `reach` characters of surroundings each gives what the whole text would."""
    for start in range(0, max(length, 1), WINDOW):
        end = min(start + WINDOW, length)
        yield Window(max(start - reach, 0), min(end + reach, length), start, end)


class Model:
    """Run a network over texts; equal texts give equal numbers, whatever they are batched with."""

    def __init__(self, *, path: Path, threads: int) -> None:
        """Load a model folder; `threads` is how many windows run at once.

        Raises:
            ConfigError: a file of the folder is missing or broken.
        """
        self.path = path
        self.card = read_card(path)
        self.vocabulary = load_vocabulary(path / "vocabulary.json")
        self.dictionary = Dictionary.load(path / "words.txt.gz")
        self._session = open_session(path / "model.onnx")
        self._scorers: dict[str, EdgeScorer] = {}
        _check_network(self._session, self.card, path / "model.onnx")
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._outputs = [node.name for node in self._session.get_outputs()]
        self._threads = threads
        self._kept: OrderedDict[str, Arrays] = OrderedDict()

    def head(self, name: str) -> Head:
        """Give a head by name.

        Raises:
            ConfigError: the model has no such head.
        """
        if name not in self.card.heads:
            raise ConfigError(unknown("head", name, self.card.heads), where=self.path)
        return self.card.heads[name]

    def scorer(self, family: str) -> EdgeScorer:
        """Give the scorer of a family of edges, loaded when it is first asked for.

        Raises:
            ConfigError: the model has no such family.
        """
        if family not in self._scorers:
            self.head(family)
            self._scorers[family] = EdgeScorer(self.path, family)
        return self._scorers[family]

    def run(self, texts: Sequence[str]) -> list[Arrays]:
        """Give each text's outputs, (length, ...) each: one pass, however many heads ask for it."""
        wanted = sorted({text for text in texts if text not in self._kept}, key=lambda text: (-len(text), text))
        windows = [
            (text, inputs, window)
            for text in wanted
            for inputs in (self._read(text),)
            for window in cut_windows(len(text), self.card.reach)
        ]
        if self._threads > 1 and len(windows) > 1:
            with ThreadPoolExecutor(self._threads) as pool:  # made anew: a pool does not survive the fork of n_process
                results = list(pool.map(self._run_window, windows))
        else:
            results = [self._run_window(window) for window in windows]
        pieces: dict[str, list[Arrays]] = {text: [] for text in wanted}
        for (text, _, _), arrays in zip(windows, results, strict=True):
            pieces[text].append(arrays)
        known = {text: self._kept[text] for text in texts if text in self._kept}
        known |= {
            text: {name: np.concatenate([piece[name] for piece in own]) for name in self._outputs}
            for text, own in pieces.items()
        }
        for text in dict.fromkeys(texts):
            self._kept[text] = known[text]
            self._kept.move_to_end(text)
        while len(self._kept) > _KEPT_TEXTS:
            self._kept.popitem(last=False)
        return [known[text] for text in texts]

    def _read(self, text: str) -> Arrays:
        """Give what the network reads, of the whole text: words of the dictionary may cross the edge of a window."""
        characters = self.vocabulary.encode(text)
        arrays: Arrays = {
            "characters": characters,
            "bigrams": self.vocabulary.pair(characters),
            "features": self.dictionary.mark(text),
        }
        return {name: array for name, array in arrays.items() if name in self._inputs}

    def _run_window(self, piece: tuple[str, Arrays, Window]) -> Arrays:
        """Run a window alone: int8 activations are scaled by what is in a run, which must not depend on neighbours."""
        _, inputs, window = piece
        feeds = {name: array[None, window.low : window.high] for name, array in inputs.items()}
        outputs = self._session.run(self._outputs, feeds)
        kept = slice(window.start - window.low, window.end - window.low)
        return {name: output[0, kept] for name, output in zip(self._outputs, outputs, strict=True)}


def _check_network(session: Any, card: Card, where: Path) -> None:
    """Refuse a network that is not that of the card: other inputs, or heads missing or of another width."""
    strange = {node.name for node in session.get_inputs()} - {"characters", "bigrams", "features"}
    if strange:
        raise ConfigError(f"the network reads {', '.join(sorted(strange))}", where=where, remedy=_REMEDY)
    shapes = {node.name: node.shape for node in session.get_outputs()}
    for name, head in card.heads.items():
        if name in FAMILIES:
            continue  # scored by a graph of its own
        shape, width = shapes.get(name), tag_count(head.labels)
        if shape is None or len(shape) != 3 or (isinstance(shape[2], int) and shape[2] != width):
            raise ConfigError(
                f"the network's {name!r} has the shape {shape}, not [batch, length, {width}]", where=where,
                remedy=_REMEDY,
            )  # fmt: skip


def read_card(path: Path) -> Card:
    """Read the `model.json` of a model folder.

    Raises:
        ConfigError: there is no such folder, or its card is not well formed.
    """
    try:
        return msgspec.json.decode((path / "model.json").read_bytes(), type=Card)
    except OSError as error:
        raise ConfigError(
            f"there is no model here: {error.strerror}", where=path, remedy="name a folder such as models/news-small"
        ) from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"the model's card is not well formed: {error}", where=path / "model.json") from error


def write_card(card: Card, folder: Path) -> None:
    """Write `model.json`, one line an entry."""
    (folder / "model.json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")


@lru_cache(maxsize=4)
def load_model(path: Path, threads: int) -> Model:
    """Load a model once for all stages that name it."""
    return Model(path=path, threads=threads)
