"""The stage `merge_relations`: the sources' edges become one set that keeps the scheme.

Reads `doc.ents` and the layer "relations" of every source; writes that layer under the source "merge", which is what
`doc._.relations` gives from then on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, read, sources, write
from pipeline.errors import ConfigError, unknown
from pipeline.records import RELATION_TYPES, Offsets, Relation
from pipeline.scheme import allows

MUTUAL = frozenset(
    {"cooperates_with"}
)  # it has no direction of its own: the scheme sets it down in the order of the text


@Language.factory(
    "merge_relations",
    requires=["doc.ents", "doc._.relations"],
    assigns=["doc._.relations"],
    default_config={"threshold": 0.0, "thresholds": {}, "at_most": {"position_in": 1}},
)
def make_merge_relations(
    nlp: Language, name: str, *, precedence: list[str], threshold: float, thresholds: dict[str, float],
    at_most: dict[str, int],
) -> MergeRelations:  # fmt: skip
    """Build the stage; `precedence` names every source once, the one that wins first.

    Edges less probable than `threshold`, or than that of their type in `thresholds`, are left out. `at_most` says from
    how many edges of a type one mention may start: a post has one body.
    """
    return MergeRelations(name=name, precedence=precedence, threshold=threshold, thresholds=thresholds, at_most=at_most)


class MergeRelations:
    """Choose between the sources' edges; each survivor keeps the name of the source that found it first."""

    def __init__(
        self, *, name: str, precedence: Sequence[str], threshold: float, thresholds: Mapping[str, float],
        at_most: Mapping[str, int],
    ) -> None:  # fmt: skip
        where = f"[components.{name}]"
        if not precedence or len(set(precedence)) != len(precedence):
            raise ConfigError(
                f"{where} precedence = {list(precedence)}", remedy="name at least one source, and each one once"
            )
        for setting, values in (("thresholds", thresholds), ("at_most", at_most)):
            for relation in values:
                if relation not in RELATION_TYPES:
                    raise ConfigError(f"{where} {setting}: {unknown('relation', relation, RELATION_TYPES)}")
        for value in (threshold, *thresholds.values()):
            if not 0 <= value <= 1:
                raise ConfigError(f"{where} a threshold is {value}", remedy="give thresholds from 0 to 1")
        for relation, limit in at_most.items():
            if limit < 1:
                raise ConfigError(f"{where} at_most: {relation} = {limit}", remedy="give 1 or more, or take it out")
        self.name = name
        self.precedence = tuple(precedence)
        self.threshold = threshold
        self.thresholds = dict(thresholds)
        self.at_most = dict(at_most)

    def find(self, doc: Doc) -> Iterator[Relation]:
        """Find the edges that count, the surest claim on a mention first.

        Raises:
            ConfigError: the precedence names a source that has not run, or leaves one out that has.
        """
        self._check_sources(doc)
        labels = {(span.start_char, span.end_char): span.label_ for span in doc.ents}
        chosen: dict[tuple[Offsets, Offsets, str], Relation] = {}
        started: Counter[tuple[Offsets, str]] = Counter()
        for relation in self._ranked(doc, labels):
            edge = (relation.head, relation.tail, relation.type)
            start = (relation.head, relation.type)
            if (relation.tail, relation.head, relation.type) in chosen or edge in chosen:
                continue
            if started[start] < self.at_most.get(relation.type, started[start] + 1):
                started[start] += 1
                chosen[edge] = relation
        yield from chosen.values()

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "relations", MERGED, self.find(doc))

    def _ranked(self, doc: Doc, labels: Mapping[Offsets, str]) -> list[Relation]:
        """Give one edge for each that the scheme allows, with the highest probability any source gave it, best first."""
        first: dict[tuple[Offsets, Offsets, str], Relation] = {}
        for source in self.precedence:
            for found in read(doc, "relations", source):
                relation = _forward(found)
                if not self._counts(relation, labels):
                    continue
                edge = (relation.head, relation.tail, relation.type)
                best = max(relation.probability, first[edge].probability if edge in first else 0.0)
                first[edge] = msgspec.structs.replace(first.get(edge, relation), probability=best)
        order = {source: rank for rank, source in enumerate(self.precedence)}
        return sorted(
            first.values(),
            key=lambda r: (order[r.source], -r.probability, abs(r.head[0] - r.tail[0]), r.head, r.tail, r.type),
        )

    def _counts(self, relation: Relation, labels: Mapping[Offsets, str]) -> bool:
        return (
            relation.head != relation.tail
            and relation.head in labels
            and relation.tail in labels
            and allows(relation.type, labels[relation.head], labels[relation.tail])
            and relation.probability >= self.thresholds.get(relation.type, self.threshold)
        )

    def _check_sources(self, doc: Doc) -> None:
        written = [source for source in sources(doc, "relations") if source != MERGED]
        for source in self.precedence:
            if source not in written:
                raise ConfigError(
                    f"[components.{self.name}] precedence: {unknown('source of relations', source, written)}",
                    remedy="put its stage before this one, or take it out of the precedence",
                )
        for source in written:
            if source not in self.precedence:
                raise ConfigError(
                    f"[components.{self.name}] precedence leaves out {source!r}; named: {', '.join(self.precedence)}",
                    remedy="give it a place in the precedence",
                )


def _forward(relation: Relation) -> Relation:
    if relation.type in MUTUAL and relation.tail < relation.head:
        return msgspec.structs.replace(relation, head=relation.tail, tail=relation.head)
    return relation
