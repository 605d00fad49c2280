"""Read the openly licensed dictionaries that the word lists are derived from."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct


class Sources(Struct, frozen=True):
    """The dictionaries, read."""

    core: Mapping[str, Mapping[str, int]]  # word -> part of speech -> frequency
    divisions: Sequence[str]
    towns: Sequence[str]
    places: Sequence[str]
    bodies: Sequence[str]
    people: Sequence[str]
    companies: Sequence[str]


def read_sources(folder: Path) -> Sources:
    """Read the dictionaries of HanLP, THUOCL, Administrative-divisions-of-China and Company-Names-Corpus."""
    core: dict[str, dict[str, int]] = {}
    for word, *tags in _rows(folder / "hanlp_CoreNatureDictionary.txt.gz"):
        core[word] = dict(zip(tags[::2], map(int, tags[1::2]), strict=True))
    divisions = [
        row["name"]
        for name in ("provinces", "cities", "areas")
        for row in csv.DictReader(read_lines(folder / f"admin_{name}.csv.gz"))
    ]
    with gzip.open(folder / "admin_HK-MO-TW.json.gz", "rt", encoding="utf-8") as file:
        divisions += _names_in(json.load(file))
    return Sources(
        core=core,
        divisions=divisions,
        towns=[row["name"] for row in csv.DictReader(read_lines(folder / "admin_streets.csv.gz"))],
        places=[
            *(row[0] for row in _rows(folder / "hanlp_全国地名大全.txt.gz")),
            *(row[0] for row in _rows(folder / "thuocl_diming.txt.gz")),
            *(word for word, tags in core.items() if share_of(tags, ("ns",)) > 0.9),
        ],
        bodies=[
            *(row[0] for row in _rows(folder / "hanlp_机构名词典.txt.gz")),
            *(word for word, tags in core.items() if share_of(tags, ("nt",)) > 0.9),
        ],
        people=[
            *(row[0] for row in _rows(folder / "hanlp_人名词典.txt.gz")),
            *(row[0] for row in _rows(folder / "thuocl_lishimingren.txt.gz")),
            *(word for word, tags in core.items() if share_of(tags, ("nr",)) > 0.9),
        ],
        companies=[row[0] for row in _rows(folder / "company_short.txt.gz")],
    )


def share_of(tags: Mapping[str, int], prefixes: tuple[str, ...]) -> float:
    """Give the share of a word's occurrences whose part of speech begins with one of some prefixes."""
    total = sum(tags.values())
    return sum(number for tag, number in tags.items() if tag.startswith(prefixes)) / total if total else 0.0


def read_lines(path: Path) -> Iterator[str]:
    """Read the lines of a gzipped file."""
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        yield from file


def _rows(path: Path) -> Iterator[list[str]]:
    for line in read_lines(path):
        fields = line.split()
        if fields:
            yield fields


def _names_in(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [name for key, value in tree.items() for name in [re.sub("（.*）", "", key), *_names_in(value)]]
    return [name for value in tree for name in (_names_in(value) if isinstance(value, (dict, list)) else [value])]
