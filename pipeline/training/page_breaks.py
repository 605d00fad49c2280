"""Learn from plain text where a sentence may go on: paragraphs are cut at random places, and their ends set side by side.

Reads paragraphs, one a line; writes weights of the characters on either side of a break. The learner is FTRL-Proximal
(McMahan et al. 2013): online, and its L1 penalty leaves few weights.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.pages.breaks import SIDE, Breaks, break_features

SHORTEST = 60  # code points of a paragraph that is cut
_MARKS = "。！？!?；;：:，,、…—”’）)》】 　"
_OPENING = "“‘（(《【"

Example = tuple[str, str, bool]  # what stands before and behind the break, and whether the sentence goes on


def cut_paragraphs(paragraphs: Iterable[str], rng: random.Random, *, cuts: int) -> list[Example]:
    """Make examples: `cuts` breaks inside each paragraph, and its end without its full stop beside the next beginning."""
    examples: list[Example] = []
    before = ""
    for paragraph in (line.strip() for line in paragraphs):
        if len(paragraph) >= SHORTEST:
            for _ in range(cuts):
                place = rng.randrange(25, len(paragraph) - SIDE - 2)
                head, tail = paragraph[place - SIDE : place], paragraph[place : place + SIDE]
                if head[-1] not in _MARKS and tail[0] not in _MARKS + _OPENING:
                    examples.append((head, tail, True))
        ending = before.removesuffix("。")
        if len(before) >= SHORTEST // 2 and len(paragraph) >= 20 and ending != before and ending[-1] not in _MARKS:
            examples.append((ending[-SIDE:], paragraph[:SIDE], False))
        before = paragraph
    return examples


def train_breaks(
    examples: Sequence[Example], rng: random.Random, *, least: int, sparsity: float, rounds: int, decimals: int
) -> Breaks:
    """Fit the weights.

    Args:
        examples: breaks with and without a sentence that goes on; as many of each are used.
        rng: decides which examples are used, and their order.
        least: how often a feature must occur to get a weight.
        sparsity: the L1 penalty; the higher, the fewer weights.
        rounds: passes over the examples.
        decimals: to which weights are rounded.
    """
    by_kind = [[example for example in examples if example[2] is kind] for kind in (True, False)]
    number = min(len(kind) for kind in by_kind)
    used = [example for kind in by_kind for example in rng.sample(kind, number)]
    counts = Counter(name for head, tail, _ in used for name in break_features(head, tail) if name.count(" ") == 1)
    sums: dict[str, float] = {}
    squares: dict[str, float] = {}

    def weight(name: str) -> float:
        total = sums.get(name, 0.0)
        if abs(total) <= sparsity:
            return 0.0
        return -(total - math.copysign(sparsity, total)) / ((1.0 + math.sqrt(squares[name])) / 0.1)

    for _ in range(rounds):
        rng.shuffle(used)
        for head, tail, goes_on in used:
            names = [name for name in break_features(head, tail) if counts[name] >= least]
            weights = {name: weight(name) for name in names}
            error = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, sum(weights.values()))))) - goes_on
            for name in names:
                square = squares.get(name, 0.0)
                rate = (math.sqrt(square + error * error) - math.sqrt(square)) / 0.1
                sums[name] = sums.get(name, 0.0) + error - rate * weights[name]
                squares[name] = square + error * error
    rounded = {name: round(weight(name), decimals) for name in sums}
    return Breaks({name: value for name, value in rounded.items() if value})


def write_breaks(breaks: Breaks) -> str:
    """Give the text of `breaks.toml`: for each place and weight, the characters that have it."""
    out = ["# Does a sentence go on across a break? Weights of the characters before it, behind it and across it.",
           "# Learned by cutting the paragraphs of news texts at random places; above 0 speaks for going on."]  # fmt: skip
    for place in ("before", "behind", "across"):
        by_weight: dict[float, list[str]] = {}
        for name, value in breaks.weights.items():
            kind, _, characters = name.partition(" ")
            if kind == place:
                by_weight.setdefault(value, []).append(characters)
        out += ["", f"[{place}]"]
        for value, pieces in sorted(by_weight.items(), key=lambda item: -item[0]):
            words = " ".join(sorted(pieces)).replace("\\", "\\\\").replace('"', '\\"')
            out.append(f'"{value:g}" = "{words}"')
    return "\n".join(out) + "\n"
