"""Find mentions with the shared character encoder.

Reads the text; writes the layer "mentions". A mention's probability is calibrated on the development set of its model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.encoder.decoding import decode
from pipeline.encoder.model import load_model
from pipeline.errors import ConfigError, unknown
from pipeline.records import MENTION_LABELS, Mention


@Language.factory(
    "encoder_entities",
    assigns=["doc.spans"],
    default_config={"labels": list(MENTION_LABELS), "threshold": 0.0, "head": "mentions", "threads": 2},
)
def make_encoder_entities(
    nlp: Language, name: str, *, model: Path, labels: list[str], threshold: float, head: str, threads: int
) -> EncoderEntities:
    """Build the stage; a mention below `threshold`, or below the model's own threshold of its label, is left out."""
    return EncoderEntities(name=name, model=model, labels=labels, threshold=threshold, head=head, threads=threads)


class EncoderEntities:
    """Tag characters, keep well-formed mentions, say how sure each is."""

    def __init__(self, *, name: str, model: Path, labels: list[str], threshold: float, head: str, threads: int) -> None:
        for label in labels:
            if label not in MENTION_LABELS:
                raise ConfigError(f"[components.{name}] labels: {unknown('label', label, MENTION_LABELS)}")
        if not 0 <= threshold <= 1:
            raise ConfigError(f"[components.{name}] threshold = {threshold} is no probability", remedy="give 0 to 1")
        if threads < 1:
            raise ConfigError(f"[components.{name}] threads = {threads}", remedy="give 1 or more")
        self.name = name
        self.labels = frozenset(labels)
        self.threshold = threshold
        self.head = head
        self.path, self.threads = Path(model).resolve(), threads
        self._head = load_model(self.path, threads).head(head)
        if not set(self._head.labels) <= set(MENTION_LABELS):
            raise ConfigError(
                f"[components.{name}] head = {head!r} does not tag mentions: {', '.join(self._head.labels)}",
                remedy='name a head of mentions, such as "mentions"',
            )

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Find the mentions of the wanted labels that are likely enough; blanks at an end are left out."""
        text = text_of(doc)
        if not text.strip():
            return
        scores = load_model(self.path, self.threads).run([text])[0][self.head]
        for found in decode(scores, self._head.labels, lean=self._head.lean):
            surface = text[found.start : found.end]
            start = found.start + len(surface) - len(surface.lstrip())
            end = found.end - len(surface) + len(surface.rstrip())
            probability = self._head.probability(found.label, found.confidence)
            least = max(self.threshold, self._head.thresholds.get(found.label, 0.0))
            if found.label in self.labels and start < end and probability >= least:
                yield Mention(start, end, found.label, probability=probability)

    def __call__(self, doc: Doc) -> Doc:
        """Find, then write."""
        return write(doc, "mentions", self.name, self.find(doc))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Find in batches: one pass of the network over the texts of a batch, which other heads then share."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            load_model(self.path, self.threads).run([text for text in map(text_of, batch) if text.strip()])
            for doc in batch:
                yield self(doc)
