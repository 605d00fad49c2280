"""What a person has changed in an article: what was added, taken away, moved, or given another label.

Reads two versions of one article; writes changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from pipeline.annotation.items import ITEM_LAYERS, Item, describe_item, items_of
from pipeline.marks import AnnotatedArticle

Kind = Literal["added", "removed", "moved", "relabelled"]
Key = tuple[Any, ...]


class Change(Struct, frozen=True):
    """One change of one item. `was` is None for what was added, `now` for what was removed."""

    kind: Kind
    layer: str
    was: Key | None
    now: Key | None

    def describe(self, text: str) -> str:
        """Say a change in words: `moved: LOC 云州@3 → LOC 云州市@3`."""
        said = [describe_item((self.layer, key), text) for key in (self.was, self.now) if key is not None]
        return f"{self.kind}: {' → '.join(said)}"


def changes(before: AnnotatedArticle, after: AnnotatedArticle) -> Iterator[Change]:
    """List what changed, layer by layer in the order of the text.

    A mention or trigger that shares characters with a removed one is that one, moved or relabelled; an edge whose ends
    have only moved with their mentions is moved, not new.
    """
    old, new = items_of(before), items_of(after)
    spans: dict[Key, Key] = {}  # where mentions and triggers stand now
    for layer in ITEM_LAYERS:
        removed = sorted((key for name, key in old - new if name == layer), key=str)
        added = sorted((key for name, key in new - old if name == layer), key=str)
        pairs = list(
            _paired_spans(removed, added) if layer in ("mentions", "events") else _edges(removed, added, spans)
        )
        if layer in ("mentions", "events"):
            spans.update((was, now) for was, now in pairs)
            spans.update((was[:2], now[:2]) for was, now in pairs if layer == "mentions")
        for was, now in pairs:
            removed.remove(was)
            added.remove(now)
        found = [
            Change("moved" if _label(layer, was) == _label(layer, now) else "relabelled", layer, was, now)
            for was, now in pairs
        ]
        found += [Change("removed", layer, was, None) for was in removed] + [
            Change("added", layer, None, now) for now in added
        ]
        yield from sorted(found, key=lambda change: (_start(layer, change.now or change.was or ()), change.kind))


def summarize(found: Iterable[Change]) -> str:
    """Count changes in one line: `+12 mentions, -3, 4 moved, 1 relabelled; +2 relations`.

    >>> summarize([])
    'nothing changed'
    """
    counts = Counter((change.layer, change.kind) for change in found)
    told = []
    for layer in ITEM_LAYERS:
        added, removed = counts[layer, "added"], counts[layer, "removed"]
        parts = [f"+{added} {layer}"] if added else []
        parts += [f"-{removed}"] if removed else []
        parts += [f"{counts[layer, kind]} {kind}" for kind in ("moved", "relabelled") if counts[layer, kind]]
        if parts:
            told.append(", ".join(parts) if added else f"{', '.join(parts)} {layer}")
    return "; ".join(told) or "nothing changed"


def item_of(change: Change) -> Item:
    """Give the item that stands there now, or stood there before."""
    key = change.now or change.was
    assert key is not None  # a change has a side
    return change.layer, key


def _paired_spans(removed: Sequence[Key], added: Sequence[Key]) -> Iterator[tuple[Key, Key]]:
    """Pair spans that share characters: the same offsets first, then the same label, then any."""
    left, right = list(removed), list(added)
    same: tuple[Any, ...] = (lambda a, b: a[:2] == b[:2], lambda a, b: a[2] == b[2], lambda a, b: True)
    for fits in same:
        for was in list(left):
            now = next((now for now in right if was[0] < now[1] and now[0] < was[1] and fits(was, now)), None)
            if now is not None:
                left.remove(was)
                right.remove(now)
                yield was, now


def _edges(removed: Sequence[Key], added: Sequence[Key], spans: dict[Key, Key]) -> Iterator[tuple[Key, Key]]:
    """Pair edges whose ends are the same mentions, moved or not."""
    right = list(added)
    for was in removed:
        ends = _follow(was, spans)
        close = [now for now in right if _follow(now, {}) == ends]
        now = next((now for now in close if _edge_label(now) == _edge_label(was)), close[0] if close else None)
        if now is not None:
            right.remove(now)
            yield was, now


def _follow(edge: Key, spans: dict[Key, Key]) -> Key:
    """Give the ends of an edge where they stand now: of a relation its mentions, of a role its trigger and mention."""
    if len(edge) == 3:
        return spans.get(edge[1], edge[1]), spans.get(edge[2], edge[2])
    return spans.get(edge[:3], edge[:3]), spans.get(edge[4], edge[4])


def _edge_label(edge: Key) -> str:
    return str(edge[0] if len(edge) == 3 else edge[3])


def _label(layer: str, key: Key) -> str:
    return _edge_label(key) if layer in ("relations", "roles") else str(key[2])


def _start(layer: str, key: Key) -> tuple[int, str]:
    return (key[1][0] if layer == "relations" else key[0]), str(key)
