"""Dictionaries of several sources become one, each word with the kinds that they give it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.training.word_lists import build_words

LISTS = {
    "hanlp_CoreNatureDictionary.txt": "太原\tns\t10\n主任\tnnt\t5\tn\t1\n集团\tnis\t3\n发展\tv\t9\tvn\t9\n"
    "的\tude1\t99\n比尔\tnrf\t1\n",
    "hanlp_人名词典.txt": "赵敏 nr 1\n",
    "hanlp_全国地名大全.txt": "石桥镇\n",
    "hanlp_机构名词典.txt": "太原 nt 1\n上海师范大学 ntu 3\n",
    "thuocl_diming.txt": "汾河\t99\n",
    "thuocl_lishimingren.txt": "贺龙\t2\n",
    "admin_provinces.csv": 'code,name\n14,"山西省"\n',
    "admin_cities.csv": 'code,name\n1404,"长治市"\n',
    "admin_areas.csv": 'code,name\n140423,"襄垣县"\n',
    "admin_streets.csv": 'code,name\n1,"下良镇"\n',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in LISTS.items():
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("太原", ("body", "place")), ("主任", ("noun", "post")), ("集团", ("ending",)), ("发展", ("verb",)),
        ("比尔", ("person",)), ("赵敏", ("person",)), ("上海师范大学", ("body",)), ("襄垣", ("place",)),
        ("襄垣县", ("place",)),
    ],
)  # fmt: skip
def test_a_word_has_the_kinds_that_its_lists_give_it(folder: Path, word: str, kinds: tuple[str, ...]) -> None:
    assert build_words(folder)[word] == kinds


@pytest.mark.parametrize("word", ["的", "下良", "name", "code"])
def test_single_characters_short_towns_and_headings_are_no_words(folder: Path, word: str) -> None:
    assert word not in build_words(folder)


def test_a_missing_list_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "thuocl_diming.txt.gz").unlink()
    with pytest.raises(InputError, match="thuocl_diming"):
        build_words(folder)
