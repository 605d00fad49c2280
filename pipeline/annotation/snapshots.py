"""What was pushed to a project, kept on this side, so that a person's edits can be told from what stood there before.

Reads and writes one JSONL file a project. A line is written before its article is sent: whatever breaks off in
between, the server never holds labels that are unknown here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import AnnotationError
from pipeline.export.documents import Document
from pipeline.records import Run


class Pushed(Struct, frozen=True):
    """One version of one article: its labels, and the way from its text to the page."""

    fingerprint: str
    document: Document
    page_map: tuple[Run, ...]


class Snapshots:
    """All versions ever pushed to one project.

    Raises:
        AnnotationError: a line of the file is damaged. A last line without its end is the trace of an interrupted
            push, which had sent nothing of it yet; it is cut off.
    """

    def __init__(self, folder: Path, project: str) -> None:
        self.path = folder / f"{re.sub(r'[^0-9A-Za-z_.一-鿿-]+', '_', project)}.pushed.jsonl"
        self._known: dict[tuple[str, str], Pushed] = {}
        if not self.path.exists():
            return
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                self._keep(msgspec.json.decode(line, type=Pushed))
            except (msgspec.DecodeError, ValueError) as error:
                raise AnnotationError(str(error), where=self.path, line=number, remedy="remove the line") from error
        if len(whole) < len(data):
            os.truncate(self.path, len(whole))

    def add(self, versions: Iterable[Pushed]) -> None:
        """Keep versions, on the disk when this returns."""
        new = [version for version in versions if (version.document.id, version.fingerprint) not in self._known]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(b"".join(msgspec.json.encode(version) + b"\n" for version in new))
            file.flush()
            os.fsync(file.fileno())
        for version in new:
            self._keep(version)

    def find(self, article: str, fingerprint: str) -> Pushed | None:
        """Give the version of an article with this fingerprint."""
        return self._known.get((article, fingerprint))

    def _keep(self, version: Pushed) -> None:
        self._known[version.document.id, version.fingerprint] = version
