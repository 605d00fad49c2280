"""Keep of the labels that are marked only where an edge needs them those that one uses.

Reads `doc.ents`, `doc._.relations`, `doc._.events`; writes the layer "mentions" under the source "merge", and `doc.ents`.
By the annotation scheme a date counts when it says when an event happened, a document when an event issues it; other
dates and documents are no knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, read, spans_of, write
from pipeline.errors import ConfigError, unknown
from pipeline.records import MENTION_LABELS, Mention
from pipeline.scheme import EDGE_LABELS


@Language.factory(
    "used_mentions",
    requires=["doc.ents", "doc._.relations", "doc._.events"],
    assigns=["doc.spans", "doc.ents"],
    default_config={"labels": list(EDGE_LABELS)},
)
def make_used_mentions(nlp: Language, name: str, *, labels: list[str]) -> UsedMentions:
    """Build the stage; a mention of one of `labels` to which no relation and no role leads is left out."""
    return UsedMentions(name=name, labels=labels)


class UsedMentions:
    """Leave out what no edge uses."""

    def __init__(self, *, name: str, labels: list[str]) -> None:
        for label in labels:
            if label not in MENTION_LABELS:
                raise ConfigError(f"[components.{name}] labels: {unknown('label', label, MENTION_LABELS)}")
        self.name = name
        self.labels = frozenset(labels)

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Find the mentions that stay."""
        used = {end for relation in doc._.relations for end in (relation.head, relation.tail)}
        used |= {role.mention for event in doc._.events for role in event.roles}
        for mention in read(doc, "mentions", MERGED):
            if mention.label not in self.labels or (mention.start, mention.end) in used:
                yield mention

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds, and `doc.ents`."""
        write(doc, "mentions", MERGED, list(self.find(doc)))
        doc.ents = spans_of(doc, read(doc, "mentions", MERGED))
        return doc
