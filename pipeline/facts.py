"""Read facts off edges: what several relations, or the roles of one event, say together.

Reads relations and events; gives readings. Records are filled and facts are scored by this one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from msgspec import Struct

from pipeline.records import Event, Offsets, Relation

EVENT_SLOTS = ("agent", "theme", "participant", "amount")
NONE: tuple[None] = (None,)
Slots = tuple[tuple[str, "Offsets | None"], ...]


class Reading(Struct, frozen=True):
    """One fact: its type, all its slots, empty ones too, and the edges that say it."""

    type: str
    slots: Slots
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def filled(self) -> tuple[tuple[str, Offsets], ...]:
        """The slots that are not empty."""
        return tuple((name, offsets) for name, offsets in self.slots if offsets is not None)


def derive_facts(relations: Iterable[Relation], events: Iterable[Event]) -> Iterator[Reading]:
    """Read facts off the edges of one text.

    - `official_post`: 彭飞, 四级调研员, 晋中市规划和自然资源局: a post with each body in which it is held, or none;
    - `investment`: an investor, what it pays for, how much. The project's amount goes with the project;
      an amount of the investor alone goes with those of its projects that have none, else it stands without one;
    - `membership`: a part and its whole;
    - `equity_change`: agent, theme, participant and amount of one such event.

    An edge that stands there twice counts once, the surest of them.
    """
    edges = surest(relations)
    yield from _official_posts(edges)
    yield from _investments(edges)
    for edge in _of_type(edges, "part_of"):
        yield Reading("membership", (("part", edge.head), ("whole", edge.tail)), (edge,))
    for event in events:
        if event.type == "equity_change":
            fillers = [tuple(role.mention for role in event.roles if role.role == name) or NONE for name in EVENT_SLOTS]
            for slots in product(*fillers):
                if any(slots):
                    yield Reading("equity_change", tuple(zip(EVENT_SLOTS, slots, strict=True)), (), (event,))


def surest(relations: Iterable[Relation]) -> list[Relation]:
    """Give each edge once, the most probable of those that several sources found, in the order of types and places."""
    edges: dict[tuple[str, Offsets, Offsets], Relation] = {}
    for relation in sorted(relations, key=lambda relation: (-relation.probability, relation.source)):
        edges.setdefault((relation.type, relation.head, relation.tail), relation)
    return [edges[key] for key in sorted(edges)]


def _of_type(edges: Iterable[Relation], kind: str) -> list[Relation]:
    return [edge for edge in edges if edge.type == kind]


def _official_posts(edges: list[Relation]) -> Iterator[Reading]:
    bodies: dict[Offsets, list[Relation]] = {}
    for edge in _of_type(edges, "position_in"):
        bodies.setdefault(edge.head, []).append(edge)
    for held in _of_type(edges, "position_held"):
        for held_in in bodies.get(held.tail) or NONE:
            slots = (("person", held.head), ("post", held.tail), ("body", held_in.tail if held_in else None))
            yield Reading("official_post", slots, (held, held_in) if held_in else (held,))


def _investments(edges: list[Relation]) -> Iterator[Reading]:
    targets, own, of_project = (_of_type(edges, kind) for kind in ("invests_in", "invests_amount", "project_amount"))
    for investor in sorted({edge.head for edge in (*targets, *own)}):
        projects = [edge for edge in targets if edge.head == investor]
        bound = {edge.tail: [amount for amount in of_project if amount.head == edge.tail] for edge in projects}
        taken = {amount.tail for amounts in bound.values() for amount in amounts}
        free = [amount for amount in own if amount.head == investor and amount.tail not in taken]
        for project in projects:
            for amount in bound[project.tail] or free or NONE:
                yield _investment(investor, project, amount)
        for amount in [] if any(not amounts for amounts in bound.values()) else free:
            yield _investment(investor, None, amount)


def _investment(investor: Offsets, project: Relation | None, amount: Relation | None) -> Reading:
    slots = (
        ("investor", investor),
        ("target", project.tail if project else None),
        ("amount", amount.tail if amount else None),
    )
    return Reading("investment", slots, tuple(edge for edge in (project, amount) if edge is not None))
