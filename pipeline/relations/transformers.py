"""The stage `transformers_relations`: relations by a sequence-classification checkpoint that reads entity markers.

Reads `doc.ents` and the sentences; writes the layer "relations". Each pair of mentions that the scheme lets a relation
join and that stand near each other is put to the model with markers around both (Baldini Soares et al. 2019,
https://aclanthology.org/P19-1279): `[E1]彭飞[/E1]任[E2]局长[/E2]`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from pydantic import StrictBool, StrictFloat, StrictInt, StrictStr
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.backends.batches import cut_batches
from pipeline.backends.labels import LabelMap, Target, read_labels
from pipeline.backends.transformers import Checkpoint, Piece
from pipeline.doc import write
from pipeline.errors import ConfigError
from pipeline.records import RELATION_TYPES, Mention, Offsets, Relation
from pipeline.scheme import allows


class Pair(Struct, frozen=True):
    """Two mentions as they are put to the model: `first` between the first markers, and the text around both."""

    first: Mention
    second: Mention
    context: Offsets


@Language.factory(
    "transformers_relations",
    requires=["doc.ents"],
    assigns=["doc._.relations"],
    default_config={
        "markers": ["[E1]", "[/E1]", "[E2]", "[/E2]"], "threshold": 0.5, "sentences": 2, "distance": 100,
        "device": "auto", "download": False, "batch_size": 32,
    },
)  # fmt: skip
def make_transformers_relations(  # noqa: PLR0917
    nlp: Language,
    name: str,
    model: StrictStr,
    labels: Path,
    markers: list[StrictStr],
    threshold: StrictFloat,
    sentences: StrictInt,
    distance: StrictInt,
    device: StrictStr,
    download: StrictBool,
    batch_size: StrictInt,
) -> TransformersRelations:
    """Build the stage.

    `markers` open and close the first and the second mention; `{label}` in one is the mention's label. Mentions of a
    pair stand within `sentences` sentences, with at most `distance` characters between them; relations less probable
    than `threshold` are left out.
    """
    where = f"[components.{name}]"
    checkpoint = Checkpoint(model, task="ForSequenceClassification", device=device, download=download, where=where)
    return TransformersRelations(
        name=name, checkpoint=checkpoint, labels=read_labels(labels, known=RELATION_TYPES, kind="relation"),
        markers=markers, threshold=threshold, sentences=sentences, distance=distance, batch_size=batch_size,
    )  # fmt: skip


class _Pieces:
    """The ids of a text's pieces, to be had by offsets."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._starts = [piece.start for piece in pieces]
        self._ids = [piece.id for piece in pieces]

    def between(self, start: int, end: int) -> list[int]:
        """Give the ids of the pieces that begin in `[start, end)`."""
        return self._ids[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


class TransformersRelations:
    """Classify pairs of mentions.

    Where the label map has a reversed label, the model is taken to read each pair once, in the order of the text;
    else each pair is put to it both ways round.
    """

    def __init__(
        self, *, name: str, checkpoint: Checkpoint, labels: LabelMap, markers: Sequence[str], threshold: float,
        sentences: int, distance: int, batch_size: int,
    ) -> None:  # fmt: skip
        where = f"[components.{name}]"
        if batch_size < 1 or sentences < 1 or distance < 0 or not 0 <= threshold <= 1:
            raise ConfigError(
                f"batch_size = {batch_size}, sentences = {sentences}, distance = {distance}, threshold = {threshold}",
                where=where, remedy="give positive numbers, and a threshold from 0 to 1",
            )  # fmt: skip
        labels.check_model(checkpoint.labels, where=where)
        self.name = name
        self.checkpoint = checkpoint
        self.labels = labels
        self.threshold = threshold
        self.sentences = sentences
        self.distance = distance
        self._marker_ids: dict[str, list[int]] = {}
        self.batch_size = batch_size
        self.in_text_order = any(target.reversed for target in labels.targets.values())
        self._markers = self._check_markers(markers, where)

    def find(self, docs: Sequence[Doc]) -> Iterator[list[Relation]]:
        """Find the relations of each document."""
        pairs = [list(self._pairs(doc)) for doc in docs]
        rows = []
        for doc, found in zip(docs, pairs, strict=True):
            pieces = _Pieces(self.checkpoint.pieces(doc.text) if found else [])
            rows += [self._encode(pieces, pair) for pair in found]
        results = self.checkpoint.run(rows, batch_size=self.batch_size)
        for found in pairs:
            relations = []
            for pair in found:
                probabilities = next(results)
                best = int(probabilities.argmax())
                target = self.labels[self.checkpoint.labels[best]]
                if target is not None and probabilities[best] >= self.threshold:
                    head, tail = _ends(pair, target)
                    if allows(target.label, head.label, tail.label):
                        relations.append(
                            Relation(
                                (head.start, head.end),
                                (tail.start, tail.end),
                                target.label,
                                float(min(probabilities[best], 1)),
                            )
                        )
            yield relations

    def __call__(self, doc: Doc) -> Doc:
        """Write the relations of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Run over documents in batches."""
        for docs in cut_batches(stream, batch_size):
            for doc, relations in zip(docs, self.find(docs), strict=True):
                yield write(doc, "relations", self.name, relations)

    def _pairs(self, doc: Doc) -> Iterator[Pair]:
        """Give the pairs that the map's relations can join and that fit into the model's window."""
        mentions = [Mention(span.start_char, span.end_char, span.label_) for span in doc.ents]
        starts = [0]
        if doc.has_annotation("SENT_START"):
            starts = [sentence.start_char for sentence in doc.sents] or [0]
        ends = [*starts[1:], len(doc.text)]
        sentence = [bisect_right(starts, mention.start) - 1 for mention in mentions]
        for i, first in enumerate(mentions):
            for j in range(i + 1, len(mentions)):
                apart = mentions[j].start - first.end
                if sentence[j] - sentence[i] >= self.sentences or apart > self.distance:
                    break
                context = (starts[sentence[i]], ends[sentence[j]])
                orders = [(first, mentions[j])] if self.in_text_order else [(first, mentions[j]), (mentions[j], first)]
                for one, other in orders:
                    if self._can_join(one, other):
                        yield Pair(one, other, context)

    def _can_join(self, first: Mention, second: Mention) -> bool:
        for target in self.labels.targets.values():
            head, tail = (second, first) if target.reversed else (first, second)
            if allows(target.label, head.label, tail.label):
                return True
        return False

    def _encode(self, pieces: _Pieces, pair: Pair) -> list[int]:
        """Give the ids of the marked text, the context cut on both sides alike where it is too long."""
        left, opens, closes = pair.first, *self._markers[:2]
        right, opens_too, closes_too = pair.second, *self._markers[2:]
        if right.start < left.start:
            left, opens, closes, right, opens_too, closes_too = right, opens_too, closes_too, left, opens, closes
        inner = [
            *self._ids(opens, left.label), *pieces.between(left.start, left.end), *self._ids(closes, left.label),
            *pieces.between(left.end, right.start),
            *self._ids(opens_too, right.label), *pieces.between(right.start, right.end),
            *self._ids(closes_too, right.label),
        ]  # fmt: skip
        room = max(self.checkpoint.limit - len(inner), 0)
        before = pieces.between(pair.context[0], left.start)
        after = pieces.between(right.end, pair.context[1])
        kept = min(len(before), max(room // 2, room - len(after)))
        return [*before[len(before) - kept :], *inner, *after[: room - kept]][: self.checkpoint.limit]

    def _ids(self, marker: str, label: str) -> list[int]:
        written = marker.replace("{label}", label)
        if written not in self._marker_ids:
            self._marker_ids[written] = self.checkpoint.tokenizer(written, add_special_tokens=False)["input_ids"]
        return self._marker_ids[written]

    def _check_markers(self, markers: Sequence[str], where: str) -> tuple[str, ...]:
        if len(markers) != 4 or not all(markers):
            raise ConfigError(
                f"markers = {list(markers)}", where=where, remedy="give four: open and close each mention"
            )
        unknown_id = self.checkpoint.tokenizer.unk_token_id
        for marker in markers:
            if unknown_id in self._ids(marker, "PER"):
                raise ConfigError(
                    f"the checkpoint's tokenizer does not know the marker {marker!r}", where=where,
                    remedy="give the markers with which it was trained",
                )  # fmt: skip
        return tuple(markers)


def _ends(pair: Pair, target: Target) -> tuple[Mention, Mention]:
    return (pair.second, pair.first) if target.reversed else (pair.first, pair.second)
