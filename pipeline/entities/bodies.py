"""Tell where the name of a body begins, given where it ends.

The words before the end are weighed by how much more often they stand in names of bodies than in running text; the name
begins where the sum of the weights is largest. 记者从|云州市委宣传部: 从 ends the search, 宣传部 adds to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import RulesError
from pipeline.rulefiles import read_table, read_words

_WINDOW = 36
_STOP = re.compile(r"[\s，。；：！？、,;:!?“”\"'《》〈〉【】\[\]「」…—\-~～/|·0-9０-９%％.．]")
_OPEN = {"）": "（", ")": "("}
_PLACE_WEIGHT = 20
_UNKNOWN_WEIGHT = 0
_END_OF_SEARCH = -34  # a word that weighs less than this never stands in the name of a body
_LOOSE = 1
_LEVELS = "省市县区州旗"
_GENERIC = re.compile("公司|分公司|集团(?!公司)|学院|学校|农场|医院")
_LINKS = frozenset("和与及")


class Word(NamedTuple):
    """A word of a window: where it stands, what it weighs, whether it is a place."""

    start: int
    end: int
    weight: int
    place: bool


class Body(NamedTuple):
    """Where a name begins, what its words weigh together, and whether a place or a known body opens it."""

    start: int
    weight: int
    anchored: bool


class Bodies:
    """Weigh words of bodies' names; `bodies` are known ones, which longer names begin with."""

    def __init__(
        self, words: dict[str, int], places: frozenset[str], bodies: frozenset[str], endings: tuple[str, ...]
    ) -> None:
        self._names = places | bodies
        self._weights = {**words, **dict.fromkeys(self._names, _PLACE_WEIGHT)}
        by_length = sorted(self._weights, key=len)
        self._longest = dict(zip((word[:2] for word in by_length), map(len, by_length), strict=True))
        self._common = words.keys() - self._names
        self.endings = endings
        self.places = places
        self.bodies = bodies

    def start_of(self, text: str, end: int, *, floor: int = 0) -> int | None:
        """Give where the name that ends at `end` begins, not before `floor`; None where nothing speaks for a name."""
        body = self.find(text, end, floor=floor)
        return None if body is None else body.start

    def find(self, text: str, end: int, *, floor: int = 0) -> Body | None:
        """Find the name that ends at `end`."""
        low = self._window(text, end, floor)
        words = list(self._split(text, low, end))
        best: Word | None = None
        best_sum = total = loose = 0
        for position in range(len(words) - 1, -1, -1):
            word = words[position]
            if word.weight <= _END_OF_SEARCH or self._links(text, words, position):
                break
            link = text[word.start : word.end] in _LINKS
            total += 0 if link else word.weight
            if total > best_sum and not link:
                best, best_sum, loose = word, total, 0
            else:
                loose += word.end - word.start
        if best is None:
            return None
        start, anchored = best.start, best.place or text[best.start] in _LEVELS
        if 0 < loose <= _LOOSE and text[start - loose] not in _LINKS:
            start -= loose  # what little is left is part of the name: 省|体育局, 曼|德电子
            anchored = text[start] in _LEVELS
        generic = _GENERIC.match(text, start, end)
        if generic is not None and generic.end() + 2 < end:
            start = generic.end()  # 公司|环保部
        return Body(start, best_sum, anchored)

    def is_place(self, name: str) -> bool:
        """Tell whether a name is a place or a row of places."""
        return name in self.places

    def is_body(self, name: str) -> bool:
        """Tell whether a name is a known body, or ends as bodies do and is more than that ending."""
        return name in self.bodies or (name not in self.endings and name.endswith(self.endings))

    def is_word(self, name: str) -> bool:
        """Tell whether a string is a common word."""
        return name in self._common

    def _window(self, text: str, end: int, floor: int) -> int:
        low = end
        limit = max(floor, end - _WINDOW)
        while low > limit:
            character = text[low - 1]
            if character in _OPEN:
                opened = text.rfind(_OPEN[character], max(limit, low - 9), low - 1)
                if opened < 0:
                    break
                low = opened
            elif _STOP.match(character) or character in "（(":
                break
            else:
                low -= 1
        return low

    def _split(self, text: str, low: int, end: int) -> Iterator[Word]:
        """Cut a window into known words, the leftmost first and there the longest, and single characters."""
        at = low
        while at < end:
            size = min(self._longest.get(text[at : min(at + 2, end)], 1), end - at)
            while size > 1 and text[at : at + size] not in self._weights:
                size -= 1
            word = text[at : at + size]
            yield Word(at, at + size, self._weights.get(word, _UNKNOWN_WEIGHT), word in self._names)
            at += size

    def _links(self, text: str, words: Sequence[Word], position: int) -> bool:
        """Tell whether a word joins two names rather than parts of one: 市委宣传部|和|市文旅局, but 文化和旅游局."""
        word = words[position]
        if text[word.start : word.end] not in _LINKS:
            return False
        after = words[position + 1] if position + 1 < len(words) else None
        before = text[max(0, word.start - 8) : word.start]
        if position and words[position - 1].place:
            return True
        return (after is not None and (after.place or text[after.start] in "省市县区州")) or before.endswith(
            self.endings
        )


@lru_cache(maxsize=8)
def load_bodies(lexicon: Path) -> Bodies:
    """Load the words of bodies' names with their weights, the places, known bodies, and endings from a folder.

    A weight in body_words_general.txt takes the place of one in body_words.txt.gz.

    Raises:
        RulesError: a list is not there, or a word has no weight.
    """
    weights: dict[str, int] = {}
    for path in (lexicon / "body_words.txt.gz", lexicon / "body_words_general.txt"):
        try:
            weights.update((word, int(weight)) for word, weight in read_table(path).items())
        except ValueError:
            raise _no_weight(path) from None
    return Bodies(
        weights,
        frozenset(read_all(lexicon, "places.txt.gz", "places_general.txt")),
        frozenset(read_all(lexicon, "bodies.txt", "bodies_general.txt")),
        tuple(read_all(lexicon, "body_endings.txt")),
    )


def read_all(folder: Path, *names: str) -> list[str]:
    """Read the words of some lists of a folder."""
    return [word for name in names for word in read_table(folder / name)]


def _no_weight(path: Path) -> RulesError:
    for entry in read_words(path):
        try:
            (weight,) = entry.columns
            int(weight)
        except ValueError:
            break
    return RulesError(
        f"{entry.word!r} has no weight",
        where=path, line=entry.line, remedy="write the word, a tab, a whole number",
    )  # fmt: skip
