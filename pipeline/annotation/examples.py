"""The examples of a doccano project, read as documents: whose labels they hold, and whether a person has been there.

Reads a server; writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from pipeline.annotation.client import Doccano
from pipeline.errors import AnnotationError
from pipeline.export.doccano import WRITTEN, decode_row
from pipeline.export.documents import Document, Edge, Span

EDITED_AFTER = 0.5  # seconds between making and changing a label from which on a person has changed it


class Trace(Struct, frozen=True):
    """Who made a label (an id of the server), when it was last changed, and whether it was changed after making."""

    user: int
    at: str
    edited: bool


class Labels(Struct, frozen=True):
    """What an example holds now; `traces` tells of each span and edge where it comes from."""

    document: Document
    traces: dict[Span | Edge, Trace]


class Example(Struct, frozen=True):
    """One example as the server lists it; `place` counts from 1 in the order of its page."""

    id: int
    place: int
    text: str
    meta: dict[str, Any]
    confirmed: bool
    comments: int

    @property
    def article(self) -> str:
        """The article's id; empty for an example that is not ours."""
        return str(self.meta.get("article") or "")

    @property
    def pushed(self) -> str:
        """The fingerprint of the labels that were pushed, or are being pushed."""
        return str(self.meta.get("pushed") or "")

    @property
    def is_written(self) -> bool:
        """Say whether the push of its labels was seen to its end."""
        return self.meta.get("state") == WRITTEN


class ProjectReader:
    """Reads the examples of one project."""

    def __init__(self, doccano: Doccano, project: int) -> None:
        self._doccano, self._project = doccano, project
        types = doccano.call("label_types", project=project)
        self._names = {kind: {id: name for name, id in ids.items()} for kind, ids in types.items()}
        self._exported: dict[int, dict[str, Any]] | None = None

    def examples(self) -> Iterator[Example]:
        """List all examples."""
        for place, found in enumerate(self._doccano.call("examples", project=self._project), 1):
            yield Example(
                found["id"], place, found["text"], found["meta"], found["is_confirmed"], found["comment_count"]
            )

    def document(self, example: Example) -> Document:
        """Read the labels of an example, from one export of all of them that is made at the first call.

        Raises:
            AnnotationError: its text was changed, or it is not ours.
        """
        if self._exported is None:
            lines = self._doccano.call("download", project=self._project).split("\n")  # U+2028 ends no line here
            self._exported = {row["id"]: row for row in map(json.loads, filter(None, lines))}
        return decode_row(self._exported[example.id], where=self.address(example))

    def labels(self, example: Example) -> Labels:
        """Read the labels of an example with their traces: two requests.

        Raises:
            AnnotationError: its text was changed, or it is not ours.
        """
        answer = self._doccano.call("labels", project=self._project, example=example.id)
        spans, relations = self._names["span"], self._names["relation"]
        entities = [{**span, "label": spans[span["label"]]} for span in answer["spans"]]
        edges = [{**relation, "type": relations[relation["type"]]} for relation in answer["relations"]]
        where = self.address(example)
        document = decode_row(
            {**example.meta, "text": example.text, "entities": entities, "relations": edges}, where=where
        )
        traces: dict[Span | Edge, Trace] = {}
        by_id: dict[int, Span] = {}
        for entity in entities:
            one = decode_row({**example.meta, "text": example.text, "entities": [entity], "relations": []}, where=where)
            by_id[entity["id"]] = one.spans[0]
            traces[one.spans[0]] = _trace(entity)
        for edge in edges:
            traces[Edge(by_id[edge["from_id"]], by_id[edge["to_id"]], edge["type"])] = _trace(edge)
        return Labels(document, traces)

    def touched(self, example: Example) -> str:
        """Say what a person has done with an example; empty where nobody has been there.

        A push that was broken off leaves labels that are not the pushed ones, too; there, only labels of other people
        and labels that were changed after they were made tell of a person.
        """
        if example.confirmed:
            return "it is confirmed"
        if example.comments:
            return "it has comments"
        try:
            if example.is_written:
                same = self.document(example).fingerprint == example.pushed
                return "" if same else "its labels were changed"
            traces = self.labels(example).traces.values()
        except AnnotationError as error:
            return error.what
        strange = any(trace.user != self._doccano.id or trace.edited for trace in traces)
        return "its labels were changed while they were being pushed" if strange else ""

    def address(self, example: Example) -> str:
        """Give the address at which a person sees an example."""
        return self._doccano.address(self._project, example.place)


def _trace(label: dict[str, Any]) -> Trace:
    made, changed = (
        datetime.fromisoformat(label[name].replace("Z", "+00:00")) for name in ("created_at", "updated_at")
    )
    return Trace(label["user"], label["updated_at"], (changed - made).total_seconds() > EDITED_AFTER)
