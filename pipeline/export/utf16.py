"""Convert between code points, in which the pipeline counts, and UTF-16 code units, in which browsers count."""

from __future__ import annotations

from bisect import bisect_left

_FIRST_ASTRAL = 0x10000


class CodeUnits:
    """The UTF-16 code units of one text.

    >>> units = CodeUnits("𠮷野家")
    >>> units.of(1), units.to_code_points(3)
    (2, 2)
    """

    def __init__(self, text: str) -> None:
        self._astral = [place for place, character in enumerate(text) if ord(character) >= _FIRST_ASTRAL]
        self._second_halves = [place + number + 1 for number, place in enumerate(self._astral)]
        self.length = len(text) + len(self._astral)

    def of(self, offset: int) -> int:
        """Give the code units before a code-point offset."""
        return offset + bisect_left(self._astral, offset)

    def to_code_points(self, offset: int) -> int:
        """Give the code points before a code-unit offset.

        Raises:
            ValueError: the offset lies outside the text, or inside a character of two units.
        """
        before = bisect_left(self._second_halves, offset)
        if not 0 <= offset <= self.length:
            raise ValueError(f"{offset} lies outside the text of {self.length} code units")
        if before < len(self._second_halves) and self._second_halves[before] == offset:
            raise ValueError(f"{offset} lies inside a character")
        return offset - before
