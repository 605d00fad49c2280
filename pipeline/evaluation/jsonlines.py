"""Read JSONL files line by line; every error names the file and the line.

Reads files, also gzipped; writes typed lines.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import BaozhiError, InputError

_GZIP, _MARK = b"\x1f\x8b", b"\xef\xbb\xbf"


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file that are not blank, with their numbers from 1; `.gz` is told by its first bytes.

    Raises:
        InputError: the file cannot be read, is damaged, or has no line.
    """
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be read ({error})", where=path, remedy="check the path") from error
    found = False
    for number, line in enumerate(data.removeprefix(_MARK).split(b"\n"), start=1):
        if line.strip():
            found = True
            yield number, line
    if not found:
        raise InputError("has no line", where=path, remedy="give a JSONL file with one object a line")


class Ids:
    """The ids seen in one file: an id that comes twice is an error that names both lines."""

    def __init__(self, path: Path, error: type[BaozhiError]) -> None:
        self._path, self._error = path, error
        self._lines: dict[str, int] = {}

    def add(self, id: str, line: int) -> None:
        """Note an id, which must be new."""
        if id in self._lines:
            raise self._error(
                f"the id {id!r} stands on line {self._lines[id]} already", where=self._path, line=line,
                remedy="give every line an id of its own",
            )  # fmt: skip
        self._lines[id] = line
