"""Build the tables by which the name of a person is told from what follows it.

Weights are log-odds times ten: how much more often a character stands at a place of a name than in running text.
"""

from __future__ import annotations

import gzip
import lzma
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.rulefiles import read_words
from pipeline.training.lexicons import write_list

_PRIOR = 2000  # imagined occurrences that follow running text, so that rare characters weigh little
_PER_NAME = 30  # occurrences of one person that count, so that no head of state decides alone
_MIN_PAIR = 12
_RANGE = 60


def build_names(data: Path, folder: Path) -> None:
    """Write surnames.txt, given_names.txt and name_followers.txt; `data` holds lexicon/ and pretrain/."""
    names = _read_names(data / "lexicon" / "hanlp_人名词典.txt.gz")
    compound = {entry.word for entry in read_words(folder / "surnames_compound.txt")}
    texts = _texts(data / "pretrain")
    background = Counter("".join(texts))
    surnames: Counter[str] = Counter()
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    single: Counter[str] = Counter()
    for name, weight in names.items():
        size = 2 if name[:2] in compound else 1
        given = name[size:]
        surnames[name[:size]] += weight
        if len(given) == 1:
            single[given] += weight
        elif len(given) == 2:
            first[given[0]] += weight
            second[given[1]] += weight
    header = ["surname and log-odds times ten, from HanLP's dictionary of persons", "Licence: Apache-2.0 (HanLP)"]
    kept = {surname: number for surname, number in surnames.items() if len(surname) == 1 and number >= 3}
    _write_table(folder / "surnames.txt", [kept], background, header)
    header = ["character; as first of two, last of two and only one of a given name: log-odds times ten", header[1]]
    _write_table(folder / "given_names.txt", [first, second, single], background, header)
    followers = _count_followers((name for name in names if len(name) == 3), texts)
    pairs = {key: number for key, number in followers.items() if len(key) == 2 and number >= _MIN_PAIR}
    background.update(_count_pairs(texts, pairs))
    followers = Counter({key: number for key, number in followers.items() if len(key) == 1 or key in pairs})
    header = [
        "one or two characters and log-odds times ten of their standing right behind a name, counted in running text",
        header[1],
    ]
    _write_table(folder / "name_followers.txt", [followers], background, header)


def _read_names(path: Path) -> dict[str, int]:
    names: dict[str, int] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if len(fields) == 3 and fields[1] == "nr" and len(fields[0]) in (2, 3):
                names[fields[0]] = min(int(fields[2]), 5)
    return names


def _count_followers(names: Iterable[str], texts: Iterable[str]) -> Counter[str]:
    patterns = sorted(names)
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)
    seen: Counter[int] = Counter()
    followers: Counter[str] = Counter()
    for text in texts:
        for index, _, end in automaton.find_matches_as_indexes(text):
            seen[index] += 1
            if seen[index] <= _PER_NAME and end < len(text):
                followers[text[end]] += 1
                followers[text[end : end + 2]] += 1
    return followers


def _count_pairs(texts: Iterable[str], pairs: Iterable[str]) -> Counter[str]:
    wanted = set(pairs)
    return Counter(text[at : at + 2] for text in texts for at in range(len(text) - 1) if text[at : at + 2] in wanted)


def _write_table(
    path: Path, columns: list[Mapping[str, int]], background: Mapping[str, int], header: list[str]
) -> None:
    characters = sorted({character for column in columns for character in column if character == character.strip()})
    total = sum(number for key, number in background.items() if len(key) == 1)
    sums = [sum(number for key, number in column.items() if len(key) == 1) for column in columns]
    rows = []
    for character in characters:
        usual = (background.get(character, 0) + 1) / total
        weights = [
            _log_odds((column.get(character, 0) + _PRIOR * usual) / (size + _PRIOR), usual)
            for column, size in zip(columns, sums, strict=True)
        ]
        rows.append("\t".join([character, *map(str, weights)]))
    write_list(path, rows, header=header)


def _log_odds(share: float, usual: float) -> int:
    return max(-_RANGE, min(_RANGE, round(10 * math.log(share / usual))))


def _texts(folder: Path) -> list[str]:
    texts = []
    for path in sorted(folder.glob("*.txt.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            texts.append(file.read())
    return texts
