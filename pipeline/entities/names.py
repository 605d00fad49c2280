"""Tell a person's name by its characters and by what follows it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pipeline.errors import RulesError
from pipeline.rulefiles import read_words

_HAN = "一-鿿㐀-䶿"
_DOTTED = re.compile(rf"[{_HAN}]{{1,7}}(?:([·・•])[{_HAN}]{{1,8}}){{1,3}}(?:[-－][{_HAN}]{{1,6}})?")
_SPACED = re.compile(rf"[ \u3000]{{1,2}}([{_HAN}])(?![{_HAN}][ \u3000][{_HAN}](?![{_HAN}]))")
_DOTS = frozenset("·・•-－")
_COMPOUND = 40  # what a surname of two characters weighs
_LONGEST_KNOWN = 8
_SURE_END = 5  # what stands behind a foreign name must weigh more
_SURELY_FOREIGN = 4  # characters that stand for foreign sounds, in a row


class Names:
    """Weigh where a name ends; weights are log-odds times ten."""

    def __init__(
        self,
        *,
        surnames: dict[str, int],
        given: dict[str, tuple[int, int, int]],
        followers: dict[str, int],
        people: frozenset[str],
        foreign: str,
        threshold: int,
    ) -> None:
        self._surnames = surnames
        self._compound = tuple(surname for surname in surnames if len(surname) == 2)
        self._given = given
        self._followers = followers
        self._people = people
        self._foreign = re.compile(f"[{re.escape(foreign)}]{{1,9}}")
        self._threshold = threshold

    def end_of(self, text: str, start: int) -> int | None:
        """Give where the name that begins at `start` ends; None where none begins there.

        刘建国表示 ends after 刘建国, 李强主持 after 李强, 赵 敏说 after 赵 敏.
        """
        dotted = _DOTTED.match(text, start)
        if dotted and self._foreign.fullmatch(dotted[0].split(dotted[1])[0]):
            return self._dotted_end(text, dotted)
        foreign = self._foreign.match(text, start)
        end = self._known_end(text, start)
        if end is None and foreign and len(foreign[0]) >= _SURELY_FOREIGN:
            end = foreign.end()
        if end is not None:
            return end
        end = self._chinese_end(text, start)
        if end is None and foreign and len(foreign[0]) > 1 and self._follow(text, foreign.end()) > _SURE_END:
            end = foreign.end()
        return end

    def _chinese_end(self, text: str, start: int) -> int | None:
        """Weigh the ends of a surname with a given name of one and of two characters."""
        surname = text[start : start + 2] if text.startswith(self._compound, start) else text[start : start + 1]
        if surname not in self._surnames:
            return None
        at = start + len(surname)
        spaced = _SPACED.match(text, at)
        if spaced:  # print widens names of two characters: 赵 敏
            return spaced.end() if spaced[1] in self._given else None
        best, best_weight = None, self._threshold
        for end, weight in self._given_names(text, at):
            total = self._surnames[surname] + weight + self._follow(text, end)
            if total >= best_weight:
                best, best_weight = end, total
        return best

    def _known_end(self, text: str, start: int) -> int | None:
        for size in range(_LONGEST_KNOWN, 2, -1):
            name, end = text[start : start + size], start + size
            if len(name) == size and name in self._people:
                longer = text[end : end + 1] in _DOTS or (
                    self._foreign.fullmatch(name) and self._foreign.match(text, end)
                )
                return None if longer else end
        return None

    def _given_names(self, text: str, at: int) -> list[tuple[int, int]]:
        found = []
        if at < len(text) and text[at] in self._given:
            found.append((at + 1, self._given[text[at]][2]))
            if at + 1 < len(text) and text[at + 1] in self._given:
                found.append((at + 2, self._given[text[at]][0] + self._given[text[at + 1]][1]))
        return found

    def _dotted_end(self, text: str, match: re.Match[str]) -> int:
        """Give where the last part of 克劳斯·施瓦布表示 ends: with its last character of a foreign sound."""
        low = max(text.rfind(dot, match.start(), match.end()) for dot in "·・•") + 1
        foreign = self._foreign.match(text, low)
        if foreign:
            return min(foreign.end(), match.end())
        ends = range(low + 1, min(match.end(), low + 4) + 1)
        return max(ends, key=lambda end: self._follow(text, end))

    def _follow(self, text: str, end: int) -> int:
        """Weigh what stands behind a name; a mark or a blank speaks for its end."""
        if end >= len(text) or not "\u3400" <= text[end] <= "\u9fff":
            return 20
        return self._followers.get(text[end : end + 2], self._followers.get(text[end], -25))


@lru_cache(maxsize=8)
def load_names(lexicon: Path, threshold: int) -> Names:
    """Load the tables of surnames, of given names, of what follows a name, and the known people from a folder.

    Raises:
        RulesError: a list is not there, or a line of it has not as many numbers as it needs.
    """
    surnames = {word: numbers[0] for word, numbers in _read_table(lexicon / "surnames.txt", 1).items()}
    surnames.update({entry.word: _COMPOUND for entry in read_words(lexicon / "surnames_compound.txt")})
    given = _read_table(lexicon / "given_names.txt", 3)
    return Names(
        surnames=surnames,
        given={word: (first, second, single) for word, (first, second, single) in given.items()},
        followers={word: numbers[0] for word, numbers in _read_table(lexicon / "name_followers.txt", 1).items()},
        people=frozenset(e.word for name in ("people.txt", "people_general.txt") for e in read_words(lexicon / name)),
        foreign="".join(entry.word for entry in read_words(lexicon / "foreign_characters.txt")),
        threshold=threshold,
    )


def _read_table(path: Path, columns: int) -> dict[str, tuple[int, ...]]:
    table = {}
    for entry in read_words(path):
        try:
            numbers = tuple(map(int, entry.columns))
        except ValueError:
            numbers = ()
        if len(numbers) != columns:
            raise RulesError(f"{entry.word!r} needs {columns} whole numbers", where=path, line=entry.line)
        table[entry.word] = numbers
    return table
