"""Judge relation rules, one by one and together, on annotated texts with their gold mentions.

Reads rules and `AnnotatedText`; the probability of a rule's edge in `configs/rules/relations` is `RuleHits.probability`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.counts import Counts, count
from pipeline.records import RELATION_TYPES, Relation
from pipeline.relations.passages import mark
from pipeline.relations.patterns import Rule
from pipeline.relations.rules import find_relations

_PRIOR, _PRIOR_WEIGHT = 0.85, 4  # a rule that was hit seldom is taken to be about as good as rules are
_HIGHEST = 0.99


class RuleHits(Struct, frozen=True):
    """What one edge of one rule found: `counts.gold` counts all gold edges of its type."""

    rule: str
    type: str
    counts: Counts

    @property
    def probability(self) -> float:
        """The share that is right, drawn towards 0.85 as if by four more hits."""
        counts = self.counts
        share = (counts.true_positives + _PRIOR * _PRIOR_WEIGHT) / (counts.predicted + _PRIOR_WEIGHT)
        return min(round(share, 2), _HIGHEST)


def judge_rules(rules: Sequence[Rule], texts: Sequence[AnnotatedText]) -> Iterator[RuleHits]:
    """Count what each rule found, in the order of the rules."""
    passages = [mark(text.text, text.mentions) for text in texts]
    for rule in rules:
        counts = {edge.type: Counts() for edge in rule.edges}
        for text, passage in zip(texts, passages, strict=True):
            found = list(rule.match(passage))
            for kind in counts:
                counts[kind] += _count(found, text, kind)
        yield from (RuleHits(rule.name, kind, counted) for kind, counted in counts.items())


def judge_together(rules: Sequence[Rule], texts: Sequence[AnnotatedText]) -> dict[str, Counts]:
    """Count what all rules found together, by relation; relations that no rule makes are left out."""
    made = {edge.type for rule in rules for edge in rule.edges}
    counts = {kind: Counts() for kind in RELATION_TYPES if kind in made}
    for text in texts:
        found = list(find_relations(rules, text.text, text.mentions))
        for kind in counts:
            counts[kind] += _count(found, text, kind)
    return counts


def _count(found: Sequence[Relation], text: AnnotatedText, kind: str) -> Counts:
    return count(
        {(r.head, r.tail) for r in found if r.type == kind},
        {(r.head, r.tail) for r in text.relations if r.type == kind},
    )
