"""Show errors as a person reads them: those of texts and those of lines of a page in one form."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from msgspec import Struct

from pipeline.evaluation.contexts import Segment, Tag
from pipeline.evaluation.pages import LineError


class ShownError(Struct, frozen=True):
    """One error: what kind, where, gold and predicted label and words, and its sentence."""

    layer: str
    measure: str
    kind: str
    unit: str
    gold: str | None
    predicted: str | None
    gold_reads: str | None
    predicted_reads: str | None
    segments: tuple[Segment, ...]


def show_lines(errors: Iterable[LineError]) -> list[ShownError]:
    """Show the errors of pages, lines that stand with the wrong lines for one reason as one error."""
    shown = [_show_line(error, 1) for error in errors if error.kind != "article"]
    grouping = (error for error in errors if error.kind == "article")
    for _, members in groupby(grouping, key=lambda error: (error.page, error.gold, error.predicted)):
        first, *others = members
        shown.append(_show_line(first, 1 + len(others)))
    return sorted(shown, key=lambda error: error.unit)  # stable: roles and joins in page order, then articles


def _show_line(error: LineError, lines: int) -> ShownError:
    """Show a line: a wrong role is a confusion of labels, a wrong join a miss or a spurious one."""
    measure, kind, gold, predicted = "line roles", "confused", error.gold, error.predicted
    reads = f"line {error.line}"
    if error.kind == "joins":
        measure, kind = "joins", "missed" if error.gold == "True" else "spurious"
        gold, predicted = ("joins" if value == "True" else "" for value in (error.gold, error.predicted))
    elif error.kind == "article":
        measure = "articles"
        gold, predicted = (value if value != "-" else "no article" for value in (error.gold, error.predicted))
        reads += f" and {lines - 1} more" if lines > 1 else ""
    tags = tuple(Tag(side, name) for side, name in (("gold", gold), ("predicted", predicted)) if name)
    before = (Segment(f"…{error.before}\n"),) if error.before else ()
    segments = (*before, Segment(error.text, bool(gold), bool(predicted), tags))
    labels = (None, None) if measure == "articles" else (gold or None, predicted or None)
    return ShownError("pages", measure, kind, error.page, *labels, reads, None, segments)
