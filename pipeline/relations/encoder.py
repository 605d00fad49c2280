"""Find relations with the shared character encoder: every pair of mentions that the scheme lets a relation join.

Reads `doc.ents`; writes the layer "relations". Whoever found the mentions, their ends are read off the encoder's states
and scored in pairs (after Dozat & Manning 2017, https://arxiv.org/abs/1611.01734), also across sentences. A relation's
probability is calibrated on the development set of the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.encoder.candidates import make_spans
from pipeline.encoder.model import load_model
from pipeline.errors import ConfigError, unknown
from pipeline.records import RELATION_TYPES, Relation


@Language.factory(
    "encoder_relations",
    requires=["doc.ents"],
    assigns=["doc._.relations"],
    default_config={"types": list(RELATION_TYPES), "threshold": 0.0, "threads": 2},
)
def make_encoder_relations(
    nlp: Language, name: str, *, model: Path, types: list[str], threshold: float, threads: int
) -> EncoderRelations:
    """Build the stage; a relation below `threshold`, or below the model's own threshold of its type, is left out."""
    return EncoderRelations(name=name, model=model, types=types, threshold=threshold, threads=threads)


class EncoderRelations:
    """Score pairs of mentions, say how sure each edge is."""

    def __init__(self, *, name: str, model: Path, types: list[str], threshold: float, threads: int) -> None:
        for kind in types:
            if kind not in RELATION_TYPES:
                raise ConfigError(f"[components.{name}] types: {unknown('relation', kind, RELATION_TYPES)}")
        if not 0 <= threshold <= 1:
            raise ConfigError(f"[components.{name}] threshold = {threshold} is no probability", remedy="give 0 to 1")
        if threads < 1:
            raise ConfigError(f"[components.{name}] threads = {threads}", remedy="give 1 or more")
        self.name = name
        self.types = frozenset(types)
        self.threshold = threshold
        self.path, self.threads = Path(model).resolve(), threads
        self._head = load_model(self.path, threads).head("relations")

    def find(self, doc: Doc) -> Iterator[Relation]:
        """Find the relations of the wanted types that are likely enough."""
        mentions = [(span.start_char, span.end_char, span.label_) for span in doc.ents]
        if len(mentions) < 2:
            return
        model, text = load_model(self.path, self.threads), text_of(doc)
        states = model.run([text])[0]["pairs"]
        floor = min(self._head.thresholds.values(), default=0.0)
        for edge in model.scorer("relations").find(text, states, make_spans(mentions), least=floor):
            probability = self._head.probability(edge.label, edge.confidence)
            least = self._head.thresholds.get(edge.label, 0.0)
            if edge.label in self.types and edge.confidence >= least and probability >= self.threshold:
                head, tail = mentions[edge.head], mentions[edge.tail]
                yield Relation((head[0], head[1]), (tail[0], tail[1]), edge.label, probability=probability)

    def __call__(self, doc: Doc) -> Doc:
        """Find, then write."""
        return write(doc, "relations", self.name, self.find(doc))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Find in batches: the pass of the network over a batch is the one that the mentions came from."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            load_model(self.path, self.threads).run([text_of(doc) for doc in batch if len(doc.ents) > 1])
            for doc in batch:
                yield self(doc)
