"""Find the events of a text, as items: triggers, types by sentence, roles."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.items import Item
from pipeline.records import Event


def find_triggers(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each trigger: its place, whatever its type."""
    for event in text.events:
        yield _item("trigger", event, text, text.place(_trigger(event)))


def find_events(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each event: its type and its trigger's place."""
    for event in text.events:
        yield _item(event.type, event, text, text.place(_trigger(event)))


def find_sentence_types(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each type that a sentence has an event of: the type and the place of the gold sentence."""
    for event in text.events:
        yield _item(event.type, event, text, alignment.sentence_of(text, _trigger(event)))


def find_roles(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each role: its name, its event's type and its mention's place, whatever the trigger."""
    for event in text.events:
        for role in event.roles:
            slot = (event.type, text.place(role.mention))
            probability = role.probability if text.has_probabilities else None
            marks = ((role.role, role.mention), (event.type, _trigger(event)))
            yield Item(role.role, slot, text, marks, probability, event.source)


def find_roles_with_trigger(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each role with its trigger's place besides."""
    for event in text.events:
        for role in event.roles:
            slot = (event.type, text.place(role.mention), text.place(_trigger(event)))
            yield Item(role.role, slot, text, ((role.role, role.mention), (event.type, _trigger(event))))


def _item(label: str, event: Event, text: AnnotatedText, slot: object) -> Item:
    probability = event.probability if text.has_probabilities else None
    return Item(label, slot, text, (("", _trigger(event)),), probability, event.source)


def _trigger(event: Event) -> tuple[int, int]:
    return (event.start, event.end)
