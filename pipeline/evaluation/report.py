"""Bring all that a scoring found into one report, and write it as JSON and Markdown.

Reads scores; writes text. A report holds no times and no order of its own: two runs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from pipeline.evaluation.alignment import Alignment
from pipeline.evaluation.calibration import expected_calibration_error, reliability_table, threshold_for
from pipeline.evaluation.cases import Case
from pipeline.evaluation.contexts import show_case, surface
from pipeline.evaluation.intervals import Interval
from pipeline.evaluation.page_scores import PagesEvaluation
from pipeline.evaluation.scores import MeasureScores, Row, numbers_of
from pipeline.evaluation.scoring import Evaluation
from pipeline.evaluation.shown import ShownError, show_lines

DIGITS = 6  # of ratios in JSON: machines differ in their last bits
WANTED_PRECISIONS = (0.8, 0.9, 0.95, 0.99)


class Report(Struct, frozen=True, eq=False):
    """What was scored against what, and all that came of it. `titles` name the articles by their first line."""

    gold: str
    predicted: str
    articles: int
    pages: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    measures: tuple[MeasureScores, ...]
    rows: tuple[Row, ...]
    errors: tuple[ShownError, ...]
    titles: dict[str, str]


def build_report(gold: str, predicted: str, texts: Evaluation | None, pages: PagesEvaluation | None) -> Report:
    """Put together what was scored; either part may be left out."""
    measures = (*(pages.measures if pages else ()), *(texts.measures if texts else ()))
    alignment = texts.alignment if texts else None
    errors = show_lines(pages.errors) if pages else []
    if alignment:
        errors += [_show(scores, alignment, unit, case) for scores in measures for unit, case in scores.cases]
    return Report(
        gold=gold, predicted=predicted, articles=len(alignment.gold) if alignment else 0,
        pages=pages.pages if pages else 0,
        missing=(*(pages.missing if pages else ()), *(alignment.missing if alignment else ())),
        unknown=tuple(sorted({*(pages.unknown if pages else ()), *(alignment.unknown if alignment else ())})),
        measures=measures, rows=tuple(row for scores in measures for row in scores.rows()), errors=tuple(errors),
        titles={text.id: text.text.partition("\n")[0][:40] for text in alignment.gold} if alignment else {},
    )  # fmt: skip


def _show(scores: MeasureScores, alignment: Alignment, unit: str, case: Case) -> ShownError:
    gold, predicted = case.gold, case.predicted
    return ShownError(
        scores.measure.layer, scores.measure.name, case.kind, unit, gold.label if gold else None,
        predicted.label if predicted else None, surface(gold) if gold else None,
        surface(predicted) if predicted else None, show_case(case, alignment),
    )  # fmt: skip


def as_json(report: Report) -> str:
    """Give every number of a report, keys sorted."""
    value = {
        "schema": "baozhi-evaluation/1", "gold": report.gold, "predicted": report.predicted,
        "articles": report.articles, "pages": report.pages, "missing": report.missing, "unknown": report.unknown,
        "definitions": [
            {**_name(m), "definition": m.measure.definition, "source": m.measure.source} for m in report.measures
        ],
        "scores": [_row(row) for row in report.rows],
        "confusions": [
            {**_name(m), "labels": m.matrix()[0], "gold_by_predicted": m.matrix()[1]}
            for m in report.measures
            if m.confusions
        ],
        "calibration": [calibration_of(m) for m in report.measures if m.judged],
        "errors": [
            {name: getattr(error, name) for name in error.__struct_fields__ if name != "segments"}
            | {"context": "".join(segment.text for segment in error.segments)}
            for error in report.errors
        ],
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _name(scores: MeasureScores) -> dict[str, str]:
    return {"layer": scores.measure.layer, "measure": scores.measure.name}


def _row(row: Row) -> dict[str, Any]:
    ratios = {
        name: {"value": round(getattr(row.tally, name), DIGITS), "interval": _bounds(getattr(row, name))}
        for name in ("precision", "recall", "f1")
    }
    counts = {name: round(number, DIGITS) for name, number in numbers_of(row.tally).items()}
    kept = {"layer": row.layer, "measure": row.measure, "label": row.label, "several_labels": row.group}
    return {**kept, "gold_is_partial": row.partial, "counts": counts, **ratios}


def _bounds(interval: Interval) -> list[float]:
    return [round(interval.low, DIGITS), round(interval.high, DIGITS)]


def calibration_of(scores: MeasureScores) -> dict[str, Any]:
    """Give the reliability table of a measure, its calibration error, and the thresholds for wanted precisions."""
    table = reliability_table(scores.judged)
    rounded = [
        {"low": bin.low, "high": bin.high, "items": bin.items, "right": bin.right,
         "accuracy": round(bin.accuracy, DIGITS), "confidence": round(bin.confidence, DIGITS)}
        for bin in table
    ]  # fmt: skip
    return {
        **_name(scores), "items": len(scores.judged), "bins": rounded,
        "expected_calibration_error": round(expected_calibration_error(table), DIGITS),
        "thresholds": [[wanted, threshold_for(wanted, scores.judged)] for wanted in WANTED_PRECISIONS],
    }  # fmt: skip


def as_markdown(report: Report) -> str:
    """Give the short table: rows over several labels, and the strict mentions label by label."""
    lines = [
        "| layer | measure | label | precision | recall | F1 | 95 % | gold |",
        "|---|---|---|---:|---:|---:|---|---:|",
        *(_markdown_row(row) for row in short_rows(report.rows)),
    ]
    if any(row.partial for row in short_rows(report.rows)):
        lines += ["", "(partial): gold marks such labels only where an edge needs them; read the recall alone."]
    if report.missing:
        lines += ["", f"Nothing predicted for, and counted as missed: {escape(', '.join(report.missing))}."]
    if report.unknown:
        lines += ["", f"Not in gold, and left out: {escape(', '.join(report.unknown))}."]
    return "\n".join(lines) + "\n"


def short_rows(rows: Sequence[Row]) -> list[Row]:
    """Choose the rows that tell the most: those over several labels, single scores, and strict mentions by label."""
    grouped = {(row.layer, row.measure) for row in rows if row.group}
    strict = ("mentions", "strict")
    return [row for row in rows if row.group or (row.layer, row.measure) not in grouped - {strict}]


def _markdown_row(row: Row) -> str:
    tally, interval = row.tally, row.f1
    label = f"{escape(row.label)} (partial)" if row.partial else escape(row.label)
    ratios = f"{tally.precision:.3f} | {tally.recall:.3f} | {tally.f1:.3f} | {interval.low:.3f}–{interval.high:.3f}"
    return f"| {row.layer} | {escape(row.measure)} | {label} | {ratios} | {int(tally.gold)} |"


def escape(text: str) -> str:
    """Keep a text from being read as Markdown table or HTML."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
