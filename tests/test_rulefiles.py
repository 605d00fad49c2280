from __future__ import annotations

import gzip
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RulesError
from pipeline.rulefiles import (
    alternatives,
    compile_regex,
    fill_parts,
    key_line,
    read_table,
    read_tables,
    read_toml,
    read_words,
)


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    weight: int = 1


def file(folder: Path, text: str, name: str = "rules.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def test_a_toml_error_carries_its_line(tmp_path):
    path = file(tmp_path, "[parts]\nnumber = '一'\nbroken = \n")
    with pytest.raises(RulesError, match=r"rules\.toml:3: no TOML"):
        read_toml(path)


def test_a_toml_error_at_the_end_carries_the_last_line(tmp_path):
    with pytest.raises(RulesError, match=r"rules\.toml:2: no TOML"):
        read_toml(file(tmp_path, 'a = 1\nb = "open'))


def test_tables_are_read_with_the_line_on_which_they_begin(tmp_path):
    path = file(tmp_path, '# 规则\n[[rule]]\nname = "a"\n\n[[rule]]\nname = "b"\nweight = 2\n')
    assert read_tables(path, "rule", Shape) == [(2, Shape("a")), (5, Shape("b", 2))]


@pytest.mark.parametrize(
    ("key", "says"), [("colour = 1", "colour"), ('weight = "2"', "int"), ("name = 3", "str"), ("", "name")]
)
def test_an_unknown_mistyped_or_missing_key_names_the_line_of_its_rule(tmp_path, key, says):
    rule = key if key.startswith("name") or not key else f'name = "b"\n{key}'
    path = file(tmp_path, f'[[rule]]\nname = "a"\n[[rule]]\n{rule}\n')
    with pytest.raises(RulesError, match=rf"rules\.toml:3: .*{says}"):
        read_tables(path, "rule", Shape)


def test_a_file_without_rules_is_refused(tmp_path):
    with pytest.raises(RulesError, match=r"\[\[rule\]\]"):
        read_tables(file(tmp_path, 'title = "none"\n'), "rule", Shape)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RulesError, match="nowhere"):
        read_toml(tmp_path / "nowhere.toml")


def test_the_line_of_a_key_is_found(tmp_path):
    assert key_line(file(tmp_path, "[parts]\na = '1'\nb_c = '2'\n"), "b_c") == 3


@pytest.mark.parametrize("name", ["words.txt", "words.txt.gz"])
def test_word_lists_are_read_plain_and_gzipped_without_their_comments(tmp_path, name):
    data = "# 来源\n云州\n\n海州\t3\tfree\n".encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    entries = read_words(tmp_path / name)
    assert [(e.word, e.columns, e.line) for e in entries] == [("云州", (), 2), ("海州", ("3", "free"), 4)]


@pytest.mark.parametrize(
    ("text", "says"),
    [("云州\n海州\n云州\n", r"words\.txt:3: '云州' stands on line 1"), ("云州\n 海州\n", r"words\.txt:2: .*blanks")],
)
def test_a_bad_entry_names_its_line(tmp_path, text, says):
    with pytest.raises(RulesError, match=says):
        read_words(file(tmp_path, text, "words.txt"))


def test_a_list_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "words.txt").write_bytes("云州".encode("gb18030"))
    with pytest.raises(RulesError, match=r"words\.txt"):
        read_words(tmp_path / "words.txt")


def test_parts_are_filled_in_and_quantifiers_are_left_alone():
    parts = {"digit": "[0-9]", "number": "{digit}{1,3}"}
    assert fill_parts("{number}元", parts, where=Path("r.toml"), line=1) == "(?:(?:[0-9]){1,3})元"


@pytest.mark.parametrize(("parts", "says"), [({}, "unknown part 'a'"), ({"a": "{b}", "b": "{a}"}, "contains itself")])
def test_an_unknown_or_circular_part_is_refused(parts, says):
    with pytest.raises(RulesError, match=rf"r\.toml:7: .*{says}"):
        fill_parts("{a}", parts, where=Path("r.toml"), line=7)


@pytest.mark.parametrize("source", ["[", "(?P<a", "a*", "a|", "(?=a)?"])
def test_a_regex_that_is_none_or_matches_nothing_is_refused(source):
    with pytest.raises(RulesError, match=r"r\.toml:4"):
        compile_regex(source, where=Path("r.toml"), line=4)


@given(st.lists(st.text("副省市长.*", min_size=1, max_size=4), min_size=1))
def test_alternatives_match_each_word_whole_and_nothing_else(words):
    pattern = re.compile(alternatives(words))
    assert all(pattern.fullmatch(word) for word in words)
    assert not pattern.fullmatch("".join(words) + "县")


def test_a_table_holds_what_the_word_list_holds(tmp_path):
    path = file(tmp_path, "# a list\n市长\t12\n\n副市长\t3\tx\n省长\n", "words.txt")
    assert read_table(path) == {entry.word: "\t".join(entry.columns) for entry in read_words(path)}
    assert read_table(path) == {"市长": "12", "副市长": "3\tx", "省长": ""}


@pytest.mark.parametrize("line", ["市长\t2", " 省长", "省长 \t2", "\t2"])
def test_a_table_refuses_what_the_word_list_refuses_with_its_line(tmp_path, line):
    path = file(tmp_path, f"市长\t1\n{line}\n", "words.txt")
    with pytest.raises(RulesError, match=r"words\.txt:2"):
        read_table(path)
