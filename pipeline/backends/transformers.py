"""Checkpoints of transformers (https://github.com/huggingface/transformers): load one, run it in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from pipeline.backends.devices import Process, choose_device
from pipeline.backends.huggingface import find_checkpoint
from pipeline.backends.installed import require
from pipeline.errors import ConfigError

_SMALLEST_WINDOW = 16


class Piece(Struct, frozen=True):
    """A word piece of a text: its id, its offsets, and whether it goes on with the word of the piece before it."""

    id: int
    start: int
    end: int
    goes_on: bool


class Checkpoint:
    """A loaded checkpoint with its tokenizer; pickled as what it was made of."""

    def __init__(self, model: str, *, task: str, device: str, download: bool, where: str) -> None:
        self._made_of = (model, task, device, download, where)
        self._torch = require("torch", extra="transformers", where=where)
        transformers = require("transformers", extra="transformers", where=where)
        folder = find_checkpoint(model, where=where, download=download)
        self.device = choose_device(self._torch, device, where=where)
        self._process = Process(self.device, where=where)
        try:
            with _quietly(transformers):
                settings = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
                _check_task(settings, task, folder, where)
                self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
                network = getattr(transformers, f"AutoModel{task}").from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError) as error:
            raise ConfigError(
                f"the checkpoint {folder} cannot be loaded: {' '.join(str(error).split())[:400]}", where=where,
                remedy="put a whole checkpoint there: config.json, the tokenizer's files and the weights",
            ) from error  # fmt: skip
        if not self.tokenizer.is_fast:
            raise ConfigError(
                f"the checkpoint {folder} has no fast tokenizer, so its pieces have no offsets", where=where,
                remedy="save it with AutoTokenizer.from_pretrained(…, use_fast=True).save_pretrained(…)",
            )  # fmt: skip
        self.network = network.eval().to(self.device)
        self.labels = [settings.id2label[number] for number in range(settings.num_labels)]
        self.prefix, self.suffix = self._special_ids()
        self.limit = self._longest(settings) - len(self.prefix) - len(self.suffix)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, self._made_of

    def window_size(self, window: int, *, where: str) -> int:
        """Give how many pieces a window holds: `window`, or fewer where the model cannot read so many.

        Raises:
            ConfigError: `window` is too small to read a sentence.
        """
        if window < _SMALLEST_WINDOW:
            raise ConfigError(f"window = {window}", where=where, remedy=f"give at least {_SMALLEST_WINDOW} pieces")
        return min(window, self.limit)

    def pieces(self, text: str) -> list[Piece]:
        """Cut a text into the model's pieces; what the tokenizer drops (blanks, line feeds) is in none."""
        encoding = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        ids: list[int] = encoding["input_ids"]
        found: list[Piece] = []
        tokens = self.tokenizer.convert_ids_to_tokens(ids)
        for number, token, (start, end) in zip(ids, tokens, encoding["offset_mapping"], strict=True):
            first = end - len(text[start:end].lstrip())  # some tokenizers count a blank in
            if first < end:
                found.append(Piece(number, first, end, token.startswith("##") and bool(found)))
        return found

    def run(self, rows: Sequence[Sequence[int]], *, batch_size: int) -> Iterator[NDArray[np.float32]]:
        """Give the probabilities of the labels for each row of ids, which has no special tokens yet.

        Shape (pieces, labels) of a token classifier, (labels,) of a sequence classifier; in the order of the rows.
        """
        torch = self._torch
        self._process.settle(torch)
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        results: dict[int, NDArray[np.float32]] = {}
        padding = self.tokenizer.pad_token_id or 0
        for low in range(0, len(order), batch_size):
            numbers = order[low : low + batch_size]
            filled = [[*self.prefix, *rows[number], *self.suffix] for number in numbers]
            width = max(map(len, filled))
            ids = torch.tensor([row + [padding] * (width - len(row)) for row in filled], device=self.device)
            mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in filled], device=self.device)
            with torch.no_grad():
                logits = self.network(input_ids=ids, attention_mask=mask).logits
            probabilities = torch.softmax(logits.float(), dim=-1).cpu().numpy()
            for row, number in zip(probabilities, numbers, strict=True):
                inner = slice(len(self.prefix), len(self.prefix) + len(rows[number]))
                results[number] = row[inner] if row.ndim == 2 else row
        for number in range(len(rows)):
            yield results[number]

    def _special_ids(self) -> tuple[list[int], list[int]]:
        bare: list[int] = self.tokenizer("中", add_special_tokens=False)["input_ids"]
        whole: list[int] = self.tokenizer("中")["input_ids"]
        start = next(n for n in range(len(whole)) if whole[n : n + len(bare)] == bare)
        return whole[:start], whole[start + len(bare) :]

    def _longest(self, settings: Any) -> int:
        limits = [512, self.tokenizer.model_max_length]  # a tokenizer without a limit gives a huge number
        if getattr(settings, "max_position_embeddings", None):
            limits.append(settings.max_position_embeddings - 2)  # RoBERTa begins to count at 2
        return int(min(limits))


def _check_task(settings: Any, task: str, folder: Path, where: str) -> None:
    """Refuse a checkpoint that was not trained for a task: it would load, with labels by chance."""
    kinds = settings.architectures or ()
    if not any(kind.endswith(task) for kind in kinds):
        raise ConfigError(
            f"the checkpoint {folder} is {', '.join(kinds) or 'of no named kind'}, not …{task}", where=where,
            remedy="give a checkpoint that was trained for this task",
        )  # fmt: skip


@contextmanager
def _quietly(transformers: Any) -> Iterator[None]:
    """Load without the progress bars and advice that transformers writes to standard error."""
    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _unpickle(model: str, task: str, device: str, download: bool, where: str) -> Checkpoint:
    return Checkpoint(model, task=task, device=device, download=download, where=where)
