"""Read what is to be pushed, and refuse what doccano would drop or the scheme cannot bring back.

Reads records or hand annotations; writes versions of articles, the least certain ones first where they tell how
certain they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pipeline.annotation.queue import least_certain_first
from pipeline.annotation.snapshots import Pushed
from pipeline.errors import AnnotationError
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.reading import read_annotated
from pipeline.export.doccano import refusals
from pipeline.export.documents import Document, faults, to_document

Order = Literal["least-certain", "given"]
SHOWN = 20  # refusals listed in one error


def read_versions(path: Path, *, order: Order) -> list[Pushed]:
    """Read the articles of a file as they shall stand in doccano.

    Raises:
        InputError, AnnotationError: a line that cannot be read, or would not come back as it was sent; each with its
            line.
    """
    texts = read_annotated(path)
    documents = {text.id: document_of(text) for text in texts}
    refused = [
        f"{text.where}: {text.id}: {what}"
        for text in texts
        for what in (*refusals(documents[text.id]), *faults(documents[text.id]))
    ]
    if refused:
        more = f"\nand {len(refused) - SHOWN} more" if len(refused) > SHOWN else ""
        raise AnnotationError(
            f"{len(refused)} things would not survive doccano, so nothing was pushed:\n"
            + "\n".join(refused[:SHOWN]) + more, remedy="mend these lines",
        )  # fmt: skip
    ordered = least_certain_first(texts) if order == "least-certain" else texts
    return [Pushed(documents[text.id].fingerprint, documents[text.id], text.article.page_map) for text in ordered]


def document_of(text: AnnotatedText) -> Document:
    """Turn an annotated text into spans and edges."""
    return to_document(
        text.id, text.article.page, text.text, mentions=text.mentions, relations=text.relations, events=text.events
    )
