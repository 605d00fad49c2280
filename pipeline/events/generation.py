"""The stage `generation_events`: events by a text-generation model, off unless an endpoint is set.

Reads `doc.ents`; writes the layer "events". The mentions are marked in the text that the model reads; a trigger that is
not in the text, or a role that is against the scheme, is dropped and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from pydantic import StrictFloat, StrictInt, StrictStr
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.backends.answers import Finder, cut_passages, mark_mentions, note_dropped, read_instructions, read_items
from pipeline.backends.batches import cut_batches
from pipeline.backends.endpoint import Endpoint, Question, Settings
from pipeline.doc import write
from pipeline.errors import ConfigError
from pipeline.records import EVENT_ROLES, EVENT_STATUSES, EVENT_TYPES, Event, Offsets, Role
from pipeline.scheme import ROLE_FILLERS

ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "line": {"type": "integer"},
                    "trigger": {"type": "string"},
                    "type": {"type": "string", "enum": list(EVENT_TYPES)},
                    "status": {"type": "string", "enum": list(EVENT_STATUSES)},
                    "roles": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "role": {"type": "string", "enum": list(EVENT_ROLES)},
                                "mention": {"type": "string"},
                            },
                            "required": ["role", "mention"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["line", "trigger", "type", "status", "roles"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["events"],
    "additionalProperties": False,
}


class NamedRole(Struct, frozen=True):
    """A role as the model names it."""

    role: str
    mention: str


class NamedEvent(Struct, frozen=True):
    """An event as the model names it."""

    line: int
    trigger: str
    type: str
    status: str
    roles: tuple[NamedRole, ...]


@Language.factory(
    "generation_events",
    requires=["doc.ents"],
    assigns=["doc._.events"],
    default_config={
        "endpoint": "", "key_variable": "BAOZHI_API_KEY", "response_format": "json_schema", "timeout": 120.0,
        "retries": 3, "concurrent": 4, "cache": None, "longest": 1200,
    },
)  # fmt: skip
def make_generation_events(  # noqa: PLR0917
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
) -> GenerationEvents:
    """Build the stage; its settings are those of `generation_entities`."""
    settings = Settings(
        endpoint=endpoint, model=model, key_variable=key_variable, response_format=response_format, timeout=timeout,
        retries=retries, concurrent=concurrent, cache=None if cache is None else Path(cache),
        where=f"[components.{name}]",
    )  # fmt: skip
    return GenerationEvents(name=name, settings=settings, instructions=Path(instructions), longest=longest)


class GenerationEvents:
    """Ask a text-generation model what happened, and who and what took part."""

    def __init__(self, *, name: str, settings: Settings, instructions: Path, longest: int) -> None:
        if longest < 10:
            raise ConfigError(f"longest = {longest}", where=settings.where, remedy="give at least 10 characters")
        self.name = name
        self.endpoint = Endpoint(settings)
        self.instructions = read_instructions(instructions, where=settings.where)
        self.longest = longest

    def find(self, docs: Sequence[Doc]) -> Iterator[tuple[list[Event], Counter[str]]]:
        """Find the events of each document, and count what was dropped.

        Raises:
            EndpointError: the server cannot be reached, or refuses.
        """
        names = [_name_mentions(doc) for doc in docs]
        passages = [list(cut_passages(doc.text, longest=self.longest)) for doc in docs]
        questions = []
        for doc, known, found in zip(docs, names, passages, strict=True):
            inside = [(name, *place, label) for name, (place, label) in known.items()]
            for passage in found:
                marked = mark_mentions(doc.text, passage, inside)
                questions.append(Question(self.instructions, marked, "events", ANSWER_SCHEMA))
        answers = iter(self.endpoint.ask(questions))
        for doc, known, found in zip(docs, names, passages, strict=True):
            dropped: Counter[str] = Counter()
            events = []
            for passage in found:
                finder = Finder(doc.text, passage, dropped)
                for item in read_items(next(answers), "events", NamedEvent, dropped):
                    if item.type not in EVENT_TYPES or item.status not in EVENT_STATUSES:
                        dropped["unknown event"] += 1
                    elif (place := finder.find(item.line, item.trigger)) is not None:
                        roles = tuple(_roles(item, known, dropped))
                        events.append(Event(*place, item.type, status=item.status, roles=roles))
            yield events, dropped

    def __call__(self, doc: Doc) -> Doc:
        """Write the events of one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Run over documents in batches."""
        for docs in cut_batches(stream, batch_size):
            for doc, (events, dropped) in zip(docs, self.find(docs), strict=True):
                note_dropped(doc, self.name, dropped)
                yield write(doc, "events", self.name, events)


def _name_mentions(doc: Doc) -> dict[str, tuple[Offsets, str]]:
    return {f"m{n}": ((span.start_char, span.end_char), span.label_) for n, span in enumerate(doc.ents, 1)}


def _roles(item: NamedEvent, known: dict[str, tuple[Offsets, str]], dropped: Counter[str]) -> Iterator[Role]:
    """Give the roles whose mention is there and may fill them; count the others."""
    for role in item.roles:
        if role.role not in EVENT_ROLES:
            dropped["unknown role"] += 1
        elif role.mention not in known:
            dropped["mention that is not there"] += 1
        elif known[role.mention][1] not in ROLE_FILLERS[role.role]:
            dropped["against the scheme"] += 1
        else:
            yield Role(role.role, known[role.mention][0])
