"""Lines for doccano's JSONL import, and lines of its export read back.

Reads documents; writes lines. Offsets are UTF-16 code units on doccano's side, because its page counts in those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.errors import AnnotationError
from pipeline.export.documents import Document, Edge, Span, document
from pipeline.export.utf16 import CodeUnits

LONGEST_NAME = 100  # characters of a label that doccano stores

NEW, WRITTEN = "new", "written"  # whether the labels of an example were seen to have arrived


def refusals(document: Document) -> Iterator[str]:
    """List what doccano would drop, move or choke on without saying so."""
    if not document.id:
        yield "has no id, by which it is found again"
    if not document.text:
        yield "its text is empty, and doccano keeps no empty text"
    for character, place in {character: place for place, character in enumerate(document.text)}.items():
        if character == "\0" or "\ud800" <= character <= "\udfff":
            yield f"the character U+{ord(character):04X} at {place} cannot be stored"
    for span in document.spans:
        if not 0 <= span.start < span.end <= len(document.text):
            yield f"the span {[span.start, span.end]} is empty, or outside the text of {len(document.text)} characters"
    for name in sorted({span.label for span in document.spans} | {edge.label for edge in document.edges}):
        if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME:
            yield f"the label {name!r} is empty, longer than {LONGEST_NAME} characters, or has blanks at its ends"
    known = set(document.spans)
    for edge in document.edges:
        if edge.head not in known or edge.tail not in known:
            yield f"the edge {edge.label} ends at a span that is not there"


def encode_row(document: Document, state: str = NEW) -> dict[str, Any]:
    """Give the line of doccano's JSONL (task RelationExtraction) for a document, offsets in UTF-16 code units.

    All lines have the same keys, and all of our own values are strings: doccano reads a file as one table and writes
    nulls and floats where lines differ.
    """
    units = CodeUnits(document.text)
    number = {span: n for n, span in enumerate(document.spans, 1)}
    return {
        "text": document.text,
        "entities": [
            {"id": n, "start_offset": units.of(span.start), "end_offset": units.of(span.end), "label": span.label}
            for span, n in number.items()
        ],
        "relations": [
            {"id": n, "from_id": number[edge.head], "to_id": number[edge.tail], "type": edge.label}
            for n, edge in enumerate(document.edges, 1)
        ],
        **meta_of(document, state),
    }  # fmt: skip


def meta_of(document: Document, state: str) -> dict[str, str]:
    """Give what doccano keeps beside the text, by which an example is found again and its edits are told."""
    return {
        "article": document.id, "page": document.page or "", "text_hash": document.text_hash,
        "pushed": document.fingerprint, "state": state,
    }  # fmt: skip


def encode_line(document: Document) -> bytes:
    """Give the line as bytes, all ASCII: doccano guesses the encoding of a file, and guesses wrong."""
    return json.dumps(encode_row(document), ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def decode_row(row: Mapping[str, Any], *, where: str | None = None) -> Document:
    """Read a line of doccano's export, or what its API says of an example, put into the same form.

    Raises:
        AnnotationError: the example is not one of ours, its text was changed, or an offset is impossible.
    """
    id, text = row.get("article"), row["text"]
    if not isinstance(id, str) or not id:
        raise AnnotationError("an example that was not pushed from here", where=where, remedy="delete it in doccano")
    units = CodeUnits(text)
    spans: dict[int, Span] = {}
    for entity in row["entities"]:
        try:
            start, end = units.to_code_points(entity["start_offset"]), units.to_code_points(entity["end_offset"])
        except ValueError as error:
            raise AnnotationError(
                f"{id}: the offset {error}", where=where, remedy=f"delete that {entity['label']} in doccano"
            ) from error
        spans[entity["id"]] = Span(start, end, entity["label"])
    edges = [Edge(spans[r["from_id"]], spans[r["to_id"]], r["type"]) for r in row["relations"]]
    found = document(id, row.get("page") or None, text, spans.values(), edges)
    if row.get("text_hash") != found.text_hash:
        raise AnnotationError(
            f"{id}: the text was changed in doccano", where=where, remedy="delete the example there and push it again"
        )
    return found
