"""An annotated article as a set of single decisions, so that two passes can be compared and settled one by one.

An item is `(layer, key)`: a mention `(start, end, label)`; a relation `(type, head, tail)`; an event
`(start, end, type)`; a role `(start, end, type, role, mention)` of the event with that trigger and type.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.annotation.articles import annotate, article_of
from pipeline.errors import AnnotationError
from pipeline.marks import AnnotatedArticle, EventMark, MentionMark, RelationMark, RoleMark

ITEM_LAYERS = ("mentions", "relations", "events", "roles")
Item = tuple[str, tuple[Any, ...]]


def items_of(article: AnnotatedArticle) -> set[Item]:
    """Give every single decision of an article."""
    items: set[Item] = {("mentions", (m.start, m.end, m.label)) for m in article.mentions}
    items |= {("relations", (r.type, r.head, r.tail)) for r in article.relations}
    for event in article.events:
        items.add(("events", (event.start, event.end, event.type)))
        items |= {("roles", (event.start, event.end, event.type, r.role, r.mention)) for r in event.roles}
    return items


def article_from(items: Iterable[Item], template: AnnotatedArticle, *, where: str = "") -> AnnotatedArticle:
    """Put single decisions together again, on the text of `template`.

    Raises:
        AnnotationError: an edge or role whose mention or event is not among the items.
    """
    by_layer: dict[str, set[tuple[Any, ...]]] = {layer: set() for layer in ITEM_LAYERS}
    for layer, key in items:
        by_layer[layer].add(key)
    marked = {(start, end) for start, end, _ in by_layer["mentions"]}
    roles: dict[tuple[int, int, str], list[RoleMark]] = {key: [] for key in by_layer["events"]}  # type: ignore[misc]
    needed = [end for _, head, tail in by_layer["relations"] for end in (head, tail)]
    for start, end, kind, role, mention in by_layer["roles"]:
        if (start, end, kind) not in roles:
            raise AnnotationError(
                f"{template.id}: role {role} of a {kind} event at {start} that is not kept", where=where or None
            )
        roles[start, end, kind].append(RoleMark(role, mention))
        needed.append(mention)
    for offsets in needed:
        if offsets not in marked:
            surface = template.text[slice(*offsets)]
            raise AnnotationError(
                f"{template.id}: an edge needs {surface!r} at {offsets[0]}, which is not kept", where=where or None
            )
    return annotate(
        article_of(template),
        [MentionMark(*key) for key in by_layer["mentions"]],
        [RelationMark(*key) for key in by_layer["relations"]],
        [EventMark(kind, start, end, tuple(marks)) for (start, end, kind), marks in roles.items()],
    )


def describe_item(item: Item, text: str) -> str:
    """Say an item in words: `PER 范贺平@93`."""
    layer, key = item

    def at(offsets: tuple[int, int]) -> str:
        return f"{text[slice(*offsets)]}@{offsets[0]}"

    if layer == "mentions":
        return f"{key[2]} {at(key[:2])}"
    if layer == "relations":
        return f"{key[0]} {at(key[1])} → {at(key[2])}"
    if layer == "events":
        return f"{key[2]} {at(key[:2])}"
    return f"{key[2]} {at(key[:2])}: {key[3]} {at(key[4])}"
