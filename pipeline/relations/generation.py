"""The stage `generation_relations`: relations by a text-generation model, off unless an endpoint is set.

Reads `doc.ents`; writes the layer "relations". The mentions are marked in the text that the model reads; what it says
of a mention that is not there, or against the scheme, is dropped and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from pydantic import StrictFloat, StrictInt, StrictStr
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.backends.answers import cut_passages, mark_mentions, note_dropped, read_instructions, read_items
from pipeline.backends.batches import cut_batches
from pipeline.backends.endpoint import Endpoint, Question, Settings
from pipeline.doc import write
from pipeline.errors import ConfigError
from pipeline.records import RELATION_TYPES, Offsets, Relation
from pipeline.scheme import allows

ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "relations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "enum": list(RELATION_TYPES)},
                    "from": {"type": "string"},
                    "to": {"type": "string"},
                },
                "required": ["type", "from", "to"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["relations"],
    "additionalProperties": False,
}


class NamedRelation(Struct, frozen=True):
    """A relation as the model names it."""

    type: str
    head: str = field(name="from")
    tail: str = field(name="to")


@Language.factory(
    "generation_relations",
    requires=["doc.ents"],
    assigns=["doc._.relations"],
    default_config={
        "endpoint": "", "key_variable": "BAOZHI_API_KEY", "response_format": "json_schema", "timeout": 120.0,
        "retries": 3, "concurrent": 4, "cache": None, "longest": 1200,
    },
)  # fmt: skip
def make_generation_relations(  # noqa: PLR0917
    nlp: Language,
    name: str,
    model: StrictStr,
    instructions: Path,
    endpoint: StrictStr,
    key_variable: StrictStr,
    response_format: StrictStr,
    timeout: StrictFloat,
    retries: StrictInt,
    concurrent: StrictInt,
    cache: Path | None,
    longest: StrictInt,
) -> GenerationRelations:
    """Build the stage; its settings are those of `generation_entities`."""
    settings = Settings(
        endpoint=endpoint, model=model, key_variable=key_variable, response_format=response_format, timeout=timeout,
        retries=retries, concurrent=concurrent, cache=None if cache is None else Path(cache),
        where=f"[components.{name}]",
    )  # fmt: skip
    return GenerationRelations(name=name, settings=settings, instructions=Path(instructions), longest=longest)


class GenerationRelations:
    """Ask a text-generation model which mentions a relation joins."""

    def __init__(self, *, name: str, settings: Settings, instructions: Path, longest: int) -> None:
        if longest < 10:
            raise ConfigError(f"longest = {longest}", where=settings.where, remedy="give at least 10 characters")
        self.name = name
        self.endpoint = Endpoint(settings)
        self.instructions = read_instructions(instructions, where=settings.where)
        self.longest = longest

    def find(self, docs: Sequence[Doc]) -> Iterator[tuple[list[Relation], Counter[str]]]:
        """Find the relations of each document, and count what was dropped.

        Raises:
            EndpointError: the server cannot be reached, or refuses.
        """
        names = [_name_mentions(doc) for doc in docs]
        questions: list[list[Question]] = [[] for _ in docs]
        for number, doc in enumerate(docs):
            for passage in cut_passages(doc.text, longest=self.longest):
                low, high = passage.lines[0][0], passage.lines[-1][1]
                inside = [
                    (name, *place, label) for name, (place, label) in names[number].items() if low <= place[0] < high
                ]
                if len(inside) > 1:
                    marked = mark_mentions(doc.text, passage, inside)
                    questions[number].append(Question(self.instructions, marked, "relations", ANSWER_SCHEMA))
        answers = iter(self.endpoint.ask([question for asked in questions for question in asked]))
        for known, asked in zip(names, questions, strict=True):
            dropped: Counter[str] = Counter()
            relations = []
            for _ in asked:
                for item in read_items(next(answers), "relations", NamedRelation, dropped):
                    relation = _place(item, known, dropped)
                    if relation is not None:
                        relations.append(relation)
            yield relations, dropped

    def __call__(self, doc: Doc) -> Doc:
        """Write the relations of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Run over documents in batches."""
        for docs in cut_batches(stream, batch_size):
            for doc, (relations, dropped) in zip(docs, self.find(docs), strict=True):
                note_dropped(doc, self.name, dropped)
                yield write(doc, "relations", self.name, relations)


def _name_mentions(doc: Doc) -> dict[str, tuple[Offsets, str]]:
    return {f"m{n}": ((span.start_char, span.end_char), span.label_) for n, span in enumerate(doc.ents, 1)}


def _place(item: NamedRelation, known: dict[str, tuple[Offsets, str]], dropped: Counter[str]) -> Relation | None:
    """Give the relation between the mentions that the model named; None, and a count, where it cannot be."""
    if item.type not in RELATION_TYPES:
        dropped["unknown relation"] += 1
    elif item.head not in known or item.tail not in known or item.head == item.tail:
        dropped["mention that is not there"] += 1
    elif not allows(item.type, known[item.head][1], known[item.tail][1]):
        dropped["against the scheme"] += 1
    else:
        return Relation(known[item.head][0], known[item.tail][0], item.type)
    return None
