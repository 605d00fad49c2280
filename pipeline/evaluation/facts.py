"""Find the facts of a text, as items: what several edges say together.

Reads relations and events; writes facts. Both sides are read by this one rule, whatever facts a record states itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.items import Item
from pipeline.records import Offsets

NONE: tuple[None] = (None,)
Slots = tuple[tuple[str, "Offsets | None"], ...]
EVENT_SLOTS = ("agent", "theme", "participant", "amount")


def find_facts(text: AnnotatedText, alignment: Alignment) -> Iterator[Item]:
    """Give each fact: its type and the places of all its slots, empty ones too."""
    for kind, slots in derive_facts(text):
        filled = tuple((name, offsets) for name, offsets in slots if offsets is not None)
        yield Item(kind, tuple((name, text.place(offsets)) for name, offsets in filled), text, filled)


def derive_facts(text: AnnotatedText) -> Iterator[tuple[str, Slots]]:
    """Read facts off the edges.

    - `official_post`: 彭飞, 四级调研员, 晋中市规划和自然资源局: a post with each body in which it is held, or none;
    - `investment`: an investor, what it pays for, how much. The project's amount goes with the project;
      an amount of the investor alone goes with those of its projects that have none, else it stands without one;
    - `membership`: a part and its whole;
    - `equity_change`: agent, theme, participant and amount of one such event.
    """
    yield from _official_posts(text)
    yield from _investments(text)
    for part, whole in _edges(text, "part_of"):
        yield "membership", (("part", part), ("whole", whole))
    for event in text.events:
        if event.type == "equity_change":
            fillers = [tuple(role.mention for role in event.roles if role.role == name) or NONE for name in EVENT_SLOTS]
            for slots in product(*fillers):
                if any(slots):
                    yield "equity_change", tuple(zip(EVENT_SLOTS, slots, strict=True))


def _edges(text: AnnotatedText, kind: str) -> list[tuple[Offsets, Offsets]]:
    return sorted({(relation.head, relation.tail) for relation in text.relations if relation.type == kind})


def _official_posts(text: AnnotatedText) -> Iterator[tuple[str, Slots]]:
    bodies: dict[Offsets, list[Offsets]] = {}
    for post, body in _edges(text, "position_in"):
        bodies.setdefault(post, []).append(body)
    for person, post in _edges(text, "position_held"):
        for held_in in bodies.get(post) or NONE:
            yield "official_post", (("person", person), ("post", post), ("body", held_in))


def _investments(text: AnnotatedText) -> Iterator[tuple[str, Slots]]:
    targets, own, of_project = (_edges(text, kind) for kind in ("invests_in", "invests_amount", "project_amount"))
    for investor in sorted({head for head, _ in (*targets, *own)}):
        projects = [target for head, target in targets if head == investor]
        bound = {project: [amount for head, amount in of_project if head == project] for project in projects}
        taken = {amount for amounts in bound.values() for amount in amounts}
        free = [amount for head, amount in own if head == investor and amount not in taken]
        poor = [project for project in projects if not bound[project]]
        for project in projects:
            for amount in bound[project] or free or NONE:
                yield "investment", (("investor", investor), ("target", project), ("amount", amount))
        for amount in [] if poor else free:
            yield "investment", (("investor", investor), ("target", None), ("amount", amount))
