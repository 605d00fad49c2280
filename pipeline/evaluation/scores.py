"""What the scoring of one layer gives: counts by label and unit, from which every ratio and interval is derived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from pipeline.evaluation.calibration import Judged
from pipeline.evaluation.cases import Case
from pipeline.evaluation.definitions import Measure
from pipeline.evaluation.intervals import Interval, percentile_interval, resample
from pipeline.evaluation.items import Tally, add_up
from pipeline.records import EVENT_ROLES, EVENT_TYPES, LINE_ROLES, MENTION_LABELS, RELATION_TYPES

_ORDER = {name: n for n, name in enumerate((*MENTION_LABELS, *RELATION_TYPES, *EVENT_TYPES, *EVENT_ROLES, *LINE_ROLES))}
NOTHING = "—"  # the other side of a confusion where an item was missed, or made up


class Row(Struct, frozen=True):
    """One line of the table of scores. Where `partial`, gold is marked only in part: precision means nothing."""

    layer: str
    measure: str
    label: str
    group: bool
    partial: bool
    tally: Tally
    precision: Interval
    recall: Interval
    f1: Interval


class MeasureScores(Struct, frozen=True, eq=False):
    """The scores of one measure: `tallies[unit][label]`, the cases by unit, the confusions, what was judged."""

    measure: Measure
    exhaustive: tuple[str, ...]
    tallies: dict[str, dict[str, Tally]]
    cases: tuple[tuple[str, Case], ...] = ()
    confusions: dict[tuple[str, str], int] = {}
    judged: tuple[Judged, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels that gold or prediction has."""
        return tuple(in_scheme_order({label for tallies in self.tallies.values() for label in tallies}))

    def groups(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Give the rows over several labels, then those of one label each, with the labels that each adds up."""
        for name, labels in self.measure.groups:
            if labels == "exhaustive":
                yield name, self.exhaustive
            else:
                yield name, self.labels if labels is None else tuple(labels)
        yield from ((label, (label,)) for label in self.labels)

    def per_unit(self, labels: Sequence[str], units: Iterable[str] | None = None) -> list[Tally]:
        """Give the added counts of some labels for each unit: for `units` in their order, or for all by name."""
        chosen = sorted(self.tallies) if units is None else units
        return [
            add_up([tally for label in labels if (tally := self.tallies.get(unit, {}).get(label))], self.measure.empty)
            for unit in chosen
        ]

    def rows(self) -> Iterable[Row]:
        """Give the table: rows over several labels first."""
        group_names = {name for name, _ in self.measure.groups}
        for name, labels in self.groups():
            per_unit = self.per_unit(labels)
            totals = resample(per_unit)
            intervals = {
                ratio: percentile_interval([getattr(total, ratio) for total in totals])
                for ratio in ("precision", "recall", "f1")
            }
            partial = self.measure.layer == "mentions" and any(label not in self.exhaustive for label in labels)
            yield Row(
                self.measure.layer, self.measure.name, name, name in group_names, partial,
                add_up(per_unit, self.measure.empty), **intervals,
            )  # fmt: skip

    def matrix(self) -> tuple[list[str], list[list[int]]]:
        """Give the confusions as a table: gold labels down, predicted across, both with one place for nothing."""
        names = [*in_scheme_order({name for pair in self.confusions for name in pair} - {NOTHING}), NOTHING]
        return names, [[self.confusions.get((gold, found), 0) for found in names] for gold in names]


def in_scheme_order(labels: Iterable[str]) -> list[str]:
    """Sort labels as the scheme lists them, those that it does not know behind, by name."""
    return sorted(labels, key=lambda label: (_ORDER.get(label, len(_ORDER)), label))


def numbers_of(tally: Any) -> dict[str, float]:
    """Give the counts of a tally by name."""
    return {name: getattr(tally, name) for name in tally.__struct_fields__}
