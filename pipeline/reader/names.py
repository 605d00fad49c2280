"""Gather the names of all articles, and tell by which of them a person may choose: persons, bodies, companies.

Reads records and the endings of companies' names; gives names. A name is one over all articles where label and fullest
form are the same: nothing here decides that 太重集团 of one article is 太原重型机械集团有限公司 of another.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.reader.view import NONE, NameView
from pipeline.records import Record
from pipeline.rulefiles import read_words

NAMED = frozenset({"PER", "ORG", "LOC", "PROJECT", "DOCUMENT"})
PERSON, BODY, COMPANY = "person", "body", "company"
COMPANY_ENDINGS = Path("configs/lexicon/company_endings.txt")


class Names:
    """The names met so far, numbered in the order of the text."""

    def __init__(self, endings: Path) -> None:
        self._endings = tuple(entry.word for entry in read_words(endings))
        self._numbers: dict[tuple[str, str], int] = {}
        self._kinds: dict[int, set[str]] = {}

    def add(self, record: Record) -> dict[str, int]:
        """Note the names of a record; gives the number of each mention's name, `NONE` for dates and the like."""
        fullest = {entity.id: entity.name for entity in record.entities}
        numbers: dict[str, int] = {}
        for mention in record.mentions:
            if mention.label not in NAMED:
                numbers[mention.id] = NONE
                continue
            name = fullest.get(mention.entity or "") or mention.text
            number = self._numbers.setdefault((mention.label, name), len(self._numbers))
            numbers[mention.id] = number
            if number not in self._kinds:
                self._kinds[number] = {self._kind(name, mention.label)} - {""}
        for place in _places_with_posts(record):
            if numbers.get(place, NONE) != NONE:
                self._kinds[numbers[place]].add(BODY)
        return numbers

    def _kind(self, name: str, label: str) -> str:
        if label == "PER":
            return PERSON
        if label != "ORG":
            return ""
        return COMPANY if name.endswith(self._endings) else BODY

    def views(self) -> tuple[NameView, ...]:
        """Give all names by number."""
        return tuple(
            NameView(name, label, tuple(sorted(self._kinds[number]))) for (label, name), number in self._numbers.items()
        )


def _places_with_posts(record: Record) -> set[str]:
    """Find what posts are held in: the 云州市 of 云州市市长 is a place by its label, and a body to whoever asks for posts."""
    held = {relation.tail for relation in record.relations if relation.type == "position_in"}
    return held | {fact["body"] for fact in record.facts if isinstance(fact.get("body"), str)}
