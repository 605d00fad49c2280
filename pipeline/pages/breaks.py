"""Say whether a sentence may go on across a break, by the characters on either side of it.

Reads `breaks.toml`; writes scores. 《作业规程》砸|歪 goes on; 新装路灯二百一十盏|改造后的小巷 does not.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.pages.rules import Rules

SIDE = 4  # code points that are kept on either side
PLACES = ("before", "behind", "across")


def break_features(before: str, behind: str) -> tuple[str, ...]:
    """Name the characters around a break: the last two before it, the first three behind it, and the pair across it.

    >>> break_features("最后才轮到下", "种。过去")
    ('before 下', 'before 到下', 'behind 种', 'behind 种。', 'behind 种。过', 'across 下种')
    """
    return (
        f"before {before[-1:]}", f"before {before[-2:]}", f"behind {behind[:1]}", f"behind {behind[:2]}",
        f"behind {behind[:3]}", f"across {before[-1:]}{behind[:1]}",
    )  # fmt: skip


class Breaks:
    """The weights of characters around a break."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights = weights

    @classmethod
    def load(cls, path: Path) -> Breaks:
        """Load the weights.

        Raises:
            RulesError: a place is missing, or a weight is no number.
        """
        rules = Rules(path)
        weights = {}
        for place in PLACES:
            for number, characters in rules.table(place).items():
                try:
                    value = float(number)
                except ValueError as error:
                    raise rules.error(
                        f"{place}: {number!r} is no weight", number, remedy='write "0.5" = "…"'
                    ) from error
                weights.update({f"{place} {character}": value for character in str(characters).split(" ")})
        return cls(weights)

    def score(self, before: str, behind: str) -> float:
        """Add up the weights; above 0 the sentence rather goes on."""
        return sum(self.weights.get(name, 0.0) for name in break_features(before, behind))
