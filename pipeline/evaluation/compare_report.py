"""Write a comparison of two runs as JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from pipeline.evaluation.compare import Change, ComparedRow, Comparison
from pipeline.evaluation.report import DIGITS, escape


def comparison_as_json(comparison: Comparison, *, gold: str, a: str, b: str) -> str:
    """Give every number of a comparison, and every change; keys sorted."""
    value = {
        "schema": "baozhi-comparison/1", "gold": gold, "a": a, "b": b,
        "tests": [_row(row) for row in comparison.rows],
        "changes": [msgspec.structs.asdict(change) for change in comparison.changes],
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _row(row: ComparedRow) -> dict[str, object]:
    test = row.test
    return {
        "layer": row.layer, "measure": row.measure, "label": row.label, "several_labels": row.group,
        "f1_a": round(test.a, DIGITS), "f1_b": round(test.b, DIGITS), "difference": round(test.difference, DIGITS),
        "interval": [round(test.interval.low, DIGITS), round(test.interval.high, DIGITS)],
        "p_value": round(test.p_value, DIGITS),
    }  # fmt: skip


def comparison_as_markdown(comparison: Comparison, *, gold: str, a: str, b: str) -> str:
    """Give the tests as a table, then the wins and the losses of B in their sentences."""
    lines = [
        f"A: `{a}`, B: `{b}`, gold: `{gold}`. Difference is B − A with its 95 % interval; p is one-sided, by paired",
        "bootstrap over articles (Berg-Kirkpatrick et al. 2012), not corrected for the number of rows.", "",
        "| layer | measure | label | F1 of A | F1 of B | difference | 95 % | p |",
        "|---|---|---|---:|---:|---:|---|---:|",
        *(_markdown_row(row) for row in comparison.rows),
    ]  # fmt: skip
    for outcome, title in (("win", "Wins of B"), ("loss", "Losses of B")):
        changes = [change for change in comparison.changes if change.outcome == outcome]
        lines += ["", f"## {title}: {len(changes)}", "", *_markdown_changes(changes)]
    return "\n".join(lines) + "\n"


def _markdown_row(row: ComparedRow) -> str:
    test = row.test
    interval = f"{test.interval.low:+.3f} to {test.interval.high:+.3f}"
    return (
        f"| {row.layer} | {escape(row.measure)} | {escape(row.label)} | {test.a:.3f} | {test.b:.3f} "
        f"| {test.difference:+.3f} | {interval} | {test.p_value:.3f} |"
    )


def _markdown_changes(changes: list[Change]) -> Iterator[str]:
    for change in changes:
        yield (
            f"- {change.layer} · {change.measure}, {change.how}: **{escape(change.label)}** {escape(change.reads)} "
            f"({escape(change.unit)}: {escape(change.sentence)})"
        )
