"""The stage `transformers_entities`: mentions by any token-classification checkpoint.

Reads the text; writes the layer "mentions". Long articles are read in windows that overlap; each piece's tag is taken
from the window in whose core it stands. Offsets are those of the text, whatever the tokenizer folds or drops.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import StrictBool, StrictInt, StrictStr
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.backends.batches import cut_batches
from pipeline.backends.labels import LabelMap, read_labels
from pipeline.backends.tags import TaggedPiece, labels_of, mark_spans, split_tag
from pipeline.backends.transformers import Checkpoint, Piece
from pipeline.backends.windows import SENTENCE_ENDS, Window, slide
from pipeline.doc import write
from pipeline.errors import ConfigError
from pipeline.records import MENTION_LABELS, Mention


@Language.factory(
    "transformers_entities",
    assigns=["doc.spans"],
    default_config={"device": "auto", "download": False, "batch_size": 16, "window": 254},
)
def make_transformers_entities(  # noqa: PLR0917
    nlp: Language,
    name: str,
    model: StrictStr,
    labels: Path,
    device: StrictStr,
    download: StrictBool,
    batch_size: StrictInt,
    window: StrictInt,
) -> TransformersEntities:
    """Build the stage.

    `model` is a folder or a name of the hub; `labels` a label map; `window` counts the pieces that are read at once,
    `batch_size` the windows.
    """
    where = f"[components.{name}]"
    checkpoint = Checkpoint(model, task="ForTokenClassification", device=device, download=download, where=where)
    return TransformersEntities(
        name=name, checkpoint=checkpoint, labels=read_labels(labels, known=MENTION_LABELS, kind="label"),
        batch_size=batch_size, window=window,
    )  # fmt: skip


class TransformersEntities:
    """Find mentions with a fine-tuned transformer (Devlin et al. 2019, https://aclanthology.org/N19-1423)."""

    def __init__(self, *, name: str, checkpoint: Checkpoint, labels: LabelMap, batch_size: int, window: int) -> None:
        where = f"[components.{name}]"
        if batch_size < 1:
            raise ConfigError(f"batch_size = {batch_size}", where=where, remedy="give a positive number")
        labels.check_model(labels_of(checkpoint.labels), where=where)
        self.name = name
        self.checkpoint = checkpoint
        self.labels = labels
        self.batch_size = batch_size
        self.window = checkpoint.window_size(window, where=where)
        kinds = [split_tag(tag)[1] for tag in checkpoint.labels]
        self._same_kind = np.array([[float(a == b) for b in kinds] for a in kinds], dtype=np.float32)

    def find(self, docs: Sequence[Doc]) -> Iterator[list[Mention]]:
        """Find the mentions of each document."""
        pieces = [self.checkpoint.pieces(doc.text) for doc in docs]
        windows = [
            list(slide(_sentence_ends(found, doc.text), size=self.window))
            for found, doc in zip(pieces, docs, strict=True)
        ]
        rows = [
            [piece.id for piece in pieces[number][window.start : window.end]]
            for number in range(len(docs))
            for window in windows[number]
        ]
        results = self.checkpoint.run(rows, batch_size=self.batch_size)
        for number, doc in enumerate(docs):
            tagged = [piece for window in windows[number] for piece in self._tag(pieces[number], window, next(results))]
            yield list(self._mentions(tagged, doc.text))

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Run over documents in batches."""
        for docs in cut_batches(stream, batch_size):
            for doc, mentions in zip(docs, self.find(docs), strict=True):
                yield write(doc, "mentions", self.name, mentions)

    def _tag(
        self, pieces: Sequence[Piece], window: Window, probabilities: NDArray[np.float32]
    ) -> Iterator[TaggedPiece]:
        """Tag the pieces of a window's core; the first piece of a word decides for all of it, as in training."""
        best = probabilities.argmax(axis=1)
        kinds = (probabilities * self._same_kind[best]).sum(axis=1)  # of the label, in whatever position
        tag, probability = "O", 1.0
        for number in range(window.core_start, window.core_end):
            piece, row = pieces[number], number - window.start
            if piece.goes_on and number > window.core_start:
                position, label = split_tag(tag)
                tag = f"I-{label}" if label and position else tag
            else:
                tag, probability = self.checkpoint.labels[best[row]], float(kinds[row])
            yield TaggedPiece(piece.start, piece.end, tag, probability)

    def _mentions(self, tagged: Sequence[TaggedPiece], text: str) -> Iterator[Mention]:
        for span in mark_spans(tagged, text):
            target = self.labels[span.label]
            if target is not None:
                yield Mention(span.start, span.end, target.label, min(span.probability, 1.0))


def _sentence_ends(pieces: Sequence[Piece], text: str) -> list[bool]:
    """Tell of each piece whether a sentence ends behind it; no window begins within a word of several pieces."""
    ends = [
        not following.goes_on and (text[piece.end - 1] in SENTENCE_ENDS or "\n" in text[piece.end : following.start])
        for piece, following in itertools.pairwise(pieces)
    ]
    return [*ends, True] if pieces else []
