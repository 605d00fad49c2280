"""Read who sells, who buys, what share and at what price, off the events in which shares change hands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pipeline.facts import surest
from pipeline.records import Event, Mention, Offsets, Relation


class Change(Struct, frozen=True):
    """Shares that change hands: filled slots, each perhaps several times, and the edges that say it."""

    slots: tuple[tuple[str, Offsets], ...]
    relations: tuple[Relation, ...]
    events: tuple[Event, ...]


def find_changes(
    text: str,
    mentions: Mapping[Offsets, Mention],
    relations: Sequence[Relation],
    events: Sequence[Event],
    sides: Mapping[str, str],
) -> Iterator[Change]:
    """Find the changes: one for each `equity_change` event, and one for each `acquires` edge that no event tells.

    `sides` goes from a trigger to what its agent is. Of other triggers (重组) the edges tell it: who owns a share in the
    theme sells, who acquires it buys; a party of which nothing is told stays `party`. The holder of pledged shares keeps
    them; `pledgee` is who they are pledged to.
    """
    edges = surest(relations)
    told: set[tuple[Offsets, Offsets]] = set()
    for event in sorted(events):
        if event.type == "equity_change" and event.roles:
            change = _change(text, mentions, edges, event, sides)
            if change.slots:
                told.update((edge.head, edge.tail) for edge in change.relations)
                buyers = [offsets for name, offsets in change.slots if name == "buyer"]
                targets = [offsets for name, offsets in change.slots if name == "target"]
                told.update((buyer, target) for buyer in buyers for target in targets)
                yield change
    for edge in edges:
        if edge.type == "acquires" and (edge.head, edge.tail) not in told:
            yield Change((("buyer", edge.head), ("target", edge.tail)), (edge,), ())


def _change(
    text: str, mentions: Mapping[Offsets, Mention], edges: Sequence[Relation], event: Event, sides: Mapping[str, str]
) -> Change:
    roles: dict[str, list[Offsets]] = {}
    for role in event.roles:
        roles.setdefault(role.role, []).append(role.mention)
    targets = roles.get("theme", [])
    agent_is = _side(text[event.start : event.end], sides)
    other_is = {"seller": "buyer", "buyer": "seller", "holder": "pledgee"}.get(agent_is, "")
    slots: list[tuple[str, Offsets]] = []
    used: list[Relation] = []
    for part, side in (("agent", agent_is), ("participant", other_is)):
        for party in roles.get(part, []):
            named, edge = (side, None) if side else _by_edges(party, targets, edges)
            slots.append((named, party))
            used += [edge] if edge else []
    if "buyer" not in (name for name, _ in slots) and agent_is != "holder":
        parties = {offsets for _, offsets in slots}
        for edge in edges:
            if edge.type == "acquires" and edge.tail in targets and edge.head not in parties:
                slots.append(("buyer", edge.head))
                used.append(edge)
    slots += [("target", target) for target in targets]
    for amount in roles.get("amount", []):
        mention = mentions.get(amount)
        slots.append(("share" if mention is not None and mention.label == "PERCENT" else "price", amount))
    return Change(tuple(slots), tuple(used), (event,))


def _side(trigger: str, sides: Mapping[str, str]) -> str:
    """Give what the agent of a trigger is: by the longest known trigger that stands in it; empty where none does."""
    known = [word for word in sides if word in trigger]
    return sides[max(known, key=lambda word: (len(word), word))] if known else ""


def _by_edges(party: Offsets, targets: Sequence[Offsets], edges: Sequence[Relation]) -> tuple[str, Relation | None]:
    for kind, side in (("acquires", "buyer"), ("owns_share_in", "seller")):
        for edge in edges:
            if edge.type == kind and edge.head == party and edge.tail in targets:
                return side, edge
    return "party", None
