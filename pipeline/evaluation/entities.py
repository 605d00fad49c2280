"""Find the entities of a text, as items: which mentions are one person, body or place.

Reads the clusters of a file, or derives them where the file states none; writes links and clustered mentions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.items import Item
from pipeline.records import Mention, Offsets

NAMED = ("PER", "ORG", "LOC")  # labels whose mentions name something that can come again


def clusters_of(text: AnnotatedText) -> tuple[tuple[Offsets, ...], ...]:
    """Give the clusters of all mentions of persons, bodies and places, in text order, single mentions too.

    Where the file states no clusters, mentions of one label are together if they read the same, or if an `alias_of`
    edge joins them (太重集团 → 太原重型机械集团有限公司), and so on.
    """
    mentions = {(m.start, m.end): m for m in text.mentions if m.label in NAMED}
    together = {offsets: offsets for offsets in mentions}

    def head(offsets: Offsets) -> Offsets:
        while together[offsets] != offsets:
            offsets = together[offsets]
        return offsets

    for one, other in _links(text, mentions):
        if one in together and other in together and mentions[one].label == mentions[other].label:
            low, high = sorted((head(one), head(other)))
            together[high] = low
    clusters: dict[Offsets, list[Offsets]] = {}
    for offsets in sorted(mentions):
        clusters.setdefault(head(offsets), []).append(offsets)
    return tuple(tuple(members) for _, members in sorted(clusters.items()))


def _links(text: AnnotatedText, mentions: dict[Offsets, Mention]) -> Iterator[tuple[Offsets, Offsets]]:
    if text.entities is not None:
        for entity in text.entities:
            yield from ((entity.mentions[0], other) for other in entity.mentions[1:])
        return
    first: dict[tuple[str, str], Offsets] = {}
    for offsets in sorted(mentions):
        yield first.setdefault((mentions[offsets].label, text.text[offsets[0] : offsets[1]]), offsets), offsets
    yield from ((relation.head, relation.tail) for relation in text.relations if relation.type == "alias_of")


def find_links(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each pair of mentions of one entity: their label and their places."""
    for cluster, label in _labelled(text):
        for one, other in combinations(cluster, 2):
            slot = tuple(sorted((text.place(one), text.place(other))))
            yield Item(label, slot, text, (("", one), ("", other)))


def find_clustered_mentions(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each mention of an entity with all that its entity has."""
    for cluster, label in _labelled(text):
        keys = frozenset((label, text.place(offsets)) for offsets in cluster)
        for offsets in cluster:
            yield Item(label, text.place(offsets), text, (("", offsets),), cluster=keys)


def _labelled(text: AnnotatedText) -> Iterator[tuple[tuple[Offsets, ...], str]]:
    labels = {(m.start, m.end): m.label for m in text.mentions}
    for cluster in clusters_of(text):
        yield cluster, labels[cluster[0]]
