"""Find mentions that stand in word lists, the longest first.

Reads the text; writes the layer "mentions". Decoys are common words that hold or cross an entry, and win over it: in
其中山东 the decoy 其中 keeps 中山 out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.entities.overlaps import outside, titles
from pipeline.errors import ConfigError, RulesError, unknown
from pipeline.records import MENTION_LABELS, Mention
from pipeline.rulefiles import read_words


@Language.factory(
    "lexicon", assigns=["doc.spans"], default_config={"decoys": [], "crossings": [], "tails": [], "joined": ["LOC"]}
)
def make_lexicon(
    nlp: Language,
    name: str,
    *,
    lists: dict[str, list[Path]],
    decoys: list[Path],
    crossings: list[Path],
    tails: list[Path],
    joined: list[str],
) -> Lexicon:
    """Build the stage; `lists` gives the word lists of each label.

    `crossings` are words of two characters; an entry whose last character begins one is no name there: 公安部|门.
    `tails` are words that make an entry part of a longer name when they stand right behind it: 兰州|供电.

    Neighbours with a label in `joined` become one mention: 陕西省富平县 is one place.
    """
    return Lexicon(name=name, lists=lists, decoys=decoys, crossings=crossings, tails=tails, joined=joined)


class Lexicon:
    """Look the words of a text up, leftmost and longest first."""

    def __init__(
        self,
        *,
        name: str,
        lists: Mapping[str, Sequence[Path]],
        decoys: Sequence[Path],
        crossings: Sequence[Path],
        tails: Sequence[Path],
        joined: Sequence[str],
    ) -> None:
        for setting, labels in (("lists", lists), ("joined", joined)):
            for label in labels:
                if label not in MENTION_LABELS:
                    raise ConfigError(f"[components.{name}] {setting}: {unknown('label', label, MENTION_LABELS)}")
        self.name = name
        self.joined = frozenset(joined)
        self._crossings = _read_crossings(crossings)
        self._tails = tuple(entry.word for path in tails for entry in read_words(Path(path)))
        words = _read_lists(lists, decoys)
        self._labels = list(words.values())
        self._automaton = AhoCorasick(
            list(words), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Find the entries of the word lists; none inside 《》."""
        text = text_of(doc)
        yield from outside(self._join(text), titles(text))

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "mentions", self.name, self.find(doc))

    def _join(self, text: str) -> Iterator[Mention]:
        held: Mention | None = None
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            label = self._labels[index]
            if text[end - 1 : end + 1] in self._crossings or text.startswith(self._tails, end):
                label = ""
            if held is not None and held.end == start and held.label == label and label in self.joined:
                held = Mention(held.start, end, label)
                continue
            if held is not None:
                yield held
            held = Mention(start, end, label) if label else None
        if held is not None:
            yield held


def _read_lists(lists: Mapping[str, Sequence[Path]], decoys: Sequence[Path]) -> dict[str, str]:
    """Read word → label; a decoy's label is empty. A word may stand in several lists of one label, not of two."""
    words: dict[str, str] = {}
    for label, paths in lists.items():
        for path in paths:
            for entry in read_words(Path(path)):
                if words.setdefault(entry.word, label) != label:
                    raise RulesError(
                        f"{entry.word!r} is {label} here and {words[entry.word]} in another list",
                        where=path, line=entry.line, remedy="keep it in one of them",
                    )  # fmt: skip
    for path in decoys:
        for entry in read_words(Path(path)):
            words.setdefault(entry.word, "")  # an entry that is looked for is no decoy
    if not any(words.values()):
        raise ConfigError("a lexicon without a word", remedy="name at least one word list under `lists`")
    return words


def _read_crossings(paths: Sequence[Path]) -> frozenset[str]:
    words: set[str] = set()
    for path in paths:
        for entry in read_words(Path(path)):
            if len(entry.word) != 2:
                raise RulesError(f"{entry.word!r} is not of two characters", where=path, line=entry.line)
            words.add(entry.word)
    return frozenset(words)
