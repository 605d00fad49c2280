"""Find the facts of a text, as items: what several edges say together.

Reads relations and events; writes facts. Both sides are read by this one rule, whatever facts a record states itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.items import Item
from pipeline.facts import derive_facts


def find_facts(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each fact: its type and the places of its slots."""
    for fact in derive_facts(text.relations, text.events):
        slots = tuple((name, text.place(offsets)) for name, offsets in fact.filled)
        yield Item(fact.type, slots, text, fact.filled)
