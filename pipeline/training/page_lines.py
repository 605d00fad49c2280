"""Learn the weights of `lines.toml` from marked-up pages: a linear-chain CRF (Lafferty 2001) with an L2 penalty.

Reads gold pages; writes rounded weights that a person can read and change.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.markup import GoldPage
from pipeline.pages.breaks import Breaks
from pipeline.pages.bylines import BylineRules
from pipeline.pages.chain import EDGE, Chain, Matrix
from pipeline.pages.context import describe
from pipeline.pages.features import look_at
from pipeline.pages.joining import Joins, PageJoins
from pipeline.pages.lines import cut
from pipeline.pages.rules import Rules
from pipeline.pages.shapes import Shapes
from pipeline.records import Line
from pipeline.training.recompose import recompose

STATES = {
    "section": "section", "credit": "credit", "kicker": "kicker", "title": "title", "title_on": "title",
    "subtitle": "subtitle", "subhead": "subhead", "lead": "body", "opening": "body", "body": "body", "body_on": "body",
    "byline_head": "byline", "byline_tail": "byline", "byline_photo": "byline", "caption": "caption", "jump": "jump",
    "signature": "signature",
}  # fmt: skip


def states_of(lines: Sequence[Line]) -> list[str]:
    """Split roles by their place in the article: a byline above or below the body, the body's first line.

    `opening` is the first body line of an article that has no line before it, `lead` that of one that has.
    """
    last: dict[int, Line] = {}
    with_body = {line.article for line in lines if line.role == "body"}
    begun: set[int] = set()
    states = []
    for line in lines:
        state = line.role
        if line.article is not None:
            before = last.get(line.article)
            if line.role == "title" and line.joins:
                state = "title_on"
            elif line.role == "body":
                state = (
                    "body_on" if line.joins else "body" if line.article in begun else "lead" if before else "opening"
                )
                begun.add(line.article)
            elif line.role == "byline":
                photo = line.article not in with_body or (before is not None and before.role == "caption")
                state = "byline_photo" if photo else "byline_tail" if line.article in begun else "byline_head"
            last[line.article] = line
        states.append(state)
    return states


class Learner:
    """Learns the weights of lines from gold pages, by the settings of one file and the rule files of one folder."""

    def __init__(self, config: Path, rules: Path) -> None:
        settings = Rules(config)
        numbers = settings.numbers("settings")
        self.penalty, self.decimals = numbers["penalty"], int(numbers["decimals"])
        self.rounds, self.least = int(numbers["rounds"]), int(numbers["least"])
        self.copies, self.seed = int(numbers["copies"]), int(numbers["seed"])
        self.priors = {name: settings.numbers("priors", name) for name in settings.table("priors")}
        self.order = {name: settings.numbers("order", name) for name in settings.table("order")}
        self.shapes = Shapes(rules / "shapes.toml")
        self.bylines = BylineRules(rules / "bylines.toml")
        self.joins = Joins(rules / "joins.toml", Breaks.load(rules / "breaks.toml"))

    def learn(self, pages: Sequence[GoldPage]) -> Chain:
        """Learn from pages, each in `copies` recomposed forms besides its own."""
        rng = random.Random(self.seed)
        used = [*pages, *(recompose(page, rng) for page in pages for _ in range(self.copies))]
        return train_chain(
            [self.features(page) for page in used], [states_of(page.lines) for page in used], penalty=self.penalty,
            rounds=self.rounds, least=self.least, decimals=self.decimals, priors=self.priors, order=self.order,
        )  # fmt: skip

    def features(self, page: GoldPage) -> list[frozenset[str]]:
        """Give the features of every line of a page."""
        raw = cut(page.text)
        looks = [look_at(page.text[line.start : line.end], line, self.shapes, self.bylines) for line in raw]
        return [frozenset(found) for found in describe(raw, looks, PageJoins(self.joins, raw, looks))]


def train_chain(
    pages: Sequence[Sequence[frozenset[str]]], gold: Sequence[Sequence[str]], *, penalty: float, rounds: int,
    least: int, decimals: int, priors: Mapping[str, Mapping[str, float]], order: Mapping[str, Mapping[str, float]],
) -> Chain:  # fmt: skip
    """Fit the weights to the gold states of pages.

    Args:
        penalty: of the squared distance from the priors.
        rounds: steps of the optimizer (Adam, Kingma & Ba 2015), all pages at once.
        least: on how many pages a feature must stand to get a weight.
        order: weights known before any page is seen of one state following another.
        priors: weights known before any page is seen, by feature and state.
        decimals: to which weights are rounded; what rounds to nothing is left out of the file.
    """
    on_pages = Counter(name for lines in pages for name in set().union(*lines))
    features = sorted({name for name, number in on_pages.items() if number >= least} | set(priors))
    rows = {name: row for row, name in enumerate(features)}
    columns = {name: column for column, name in enumerate(STATES)}
    size, longest = len(STATES), max(len(lines) for lines in pages)
    lengths = np.array([len(lines) for lines in pages])
    inside = np.arange(longest)[None, :] < lengths[:, None]
    flat = np.zeros((int(lengths.sum()), len(features)), dtype=np.float32)
    target = np.zeros((len(flat), size))
    follow = np.zeros((size + 1, size + 1))
    line = 0
    for lines, states in zip(pages, gold, strict=True):
        path = [size, *(columns[state] for state in states), size]
        for before, after in itertools.pairwise(path):
            follow[before, after] += 1
        for found, state in zip(lines, states, strict=True):
            flat[line, [rows[name] for name in found if name in rows]] = 1.0
            target[line, columns[state]] = 1.0
            line += 1
    observed = flat.T @ target
    prior = np.zeros((len(features), size))
    for name, known in priors.items():
        for role, weight in known.items():
            prior[rows[name], [column for state, column in columns.items() if role == state]] = weight
    prior_order = np.zeros((size + 1, size + 1))
    places = {**columns, EDGE: size}
    for previous, known in order.items():
        for following, weight in known.items():
            prior_order[places[previous], places[following]] = weight
    weights, transitions = prior.copy(), prior_order.copy()
    optimizers = (_Adam(weights), _Adam(transitions))
    emissions = np.zeros((len(pages), longest, size))
    for step in range(rounds):
        emissions[inside] = flat @ weights.astype(np.float32)
        marginals, pairs = _expectations(emissions, transitions, lengths)
        rate = 0.08 * (1 - step / rounds) + 0.002
        expected = flat.T @ marginals[inside].astype(np.float32)
        optimizers[0].step(expected - observed + penalty * (weights - prior), rate)
        optimizers[1].step(pairs - follow + penalty * (transitions - prior_order), rate)
    return Chain(STATES, features, weights.round(decimals), transitions.round(decimals))


def _expectations(emissions: Matrix, transitions: Matrix, lengths: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Give the probability of each state on each line, and the expected number of each transition."""
    pages, longest, size = emissions.shape
    between, begin, end = (
        np.exp(part) for part in (transitions[:size, :size], transitions[size, :size], transitions[:size, size])
    )
    likely = np.exp(emissions - emissions.max(axis=2, keepdims=True))
    inside = np.arange(longest)[None, :] < lengths[:, None]
    forward, backward = np.zeros_like(emissions), np.zeros_like(emissions)
    forward[:, 0] = _scaled(begin * likely[:, 0])
    for index in range(1, longest):
        forward[:, index] = _scaled((forward[:, index - 1] @ between) * likely[:, index])
    every = np.arange(pages)
    backward[every, lengths - 1] = end
    for index in range(longest - 2, -1, -1):
        inner = _scaled((likely[:, index + 1] * backward[:, index + 1]) @ between.T)
        backward[:, index] = np.where((index < lengths - 1)[:, None], inner, backward[:, index])
    marginals = _scaled(forward * backward) * inside[..., None]
    pairs = np.zeros_like(transitions)
    for index in range(1, longest):
        after = likely[:, index] * backward[:, index]
        mass = ((forward[:, index - 1] @ between) * after).sum(axis=1)
        share = np.where(inside[:, index], 1.0 / np.maximum(mass, 1e-300), 0.0)
        pairs[:size, :size] += ((forward[:, index - 1] * share[:, None]).T @ after) * between
    pairs[size, :size] = marginals[:, 0].sum(axis=0)
    pairs[:size, size] = marginals[every, lengths - 1].sum(axis=0)
    return marginals, pairs


def _scaled(values: Matrix) -> Matrix:
    result: Matrix = values / np.maximum(values.sum(axis=-1, keepdims=True), 1e-300)
    return result


class _Adam:
    """The optimizer's memory of one matrix, which it changes in place."""

    def __init__(self, values: Matrix) -> None:
        self.values, self.mean, self.square, self.steps = values, np.zeros_like(values), np.zeros_like(values), 0

    def step(self, gradient: Matrix, rate: float) -> None:
        self.steps += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.99 * self.square + 0.01 * gradient**2
        mean, square = self.mean / (1 - 0.9**self.steps), self.square / (1 - 0.99**self.steps)
        self.values -= rate * mean / (np.sqrt(square) + 1e-8)


def write_chain(chain: Chain) -> str:
    """Give the text of `lines.toml`, weights of one feature a line, strongest state first."""
    out = ["# What a line is: states with their roles, and the weight of each feature for each state.",
           "# Learned from the marked-up pages of tests/pages/corpus/dev; a weight may be changed by hand.",
           "", "[states]", *(f'{name} = "{role}"' for name, role in chain.roles.items()), "",
           "[transitions]  # from the state of one line to that of the next; edge: before the first, behind the last"]  # fmt: skip
    names = [*chain.states, EDGE]
    out += [f"{before} = {_table(names, row)}" for before, row in zip(names, chain.transitions, strict=True)]
    out += ["", "[weights]"]
    out += [
        f'"{name}" = "{", ".join(_ranked(names[:-1], chain.weights[row]))}"'
        for name, row in sorted(chain.rows.items())
        if chain.weights[row].any()
    ]
    return "\n".join(out) + "\n"


def _table(names: Sequence[str], row: Matrix) -> str:
    inner = ", ".join(pair.replace(" ", " = ") for pair in _ranked(names, row))
    return f"{{ {inner} }}" if inner else "{}"


def _ranked(names: Sequence[str], row: Matrix) -> list[str]:
    """Give names with their weights, the strongest first; those that weigh nothing are left out."""
    ranked = sorted(zip(names, row, strict=True), key=lambda item: (-item[1], item[0]))
    return [f"{name} {weight:g}" for name, weight in ranked if weight]
