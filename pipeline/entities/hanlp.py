"""The stage `hanlp_entities`: mentions by a HanLP recognizer, or by an `ner` task of one of its joint models.

Reads the text; writes the layer "mentions". HanLP says nothing of how sure it is: the probability of its mentions is 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import StrictBool, StrictInt, StrictStr
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.backends.batches import cut_batches
from pipeline.backends.hanlp import HanlpModel
from pipeline.backends.labels import LabelMap, read_labels
from pipeline.backends.tags import labels_of
from pipeline.backends.windows import cut_sentences
from pipeline.doc import write
from pipeline.entities.overlaps import keep_longest
from pipeline.errors import ConfigError
from pipeline.records import MENTION_LABELS, Mention


@Language.factory(
    "hanlp_entities",
    assigns=["doc.spans"],
    default_config={"task": "", "device": "auto", "download": False, "batch_size": 32, "longest": 150},
)
def make_hanlp_entities(  # noqa: PLR0917
    nlp: Language,
    name: str,
    model: StrictStr,
    labels: Path,
    task: StrictStr,
    device: StrictStr,
    download: StrictBool,
    batch_size: StrictInt,
    longest: StrictInt,
) -> HanlpEntities:
    """Build the stage.

    `model` is a folder or one of HanLP's names; `labels` a label map; `task` chooses among the `ner` tasks of a joint
    model; sentences longer than `longest` characters are cut; `batch_size` counts sentences.
    """
    where = f"[components.{name}]"
    return HanlpEntities(
        name=name, model=HanlpModel(model, device=device, download=download, where=where),
        labels=read_labels(labels, known=MENTION_LABELS, kind="label"), task=task, batch_size=batch_size,
        longest=longest,
    )  # fmt: skip


class HanlpEntities:
    """Find mentions with HanLP (He and Choi 2021, https://aclanthology.org/2021.emnlp-main.451)."""

    def __init__(
        self, *, name: str, model: HanlpModel, labels: LabelMap, task: str, batch_size: int, longest: int
    ) -> None:
        where = f"[components.{name}]"
        if batch_size < 1 or longest < 2:
            raise ConfigError(
                f"batch_size = {batch_size}, longest = {longest}", where=where, remedy="give positive numbers"
            )
        self.name = name
        self.model = model
        self.labels = labels
        self.task = model.choose_task(task, "ner", where=where)
        self.batch_size = batch_size
        self.longest = longest
        vocabularies = model.owner_of(self.task).vocabs
        tags = next((vocabularies[key].idx_to_token for key in ("tag", "label") if key in vocabularies), None)
        if tags is None:
            raise ConfigError("the model is no recognizer of entities", where=where, remedy="name a HanLP `ner` model")
        labels.check_model(labels_of(tag for tag in tags if tag and not tag.startswith("<")), where=where)

    def find(self, docs: Sequence[Doc]) -> Iterator[list[Mention]]:
        """Find the mentions of each document."""
        sentences = [
            (number, *offsets)
            for number, doc in enumerate(docs)
            for offsets in cut_sentences(doc.text, longest=self.longest)
        ]
        sentences.sort(key=lambda sentence: sentence[2] - sentence[1])
        found: list[list[Mention]] = [[] for _ in docs]
        for low in range(0, len(sentences), self.batch_size):
            batch = sentences[low : low + self.batch_size]
            texts = [docs[number].text[start:end] for number, start, end in batch]
            spans = self._run_joint(texts) if self.task else self._run_single(texts)
            for (number, offset, _), sentence_spans in zip(batch, spans, strict=True):
                for start, end, label in sentence_spans:
                    target = self.labels[label]
                    if target is not None and start < end:
                        found[number].append(Mention(offset + start, offset + end, target.label))
        for mentions in found:
            yield keep_longest(mentions)

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Run over documents in batches."""
        for docs in cut_batches(stream, batch_size):
            for doc, mentions in zip(docs, self.find(docs), strict=True):
                yield write(doc, "mentions", self.name, mentions)

    def _run_single(self, texts: Sequence[str]) -> Iterator[list[tuple[int, int, str]]]:
        """Run a recognizer that reads characters; blanks are left out, as HanLP has no place for them."""
        places = [[offset for offset, character in enumerate(text) if not character.isspace()] for text in texts]
        characters = [[text[offset] for offset in kept] for text, kept in zip(texts, places, strict=True)]
        for kept, spans in zip(places, self.model.run(characters), strict=True):
            yield [(kept[start], kept[end - 1] + 1, label) for _, label, start, end in spans]

    def _run_joint(self, texts: Sequence[str]) -> Iterator[list[tuple[int, int, str]]]:
        """Run a joint model: its spans count its own words, which are found in the text one after another."""
        result: dict[str, Any] = self.model.run(texts, tasks=self.task)
        segmenter = next(task for task in result if task.startswith("tok"))  # the task on whose words this one depends
        for text, words, spans in zip(texts, result[segmenter], result[self.task], strict=True):
            places, position = [], 0
            for word in words:
                start = text.find(word, position)
                start = position if start < 0 else start
                position = min(start + len(word), len(text))
                places.append((start, position))
            yield [(places[start][0], places[end - 1][1], label) for _, label, start, end in spans]
