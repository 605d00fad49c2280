"""Build the dictionary of a model from openly licensed word lists: words, and what kinds of words they are."""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import InputError

_LONGEST = 12
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z·]{2,12}")
_ENDING = re.compile(r"(?:[\u4e00-\u9fff]{1,3}族)*自治[州县区旗]|省|市|地区|盟|新区|林区|区|县|旗|街道|镇|乡")
# prefixes of HanLP's parts of speech, the first that fits counts
_PARTS = (
    ("nrf", "person"), ("nr", "person"), ("ns", "place"), ("nis", "ending"), ("nit", "ending"), ("nnt", "post"),
    ("nnd", "post"), ("nt", "body"), ("n", "noun"), ("g", "noun"), ("v", "verb"),
)  # fmt: skip


def build_words(folder: Path) -> dict[str, tuple[str, ...]]:
    """Read the lists of a folder; a word that several know has the kinds that each gives it.

    Raises:
        InputError: a list is missing.
    """
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for word, kind in _read_all(folder):
        if _WORD.fullmatch(word) and len(word) <= _LONGEST:
            kinds[word].add(kind)
    return {word: tuple(sorted(found)) for word, found in sorted(kinds.items())}


def _read_all(folder: Path) -> Iterator[tuple[str, str]]:
    for line in _lines(folder / "hanlp_CoreNatureDictionary.txt.gz"):
        word, *rest = line.split("\t")
        for part in rest[::2]:
            yield word, next((kind for prefix, kind in _PARTS if part.startswith(prefix)), "other")
    for name, kind in (("人名词典", "person"), ("全国地名大全", "place"), ("机构名词典", "body")):
        for line in _lines(folder / f"hanlp_{name}.txt.gz"):
            yield line.split(" ")[0], kind
    for name, kind in (("thuocl_diming", "place"), ("thuocl_lishimingren", "person")):
        for line in _lines(folder / f"{name}.txt.gz"):
            yield line.split("\t")[0].strip(), kind
    for name in ("admin_provinces", "admin_cities", "admin_areas", "admin_streets"):
        for row in csv.reader(_lines(folder / f"{name}.csv.gz")[1:]):
            yield row[1], "place"
            short = _ENDING.sub("", row[1]) if name != "admin_streets" else row[1]
            if len(short) >= 2 and row[1] != "市辖区":
                yield short, "place"


def _lines(path: Path) -> list[str]:
    try:
        return gzip.open(path, "rt", encoding="utf-8").read().splitlines()
    except OSError as error:
        raise InputError(
            f"cannot read a word list: {error}", where=path, remedy="check [paths] in the config"
        ) from error
