"""Run the pipeline over units, and let none of them stop the others.

Reads units; writes their records. A stage that breaks on one article costs that article's unit alone: what was under
way with it is done again, one unit at a time.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.batch.units import Unit, broke
from pipeline.doc import make_doc
from pipeline.errors import BaozhiError, LayerError
from pipeline.export.records import record_of
from pipeline.records import encode_line

_UNITS_A_ZONE = 2_000  # after as many, spaCy forgets the strings it has seen: otherwise they pile up without end


class _Source:
    """Feed articles to the pipeline and remember the units that are under way, in order."""

    def __init__(self, nlp: Language, units: Iterator[Unit]) -> None:
        self._nlp = nlp
        self._units = units
        self.waiting: deque[Unit] = deque()
        self.broken = False  # where the error comes from: reading and the journal, not a stage

    def docs(self) -> Iterator[Doc]:
        while True:
            try:
                unit = next(self._units, None)
            except BaseException:
                self.broken = True
                raise
            if unit is None:
                return
            self.waiting.append(unit)
            try:
                docs = [make_doc(self._nlp, article) for article in unit.articles]
            except Exception as error:
                _fail(unit, error)
            else:
                yield from docs

    def done(self) -> Iterator[Unit]:
        """Give the units at the head that nothing is missing of."""
        while self.waiting and (
            self.waiting[0].failure is not None or len(self.waiting[0].records) == len(self.waiting[0].articles)
        ):
            yield self.waiting.popleft()


def run(nlp: Language, units: Iterable[Unit], *, n_process: int = 1) -> Iterator[Unit]:
    """Give every unit back in its order, with its records or with its failure.

    Raises:
        BaozhiError: a stage cannot work at all, as without its server.
    """
    units = iter(units)
    while (first := next(units, None)) is not None:
        with nlp.memory_zone():
            yield from _run_zone(nlp, itertools.chain([first], itertools.islice(units, _UNITS_A_ZONE - 1)), n_process)


def _run_zone(nlp: Language, units: Iterator[Unit], n_process: int) -> Iterator[Unit]:
    source = _Source(nlp, units)
    while True:
        try:
            for doc in nlp.pipe(source.docs(), n_process=n_process):
                yield from source.done()  # pages without any article give no Doc
                _take(source.waiting[0], doc)
                yield from source.done()
            yield from source.done()
            return
        except Exception:
            if source.broken:
                raise
        for unit in source.waiting:
            _run_alone(nlp, unit)
        yield from source.done()


def _run_alone(nlp: Language, unit: Unit) -> None:
    if unit.failure is not None or unit.reused:
        return
    unit.records.clear()
    unit.counts = unit.counts.of_page()
    try:
        for article in unit.articles:
            _take(unit, nlp(make_doc(nlp, article)))
    except Exception as error:
        _fail(unit, error)


def _take(unit: Unit, doc: Doc) -> None:
    record = record_of(doc)
    unit.records.append(encode_line(record))
    unit.counts.add(record)


def _fail(unit: Unit, error: Exception) -> None:
    if isinstance(error, BaozhiError) and not isinstance(error, LayerError):
        raise error
    unit.failure = f"{unit.where}: {broke(error)}"
