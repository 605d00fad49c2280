"""What the annotation scheme allows: which labels an edge may join, which labels are marked whenever they occur."""

from __future__ import annotations

from pipeline.records import MENTION_LABELS

EXHAUSTIVE_LABELS = ("PER", "ORG", "LOC", "TITLE", "MONEY")  # every mention is marked
EDGE_LABELS = ("PROJECT", "PERCENT", "DATE", "DOCUMENT")  # marked only where an edge needs them

_ACTORS = frozenset({"PER", "ORG", "LOC"})
_ANY = frozenset(MENTION_LABELS)

RELATION_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "position_held": (frozenset({"PER"}), frozenset({"TITLE"})),
    "position_in": (frozenset({"TITLE"}), frozenset({"ORG", "LOC"})),
    "invests_in": (_ACTORS, frozenset({"PROJECT", "ORG"})),
    "invests_amount": (_ACTORS, frozenset({"MONEY"})),
    "project_amount": (frozenset({"PROJECT"}), frozenset({"MONEY"})),
    "owns_share_in": (frozenset({"ORG", "PER"}), frozenset({"ORG"})),
    "acquires": (frozenset({"ORG", "PER"}), frozenset({"ORG"})),
    "part_of": (frozenset({"ORG"}), frozenset({"ORG"})),
    "located_in": (frozenset({"ORG", "PROJECT", "LOC"}), frozenset({"LOC"})),
    "cooperates_with": (frozenset({"ORG"}), frozenset({"ORG"})),
    "alias_of": (_ANY, _ANY),  # and both of one label
}

ROLE_FILLERS: dict[str, frozenset[str]] = {
    "agent": _ACTORS,
    "theme": _ANY,
    "participant": _ACTORS,
    "place": frozenset({"LOC", "ORG"}),
    "time": frozenset({"DATE"}),
    "amount": frozenset({"MONEY", "PERCENT"}),
}


def allows(relation: str, head: str, tail: str) -> bool:
    """Say whether the scheme lets a relation join two labels.

    >>> allows("position_held", "PER", "TITLE"), allows("alias_of", "ORG", "LOC")
    (True, False)
    """
    heads, tails = RELATION_ENDS[relation]
    return head in heads and tail in tails and (relation != "alias_of" or head == tail)
