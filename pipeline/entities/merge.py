"""Merge what the sources found into the one flat set of mentions that counts.

Reads `doc.spans` of every source; writes the layer "mentions" under the source "merge", and `doc.ents`.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, read, sources, spans_of, write
from pipeline.entities.precedence import Choose
from pipeline.errors import ConfigError, unknown
from pipeline.records import Mention


@Language.factory(
    "merge",
    requires=["doc.spans"],
    assigns=["doc.spans", "doc.ents"],
    default_config={"choose": {"@mention_choosers": "precedence"}},
)
def make_merge(nlp: Language, name: str, *, precedence: list[str], choose: Choose) -> Merge:
    """Build the stage; `precedence` names every source once, the one that wins first."""
    return Merge(name=name, precedence=precedence, choose=choose)


class Merge:
    """Choose between the sources' mentions; each survivor keeps the name of the source that found it."""

    def __init__(self, *, name: str, precedence: list[str], choose: Choose) -> None:
        if not precedence or len(set(precedence)) != len(precedence):
            raise ConfigError(
                f"[components.{name}] precedence = {precedence}", remedy="name at least one source, and each one once"
            )
        self.name = name
        self.precedence = tuple(precedence)
        self.choose = choose

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Find the mentions that count.

        Raises:
            ConfigError: the precedence names a source that has not run, or leaves one out that has.
        """
        written = [source for source in sources(doc, "mentions") if source != MERGED]
        for source in self.precedence:
            if source not in written:
                raise ConfigError(
                    f"[components.{self.name}] precedence: {unknown('source of mentions', source, written)}",
                    remedy="put its stage before this one, or take it out of the precedence",
                )
        for source in written:
            if source not in self.precedence:
                raise ConfigError(
                    f"[components.{self.name}] precedence leaves out {source!r}; named: {', '.join(self.precedence)}",
                    remedy="give it a place in the precedence",
                )
        found = {source: read(doc, "mentions", source) for source in self.precedence}
        yield from self.choose(found, self.precedence)

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds, and `doc.ents`."""
        write(doc, "mentions", MERGED, self.find(doc))
        doc.ents = spans_of(doc, read(doc, "mentions", MERGED))
        return doc
