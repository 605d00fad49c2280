"""Choose which full form each short form stands for, and join mentions into entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from pipeline.entities.alias_kinds import BRACKETED, DEFINED
from pipeline.entities.alias_pairs import Names, Pair
from pipeline.records import Offsets

NAMED = ("PER", "ORG", "LOC")  # labels whose mentions name something that can come again


class Link(Struct, frozen=True):
    """A pair that counts, and how likely it is right."""

    pair: Pair
    probability: float


def choose_links(pairs: Sequence[Pair], reliable: Mapping[tuple[str, str], float], *, threshold: float) -> list[Link]:
    """Choose at most one full form for each short one: what the text defines, else the fullest of one family.

    A short form with two full forms that are no forms of each other (县政府 beside 云阳县政府 and 奉节县政府) gets none: a bad
    merge is worse than a missed one.
    """
    likely = [Link(pair, reliable.get((pair.label, pair.kind), 0.0)) for pair in pairs]
    likely = [link for link in likely if link.probability >= threshold]
    related = {frozenset((link.pair.short, link.pair.full)) for link in likely}
    chosen = []
    for label, short in sorted({(link.pair.label, link.pair.short) for link in likely}):
        found = [link for link in likely if (link.pair.label, link.pair.short) == (label, short)]
        told = [link for link in found if link.pair.kind in (DEFINED, BRACKETED)]
        if told:
            chosen.append(max(told, key=lambda link: (link.probability, link.pair.full)))
            continue
        best = max(found, key=lambda link: (len(link.pair.full), link.probability, link.pair.full))
        if all(
            frozenset((link.pair.full, best.pair.full)) in related for link in found if link.pair.full != best.pair.full
        ):
            chosen.append(best)
    return _without_circles(chosen)


def nearest(link: Link, names: Names) -> tuple[Offsets, Offsets]:
    """Give the mentions of the short and of the full form that stand nearest to each other, the first such two."""
    shorts, fulls = (names[link.pair.label, name] for name in (link.pair.short, link.pair.full))
    return min(((s, f) for s in shorts for f in fulls), key=lambda two: (abs(two[0][0] - two[1][0]), two))


def join(names: Names, links: Iterable[Link], pairs: Iterable[Pair]) -> list[tuple[Offsets, ...]]:
    """Join the mentions of one entity: the same words, and the forms that links bind together.

    The same words do not join across a full form of another body when they have full forms of several: the 公安局 after
    云阳县公安局 is not that after 奉节县公安局.
    """
    linked = {(link.pair.label, link.pair.short): link.pair.full for link in links}
    fulls: dict[tuple[str, str], set[str]] = {}
    for pair in pairs:
        fulls.setdefault((pair.label, pair.short), set()).add(pair.full)
    groups: list[list[Offsets]] = []
    of_name: dict[tuple[str, str], int] = {}
    for (label, name), places in sorted(names.items()):
        if label not in NAMED:
            continue
        several = fulls.get((label, name), set()) if (label, name) not in linked else set()
        walls = sorted(place for full in several for place in names[label, full]) if len(several) > 1 else []
        of_name[label, name] = len(groups)
        groups.append([places[0]])
        for before, place in pairwise(places):
            if any(before < wall < place for wall in walls):
                groups.append([])
            groups[-1].append(place)
    root = list(range(len(groups)))
    for (label, short), full in sorted(linked.items()):
        if label in NAMED:
            _unite(root, of_name[label, short], of_name[label, full])
    clusters: dict[int, list[Offsets]] = {}
    for number, places in enumerate(groups):
        clusters.setdefault(_root(root, number), []).extend(places)
    return sorted(tuple(sorted(places)) for places in clusters.values())


def _without_circles(links: Sequence[Link]) -> list[Link]:
    """Leave a link out that would lead back: 甲 for 乙 and 乙 for 甲."""
    goes_to: dict[tuple[str, str], str] = {}
    kept = []
    for link in sorted(links, key=lambda link: (-link.probability, link.pair)):
        label, name = link.pair.label, link.pair.full
        while (label, name) in goes_to:
            name = goes_to[label, name]
        if name != link.pair.short:
            goes_to[label, link.pair.short] = link.pair.full
            kept.append(link)
    return sorted(kept, key=lambda link: link.pair)


def _root(root: list[int], number: int) -> int:
    while root[number] != number:
        number = root[number]
    return number


def _unite(root: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(root, one), _root(root, other)))
    root[high] = low
