"""Find which mentions are one person, body or place, and which names are short forms of which.

Reads the merged mentions; writes the layer "entities", and `alias_of` edges into the layer "relations".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, read, text_of, write
from pipeline.entities.alias_forms import load_forms, load_kinds
from pipeline.entities.alias_kinds import KINDS
from pipeline.entities.alias_links import Link, choose_links, join, nearest
from pipeline.entities.alias_pairs import Names, Pair, find_pairs, names_of
from pipeline.errors import ConfigError
from pipeline.records import Entity, Mention, Offsets, Relation


@Language.factory(
    "aliases", requires=["doc.ents"], assigns=["doc._.entities", "doc._.relations"], default_config={"threshold": 0.5}
)
def make_aliases(nlp: Language, name: str, *, rules: Path, places: list[Path], threshold: float) -> Aliases:
    """Build the stage; `rules` is a folder with forms.toml, known.txt and kinds.toml, `places` are lists of places.

    A pair of names counts from the probability `threshold` on.
    """
    return Aliases(name=name, rules=rules, places=places, threshold=threshold)


class Aliases:
    """Bind the names of one article together by the shapes of short forms and by what the text defines."""

    def __init__(self, *, name: str, rules: Path, places: list[Path], threshold: float) -> None:
        if not 0 <= threshold <= 1:
            raise ConfigError(f"[components.{name}] threshold = {threshold}", remedy="give a probability from 0 to 1")
        self.name = name
        self.threshold = threshold
        self.forms = load_forms(Path(rules), places)
        self.reliable = load_kinds(Path(rules) / "kinds.toml", KINDS)

    def find(self, doc: Doc) -> Iterator[Relation]:
        """Find the edges from short forms to full ones, one for each two names, between their nearest mentions."""
        names, links, _ = self._links(doc)
        for link in links:
            short, full = nearest(link, names)
            yield Relation(short, full, "alias_of", link.probability)

    def find_entities(self, doc: Doc) -> Iterator[Entity]:
        """Find the persons, bodies and places with all their mentions; the name of each is its fullest one."""
        names, links, pairs = self._links(doc)
        text = text_of(doc)
        labels: dict[Offsets, str] = {place: label for (label, _), places in names.items() for place in places}
        for mentions in join(names, links, pairs):
            name = max((text[start:end] for start, end in mentions), key=len)
            yield Entity(mentions, labels[mentions[0]], name)

    def __call__(self, doc: Doc) -> Doc:
        """Write both."""
        write(doc, "relations", self.name, self.find(doc))
        return write(doc, "entities", self.name, self.find_entities(doc))

    def _links(self, doc: Doc) -> tuple[Names, list[Link], list[Pair]]:
        mentions: tuple[Mention, ...] = read(doc, "mentions", MERGED)
        text = text_of(doc)
        pairs = find_pairs(text, mentions, self.forms)
        return names_of(text, mentions), choose_links(pairs, self.reliable, threshold=self.threshold), pairs
