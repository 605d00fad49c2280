"""Tables for spreadsheets: one CSV file per layer, and one per type of fact with a column for each slot.

Reads records, twice; writes a folder of CSV files. Holds one record at a time.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from pipeline.export.formats import Format
from pipeline.export.lookup import FilledFact, Lookup
from pipeline.export.tables import TABLES, Kind
from pipeline.records import Record
from pipeline.registries import export_formats

LAYERS = ("articles", "mentions", "entities", "relations", "events", "roles")
SLOT_PARTS: dict[str, Kind] = {"": "text", "_value": "json", "_mention": "text", "_page_offsets": "offsets"}
BETWEEN = "; "  # several values in one cell

# What a spreadsheet may run as a formula at the start of a cell, full-width forms too (OWASP, CSV Injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")  # -3.2 is a number in a spreadsheet too, and stays one


@export_formats("csv")
def make_csv_tables(*, bom: bool = False) -> Format:
    """Write a folder of CSV files; `bom` puts a byte-order mark before each, by which Excel knows UTF-8."""
    encoding = "utf-8-sig" if bom else "utf-8"

    def write(records: Iterable[Record], folder: Path) -> None:
        slots = _slots_by_type(records)
        with ExitStack() as stack:

            def open_table(name: str, columns: Iterable[str]) -> Any:
                file = stack.enter_context((folder / f"{name}.csv").open("w", encoding=encoding, newline=""))
                writer = csv.writer(file)
                writer.writerow(columns)
                return writer

            layers = {name: open_table(name, TABLES[name].columns) for name in LAYERS}
            facts = {kind: open_table(f"facts_{kind}", _fact_columns(slots[kind])) for kind in sorted(slots)}
            for record in records:
                lookup = Lookup(record)
                for name, writer in layers.items():
                    table = TABLES[name]
                    for row in table.rows(lookup):
                        writer.writerow(
                            [cell(value, kind) for value, kind in zip(row, table.columns.values(), strict=True)]
                        )
                for fact in lookup.facts():
                    facts[fact.type].writerow(_fact_row(fact, slots[fact.type], lookup))

    return Format(write=write, suffixes=(".csv",))


def cell(value: Any, kind: Kind) -> str:
    """Write a value as a cell that no spreadsheet takes for a formula.

    >>> cell("=HYPERLINK(1)", "text"), cell("-3.2", "text"), cell(((3, 5), (9, 11)), "offsets")
    ("'=HYPERLINK(1)", '-3.2', '3..5; 9..11')
    """
    if value is None:
        return ""
    if kind == "offsets":  # 3-5 and 3:5 would be a date and a time in a spreadsheet
        return BETWEEN.join(f"{start}..{end}" for start, end in value)
    if kind == "texts":
        return _guard(BETWEEN.join(value))
    return _guard(value if isinstance(value, str) else msgspec.json.encode(value).decode("utf-8"))


def _guard(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def read_cell(text: str) -> str:
    """Give back the text that `cell` made safe.

    >>> read_cell("'=HYPERLINK(1)"), read_cell("'quoted'")
    ('=HYPERLINK(1)', "'quoted'")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _slots_by_type(records: Iterable[Record]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for record in records:
        for fact in Lookup(record).facts():
            found.setdefault(fact.type, {}).update(dict.fromkeys(slot.name for slot in fact.slots))
    return {kind: tuple(names) for kind, names in found.items()}


def _fact_columns(slots: Iterable[str]) -> Iterator[str]:
    yield from ("article", "article_page", "article_date", "fact_id")  # a slot may be called date
    yield from (name + part for name in slots for part in SLOT_PARTS)
    yield from ("evidence", "sentences", "probability")


def _fact_row(fact: FilledFact, slots: Iterable[str], lookup: Lookup) -> Iterator[str]:
    record = lookup.record
    yield from (cell(value, "text") for value in (record.id, record.page, record.date, fact.id))
    for name in slots:
        fillers: list[Mapping[str, Any]] = [
            {"": s.text, "_value": s.value}
            | ({"_mention": s.mention.id, "_page_offsets": lookup.to_page(s.mention.start, s.mention.end)} if s.mention else {})
            for s in fact.slots
            if s.name == name
        ]  # fmt: skip
        for part, kind in SLOT_PARTS.items():
            values = [f[part] for f in fillers if f.get(part) is not None]
            if kind == "offsets":
                yield cell([piece for pieces in values for piece in pieces], kind)
            elif len(values) > 1:
                yield _guard(BETWEEN.join(v if isinstance(v, str) else cell(v, "json") for v in values))
            else:
                yield cell(values[0] if values else None, kind)
    places = lookup.places(fact)
    yield cell(fact.evidence, "texts")
    yield cell(lookup.sentence_text(*places) if places else None, "text")
    yield cell(fact.probability, "decimal")
