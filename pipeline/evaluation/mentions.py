"""Find the mentions and the words of a text, as items."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.items import Item


def find_mentions(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each mention: its label and its place."""
    for mention in text.mentions:
        offsets = (mention.start, mention.end)
        probability = mention.probability if text.has_probabilities else None
        yield Item(mention.label, text.place(offsets), text, (("", offsets),), probability, mention.source)


def find_tokens(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each word of a text whose words are stated: its place. Blank words count for nothing."""
    for offsets in text.tokens or ():
        if text.text[offsets[0] : offsets[1]].strip():
            yield Item("word", text.place(offsets), text, (("", offsets),))
