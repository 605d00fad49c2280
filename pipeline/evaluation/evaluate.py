"""Score files: gold and predicted, of texts and of pages.

Reads JSONL files, and the page files that annotations of pages label; writes scores and reports.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from msgspec import Struct

from pipeline.errors import ConfigError, InputError, unknown
from pipeline.evaluation.definitions import LAYERS
from pipeline.evaluation.markup import read_annotated_pages
from pipeline.evaluation.page_scores import PagesEvaluation, read_page_lines, score_pages
from pipeline.evaluation.reading import read_annotated
from pipeline.evaluation.report import Report, build_report
from pipeline.evaluation.scores import MeasureScores
from pipeline.evaluation.scoring import Evaluation, score

ALL, PAGES = "all", "pages"
PAGES_FILE = "pages.jsonl"  # stands beside the annotations of articles, and beside the records of a run


class FileScores(Struct, frozen=True, eq=False):
    """The scores of one predicted file; a part that was not asked for, or has no files, is None."""

    texts: Evaluation | None
    pages: PagesEvaluation | None

    @property
    def measures(self) -> tuple[MeasureScores, ...]:
        """The scores of all measures, pages first."""
        return (*(self.pages.measures if self.pages else ()), *(self.texts.measures if self.texts else ()))


def evaluate(gold: Path, predicted: Path, *, layers: Collection[str], by_source: bool, pages: Path) -> Report:
    """Score a predicted file against a gold one and give the report.

    `layers` are names of `LAYERS`, or `all`. `pages` is the folder of the page files that the gold of the layer pages
    labels. The pages layer reads the `pages.jsonl` beside either file; asked for alone, it reads the two files given.

    Raises:
        ConfigError: a layer is unknown.
        InputError: a file cannot be read, or the two do not hold the same texts.
        AnnotationError: gold contradicts itself.
    """
    scores = score_files(gold, predicted, layers=layers, by_source=by_source, pages=pages)
    return build_report(str(gold), str(predicted), scores.texts, scores.pages)


def score_files(gold: Path, predicted: Path, *, layers: Collection[str], by_source: bool, pages: Path) -> FileScores:
    """Score a predicted file against a gold one, as `evaluate` says."""
    chosen = choose_layers(layers)
    if chosen == {PAGES}:
        return FileScores(None, _score_pages(gold, predicted, pages))
    texts = score(read_annotated(gold), read_annotated(predicted), layers=chosen, by_source=by_source)
    sides = (gold.with_name(PAGES_FILE), predicted.with_name(PAGES_FILE))
    absent = [path for path in sides if not path.is_file()]
    if PAGES in layers and absent:  # asked for by name: not left out silently
        raise InputError("is not there", where=absent[0], remedy="leave out the layer pages, or write the file")
    return FileScores(texts, _score_pages(*sides, pages) if PAGES in chosen and not absent else None)


def choose_layers(names: Iterable[str]) -> set[str]:
    """Give the layers that are meant.

    >>> choose_layers(["mentions", "facts"]) == {"mentions", "facts"}
    True
    """
    names = set(names)
    for name in sorted(names - {*LAYERS, ALL}):
        raise ConfigError(unknown("layer", name, (*LAYERS, ALL)))
    return set(LAYERS) if ALL in names or not names else names


def _score_pages(gold: Path, predicted: Path, folder: Path) -> PagesEvaluation:
    return score_pages(read_annotated_pages(gold, folder), read_page_lines(predicted, folder))
