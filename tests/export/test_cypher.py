"""Cypher: statements that are always the same, and rows that say everything else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from made_records import HOSTILE, INVESTMENT, make_record

from pipeline.export.cypher import cypher_rows, literal
from pipeline.export.cypher_statements import CONSTRAINTS, STATEMENTS
from pipeline.export.formats import export, make_format

KNOWN = set(CONSTRAINTS) | set(STATEMENTS.values())
PARAM = ":param rows => "


def read_literal(text: str) -> Any:
    """Read what `literal` writes: JSON, but for keys without quotes. Strings hold no bare `{`-key since they are quoted."""
    strings: list[str] = []

    def keep(match: re.Match[str]) -> str:
        strings.append(match[0])
        return f'"{len(strings) - 1}"'

    bare = re.sub(r'"(?:[^"\\]|\\.)*"', keep, text)
    return _filled(json.loads(re.sub(r"([a-z_0-9]+):", r'"\1":', bare)), strings)


def _filled(value: Any, strings: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(part, strings) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, strings) for part in value]
    return json.loads(strings[int(value)]) if isinstance(value, str) else value


def loaded(path: Path) -> list[tuple[str, Any]]:
    lines = path.read_text(encoding="ascii").split("\n")
    statements, rows = [], None
    for line in lines:
        if line.startswith(PARAM):
            rows = read_literal(line.removeprefix(PARAM))
        elif line:
            statements.append((line.removesuffix(";"), rows))
            rows = None
    return statements


def test_a_script_has_only_known_statements_and_says_the_rest_in_parameters(tmp_path: Path) -> None:
    export([INVESTMENT, HOSTILE], tmp_path / "load.cypher", format=make_format("cypher"))
    statements = loaded(tmp_path / "load.cypher")
    assert {statement for statement, _ in statements} <= KNOWN
    assert [statement for statement, rows in statements if rows is None] == list(CONSTRAINTS)
    texts = [row["text"] for statement, rows in statements if statement == STATEMENTS["article"] for row in rows]
    assert texts == [INVESTMENT.text, HOSTILE.text]


def test_the_script_and_the_json_lines_say_the_same(tmp_path: Path) -> None:
    for name, settings in (("a", {}), ("b", {"rows": "json"})):
        export([INVESTMENT, HOSTILE], tmp_path / name, format=make_format("cypher", settings))
    lines = [json.loads(line) for line in (tmp_path / "b").read_text(encoding="utf-8").splitlines()]
    assert [(line["statement"], line["parameters"].get("rows")) for line in lines] == loaded(tmp_path / "a")


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_whatever_the_batch_all_rows_are_there_and_ends_come_before_their_edges(batch: int, tmp_path: Path) -> None:
    export([INVESTMENT, HOSTILE], tmp_path / "x", format=make_format("cypher", {"batch": batch}))
    statements = [(s, rows) for s, rows in loaded(tmp_path / "x") if rows is not None]
    names = {statement: name for name, statement in STATEMENTS.items()}
    found = [(names[statement], row) for statement, rows in statements for row in rows]
    wanted = [row for record in (INVESTMENT, HOSTILE) for row in cypher_rows(record)]
    assert sorted(map(repr, found)) == sorted(map(repr, json.loads(json.dumps(wanted), object_pairs_hook=dict) and [
        (name, json.loads(json.dumps(row))) for name, row in wanted
    ]))  # fmt: skip
    nodes: set[str] = set()
    for name, row in found:
        needs = {row[key] for key in ("head", "tail", "thing", "event", "fact") if key in row}
        assert needs <= nodes, (name, row)
        nodes.add(row.get("id", ""))


def test_mentions_of_an_entity_name_one_node_and_others_one_each() -> None:
    rows = list(cypher_rows(INVESTMENT))
    things = [row["thing"] for name, row in rows if name == "mention"]
    assert things.count("003-2#e1") == 3 and len(set(things)) == 5
    (edge,) = [row for name, row in rows if name == "relation invests_in"]
    assert (edge["head"], edge["tail"], edge["probability"]) == ("003-2#e1", "003-2#t36-45", 0.9)
    (fact, post) = [row for name, row in rows if name == "fact"]
    assert fact["values"] == {"stage": "planned"} and post["values"] == {
        "post": "总经理",
        "body": None,
        "since": "--03-05",
    }
    slots = [row["value"] for name, row in rows if name == "slot" and row["slot"] == "amount"]
    assert slots == ['{"amount":"500000000","currency":"CNY"}']


def test_a_statement_for_every_label_and_relation_of_the_scheme() -> None:
    from pipeline.records import MENTION_LABELS, RELATION_TYPES

    assert {f"entity {label}" for label in MENTION_LABELS} <= set(STATEMENTS)
    assert {f"relation {kind}" for kind in RELATION_TYPES} <= set(STATEMENTS)
    assert all("$rows" in statement for statement in STATEMENTS.values())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("𠮷\"'\\\n`", '"\\ud842\\udfb7\\"\'\\\\\\n`"'),
        ({"a": None, "b": True}, "{a: null, b: true}"),
        ([1, 2.5, []], "[1, 2.5, []]"),
    ],
)
def test_a_literal_is_one_line_of_ascii(value: Any, said: str) -> None:
    assert literal(value) == said
    assert read_literal(said) == value


def test_a_key_that_is_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be a key"):
        literal({"a: 1}) DELETE": 1})


def test_a_record_without_anything_is_an_article_alone() -> None:
    assert [name for name, _ in cypher_rows(make_record("晴。", page=None))] == ["article"]
