"""Write values as RDF literals: dates and years as such, money and other nested values as JSON.

Reads values; writes nothing.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import msgspec

_FORMS = (
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("gYearMonth", re.compile(r"\d{4}-\d\d")),
    ("gYear", re.compile(r"\d{4}")),
)


class Literals:
    """The literals of rdflib for values of a record."""

    def __init__(self, rdflib: Any) -> None:
        self._literal, self._xsd, self._rdf = rdflib.Literal, rdflib.XSD, rdflib.RDF

    def text(self, text: str) -> Any:
        """Give a text as it stands, also where it looks like a date."""
        return self._literal(text)

    def of(self, value: Any) -> Any:
        """Give the literal of a value; a date that no calendar has stays text, as 2024-02-30."""
        if isinstance(value, bool):
            return self._literal(value)
        if isinstance(value, int):
            return self._literal(str(value), datatype=self._xsd.integer)
        if isinstance(value, float):
            return self._literal(f"{Decimal(repr(value)):f}", datatype=self._xsd.decimal)
        if not isinstance(value, str):
            text = msgspec.json.encode(value, order="sorted").decode("utf-8")
            return self._literal(text, datatype=self._rdf.JSON, normalize=False)
        for name, form in _FORMS:
            if form.fullmatch(value) and _in_calendar(value):
                return self._literal(value, datatype=self._xsd[name], normalize=False)
        return self._literal(value)


def _in_calendar(value: str) -> bool:
    try:
        datetime.date.fromisoformat(value + "0001-01-01"[len(value) :])
    except ValueError:
        return False
    return True
