"""Write a report as one HTML page that needs nothing else: no network, no font, no script from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.evaluation.cases import KINDS
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.report import Report, calibration_of, short_rows
from pipeline.evaluation.scores import NOTHING, MeasureScores, in_scheme_order


def as_html(report: Report) -> str:
    """Give the page. Every text of the input is escaped."""
    environment = Environment(
        loader=PackageLoader("pipeline.evaluation", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    short = {id(row) for row in short_rows(report.rows)}
    environment.tests.update(in_short=lambda row: id(row) in short, counted=lambda tally: isinstance(tally, Counts))
    return environment.get_template("report.html").render(
        report=report, rows=report.rows, nothing=NOTHING,
        kinds=KINDS, units=list(_units(report)), filters=_filters(report), calibration=list(_calibration(report)),
        confusions=[_matrix(scores) for scores in report.measures if scores.confusions],
        definitions=[scores.measure for scores in report.measures],
    )  # fmt: skip


def _units(report: Report) -> Iterator[dict[str, Any]]:
    """Group the errors by article, in the order of gold, then of the text."""
    order = {unit: number for number, unit in enumerate(report.titles)}
    errors = sorted(report.errors, key=lambda error: (error.unit in order, order.get(error.unit, 0), error.unit))
    for unit, members in groupby(errors, key=lambda error: error.unit):
        yield {"name": unit, "title": report.titles.get(unit, ""), "errors": list(members)}


def _filters(report: Report) -> dict[str, list[str]]:
    return {
        "layers": list(dict.fromkeys(f"{error.layer}: {error.measure}" for error in report.errors)),
        "labels": in_scheme_order({name for error in report.errors for name in (error.gold, error.predicted) if name}),
    }


def _matrix(scores: MeasureScores) -> dict[str, Any]:
    names, cells = scores.matrix()
    most = max((n for i, row in enumerate(cells) for j, n in enumerate(row) if i != j), default=0)
    return {"measure": scores.measure, "names": names, "cells": cells, "most": most or 1}


def _calibration(report: Report) -> Iterator[dict[str, Any]]:
    for scores in report.measures:
        if scores.judged:
            yield calibration_of(scores)
