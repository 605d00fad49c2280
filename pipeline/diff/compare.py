"""Compare two runs article by article, and each layer of an article thing by thing.

Reads two streams of records, side by side; holds only articles whose counterpart has not come yet.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import zip_longest

from pipeline.diff.changes import LAYERS, ArticleChanges, Change, Differences, Field, Outcome
from pipeline.diff.items import ITEMS, Item
from pipeline.diff.places import Alignment, place_finder
from pipeline.errors import ConfigError, unknown
from pipeline.export.lookup import Lookup
from pipeline.records import Record

SHOWN = 30  # characters of a text that a change shows
ARTICLE_PARTS = ("page", "kind", "title", "date", "byline")


def compare_runs(
    old: Iterable[Record], new: Iterable[Record], *, tolerance: float = 0.05, layers: Collection[str] = LAYERS
) -> Differences:
    """Find the differences; a probability has changed where it differs by more than `tolerance`.

    Raises:
        ConfigError: a layer is unknown, or the tolerance is not between 0 and 1.
    """
    for layer in layers:
        if layer not in LAYERS:
            raise ConfigError(unknown("layer", layer, LAYERS))
    if not 0 <= tolerance <= 1:
        raise ConfigError(f"the tolerance {tolerance} is not between 0 and 1")
    found = Differences(tolerance=tolerance)
    ordered: list[tuple[tuple[bool, int], ArticleChanges]] = []
    for place, before, after in _paired(old, new):
        record = after or before
        assert record is not None
        changes = tuple(_changes(before, after, layers, found))
        if changes:
            ordered.append((place, ArticleChanges(record.id, record.title, changes)))
    found.articles = [article for _, article in sorted(ordered, key=lambda pair: pair[0])]
    return found


def _paired(
    old: Iterable[Record], new: Iterable[Record]
) -> Iterator[tuple[tuple[bool, int], Record | None, Record | None]]:
    """Give the articles of both runs by id, with their order: those of the old run first."""
    waiting: tuple[dict[str, tuple[int, Record]], dict[str, tuple[int, Record]]] = ({}, {})
    for number, pair in enumerate(zip_longest(old, new)):
        for side, record in enumerate(pair):
            if record is not None:
                other = waiting[1 - side].pop(record.id, None)
                if other is None:
                    waiting[side][record.id] = (number, record)
                elif side:
                    yield (False, other[0]), other[1], record
                else:
                    yield (False, number), record, other[1]
    yield from (((False, number), record, None) for number, record in waiting[0].values())
    yield from (((True, number), None, record) for number, record in waiting[1].values())


def _changes(old: Record | None, new: Record | None, layers: Collection[str], found: Differences) -> Iterator[Change]:
    tally = found.tallies["articles"]
    if old is None or new is None:
        outcome: Outcome = "gained" if new is not None else "lost"
        setattr(tally, outcome, getattr(tally, outcome) + 1)
        record = new or old
        if "articles" in layers and record is not None:
            yield _article_change(record, outcome)
        return
    fields = tuple(_article_fields(old, new))
    tally.changed += bool(fields)
    tally.same += not fields
    if fields and "articles" in layers:
        yield _article_change(new, "changed", fields)
    place = place_finder(old, new)
    before, after = Lookup(old), Lookup(new)
    for layer, items in ITEMS.items():
        if layer in layers:
            left, right = list(items(before, place)), list(items(after, lambda start, end: (start, end)))
            yield from _layer_changes(layer, (before, left), (after, right), found)


def _article_change(record: Record, outcome: Outcome, fields: tuple[Field, ...] = ()) -> Change:
    title = record.title or record.text.strip().split("\n")[0][:SHOWN]
    return Change(record.id, "articles", outcome, record.kind, title, 0, len(record.text), "", None, fields)


def _article_fields(old: Record, new: Record) -> Iterator[Field]:
    for name in ARTICLE_PARTS:
        if getattr(old, name) != getattr(new, name):
            yield Field(name, getattr(old, name), getattr(new, name))
    if old.text != new.text:
        alignment = Alignment(old.text, new.text)
        at = next((i for i in range(len(old.text)) if alignment.translate(i, i + 1) != (i, i + 1)), len(old.text))
        yield Field("text", old.text[at : at + SHOWN], new.text[at : at + SHOWN])


def _layer_changes(
    layer: str, old: tuple[Lookup, list[Item]], new: tuple[Lookup, list[Item]], found: Differences
) -> Iterator[Change]:
    (before, left), (after, right) = old, new
    tally = found.tallies[layer]
    changes: list[tuple[int, Change]] = []
    pairs, lost, gained = match_items(left, right)
    for a, b in pairs:
        fields = tuple(_fields(a, b, found.tolerance))
        tally.changed += bool(fields)
        tally.same += not fields
        if fields:
            changes.append((b.start, _change(after, layer, "changed", b, fields)))
    tally.lost += len(lost)
    tally.gained += len(gained)
    changes += [(item.start, _change(before, layer, "lost", item)) for item in lost]
    changes += [(item.start, _change(after, layer, "gained", item)) for item in gained]
    yield from (change for _, change in sorted(changes, key=lambda pair: pair[0]))


def match_items(left: list[Item], right: list[Item]) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Pair the things of two runs by their strictest keys, then what is left by the looser ones."""
    pairs: list[tuple[Item, Item]] = []
    for level in range(max((len(item.keys) for item in (*left, *right)), default=0)):
        waiting: dict[Hashable, list[Item]] = {}
        for item in reversed(right):
            if level < len(item.keys):
                waiting.setdefault(item.keys[level], []).append(item)
        rest = []
        taken: set[int] = set()
        for item in left:
            same = waiting.get(item.keys[level]) if level < len(item.keys) else None
            if same:
                other = same.pop()
                taken.add(id(other))
                pairs.append((item, other))
            else:
                rest.append(item)
        left, right = rest, [item for item in right if id(item) not in taken]
    return pairs, left, right


def _fields(old: Item, new: Item, tolerance: float) -> Iterator[Field]:
    for name in dict.fromkeys((*old.parts, *new.parts)):
        (a, shown_a), (b, shown_b) = old.parts.get(name, (None, None)), new.parts.get(name, (None, None))
        if a != b:
            yield Field(name, shown_a, shown_b)
    if old.probability is None or new.probability is None:
        if old.probability != new.probability:
            yield Field("probability", old.probability, new.probability)
    elif abs(old.probability - new.probability) > tolerance:
        yield Field("probability", old.probability, new.probability)


def _change(at: Lookup, layer: str, outcome: Outcome, item: Item, fields: tuple[Field, ...] = ()) -> Change:
    return Change(
        article=at.record.id, layer=layer, outcome=outcome, type=item.type, text=item.text, start=item.start,
        end=item.end, sentence=at.sentence_text(item.start), probability=item.probability, fields=fields,
    )  # fmt: skip
