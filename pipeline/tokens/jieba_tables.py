"""Read the tables of the installed jieba: its dictionary, and what its hidden Markov model has learnt.

The files are read by themselves: importing jieba imports `pkg_resources` where that is installed, and reading the
dictionary as jieba does takes most of a second.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from pipeline.errors import ConfigError
from pipeline.tries import Trie, code_points, find_digits, find_lines

_STATES = "BMES"  # a character begins a word, stands inside it, ends it, is one
_B, _M, _E, _S = range(4)
_NEVER = -3.14e100  # jieba's logarithm of no chance
_NEVER_SHOWN = (_NEVER,) * 4


class Words(msgspec.Struct, frozen=True):
    """The dictionary: for each word the place of its weight, the logarithm of its share of all words, in `weights`."""

    trie: Trie
    weights: Any  # float64; place 0 is that of a character that is no word


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Read the dictionary: a line is a word, its frequency and its part of speech, parted by blanks."""
    path = _folder() / "dict.txt"
    try:
        codes = code_points(path.read_bytes().decode("utf-8"))
        starts, blanks, ends = find_lines(codes, " ")
        second = np.append(np.flatnonzero(codes == ord(" ")), len(codes))
        behind = np.minimum(second[np.searchsorted(second, blanks + 1)], ends)
        counts = np.zeros(len(starts), dtype=np.int64)
        for which, digits in find_digits(codes, blanks + 1, behind):
            counts[which] = counts[which] * 10 + digits
    except (OSError, ValueError) as error:
        raise _broken(path, error) from error
    logarithm_of_total = math.log(int(counts.sum()))
    different, places = np.unique(counts, return_inverse=True)
    # of the standard library, as in jieba: numpy's logarithm differs in the last bit
    weights = [math.log(count or 1) - logarithm_of_total for count in different.tolist()]
    places = np.where(counts > 0, places.reshape(-1) + 1, 0)
    return Words(Trie(codes, starts, blanks - starts, places), np.array([0.0 - logarithm_of_total, *weights]))


def guess_words(text: str) -> Iterator[str]:
    """Cut Chinese characters that make no known word by the likeliest states of the model: 杭研 in 网易|杭研|大厦."""
    (start_b, start_m, start_e, start_s), moves, shows = _load_chances()
    b_m, b_e, m_m, m_e, e_b, e_s, s_b, s_s = moves
    show = shows.get(text[0], _NEVER_SHOWN)
    b, m, e, s = start_b + show[0], start_m + show[1], start_e + show[2], start_s + show[3]
    before: list[tuple[int, int, int, int]] = []  # for each character, the state before each state of it
    for character in text[1:]:
        show_b, show_m, show_e, show_s = shows.get(character, _NEVER_SHOWN)
        from_e, from_s = e + e_b + show_b, s + s_b + show_b  # of equal sums, the later letter wins: S, M
        to_b, before_b = (from_e, _E) if from_e > from_s else (from_s, _S)
        from_b, from_m = b + b_m + show_m, m + m_m + show_m
        to_m, before_m = (from_b, _B) if from_b > from_m else (from_m, _M)
        from_b, from_m = b + b_e + show_e, m + m_e + show_e
        to_e, before_e = (from_b, _B) if from_b > from_m else (from_m, _M)
        from_e, from_s = e + e_s + show_s, s + s_s + show_s
        to_s, before_s = (from_e, _E) if from_e > from_s else (from_s, _S)
        before.append((before_b, before_m, before_e, before_s))
        b, m, e, s = to_b, to_m, to_e, to_s
    states = [_E if e > s else _S]
    for row in reversed(before):
        states.append(row[states[-1]])
    start = 0
    for end, state in enumerate(reversed(states), start=1):
        if state in (_E, _S):
            yield text[start:end]
            start = end


@lru_cache(maxsize=1)
def _load_chances() -> tuple[tuple[float, ...], tuple[float, ...], dict[str, tuple[float, ...]]]:
    """Read the model: logarithms of the chances of each state to be the first, of the eight moves, of each character."""
    start, moves, shows = (_read_table(name) for name in ("prob_start", "prob_trans", "prob_emit"))
    characters = set().union(*(shows[state] for state in _STATES))
    return (
        tuple(start[state] for state in _STATES),
        tuple(moves[one].get(other, _NEVER) for one, other in ("BM", "BE", "MM", "ME", "EB", "ES", "SB", "SS")),
        {c: tuple(shows[state].get(c, _NEVER) for state in _STATES) for c in characters},
    )


def _read_table(name: str) -> Any:
    path = _folder() / "finalseg" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"jieba_{name}", path)
    try:
        assert spec is not None and spec.loader is not None  # a path that ends in .py has a loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.P
    except (OSError, AttributeError) as error:
        raise _broken(path, error) from error


def _folder() -> Path:
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ConfigError("jieba is not installed", remedy="pip install jieba")
    return Path(spec.origin).parent


def _broken(path: Path, error: Exception) -> ConfigError:
    return ConfigError(f"cannot read jieba's table: {error}", where=path, remedy="install jieba 0.42.1 anew")
