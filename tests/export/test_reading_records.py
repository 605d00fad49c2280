"""A records file is read one record at a time, and whatever contradicts itself is refused with its line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made_records import HOSTILE, INVESTMENT, plain, write_records

from pipeline.errors import InputError
from pipeline.export.lookup import Lookup
from pipeline.export.reading import RecordFile


def test_a_file_gives_its_records_each_time_it_is_gone_through(tmp_path: Path) -> None:
    file = RecordFile(write_records(tmp_path / "r.jsonl", INVESTMENT, HOSTILE))
    assert list(file) == list(file) == [INVESTMENT, HOSTILE]


def test_a_packed_file_with_a_mark_and_blank_lines_is_read_alike(tmp_path: Path) -> None:
    lines = write_records(tmp_path / "r.jsonl", INVESTMENT, HOSTILE).read_bytes().replace(b"\n", b"\n\n")
    (tmp_path / "r.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + lines))
    assert list(RecordFile(tmp_path / "r.gz")) == [INVESTMENT, HOSTILE]


def _set(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(record: dict[str, Any]) -> None:
        *way, last, value = path
        part: Any = record
        for step in way:
            part = part[step]
        part[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("schema", "baozhi/9"), "is no record of baozhi/1"),
        (_set("mentions", 0, "label", "CITY"), "unknown label 'CITY'; known:"),
        (_set("mentions", 0, "text", "恒远"), "says '恒远', its text '恒远集团'"),
        (_set("mentions", 0, "end", 999), "lies outside the text"),
        (_set("mentions", 0, "entity", "e9"), "points to 'e9', which is no entity"),
        (_set("mentions", 1, "id", "m0-4"), "the mention id 'm0-4' stands there twice"),
        (_set("relations", 0, "from", "m1-2"), "points to 'm1-2', which is no mention"),
        (_set("relations", 0, "type", "x]->() DELETE"), "unknown relation"),
        (_set("events", 0, "roles", 0, "mention", "m1-2"), "points to 'm1-2', which is no mention"),
        (_set("events", 0, "roles", 0, "role", "owner"), "unknown role 'owner'"),
        (_set("events", 0, "status", "maybe"), "unknown status 'maybe'"),
        (_set("sentences", 0, [5, 3]), "lies outside the text"),
        (_set("facts", 0, "type", "../x"), "a fact has '../x' for its type or a slot"),
        (_set("facts", 0, "a b", "m0-4"), "a fact has 'a b' for its type or a slot"),
        (_set("facts", 0, {"investor": "m0-4"}), "a fact has None for its type"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused_with_its_line(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    broken = plain(INVESTMENT)
    change(broken)
    path = write_records(tmp_path / "r.jsonl", HOSTILE)
    path.write_bytes(path.read_bytes() + json.dumps(broken).encode())
    with pytest.raises(InputError) as error:
        list(RecordFile(path))
    assert says in str(error.value)
    assert str(error.value).startswith(f"{path}:2: ")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no record"),
        (b"{\n", ":1: is no record"),
        (b"\xff\xfe", ":1: is no record"),
        (b"\x1f\x8bxx", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_records_file_is_an_error_that_names_it(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "r.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=r"r\.jsonl") as error:
        list(RecordFile(tmp_path / "r.jsonl"))
    assert says in str(error.value)


def test_an_id_that_comes_twice_is_an_error_that_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"r\.jsonl:2: the id '003-2' stands on line 1 already"):
        list(RecordFile(write_records(tmp_path / "r.jsonl", INVESTMENT, INVESTMENT)))


def test_a_fact_is_named_by_its_id_else_by_its_mentions_and_each_name_is_given_once() -> None:
    named = {"type": "official_post", "id": "f1", "person": "m49-51"}
    at = Lookup(msgspec.structs.replace(INVESTMENT, facts=(*INVESTMENT.facts, INVESTMENT.facts[1], named)))
    assert [fact.id for fact in at.facts()] == [
        "investment-m0-4-m36-45-m31-34", "official_post-m49-51", "official_post-m49-51-2", "f1",
    ]  # fmt: skip


def test_a_slot_is_a_mention_a_plain_value_or_several_of_them() -> None:
    listed = {"type": "investment", "investor": ["m0-4", "m49-51"], "stage": "m1-2", "share": 0.5}
    (fact,) = Lookup(msgspec.structs.replace(INVESTMENT, facts=(listed,))).facts()
    assert [(s.name, s.text, s.value) for s in fact.slots] == [
        ("investor", "恒远集团", None), ("investor", "赵敏", None), ("stage", None, "m1-2"), ("share", None, 0.5),
    ]  # fmt: skip


def test_the_sentence_of_an_offset_is_the_one_around_it() -> None:
    at = Lookup(INVESTMENT)
    trigger = INVESTMENT.events[0].start
    assert at.sentence_text(trigger).startswith("3月5日，恒远集团出资")
    assert at.sentence_text(trigger, 0, trigger).startswith("恒远集团扩建恒远重型机械集团有限公司。 3月5日")
