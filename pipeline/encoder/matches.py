"""Mark where words of a dictionary stand in a text: more input for the encoder than single characters give.

For each kind of word and each character: does such a word begin here, go on here, end here (Peng et al. 2020, in bits)?
All matches count, also those inside one another; the network decides between them.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from numpy.typing import NDArray

from pipeline.encoder.characters import fold
from pipeline.errors import ConfigError, unknown

KINDS = ("person", "place", "body", "post", "ending", "noun", "verb", "other")
PLACES = 3  # begin, middle, end
FEATURES = len(KINDS) * PLACES


class Dictionary:
    """Words of two and more characters, each of one or several kinds."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        """Build the automaton; `words` gives each word its kinds."""
        rows = {kinds: np.isin(KINDS, kinds) for kinds in set(map(tuple, words.values()))}
        self._kinds = np.array([rows[tuple(kinds)] for kinds in words.values()], dtype=bool).reshape(-1, len(KINDS))
        # folded in one piece, since a line feed folds to itself; this automaton is the quickest to build of the three
        folded = fold("\n".join(words)).split("\n") if words else []
        self._automaton = AhoCorasick(
            folded, matchkind=MatchKind.Standard, implementation=Implementation.NoncontiguousNFA
        )

    def mark(self, text: str) -> NDArray[np.uint8]:
        """Give the bits of every character: (length, FEATURES), kinds times begin, middle, end."""
        marks = np.zeros((len(text), len(KINDS), PLACES), dtype=np.uint8)
        safe = fold(text).encode("utf-8", "replace").decode("utf-8")  # a lone surrogate becomes one question mark
        found = np.array(self._automaton.find_matches_as_indexes(safe, overlapping=True), dtype=np.int64).reshape(-1, 3)
        if len(found):
            kinds, starts, ends = self._kinds[found[:, 0]], found[:, 1], found[:, 2]
            for column in range(len(KINDS)):
                of_kind = kinds[:, column]
                first, last = starts[of_kind], ends[of_kind] - 1
                marks[first, column, 0] = 1
                marks[last, column, 2] = 1
                for step in range(1, int((last - first).max(initial=0))):
                    marks[(first + step)[first + step < last], column, 1] = 1
        return marks.reshape(len(text), FEATURES)


def save_words(words: Mapping[str, Sequence[str]], path: Path) -> None:
    """Write words and kinds, gzipped, byte-equal for equal words: a word, a tab, its kinds' numbers."""
    lines = (
        f"{word}\t{''.join(str(KINDS.index(kind)) for kind in sorted(kinds, key=KINDS.index))}\n"
        for word, kinds in sorted(words.items())
    )
    path.write_bytes(gzip.compress("".join(lines).encode("utf-8"), mtime=0))


def load_words(path: Path) -> dict[str, tuple[str, ...]]:
    """Read words and kinds.

    Raises:
        ConfigError: there is no such file, or a line is not well formed; names the line.
    """
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read the dictionary: {error}", where=path, remedy="name a whole model folder"
        ) from error
    words: dict[str, tuple[str, ...]] = {}
    known: dict[str, tuple[str, ...]] = {}  # the few combinations of kinds are checked once each
    for number, line in enumerate(text.splitlines(), start=1):
        word, _, kinds = line.partition("\t")
        if kinds not in known:
            if not kinds.isdecimal():
                raise ConfigError(f"no word with kinds: {line!r}", where=path, line=number)
            if any(int(kind) >= len(KINDS) for kind in kinds):
                raise ConfigError(unknown("kind", kinds, map(str, range(len(KINDS)))), where=path, line=number)
            known[kinds] = tuple(KINDS[int(kind)] for kind in kinds)
        if len(word) < 2:
            raise ConfigError(f"no word with kinds: {line!r}", where=path, line=number)
        words[word] = known[kinds]
    return words
