"""Compare what lines are about: pairs of characters that stand in few articles weigh most.

Reads the contents of lines; writes shares. A segmenter would do no better on names that it does not know.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.pages.features import Look

MOST = 600  # code points of a line that are compared


class Matter:
    """The pairs of characters of every line, weighted by how few lines of the page have them."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self.pairs = [frozenset(pairs_of(look.content[:MOST])) for look in looks]
        lines = Counter(pair for pairs in self.pairs for pair in pairs)
        total = len(looks) + 1
        self.weights = {pair: math.log(total / number) for pair, number in lines.items()}

    def share(self, some: Iterable[int], others: Iterable[int]) -> float:
        """Give the weighted share of the pairs of some lines that other lines have too, 0 to 1."""
        return self.share_in(some, self.all_pairs(others))

    def share_in(self, some: Iterable[int], theirs: frozenset[str]) -> float:
        """Give the weighted share of the pairs of some lines that are among others."""
        mine = self.all_pairs(some)
        whole = sum(self.weights[pair] for pair in mine)
        return sum(self.weights[pair] for pair in mine & theirs) / whole if whole else 0.0

    def all_pairs(self, lines: Iterable[int]) -> frozenset[str]:
        """Give the pairs of all lines together."""
        return frozenset().union(*(self.pairs[index] for index in lines))


def pairs_of(content: str) -> list[str]:
    """Give the pairs of neighbouring Chinese characters of a text."""
    return [a + b for a, b in itertools.pairwise(content) if "㐀" <= a <= "鿿" and "㐀" <= b <= "鿿"]
