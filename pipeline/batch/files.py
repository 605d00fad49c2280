"""Write files that are whole or absent: to a temporary file beside the target, then rename."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import InputError


class LeaveAbsent(Exception):
    """Raise inside a `whole_files` block to leave it quietly without making any file."""


@contextmanager
def whole_files(*targets: Path) -> Iterator[tuple[BinaryIO, ...]]:
    """Open files for writing that appear under their names together, and only if the block ends without an error.

    Raises:
        InputError: the folder cannot be made or written.
    """
    temporary = [target.with_name(f".{target.name}.{os.getpid()}.part") for target in targets]
    try:
        with ExitStack() as stack:
            try:
                for target in targets:
                    target.parent.mkdir(parents=True, exist_ok=True)
                handles = tuple(stack.enter_context(path.open("wb")) for path in temporary)
            except OSError as error:
                raise InputError(
                    f"cannot be written ({error.strerror})",
                    where=error.filename,
                    remedy="choose another --output folder",
                ) from error
            yield handles
            for handle in handles:
                handle.flush()
                os.fsync(handle.fileno())
        for path, target in zip(temporary, targets, strict=True):
            path.replace(target)
    except LeaveAbsent:
        pass
    finally:
        for path in temporary:
            with suppress(OSError):  # the folder may never have been there
                path.unlink()
