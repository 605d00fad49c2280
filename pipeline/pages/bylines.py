"""Read bylines: who wrote, edited or photographed a piece, and by which signs a line is nothing but that.

Reads `bylines.toml`; writes `Byline`. Every line is cut once into words and names, so long lines cost no more than
their length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from pipeline.pages.rules import Rules, alternation
from pipeline.records import Line

_MARKS = "□■◆●◎⊙○△▲▼★☆◇▌▍｜|—－-－–·•﹒.。：: 　\t"
_OPEN, _CLOSE = "（(【[〔", "）)】]〕"
_COMMAS = re.compile(r"\s*[、，,；;：:/／|｜＆&]\s*")
_BREAKS = re.compile(r"(\s*[、，,；;：:/／|｜＆&]\s*)|\s+")
_HAN = re.compile(r"[㐀-鿿〇々]+")
_FOREIGN = re.compile(r"[㐀-鿿]{1,8}(?:[·•・．][㐀-鿿]{1,8})+")
_SPACED = re.compile(r"(?<![㐀-鿿])[㐀-鿿][ 　]+[㐀-鿿](?:[ 　]*[㐀-鿿])?(?![㐀-鿿])")
MAX_LENGTH = 60  # code points of a byline line; a longer line is running text


class Byline(Struct, frozen=True):
    """What a byline says: the persons named, and by which signs it is one.

    `surnamed` counts the names that begin with a known surname. `housed` says that a house or a calling stands before
    a name, `spaced` that a short name is set with a blank inside.
    """

    names: tuple[str, ...]
    surnamed: int
    has_role: bool
    has_photo: bool
    bracketed: bool
    marked: bool
    housed: bool
    spaced: bool


class _Words(Struct, frozen=True):
    names: tuple[str, ...]
    surnamed: int
    has_role: bool
    housed: bool


class BylineRules:
    """The words and patterns that bylines are made of."""

    def __init__(self, path: Path) -> None:
        rules = Rules(path)
        self.surnames = frozenset("".join((*rules.words("names", "surnames"), *rules.words("names", "rare_surnames"))))
        self.compound = frozenset(rules.words("names", "compound_surnames"))
        self.no_names = frozenset(rules.words("shapes", "no_names"))
        self.no_name_characters = frozenset("".join(rules.words("shapes", "no_name_characters")))
        self.place_ends = frozenset("".join(rules.words("shapes", "place_ends")))
        self.affiliations = frozenset(rules.words("words", "affiliations"))
        self.affiliation_endings = rules.words("words", "affiliation_endings")
        self.houses = rules.words("words", "houses")
        self.places = frozenset(rules.words("words", "place_endings"))
        self.endings = rules.words("words", "endings")
        self.last_characters = frozenset(ending[-1] for ending in self.endings)
        roles = rules.words("words", "roles")
        self.long_roles = re.compile(f"({alternation(tuple(role for role in roles if len(role) > 1))})")
        self.roles = frozenset(roles)
        self.fillers = re.compile(alternation(rules.words("words", "fillers")))
        self.photo = re.compile(alternation(rules.words("words", "photo")))
        self.wrote = re.compile(alternation(rules.words("words", "wrote")))
        self.sources = [rules.compile(source, source, {}) for source in rules.words("words", "sources")]
        self.tail = rules.pattern("body", "tail")
        self.lead = rules.pattern("body", "lead")
        self.agency = rules.pattern("body", "agency")

    def parse(self, text: str) -> Byline | None:
        """Read a text that may be a byline; None where it says more than a byline does.

        >>> rules.parse("（记者 祁克宁 通讯员 武咏梅）").names
        ('祁克宁', '武咏梅')
        """
        if not 2 <= len(text) <= MAX_LENGTH:
            return None
        inner = text.strip(_MARKS)
        marked = text[0] in "□■◆●◎⊙○△▲★☆◇"
        bracketed = bool(inner) and inner[0] in _OPEN and inner[-1] in _CLOSE
        photo = bool(self.photo.search(text)) and not self.wrote.search(text)
        found = self._words(self._inside(inner))
        if any(pattern.fullmatch(text.strip()) for pattern in self.sources):
            names = found.names if found and found.has_role else ()
            return Byline(names, len(names), True, photo, bracketed, marked, False, False)
        if found is None or (not found.names and not (photo and len(text) > 3)):
            return None
        if not found.has_role and (
            found.surnamed == 0 or (not bracketed and not marked and found.surnamed < len(found.names))
        ):
            return None
        spaced = bool(_SPACED.search(text)) and found.surnamed > 0
        return Byline(found.names, found.surnamed, found.has_role, photo, bracketed, marked, found.housed, spaced)

    @staticmethod
    def _inside(text: str) -> str:
        for mark in _OPEN + _CLOSE:
            text = text.replace(mark, " ")
        return text

    def _words(self, text: str) -> _Words | None:
        """Cut a text into names and the words around them; None where anything else is left."""
        foreign = _FOREIGN.findall(text)
        text = _FOREIGN.sub(" ", text) if foreign else text
        text = self.fillers.sub(" ", self.long_roles.sub(r" \1 ", text))
        has_role = housed = False
        runs: list[tuple[str, bool]] = []  # characters, and whether the name ends here
        for word in _BREAKS.split(text):
            if not word:  # blanks alone do not end a name: 王 丹
                continue
            if _COMMAS.fullmatch(word):
                runs = _close(runs)
            elif word in self.roles:
                has_role = True
                runs = _close(self._drop_affiliation(runs))
            elif word in self.affiliations:
                has_role = True
            elif not _HAN.fullmatch(word):
                return None
            elif len(word) > 3 and word.endswith(self.houses):
                housed = True
                runs = _close(runs)
            else:
                if runs and not runs[-1][1] and runs[-1][0] in self.surnames and len(word) > 1:
                    rest, closed = self._cut_ending(runs[-1][0] + word)
                    if closed:  # 王 磊摄
                        runs[-1], has_role = (rest, True), True
                        continue
                rest, closed = self._cut_ending(word)
                has_role |= closed
                runs = [*runs, (rest, closed)] if rest else _close(runs)
        named = self._names(runs, has_role)
        if named is None:
            return None
        return _Words((*named[0], *foreign), named[1] + len(foreign), has_role, housed)

    def _drop_affiliation(self, runs: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
        """Leave out the house before a role word: 乌鲁木齐晚报记者."""
        if not runs or runs[-1][1]:
            return runs
        word = runs[-1][0]
        if (len(word) > 2 and word.endswith(self.affiliation_endings)) or word.startswith("驻") or len(word) > 4:
            return runs[:-1]
        return runs

    def _cut_ending(self, word: str) -> tuple[str, bool]:
        """Cut 摄 or 报道 off behind a name; a word that is nothing else is cut to nothing."""
        if word[-1] not in self.last_characters:
            return word, False
        for ending in self.endings:
            if word == ending:
                return "", True
            rest = word[: -len(ending)]
            if word.endswith(ending) and ending in self.places and not self._is_name(rest):
                return "", True  # 佛山报道
            if word.endswith(ending) and (len(ending) > 1 or len(rest) >= 2) and self._is_name(rest):
                if len(ending) == 1 and ending not in "摄图绘" and len(word) <= 3:
                    continue  # 张文, 李画 are names
                return rest, True
        return word, False

    def _names(self, runs: Sequence[tuple[str, bool]], has_role: bool) -> tuple[tuple[str, ...], int] | None:
        """Join 王 丹 to 王丹, and give up where a run cannot be a name."""
        names: list[str] = []
        surnamed = 0
        index = 0
        while index < len(runs):
            run, closed = runs[index]
            following = runs[index + 1][0] if index + 1 < len(runs) and not closed else ""
            pen = has_role and len(run) == len(following) == 1
            if following and len(run) <= 2 and (pen or self._splits(run, following)):
                run, index = run + following, index + 1
                if len(run) == 2 and _singles(runs, index) == 1:
                    run, index = run + runs[index + 1][0], index + 1  # 沈 默 之, but not 任 远 高 杨
            index += 1
            if len(run) < 2 or "某" in run:
                return None
            if run in self.no_names:
                if not has_role:
                    return None
                continue  # 受访者供图
            if self._is_name(run):
                surnamed += 1
            elif not (has_role and len(run) <= 4) or self.no_name_characters & set(run):
                return None  # 记者的一天
            names.append(run)
        return tuple(names), surnamed

    def _splits(self, run: str, following: str) -> bool:
        if len(run) == 1:
            return run in self.surnames and len(following) <= 2
        return (run in self.compound or run[0] in self.surnames) and len(following) == 1 and run not in self.no_names

    def _is_name(self, word: str) -> bool:
        if word in self.no_names:
            return False
        if word[:2] in self.compound:
            return 3 <= len(word) <= 4
        return word[:1] in self.surnames and (len(word) == 2 or (len(word) == 3 and word[2] not in self.place_ends))

    def of_article(self, text: str, lines: Iterable[Line]) -> tuple[str, ...]:
        """Give the persons named in the byline lines of an article, and at the ends of its body, once each."""
        names: dict[str, None] = {}
        lines = list(lines)
        body = [line for line in lines if line.role == "body"]
        for line in lines:
            content = text[line.start : line.end]
            if line.role == "byline":
                byline = self.parse(content)
                names.update(dict.fromkeys(byline.names if byline else ()))
            elif line.role in ("body", "caption"):
                names.update(dict.fromkeys(self.lead_names(content)))
                if line.role == "caption" or line is body[-1]:
                    names.update(dict.fromkeys(self.tail_names(content)))
        return tuple(names)

    def lead_names(self, content: str) -> tuple[str, ...]:
        """Give the names in `本报讯（记者 祁克宁 通讯员 武咏梅）` at the start of running text."""
        for pattern in (self.lead, self.agency):
            found = pattern.match(content, 0, 100)
            if found:
                byline = self.parse(found["names"])
                return byline.names if byline and byline.has_role else ()
        return ()

    def tail_names(self, content: str) -> tuple[str, ...]:
        """Give the names in `……。（卫志雄）` or `……。 本报记者 金石` at the end of running text."""
        found = self.tail.search(content, max(0, len(content) - MAX_LENGTH))
        if not found:
            return ()
        byline = self.parse(found["inside"] or found["bare"])
        if not byline or (byline.surnamed < len(byline.names) and not byline.has_role):
            return ()
        return byline.names


def _singles(runs: Sequence[tuple[str, bool]], index: int) -> int:
    """Count the single characters that follow a run without a break."""
    number = 0
    while not runs[index][1] and index + 1 < len(runs) and len(runs[index + 1][0]) == 1:
        number, index = number + 1, index + 1
    return number


def _close(runs: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return [*runs[:-1], (runs[-1][0], True)] if runs else runs
