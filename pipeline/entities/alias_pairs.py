"""Pair the names of one article: which may be a short form of which, and in what way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations

from msgspec import Struct

from pipeline.entities.alias_forms import Forms
from pipeline.entities.alias_kinds import kind_between, kind_of
from pipeline.records import Mention, Offsets

LABELS = ("PER", "ORG", "LOC", "DOCUMENT", "PROJECT")  # what can have a short form
FAR = 20  # characters: a bracket further away defines nothing

Names = Mapping[tuple[str, str], Sequence[Offsets]]


class Pair(Struct, frozen=True, order=True):
    """Two names of one label in one article, and the kind of short form that one would be of the other."""

    label: str
    short: str
    full: str
    kind: str


def names_of(text: str, mentions: Sequence[Mention]) -> dict[tuple[str, str], list[Offsets]]:
    """Give where each name stands: (label, words) → places, in the order of the text."""
    names: dict[tuple[str, str], list[Offsets]] = {}
    for mention in mentions:
        if mention.label in LABELS:
            names.setdefault((mention.label, text[mention.start : mention.end]), []).append(
                (mention.start, mention.end)
            )
    return names


def find_pairs(text: str, mentions: Sequence[Mention], forms: Forms) -> list[Pair]:
    """Find every pair of different names of one label in which one may stand for the other, once for each kind.

    The text may define a short form, 恒裕铝业股份有限公司（以下简称“恒裕铝业”）, and the shape of the names may tell it.
    """
    found = set(_defined(text, mentions, forms))
    by_label: dict[str, list[str]] = {}
    for label, name in names_of(text, mentions):
        by_label.setdefault(label, []).append(name)
    for label, names in by_label.items():
        for short, full in permutations(names, 2):
            kind = kind_of(label, short, full, forms)
            if kind is not None:
                found.add(Pair(label, short, full, kind))
    return sorted(found)


def _defined(text: str, mentions: Sequence[Mention], forms: Forms) -> Iterator[Pair]:
    for before, after in pairwise(mentions):
        if before.label != after.label or before.label not in LABELS or after.start - before.end > FAR:
            continue
        kind = kind_between(text[before.end : after.start], forms)
        names = text[before.start : before.end], text[after.start : after.end]
        if kind is None or names[0] == names[1]:
            continue
        # the second name is the short one, unless it is longer: 哈马斯（巴勒斯坦伊斯兰抵抗运动）
        short, full = (names[1], names[0]) if names[1].isascii() or len(names[1]) <= len(names[0]) else names
        yield Pair(before.label, short, full, kind)
