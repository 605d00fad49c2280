"""Where a torch model runs, and how it fares in worker processes."""

from __future__ import annotations

import os
from typing import Any

from pipeline.errors import ConfigError

AUTO = "auto"


def choose_device(torch: Any, device: str, *, where: str) -> str:
    """Give `cpu`, `cuda` or `cuda:N`; `auto` is a GPU if there is one.

    Raises:
        ConfigError: there is no such device here.
    """
    if device == AUTO:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        chosen = torch.device(device)
    except RuntimeError as error:
        raise ConfigError(
            f"device = {device!r} is no device", where=where, remedy="write auto, cpu, cuda or cuda:1"
        ) from error
    if chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count():
        raise ConfigError(
            f"device = {device!r}, and torch {torch.__version__} sees {torch.cuda.device_count()} GPUs",
            where=where, remedy="write device = \"auto\" or \"cpu\"",
        )  # fmt: skip
    return str(device)


class Process:
    """Remember in which process a model was loaded."""

    def __init__(self, device: str, *, where: str) -> None:
        self.device = device
        self.where = where
        self._owner = os.getpid()

    def settle(self, torch: Any) -> None:
        """Make a model usable in a worker that was forked off: the threads of its parent are not there.

        Raises:
            ConfigError: the model is on a GPU, which a forked worker cannot use.
        """
        if os.getpid() == self._owner:
            return
        if self.device != "cpu":
            raise ConfigError(
                f"a model on {self.device} in several worker processes", where=self.where,
                remedy="run with one process, or set device = \"cpu\"",
            )  # fmt: skip
        torch.set_num_threads(1)  # else torch waits for the parent's threads for ever
        self._owner = os.getpid()
