"""Which quotation marks and brackets of a line belong together."""

from __future__ import annotations

import re

from msgspec import Struct

from pipeline.errors import ConfigError


class Quotation(Struct, frozen=True):
    """A closed pair of marks: where the opening and the closing one stand."""

    opening: int
    closing: int
    is_title: bool


class Quotes:
    """Match opening and closing marks.

    A pair is written as its two marks; a mark that closes itself (`""`) opens where it is not open. Pairs longer than
    their kind's limit count as not closed, so that a mark without its partner has no effect on the rest of a line.
    """

    def __init__(self, *, pairs: str, longest: int, title_pairs: str, longest_title: int) -> None:
        if len(pairs) % 2 or len(title_pairs) % 2 or not pairs + title_pairs:
            raise ConfigError(
                f"pairs = {pairs!r}, title_pairs = {title_pairs!r}",
                remedy="write each opening mark before its closing mark",
            )
        if longest < 0 or longest_title < 0:
            raise ConfigError(
                f"short_quote = {longest}, longest_title = {longest_title}",
                remedy="give numbers of characters, 0 or more",
            )
        marks = pairs + title_pairs
        self._closing_of = dict(zip(marks[::2], marks[1::2], strict=True))
        self._opening_of = dict(zip(marks[1::2], marks[::2], strict=True))
        if len(self._closing_of) + len(self._opening_of) != len(marks):
            raise ConfigError(f"a mark stands in two pairs: {marks!r}", remedy="name each pair once")
        self._limit = dict.fromkeys(pairs[::2], longest) | dict.fromkeys(title_pairs[::2], longest_title)
        self._titles = frozenset(title_pairs[::2])
        self._marks = re.compile(f"[{re.escape(marks)}]")

    def match(self, text: str, start: int, end: int) -> tuple[list[Quotation], set[int]]:
        """Give the short pairs in `text[start:end]` by their opening marks, and the offsets of all closing marks.

        Takes time linear in the length: a mark is pushed and popped once.
        """
        found: list[Quotation] = []
        closings: set[int] = set()
        open_marks: dict[str, list[int]] = {mark: [] for mark in self._closing_of}
        for match in self._marks.finditer(text, start, end):
            mark, offset = match[0], match.start()
            opening = self._opening_of.get(mark)
            if opening is None or (opening == mark and not open_marks[mark]):
                open_marks[mark].append(offset)
                continue
            closings.add(offset)
            if open_marks[opening]:
                begin = open_marks[opening].pop()
                for others in open_marks.values():  # a mark that opens inside and is not closed there is a slip
                    while others and others[-1] > begin:
                        others.pop()
                if offset - begin - 1 <= self._limit[opening]:
                    found.append(Quotation(begin, offset, opening in self._titles))
        return sorted(found, key=lambda quotation: quotation.opening), closings
