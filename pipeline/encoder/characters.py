"""Turn text into the numbers that the encoder reads: one character id and one bigram id per code point.

The text itself never changes: half-width punctuation, full-width letters and blanks are folded at the input only, one
code point to one code point, so that offsets stay true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ConfigError
from pipeline.tries import code_points

Ids = NDArray[np.int64]

PAD, UNKNOWN, MASK = 0, 1, 2  # ids that stand for no character
SPECIALS = ("[pad]", "[unknown]", "[mask]")
_HALF = ",;:?!()\"'<>[]~"
_FULL = "，；：？！（）“‘《》【】～"
_BLANKS = "\t\r\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u2002\u2003\u2009\u3000\u200b\ufeff"
FOLDED: dict[int, int] = {
    **{code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)},  # full-width digits and letters
    **{ord(half): ord(full) for half, full in zip(_HALF, _FULL, strict=True)},
    **{ord(full): ord(full) for full in _FULL},
    **{ord(blank): ord(" ") for blank in _BLANKS},
    ord("”"): ord("“"), ord("’"): ord("‘"), ord("〈"): ord("《"), ord("〉"): ord("》"),
    ord("．"): ord("."), ord("％"): ord("%"), ord("・"): ord("·"), ord("•"): ord("·"), ord("●"): ord("·"),
}  # fmt: skip


def fold(text: str) -> str:
    """Fold the variants of one sign into one; every code point stays where it is.

    >>> fold("太原,１２月 (记者")
    '太原，12月 （记者'
    """
    return text.translate(FOLDED)


@lru_cache(maxsize=1)
def _folded_codes() -> NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    table[list(FOLDED)] = list(FOLDED.values())
    return table


def fold_codes(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Fold code points as `fold` folds a text, many times as fast."""
    return _folded_codes()[codes]


class Vocabulary(msgspec.Struct, frozen=True, dict=True):
    """The characters and the frequent bigrams that a model knows; an id is a place in the list."""

    characters: tuple[str, ...]
    bigrams: tuple[str, ...]

    @cached_property
    def _table(self) -> Ids:
        table = np.full(0x110000, UNKNOWN, dtype=np.int64)
        for index, character in enumerate(self.characters[len(SPECIALS) :], start=len(SPECIALS)):
            table[ord(character)] = index
        return table

    @cached_property
    def _folded_table(self) -> Ids:
        return self._table[_folded_codes()]

    @cached_property
    def _pairs(self) -> tuple[Ids, Ids]:
        first = self._table[[ord(pair[0]) for pair in self.bigrams]] if self.bigrams else np.zeros(0, np.int64)
        second = self._table[[ord(pair[1]) for pair in self.bigrams]] if self.bigrams else np.zeros(0, np.int64)
        keys = first * len(self.characters) + second
        order = np.argsort(keys)
        return keys[order], order + 1

    def encode(self, text: str) -> Ids:
        """Give the id of every code point of a text; a lone surrogate or an unseen sign is unknown."""
        return self._folded_table[code_points(text)]

    def pair(self, ids: Ids) -> Ids:
        """Give the id of the bigram that begins at each character (last axis); 0 stands for every rare one."""
        keys, values = self._pairs
        if not len(keys):
            return np.zeros_like(ids)
        wanted = ids[..., :-1] * len(self.characters) + ids[..., 1:]
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found = np.zeros_like(ids)
        found[..., :-1] = np.where(keys[places] == wanted, values[places], 0)
        return found


def build_vocabulary(texts: Iterable[str], *, least: int, bigrams: int) -> Vocabulary:
    """Count the folded characters of texts; keep those seen `least` times, and the most frequent bigrams of them."""
    counts: Counter[str] = Counter()
    folded = []
    for text in texts:
        folded.append(fold(text))
        counts.update(folded[-1])
    known = sorted(
        (c for c, n in counts.items() if (n >= least and ord(c) > 0x1F) or c == "\n"), key=lambda c: (-counts[c], c)
    )
    characters = (*SPECIALS, *known)
    single = Vocabulary(characters=characters, bigrams=())
    size = len(characters)
    totals = np.zeros(size * size, dtype=np.int32)
    for start in range(0, len(folded), 2000):
        keys = [(row[:-1] * size + row[1:]) for row in map(single.encode, folded[start : start + 2000])]
        totals += np.bincount(np.concatenate(keys), minlength=size * size).astype(np.int32)
    totals.reshape(size, size)[: len(SPECIALS)] = 0
    totals.reshape(size, size)[:, : len(SPECIALS)] = 0
    best = np.argsort(-totals, kind="stable")[:bigrams]
    pairs = tuple(characters[key // size] + characters[key % size] for key in best if totals[key] > 0)
    return Vocabulary(characters=characters, bigrams=pairs)


def save_vocabulary(vocabulary: Vocabulary, path: Path) -> None:
    """Write a vocabulary as JSON, byte-equal for equal vocabularies."""
    path.write_bytes(msgspec.json.encode(vocabulary) + b"\n")


def load_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary.

    Raises:
        ConfigError: there is no such file, or it is no vocabulary.
    """
    try:
        vocabulary = msgspec.json.decode(path.read_bytes(), type=Vocabulary)
    except OSError as error:
        raise ConfigError(
            f"the model has no vocabulary: {error.strerror}", where=path, remedy="name a whole model folder"
        ) from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"this is no vocabulary: {error}", where=path) from error
    if vocabulary.characters[: len(SPECIALS)] != SPECIALS:
        raise ConfigError(f"the vocabulary does not begin with {', '.join(SPECIALS)}", where=path)
    return vocabulary


def pad(rows: Sequence[NDArray[Any]], *, length: int, fill: int = PAD) -> NDArray[Any]:
    """Stack rows of different lengths into one array, padded at the end of the first axis."""
    shape = (len(rows), length, *rows[0].shape[1:])
    stacked = np.full(shape, fill, dtype=rows[0].dtype)
    for index, row in enumerate(rows):
        stacked[index, : len(row)] = row
    return stacked
