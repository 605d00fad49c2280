"""Read facts off the edges, and tell what the text says of them: posts, investments, parts, shares that change hands.

Reads relations and events between merged mentions; writes the layer "facts".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, read, text_of, write
from pipeline.facts import Reading, derive_facts
from pipeline.normalize.equity import find_changes
from pipeline.normalize.fact_cues import load_cues
from pipeline.normalize.qualifiers import investment_stage, post_status
from pipeline.records import Event, Fact, Mention, Offsets


@Language.factory("facts", requires=["doc.ents", "doc._.relations"], assigns=["doc._.facts"])
def make_facts(nlp: Language, name: str, *, rules: Path) -> Facts:
    """Build the stage; `rules` is a folder with posts.toml, investments.toml and shares.toml."""
    return Facts(name=name, rules=rules)


class Facts:
    """Find the n-ary facts of an article.

    A fact is as likely as all its edges together: the product of their probabilities, each taken as found by itself.
    """

    def __init__(self, *, name: str, rules: Path) -> None:
        self.name = name
        self.cues = load_cues(Path(rules))

    def find(self, doc: Doc) -> Iterator[Fact]:
        """Find the facts whose mentions count: 原云州市市长刘建国 is an `official_post` with the status `former`."""
        text, date = text_of(doc), doc._.article.date
        mentions: Sequence[Mention] = read(doc, "mentions", MERGED)
        by_offsets = {(mention.start, mention.end): mention for mention in mentions}
        relations = [edge for edge in doc._.relations if edge.head in by_offsets and edge.tail in by_offsets]
        events = [_with_known_roles(event, by_offsets) for event in doc._.events]
        for fact in derive_facts(relations, events):
            if fact.type == "equity_change":
                continue  # read more closely below
            places = dict(fact.filled)
            tells: list[tuple[str, str]] = []
            if fact.type == "official_post":
                tells.append(("status", post_status(text, places["post"], places.get("body"), mentions, self.cues)))
                tells += [("as_of", date)] if date else []
            elif fact.type == "investment":
                stage = investment_stage(text, [place for name, place in fact.filled if name != "investor"], self.cues)
                tells += [("stage", stage)] if stage else []
            yield _fact(fact, tuple(tells))
        for change in find_changes(text, by_offsets, relations, events, self.cues.sides):
            yield _fact(Reading("equity_change", change.slots, change.relations, change.events))

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "facts", self.name, self.find(doc))


def _fact(reading: Reading, tells: tuple[tuple[str, str], ...] = ()) -> Fact:
    slots = {offsets for _, offsets in reading.filled}
    likely = [relation.probability for relation in reading.relations]
    likely += [event.probability for event in reading.events]
    likely += [role.probability for event in reading.events for role in event.roles if role.mention in slots]
    return Fact(
        type=reading.type, slots=reading.filled, tells=tells,
        relations=tuple((relation.head, relation.tail, relation.type) for relation in reading.relations),
        events=tuple((event.start, event.end) for event in reading.events), probability=math.prod(likely),
    )  # fmt: skip


def _with_known_roles(event: Event, mentions: dict[Offsets, Mention]) -> Event:
    roles = tuple(role for role in event.roles if role.mention in mentions)
    return Event(event.start, event.end, event.type, event.probability, event.status, roles, event.source)
