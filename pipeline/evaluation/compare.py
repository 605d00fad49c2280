"""Compare two runs over the same gold: is the difference more than chance, and what was won and lost.

Reads the scores of both; writes tests and changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from pipeline.evaluation.cases import Case
from pipeline.evaluation.contexts import surface
from pipeline.evaluation.evaluate import FileScores
from pipeline.evaluation.intervals import PairedTest, paired_bootstrap
from pipeline.evaluation.items import Item, sort_key
from pipeline.evaluation.scores import MeasureScores
from pipeline.evaluation.sentences import sentence_at

How = Literal["found", "dropped"]
HOW: tuple[How, ...] = ("found", "dropped")


class ComparedRow(Struct, frozen=True):
    """The F1 of two runs for one label, or group of labels, of one measure. `group` as in the table of scores."""

    layer: str
    measure: str
    label: str
    group: bool
    test: PairedTest


class Change(Struct, frozen=True):
    """One item that one run has right and the other wrong, with its sentence.

    B wins what it finds and A misses (`found`), and what A makes up and B does not (`dropped`); a loss is the reverse.
    """

    outcome: Literal["win", "loss"]
    how: How
    layer: str
    measure: str
    label: str
    unit: str
    reads: str
    sentence: str


class Comparison(Struct, frozen=True):
    """The tests of all rows, and the changes in the order of layers and texts."""

    rows: tuple[ComparedRow, ...]
    changes: tuple[Change, ...]


def compare(a: FileScores, b: FileScores) -> Comparison:
    """Test B against A, both scored on the same gold with the same layers."""
    theirs = {(scores.measure.layer, scores.measure.name): scores for scores in b.measures}
    pairs = [
        (scores, theirs[key]) for scores in a.measures if (key := (scores.measure.layer, scores.measure.name)) in theirs
    ]
    return Comparison(
        rows=tuple(row for pair in pairs for row in _rows(*pair)),
        changes=tuple(change for pair in pairs for change in _changes(*pair)),
    )


def _rows(a: MeasureScores, b: MeasureScores) -> Iterator[ComparedRow]:
    units = sorted({*a.tallies, *b.tallies})
    groups_a, groups_b = dict(a.groups()), dict(b.groups())
    several = {name for name, _ in a.measure.groups}
    for name in groups_a | groups_b:
        labels = sorted({*groups_a.get(name, ()), *groups_b.get(name, ())})
        side_a, side_b = a.per_unit(labels, units), b.per_unit(labels, units)
        if not any(tally.gold for tally in side_a):  # F1 would only say whether anything was made up
            continue
        test = paired_bootstrap(side_a, side_b)
        yield ComparedRow(a.measure.layer, a.measure.name, name, name in several, test)


def _changes(a: MeasureScores, b: MeasureScores) -> Iterator[Change]:
    if a.measure.layer == "entities":  # which links are listed depends on the mentions that the run found
        return
    sides: tuple[tuple[Literal["win", "loss"], MeasureScores, MeasureScores], ...] = (("win", a, b), ("loss", b, a))
    for outcome, worse, better in sides:
        for how in HOW:
            wrong, still = _wrong(worse, how), _wrong(better, how)
            for key in sorted(wrong.keys() - still.keys(), key=lambda key: (key[0], sort_key(wrong[key]))):
                item = wrong[key]
                low, high = sentence_at(item.text.text, item.marks[0][1][0])
                yield Change(
                    outcome, how, a.measure.layer, a.measure.name, item.label, key[0], surface(item),
                    item.text.text[low:high].strip(),
                )  # fmt: skip


def _wrong(scores: MeasureScores, how: How) -> dict[tuple[str, object], Item]:
    """Give the gold items that were missed (another run may find them), or the made-up ones (it may drop them)."""

    def side(case: Case) -> Item | None:
        return case.gold if how == "found" else case.predicted

    return {(unit, item.key): item for unit, case in scores.cases if (item := side(case))}
