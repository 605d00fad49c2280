"""One thing to be found, on either side, and how two sets of such things are counted.

Reads marks; writes counts. An item is right if an item of the other side has its label and its slot.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.annotated import AnnotatedText, Place
from pipeline.evaluation.counts import Counts, count
from pipeline.evaluation.matching import match_overlapping
from pipeline.records import Offsets

Key = tuple[str, Hashable]


class Item(Struct, frozen=True, eq=False):
    """A mention, an edge, an event, a fact: its label, and the slot that it fills in page coordinates.

    `marks` are its parts in `text`, each with a name; the first decides to which article it belongs. `probability` is
    None where the file tells none. `cluster` are the keys of all members of a mention's entity, itself included.
    """

    label: str
    slot: Hashable
    text: AnnotatedText
    marks: tuple[tuple[str, Offsets], ...]
    probability: float | None = None
    source: str = ""
    cluster: frozenset[Key] = frozenset()

    @property
    def key(self) -> Key:
        """What must agree."""
        return (self.label, self.slot)

    @property
    def place(self) -> Place:
        """Where its first mark stands."""
        return self.text.place(self.marks[0][1])


class BCubed(Struct, frozen=True):
    """Sums over mentions of the share of their cluster that is right (Bagga and Baldwin 1998)."""

    precision_sum: float = 0.0
    recall_sum: float = 0.0
    predicted: float = 0
    gold: float = 0

    def __add__(self, other: BCubed) -> BCubed:
        return BCubed(
            self.precision_sum + other.precision_sum, self.recall_sum + other.recall_sum,
            self.predicted + other.predicted, self.gold + other.gold,
        )  # fmt: skip

    @property
    def precision(self) -> float:
        """Mean over the predicted mentions; 0 where there is none."""
        return self.precision_sum / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Mean over the gold mentions; 0 where there is none."""
        return self.recall_sum / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 1 where there was nothing to find or say."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else float(not self.predicted and not self.gold)


Tally: TypeAlias = Counts | BCubed
Items = dict[Key, Item]
Finder = Callable[[AnnotatedText, Alignment], Iterable[Item]]
Counter = Callable[[Items, Items], Tally]


def count_exact(predicted: Items, gold: Items) -> Counts:
    """Count items that have label and slot in common."""
    return count(predicted.keys(), gold.keys())


def count_overlapping(predicted: Items, gold: Items) -> Counts:
    """Count items of one label that can be paired one to one so that the two of a pair share a character."""
    pairs = 0
    for label in {label for label, _ in predicted}:
        ours, theirs = ([item for item in side.values() if item.label == label] for side in (predicted, gold))
        pairs += len(match_overlapping(ours, theirs, place_of=lambda item: item.place))
    return Counts(pairs, len(predicted), len(gold))


def count_bcubed(predicted: Items, gold: Items) -> BCubed:
    """Add up, for each mention, the share of its cluster that is in its cluster on the other side.

    A mention that the other side lacks adds nothing to its own side's sum: system mentions are not removed, so that
    what was missed or made up costs.
    """
    both = [(predicted[key].cluster, gold[key].cluster) for key in sorted(predicted.keys() & gold.keys(), key=repr)]
    return BCubed(
        float(sum(len(p & g) / len(p) for p, g in both)), float(sum(len(p & g) / len(g) for p, g in both)),
        len(predicted), len(gold),
    )  # fmt: skip


def collect(items: Iterable[Item]) -> Items:
    """Give the items by their keys; of two with one key the more probable one stays."""
    found: Items = {}
    for item in items:
        other = found.get(item.key)
        if other is None or (item.probability or 0) > (other.probability or 0):
            found[item.key] = item
    return found


def sort_key(item: Item) -> Any:
    """Order items by where they stand."""
    return (item.place, item.label, repr(item.slot))


def by_unit(items: Iterable[Item], alignment: Alignment) -> dict[str, list[Item]]:
    """Sort items into the articles that hold them."""
    units: dict[str, list[Item]] = {}
    for item in items:
        units.setdefault(alignment.unit_of(item.place), []).append(item)
    return units


def add_up(tallies: Sequence[Tally], empty: Tally) -> Tally:
    """Add counts of one kind."""
    total: Any = empty
    for tally in tallies:
        total = total + tally
    return total  # type: ignore[no-any-return]
