"""Find bodies and sites by what their names end in, where a place, a level or a known body opens them.

Reads the text; writes the layer "mentions". 云州市|应急管理局, 省|自然资源厅, 丰谷镇|清溪村.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.entities.bodies import load_bodies, read_all
from pipeline.entities.overlaps import keep_longest, outside, titles
from pipeline.errors import RulesError
from pipeline.records import Mention
from pipeline.rulefiles import read_words

_LISTS = {"ORG": "endings_bodies.txt", "LOC": "endings_places.txt"}


@Language.factory("suffixes", assigns=["doc.spans"], default_config={"threshold": 20, "longest": 24})
def make_suffixes(nlp: Language, name: str, *, lexicon: Path, threshold: int, longest: int) -> Suffixes:
    """Build the stage; `lexicon` is the folder of the word lists.

    `threshold` is the weight that the words of a name must reach, `longest` the number of characters it may have.
    """
    return Suffixes(name=name, lexicon=Path(lexicon), threshold=threshold, longest=longest)


class Suffixes:
    """Read names from their endings to the left; an ending marked `free` needs no place before it: 有限公司."""

    def __init__(self, *, name: str, lexicon: Path, threshold: int, longest: int) -> None:
        self.name = name
        self.threshold = threshold
        self.longest = longest
        self._bodies = load_bodies(lexicon)
        self._crossings = frozenset(read_all(lexicon, "crossings.txt"))
        self._endings, self._free = _read_endings(lexicon)
        self._labels = list(self._endings.items())
        false = [word for word in read_all(lexicon, "endings_decoys.txt") if word not in self._endings]
        self._automaton = AhoCorasick([*self._endings, *false], matchkind=MatchKind.LeftmostLongest)

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Find names that end as names of bodies or sites do; of overlapping ones the longest."""
        text = text_of(doc)
        yield from outside(keep_longest(self._read(text)), titles(text))

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "mentions", self.name, self.find(doc))

    def _read(self, text: str) -> Iterator[Mention]:
        for index, _, end in self._automaton.find_matches_as_indexes(text):
            if index >= len(self._labels):
                continue
            ending, label = self._labels[index]
            if text[end - 1 : end + 1] in self._crossings:
                continue
            body = self._bodies.find(text, end)
            if body is None or body.weight < self.threshold or not (body.anchored or ending in self._free):
                continue
            if len(ending) < end - body.start <= self.longest:
                yield Mention(body.start, end, label)


def _read_endings(lexicon: Path) -> tuple[dict[str, str], frozenset[str]]:
    """Read ending → label, and the endings that are marked `free`."""
    labels: dict[str, str] = {}
    free: set[str] = set()
    for label, name in _LISTS.items():
        path = lexicon / name
        for entry in read_words(path):
            if entry.columns not in ((), ("free",)):
                raise RulesError(f"unknown mark {entry.columns}", where=path, line=entry.line, remedy="`free` or none")
            if labels.setdefault(entry.word, label) != label:
                raise RulesError(
                    f"{entry.word!r} is {label} here and {labels[entry.word]} in another list",
                    where=path, line=entry.line, remedy="keep it in one of them",
                )  # fmt: skip
            if entry.columns:
                free.add(entry.word)
    return labels, frozenset(free)
