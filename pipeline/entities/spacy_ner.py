"""The stage `spacy_entities`: mentions by the trained `ner` of another spaCy pipeline.

Reads the text; writes the layer "mentions". The other pipeline reads the text with its own tokenizer. spaCy's parser of
entities says nothing of how sure it is: the probability of its mentions is 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import spacy
from pydantic import StrictStr
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.backends.batches import cut_batches
from pipeline.backends.labels import LabelMap, read_labels
from pipeline.doc import write
from pipeline.entities.overlaps import keep_longest
from pipeline.errors import ConfigError, LayerError
from pipeline.records import MENTION_LABELS, Mention

_KEPT = ("tok2vec", "transformer", "ner")


@Language.factory("spacy_entities", assigns=["doc.spans"])
def make_spacy_entities(nlp: Language, name: str, model: StrictStr, labels: Path) -> SpacyEntities:
    """Build the stage; `model` is a folder or an installed package such as zh_core_web_sm, `labels` a label map."""
    return SpacyEntities(
        name=name, model=load_spacy(model, where=f"[components.{name}]"),
        labels=read_labels(labels, known=MENTION_LABELS, kind="label"),
    )  # fmt: skip


class SpacyEntities:
    """Find mentions with spaCy's own entity recognizer (https://spacy.io/api/entityrecognizer)."""

    def __init__(self, *, name: str, model: Language, labels: LabelMap) -> None:
        labels.check_model(model.get_pipe("ner").labels, where=f"[components.{name}]")  # type: ignore[attr-defined]
        self.name = name
        self.model = model
        self.labels = labels

    def find(self, docs: Sequence[Doc]) -> Iterator[list[Mention]]:
        """Find the mentions of each document.

        Raises:
            LayerError: the other pipeline's tokenizer changed the text.
        """
        for doc, other in zip(docs, self.model.pipe([doc.text for doc in docs]), strict=True):
            if other.text != doc.text:
                raise LayerError(f"the tokenizer of the model of stage {self.name!r} changed the text")
            yield keep_longest(self._mentions(other))

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Run over documents in batches."""
        for docs in cut_batches(stream, batch_size):
            for doc, mentions in zip(docs, self.find(docs), strict=True):
                yield write(doc, "mentions", self.name, mentions)

    def _mentions(self, other: Doc) -> Iterator[Mention]:
        for span in other.ents:
            target = self.labels[span.label_]
            start = span.start_char + len(span.text) - len(span.text.lstrip())
            end = span.start_char + len(span.text.rstrip())
            if target is not None and start < end:
                yield Mention(start, end, target.label)


def load_spacy(model: str, *, where: str) -> Language:
    """Load a spaCy pipeline with no more than its `ner` needs.

    Raises:
        ConfigError: it is not there, or has no `ner`.
    """
    remedy = (
        f"install it where there is a network (python -m spacy download {Path(model).name}), or copy its folder here "
        "and set model to that path"
    )
    try:
        nlp = spacy.load(model)
    except (OSError, ValueError, ImportError) as error:
        raise ConfigError(
            f"the spaCy pipeline {model} cannot be loaded: {' '.join(str(error).split())}", where=where, remedy=remedy
        ) from error
    if "ner" not in nlp.pipe_names:
        raise ConfigError(
            f"the spaCy pipeline {model} has no ner, only {', '.join(nlp.pipe_names) or 'a tokenizer'}", where=where
        )
    for pipe in nlp.pipe_names:
        if pipe not in _KEPT:
            nlp.disable_pipe(pipe)
    return nlp
