"""What a run did, as counts: of what was read, of what was found, and of what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from pipeline.records import Record

_COUNTS = ("encodings", "mentions", "relations", "events")


class Summary(Struct, omit_defaults=True):
    """The counts of a run, or of one page of it. Holds no times: it is byte-equal between runs.

    `reused` counts what was taken over from the run before; it is not written, since it tells nothing of the records.
    """

    files: int = 0
    pages: int = 0
    articles: int = 0
    characters: int = 0
    encodings: dict[str, int] = msgspec.field(default_factory=dict)
    mentions: dict[str, int] = msgspec.field(default_factory=dict)
    relations: dict[str, int] = msgspec.field(default_factory=dict)
    events: dict[str, int] = msgspec.field(default_factory=dict)
    notes: list[str] = msgspec.field(default_factory=list)
    failures: list[str] = msgspec.field(default_factory=list)
    reused: int = 0

    def add(self, record: Record) -> None:
        """Count one record in."""
        self.articles += 1
        self.characters += len(record.text)
        _count(self.mentions, (mention.label for mention in record.mentions))
        _count(self.relations, (relation.type for relation in record.relations))
        _count(self.events, (event.type for event in record.events))

    def merge(self, part: Summary) -> None:
        """Count in what another summary has counted, but for its files, notes and failures."""
        self.pages += part.pages
        self.articles += part.articles
        self.characters += part.characters
        for name in _COUNTS:
            total = Counter(getattr(self, name))
            total.update(getattr(part, name))
            setattr(self, name, dict(sorted(total.items())))

    def of_page(self) -> Summary:
        """Give what is counted of a page before anything is found on it."""
        return Summary(pages=self.pages, encodings=self.encodings)

    def to_json(self) -> bytes:
        """Give the bytes of `summary.json`."""
        written = {name: getattr(self, name) for name in self.__struct_fields__ if name != "reused"}
        return msgspec.json.format(msgspec.json.encode(written), indent=2) + b"\n"


def _count(counts: dict[str, int], names: Iterable[str]) -> None:
    total = Counter(counts)
    total.update(names)
    counts.update(sorted(total.items()))
