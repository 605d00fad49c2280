"""Find events with the shared character encoder: triggers by tags, roles by scored pairs of trigger and mention.

Reads `doc.ents`; writes the layer "events". Probabilities are calibrated on the development set of the model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.encoder.candidates import make_spans
from pipeline.encoder.decoding import decode
from pipeline.encoder.model import load_model
from pipeline.errors import ConfigError, unknown
from pipeline.records import EVENT_TYPES, Event, Role


@Language.factory(
    "encoder_events",
    requires=["doc.ents"],
    assigns=["doc._.events"],
    default_config={"types": list(EVENT_TYPES), "threshold": 0.0, "role_threshold": 0.0, "threads": 2},
)
def make_encoder_events(
    nlp: Language, name: str, *, model: Path, types: list[str], threshold: float, role_threshold: float, threads: int
) -> EncoderEvents:
    """Build the stage; an event or a role below its threshold, or below the model's own, is left out."""
    return EncoderEvents(
        name=name, model=model, types=types, threshold=threshold, role_threshold=role_threshold, threads=threads
    )


class EncoderEvents:
    """Tag triggers, score their roles, say how sure each is."""

    def __init__(
        self, *, name: str, model: Path, types: list[str], threshold: float, role_threshold: float, threads: int
    ) -> None:
        for kind in types:
            if kind not in EVENT_TYPES:
                raise ConfigError(f"[components.{name}] types: {unknown('event type', kind, EVENT_TYPES)}")
        for setting, value in (("threshold", threshold), ("role_threshold", role_threshold)):
            if not 0 <= value <= 1:
                raise ConfigError(f"[components.{name}] {setting} = {value} is no probability", remedy="give 0 to 1")
        if threads < 1:
            raise ConfigError(f"[components.{name}] threads = {threads}", remedy="give 1 or more")
        self.name = name
        self.types = frozenset(types)
        self.threshold, self.role_threshold = threshold, role_threshold
        self.path, self.threads = Path(model).resolve(), threads
        loaded = load_model(self.path, threads)
        self._triggers, self._roles = loaded.head("triggers"), loaded.head("roles")

    def find(self, doc: Doc) -> Iterator[Event]:
        """Find the events of the wanted types that are likely enough, each with its roles."""
        text = text_of(doc)
        if not text.strip():
            return
        model = load_model(self.path, self.threads)
        outputs = model.run([text])[0]
        triggers = []
        for found in decode(outputs["triggers"], self._triggers.labels, lean=self._triggers.lean):
            probability = self._triggers.probability(found.label, found.confidence)
            enough = probability >= max(self.threshold, self._triggers.thresholds.get(found.label, 0.0))
            if enough and found.label in self.types and text[found.start : found.end].strip():
                triggers.append((found.start, found.end, found.label, probability))
        if not triggers:
            return
        mentions = [(span.start_char, span.end_char, span.label_) for span in doc.ents]
        spans = sorted((*mentions, *(trigger[:3] for trigger in triggers)))
        roles: defaultdict[tuple[int, int], list[Role]] = defaultdict(list)
        floor = min(self._roles.thresholds.values(), default=0.0)
        for edge in model.scorer("roles").find(text, outputs["pairs"], make_spans(spans), least=floor):
            probability = self._roles.probability(edge.label, edge.confidence)
            if edge.confidence >= self._roles.thresholds.get(edge.label, 0.0) and probability >= self.role_threshold:
                trigger, mention = spans[edge.head], spans[edge.tail]
                roles[trigger[:2]].append(Role(edge.label, (mention[0], mention[1]), probability=probability))
        for start, end, kind, probability in triggers:
            edges = tuple(sorted(roles[start, end]))
            yield Event(start, end, kind, probability=probability, roles=edges)

    def __call__(self, doc: Doc) -> Doc:
        """Find, then write."""
        return write(doc, "events", self.name, self.find(doc))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Find in batches: the pass of the network over a batch is the one that the mentions came from."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            load_model(self.path, self.threads).run([text_of(doc) for doc in batch if text_of(doc).strip()])
            for doc in batch:
                yield self(doc)
