"""Find the relations of a text, as items."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.items import Item


def find_relations(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each edge: its type and the places of its two ends, in their order.

    `cooperates_with` has an order too: the scheme sets it down in the order of the text.
    """
    for relation in text.relations:
        slot = (text.place(relation.head), text.place(relation.tail))
        marks = (("from", relation.head), ("to", relation.tail))
        probability = relation.probability if text.has_probabilities else None
        yield Item(relation.type, slot, text, marks, probability, relation.source)
