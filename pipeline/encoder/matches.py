"""Mark where words of a dictionary stand in a text: more input for the encoder than single characters give.

For each kind of word and each character: does such a word begin here, go on here, end here (Peng et al. 2020, in bits)?
All matches count, also those inside one another; the network decides between them.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.encoder.characters import fold, fold_codes
from pipeline.errors import ConfigError, unknown
from pipeline.tries import Trie, code_points, find_digits, find_lines

KINDS = ("person", "place", "body", "post", "ending", "noun", "verb", "other")
PLACES = 3  # begin, middle, end
FEATURES = len(KINDS) * PLACES


class Dictionary:
    """Words of two and more characters, each of one or several kinds."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        """Build it; `words` gives each word its kinds."""
        folded: dict[str, int] = {}
        for word, kinds in words.items():
            key = fold(word)
            folded[key] = folded.get(key, 0) | sum(1 << KINDS.index(kind) for kind in set(kinds))
        self._trie = Trie.of(folded, np.fromiter(folded.values(), dtype=np.uint8, count=len(folded)))

    @classmethod
    def load(cls, path: Path) -> Dictionary:
        """Read words and kinds from a file that `save_words` wrote: `load_words` in a tenth of its time.

        Raises:
            ConfigError: there is no such file, or a line is not well formed; names the line.
        """
        codes = code_points(_read(path))
        try:
            starts, tabs, ends = find_lines(codes, "\t")
            bits = np.zeros(len(starts), dtype=np.uint8)
            for which, digits in find_digits(codes, tabs + 1, ends):
                if bool((digits >= len(KINDS)).any()):
                    raise ValueError("a kind is unknown")
                bits[which] |= (1 << digits).astype(np.uint8)
            if bool((tabs - starts < 2).any()):
                raise ValueError("a word has one character")
        except ValueError:
            return cls(load_words(path))  # which names the line
        dictionary = cls({})
        dictionary._trie = Trie(fold_codes(codes), starts, tabs - starts, bits)
        return dictionary if len(dictionary._trie) == len(starts) else cls(load_words(path))

    def mark(self, text: str) -> NDArray[np.uint8]:
        """Give the bits of every character: (length, FEATURES), kinds times begin, middle, end."""
        marks = np.zeros((len(text), PLACES), dtype=np.uint8)  # a bit for each kind
        begin, middle, end = marks.T
        for length, starts, kinds in self._trie.find(fold_codes(code_points(text))):
            begin[starts] |= kinds
            end[starts + (length - 1)] |= kinds
            for step in range(1, length - 1):
                middle[starts + step] |= kinds
        bits = np.unpackbits(marks[:, None], axis=1, count=len(KINDS), bitorder="little")
        return bits.reshape(len(text), FEATURES)


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
    text = _read(path)
    words: dict[str, tuple[str, ...]] = {}
    known: dict[str, tuple[str, ...]] = {}  # the few combinations of kinds are checked once each
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], start=1):
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


def _read(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read the dictionary: {error}", where=path, remedy="name a whole model folder"
        ) from error
