"""The stage `generation_entities`: mentions by a text-generation model, off unless an endpoint is set.

Reads the text; writes the layer "mentions". The model names surfaces, line by line; each is found in the text, or
dropped and counted. A model says nothing of how sure it is: the probability of its mentions is 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from pydantic import StrictFloat, StrictInt, StrictStr
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.backends.answers import Finder, cut_passages, note_dropped, read_instructions, read_items
from pipeline.backends.batches import cut_batches
from pipeline.backends.endpoint import Endpoint, Question, Settings
from pipeline.doc import write
from pipeline.errors import ConfigError
from pipeline.records import MENTION_LABELS, Mention

ANSWER_SCHEMA = {
    "type": "object",
    "properties": {
        "mentions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "line": {"type": "integer"},
                    "text": {"type": "string"},
                    "label": {"type": "string", "enum": list(MENTION_LABELS)},
                },
                "required": ["line", "text", "label"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["mentions"],
    "additionalProperties": False,
}


class NamedMention(Struct, frozen=True):
    """A mention as the model names it."""

    line: int
    text: str
    label: str


@Language.factory(
    "generation_entities",
    assigns=["doc.spans"],
    default_config={
        "endpoint": "", "key_variable": "BAOZHI_API_KEY", "response_format": "json_schema", "timeout": 120.0,
        "retries": 3, "concurrent": 4, "cache": None, "longest": 1200,
    },
)  # fmt: skip
def make_generation_entities(  # noqa: PLR0917
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
) -> GenerationEntities:
    """Build the stage.

    `endpoint` is the address of an OpenAI-compatible server, its key is in the environment variable `key_variable`;
    `longest` counts the characters of a question, `concurrent` the questions asked at a time, `timeout` seconds.
    Answers are kept in the folder `cache`, if one is given.
    """
    settings = Settings(
        endpoint=endpoint, model=model, key_variable=key_variable, response_format=response_format, timeout=timeout,
        retries=retries, concurrent=concurrent, cache=None if cache is None else Path(cache),
        where=f"[components.{name}]",
    )  # fmt: skip
    return GenerationEntities(name=name, settings=settings, instructions=Path(instructions), longest=longest)


class GenerationEntities:
    """Ask a text-generation model for mentions."""

    def __init__(self, *, name: str, settings: Settings, instructions: Path, longest: int) -> None:
        if longest < 10:
            raise ConfigError(f"longest = {longest}", where=settings.where, remedy="give at least 10 characters")
        self.name = name
        self.endpoint = Endpoint(settings)
        self.instructions = read_instructions(instructions, where=settings.where)
        self.longest = longest

    def find(self, docs: Sequence[Doc]) -> Iterator[tuple[list[Mention], Counter[str]]]:
        """Find the mentions of each document, and count what was dropped.

        Raises:
            EndpointError: the server cannot be reached, or refuses.
        """
        passages = [list(cut_passages(doc.text, longest=self.longest)) for doc in docs]
        questions = [
            Question(self.instructions, passage.number(doc.text), "mentions", ANSWER_SCHEMA)
            for doc, found in zip(docs, passages, strict=True)
            for passage in found
        ]
        answers = iter(self.endpoint.ask(questions))
        for doc, found in zip(docs, passages, strict=True):
            dropped: Counter[str] = Counter()
            mentions: list[Mention] = []
            for passage in found:
                finder = Finder(doc.text, passage, dropped)
                for item in read_items(next(answers), "mentions", NamedMention, dropped):
                    if item.label not in MENTION_LABELS:
                        dropped["unknown label"] += 1
                    elif (place := finder.find(item.line, item.text)) is not None:
                        mentions.append(Mention(*place, item.label))
            yield mentions, dropped

    def __call__(self, doc: Doc) -> Doc:
        """Write the mentions of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Run over documents in batches."""
        for docs in cut_batches(stream, batch_size):
            for doc, (mentions, dropped) in zip(docs, self.find(docs), strict=True):
                note_dropped(doc, self.name, dropped)
                yield write(doc, "mentions", self.name, mentions)
