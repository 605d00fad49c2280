"""Score the pages layer of a run: its `pages.jsonl` against the hand-labelled lines.

Reads page records and gold pages; writes scores in the form of the other layers, with pages as units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import InputError
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.definitions import PAGE_MEASURES
from pipeline.evaluation.items import Tally
from pipeline.evaluation.jsonlines import Ids, read_lines
from pipeline.evaluation.markup import GoldPage, read_annotated_pages
from pipeline.evaluation.pages import LineError, PageResult, PagesScores, score_page
from pipeline.evaluation.scores import NOTHING, MeasureScores
from pipeline.records import LINE_ROLES, Line, PageRecord

Lines = tuple[Line, ...]


class PagesEvaluation(Struct, frozen=True, eq=False):
    """The scores of pages. `missing` are gold pages that the prediction lacks, `unknown` the other way round."""

    measures: tuple[MeasureScores, ...]
    errors: tuple[LineError, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    pages: int


class _Form(Struct, frozen=True):
    schema: str | None = None


def read_page_lines(path: Path, folder: Path) -> dict[str, Lines]:
    """Read the lines of each page, by the page's name: from page records, or from hand annotations of page files.

    Raises:
        InputError: a line is no page record.
        AnnotationError: a line is no annotation, or contradicts its page.
    """
    ids = Ids(path, InputError)
    pages: dict[str, Lines] = {}
    for number, row in read_lines(path):
        try:
            if msgspec.json.decode(row, type=_Form).schema is None:
                return {page.name: page.lines for page in read_annotated_pages(path, folder)}
            record = msgspec.json.decode(row, type=PageRecord)
        except msgspec.MsgspecError as error:
            raise InputError(str(error), where=path, line=number, remedy="run baozhi extract again") from error
        ids.add(record.page, number)
        pages[record.page] = tuple(
            Line(line.line, line.start, line.end, line.role, line.article, line.joins) for line in record.lines
        )
    return pages


def score_pages(gold: Sequence[GoldPage], predicted: Mapping[str, Lines]) -> PagesEvaluation:
    """Score all gold pages; one that the prediction lacks is missed line by line."""
    results = [score_page(page, predicted[page.name]) if page.name in predicted else _missed(page) for page in gold]
    parts = {
        "line roles": {result.page: dict(result.scores.roles) for result in results},
        "same article": {result.page: {"pair of lines": result.scores.pairs} for result in results},
        "articles": {result.page: {"article": result.scores.articles} for result in results},
        "joins": {result.page: {"join": result.scores.joins} for result in results},
        "texts": {result.page: {"text": result.scores.texts} for result in results},
    }
    confusions = _confusions(gold, predicted)
    return PagesEvaluation(
        measures=tuple(
            MeasureScores(m, LINE_ROLES, _tallies(parts[m.name]), confusions=confusions if m.listed else {})
            for m in PAGE_MEASURES
        ),
        errors=tuple(error for result in results for error in result.errors),
        missing=tuple(page.name for page in gold if page.name not in predicted),
        unknown=tuple(sorted(set(predicted) - {page.name for page in gold})), pages=len(gold),
    )  # fmt: skip


def _tallies(parts: Mapping[str, Mapping[str, Counts]]) -> dict[str, dict[str, Tally]]:
    return {page: dict(counts) for page, counts in parts.items()}


def _missed(page: GoldPage) -> PageResult:
    whole = score_page(page, page.lines).scores
    nothing = PagesScores(
        {role: _only_gold(counts) for role, counts in whole.roles.items()}, _only_gold(whole.pairs),
        _only_gold(whole.articles), _only_gold(whole.joins), _only_gold(whole.texts),
    )  # fmt: skip
    return PageResult(page.name, nothing, ())


def _only_gold(counts: Counts) -> Counts:
    return Counts(0, 0, counts.gold)


def _confusions(gold: Sequence[GoldPage], predicted: Mapping[str, Lines]) -> dict[tuple[str, str], int]:
    counted: Counter[tuple[str, str]] = Counter()
    for page in gold:
        found = {line.number: line.role for line in predicted.get(page.name, ())}
        counted.update((line.role, found.get(line.number, NOTHING)) for line in page.lines)
    return dict(counted)
