"""Decode the most probable sequence of states of a page: a linear chain with weighted features (Lafferty 2001).

Reads `lines.toml`; writes state names. Every weight is a line of the file, rounded so that a person can read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import unknown
from pipeline.pages.rules import Rules
from pipeline.records import LINE_ROLES

EDGE = "edge"  # before the first and behind the last line of a page

Matrix = NDArray[np.float64]


class Chain:
    """States with their roles, the weights of features per state, and of one state following another."""

    def __init__(self, states: dict[str, str], features: Sequence[str], weights: Matrix, transitions: Matrix) -> None:
        """Take the parts; `weights` is features x states, `transitions` is (states + edge) x (states + edge)."""
        self.roles = states
        self.states = tuple(states)
        self.rows = {name: row for row, name in enumerate(features)}
        self.weights = weights
        self.transitions = transitions

    @classmethod
    def load(cls, path: Path) -> Chain:
        """Load the weights.

        Raises:
            RulesError: an unknown role or state, or a weight that is no number.
        """
        rules = Rules(path)
        states = {name: str(role) for name, role in rules.table("states").items()}
        for name, role in states.items():
            if role not in LINE_ROLES:
                raise rules.error(unknown("role", role, LINE_ROLES), name)
        columns = {name: column for column, name in enumerate(states)}
        features = list(rules.table("weights"))
        weights = np.zeros((len(features), len(columns)))
        for row, name in enumerate(features):
            for state, weight in rules.weighted("weights", name):
                if state not in columns:
                    raise rules.error(unknown("state", state, columns), name)
                weights[row, columns[state]] = weight
        columns[EDGE] = len(states)
        transitions = np.zeros((len(columns), len(columns)))
        for before in rules.table("transitions"):
            for after, weight in rules.numbers("transitions", before).items():
                for name in (before, after):
                    if name not in columns:
                        raise rules.error(unknown("state", name, columns), before)
                transitions[columns[before], columns[after]] = weight
        return cls(states, features, weights, transitions)

    def emissions(self, lines: Iterable[Iterable[str]]) -> Matrix:
        """Sum the weights of each line's features: lines x states. A feature without weights counts nothing."""
        scores = []
        for features in lines:
            rows = [self.rows[name] for name in features if name in self.rows]
            scores.append(self.weights[rows].sum(axis=0) if rows else np.zeros(len(self.states)))
        return np.array(scores).reshape(-1, len(self.states))

    def decode(self, lines: Iterable[Iterable[str]]) -> list[str]:
        """Give the best state of every line (Viterbi)."""
        emissions = self.emissions(lines)
        if not len(emissions):
            return []
        between = self.transitions[:-1, :-1]
        best = self.transitions[-1, :-1] + emissions[0]
        back = np.zeros(emissions.shape, dtype=np.int32)
        columns = np.arange(len(self.states))
        for index in range(1, len(emissions)):
            paths = best[:, None] + between
            back[index] = paths.argmax(axis=0)
            best = paths[back[index], columns] + emissions[index]
        state = int((best + self.transitions[:-1, -1]).argmax())
        path = [state]
        for index in range(len(emissions) - 1, 0, -1):
            state = int(back[index, state])
            path.append(state)
        return [self.states[state] for state in reversed(path)]
