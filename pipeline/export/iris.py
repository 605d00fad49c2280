"""Name things by IRIs that stay the same between runs: made of the article's id and offsets, percent-encoded.

Reads ids; writes nothing.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from pipeline.errors import ConfigError

VOCABULARY = "urn:baozhi:vocabulary#"
_BASE = re.compile(r"(https?://[^\s<>\"{}|^`\\/?#]+/|urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}:)[^\s<>\"{}|^`\\#]*")

LABEL_CLASSES = {
    "PER": "Person", "ORG": "Organization", "LOC": "Place", "TITLE": "Post", "MONEY": "Money", "PROJECT": "Project",
    "PERCENT": "Share", "DATE": "Date", "DOCUMENT": "Document",
}  # fmt: skip


def check_base(base: str) -> str:
    """Give the base back if IRIs can be made by putting names behind it.

    Raises:
        ConfigError: it is no absolute IRI, or does not end where a name can follow.
    """
    if not _BASE.fullmatch(base) or base[-1] not in "/:":
        raise ConfigError(
            f"base {base!r} is no IRI to put names behind", where="--format rdf",
            remedy="write for example --set base=https://your.domain/news/",
        )  # fmt: skip
    return base


class Names:
    """The IRIs of one article and what is in it.

    >>> names = Names("https://example.org/", "太原/003-2", page=None)
    >>> names.article, names.part("m25-37")
    ('https://example.org/article/%E5%A4%AA%E5%8E%9F%2F003-2', 'https://example.org/article/%E5%A4%AA%E5%8E%9F%2F003-2#m25-37')
    """

    def __init__(self, base: str, article: str, *, page: str | None) -> None:
        self.base = base
        self.article = f"{base}article/{quote(article, safe='')}"
        self.page = None if page is None else f"{base}page/{quote(page, safe='/')}"

    def part(self, id: str) -> str:
        """Name a part of the article by its id in the record."""
        return f"{self.article}#{quote(id, safe='')}"


def term(name: str) -> str:
    """Name a relation, a role or a slot: `urn:baozhi:vocabulary#position_held`."""
    return VOCABULARY + quote(name, safe="")


def class_of(name: str, layer: str) -> str:
    """Name the class of an event or a fact: `equity_change`, `Event` gives `…#EquityChangeEvent`."""
    return VOCABULARY + quote("".join(part.capitalize() for part in name.split("_")) + layer, safe="")
