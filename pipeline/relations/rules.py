"""The stage `relation_rules`: relations by patterns over mentions and the text between them.

Reads `doc.ents`; writes the layer "relations". `云州市委宣传部副部长、市政府新闻办主任刘建国`: two posts held, each in its body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.errors import ConfigError
from pipeline.records import Mention, Offsets, Relation
from pipeline.relations.passages import mark
from pipeline.relations.patterns import Rule, load_rules


@Language.factory("relation_rules", requires=["doc.ents"], assigns=["doc._.relations"])
def make_relation_rules(nlp: Language, name: str, *, rules: list[Path]) -> RelationRules:
    """Build the stage; `rules` are rule files."""
    if not rules:
        raise ConfigError(f"[components.{name}] rules = []", remedy="name at least one rule file")
    return RelationRules(name=name, rules=[rule for path in rules for rule in load_rules(Path(path))])


class RelationRules:
    """Find relations by rules; of several rules that find one edge the surest counts."""

    def __init__(self, *, name: str, rules: Sequence[Rule]) -> None:
        self.name = name
        self.rules = tuple(rules)

    def find(self, doc: Doc) -> Iterator[Relation]:
        """Find every relation between merged mentions that a rule makes."""
        mentions = [Mention(span.start_char, span.end_char, span.label_) for span in doc.ents]
        yield from find_relations(self.rules, text_of(doc), mentions)

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "relations", self.name, self.find(doc))


def find_relations(rules: Iterable[Rule], text: str, mentions: Iterable[Mention]) -> Iterator[Relation]:
    """Find the relations of a text whose mentions are known, each edge once."""
    passage = mark(text, mentions)
    surest: dict[tuple[Offsets, Offsets, str], Relation] = {}
    for rule in rules:
        for relation in rule.match(passage):
            edge = (relation.head, relation.tail, relation.type)
            if edge not in surest or surest[edge].probability < relation.probability:
                surest[edge] = relation
    yield from surest.values()
