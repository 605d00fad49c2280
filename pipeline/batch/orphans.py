"""End worker processes whose run was killed: they would wait for work for ever, and keep their memory."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_LOOK_EVERY = 1.0  # seconds
_armed = False
_registered = False


@contextmanager
def end_with_parent() -> Iterator[None]:
    """Let every process that is forked inside the block end when this one has gone."""
    global _armed, _registered  # noqa: PLW0603 - what is run at a fork is of the whole process
    if not _registered and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_watch)
        _registered = True
    before, _armed = _armed, True
    try:
        yield
    finally:
        _armed = before


def _watch() -> None:
    if _armed:
        threading.Thread(target=_end_when_alone, args=(os.getppid(),), daemon=True).start()


def _end_when_alone(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)
