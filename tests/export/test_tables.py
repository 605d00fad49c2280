"""Tables for spreadsheets and data frames: every value in its column, none of them a formula, and all of them read back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_records import HOSTILE, INVESTMENT

from pipeline.export.csv_tables import cell, read_cell
from pipeline.export.fact_lines import fact_lines
from pipeline.export.formats import export, make_format
from pipeline.export.tables import TABLES
from pipeline.records import article_of

DANGEROUS = "=+-@\t\r\n＝＋－＠"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(name="tables")
def tables_(tmp_path: Path) -> Path:
    export([INVESTMENT, HOSTILE], tmp_path / "csv", format=make_format("csv"))
    return tmp_path / "csv"


def test_a_fact_is_a_row_with_surfaces_values_places_and_evidence(tables: Path) -> None:
    (row,) = rows(tables / "facts_investment.csv")
    assert row["investor"] == "恒远集团" and row["investor_mention"] == "m0-4"
    assert row["target"] == "年产3万吨电池项目" and row["target_page_offsets"] == "136..145"
    assert json.loads(row["amount_value"]) == {"amount": "500000000", "currency": "CNY"}
    assert (row["stage"], row["stage_value"], row["stage_mention"]) == ("", "planned", "")
    assert (row["article"], row["article_page"], row["article_date"]) == ("003-2", "第3版/003.txt", "2024-12-03")
    assert (row["evidence"], row["probability"]) == ("v29-31", "0.8")
    assert "恒远集团出资5亿元" in row["sentences"] and "总经理赵敏说" not in row["sentences"]


def test_each_type_of_fact_has_its_own_columns_and_a_slot_may_be_empty(tables: Path) -> None:
    (row,) = rows(tables / "facts_official_post.csv")
    assert (row["person"], row["post_value"], row["body"], row["body_value"]) == ("赵敏", "总经理", "", "")
    assert row["since_value"] == "'--03-05"  # a year that is not known, and no formula
    assert "investor" not in row


def test_layers_have_a_row_for_each_thing_and_page_offsets_lead_to_it(tables: Path) -> None:
    found = rows(tables / "mentions.csv")
    assert len(found) == len(INVESTMENT.mentions) + len(HOSTILE.mentions)
    assert [row["entity"] for row in found[:2]] == ["e1", "e1"]
    for row, mention in zip(found, INVESTMENT.mentions, strict=False):
        start, end = (int(offset) - 100 for offset in row["page_offsets"].split(".."))
        assert INVESTMENT.text[start:end] == row["text"] == mention.text
    (event, other) = rows(tables / "events.csv")
    assert (event["type"], event["status"], event["text"], other["article"]) == (
        "investment",
        "planned",
        "出资",
        HOSTILE.id,
    )
    assert {(row["role"], row["text"]) for row in rows(tables / "roles.csv") if row["article"] == "003-2"} == {
        ("agent", "恒远集团"), ("amount", "5亿元"), ("time", "3月5日"),
    }  # fmt: skip
    assert [row["name"] for row in rows(tables / "entities.csv")] == ["恒远重型机械集团有限公司"]
    assert (rows(tables / "relations.csv")[0]["from_text"], rows(tables / "relations.csv")[0]["type"]) == (
        "恒远集团", "alias_of",
    )  # fmt: skip


def test_no_cell_of_any_table_begins_a_formula(tables: Path) -> None:
    cells = [value for file in tables.iterdir() for row in rows(file) for value in row.values()]
    assert any(value.startswith("'=HYPERLINK") for value in cells)
    assert any(value.startswith("'＋甲") for value in cells)
    assert [value for value in cells if value[:1] and value[0] in DANGEROUS and value != "-1+1"] == []
    assert "'-1+1" in cells and "'@SUM(1)" in cells


def test_the_text_of_an_article_is_read_back_from_its_cell(tables: Path) -> None:
    assert [read_cell(row["text"]) for row in rows(tables / "articles.csv")] == [INVESTMENT.text, HOSTILE.text]


@pytest.mark.parametrize("number", ["-3.2", "+5", "-20%", "-1"])
def test_a_negative_number_stays_a_number(number: str) -> None:
    assert cell(number, "text") == number


@pytest.mark.parametrize("formula", ["-3.2+1", "-A1", "--1", "=1", "@x", "\t=1", "＝1", "－甲", "'=1", "-1,2", "-٣"])
def test_what_only_looks_like_a_number_does_not(formula: str) -> None:
    assert cell(formula, "text") == f"'{formula}"


@given(st.text(alphabet="'=-+@3.%甲＝\t\r\n ", max_size=6))
def test_a_cell_is_read_back_as_it_was_whatever_it_held(text: str) -> None:
    assert read_cell(cell(text, "text")) == text


def test_parquet_tables_hold_every_row_with_its_types(tmp_path: Path) -> None:
    export([INVESTMENT, HOSTILE], tmp_path / "p", format=make_format("parquet", {"batch": 2}))
    read = {name: pyarrow.parquet.read_table(tmp_path / "p" / f"{name}.parquet").to_pylist() for name in TABLES}
    assert [row["text"] for row in read["articles"]] == [INVESTMENT.text, HOSTILE.text]
    assert read["articles"][0]["byline"] == ["王丹"]
    mentions = {(row["article"], row["mention"]): row for row in read["mentions"]}
    for record in (INVESTMENT, HOSTILE):
        for m in record.mentions:
            row = mentions[record.id, m.id]
            assert (row["text"], row["start"], row["probability"], row["entity"]) == (
                m.text,
                m.start,
                m.probability,
                m.entity,
            )
            assert [(p["start"], p["end"]) for p in row["page_offsets"]] == list(
                article_of(record).to_page(m.start, m.end)
            )
            assert (None if row["value"] is None else json.loads(row["value"])) == m.value
    slots = [(s["slot"], s["text"], s["value"]) for s in read["slots"] if s["fact"] == "official_post-m49-51"]
    assert slots == [
        ("person", "赵敏", None),
        ("post", None, '"总经理"'),
        ("body", None, None),
        ("since", None, '"--03-05"'),
    ]
    assert [row["evidence"] for row in read["facts"]] == [["v29-31"], [], []]
    assert pyarrow.parquet.ParquetFile(tmp_path / "p" / "mentions.parquet").num_row_groups > 1


def test_a_line_of_facts_is_whole_in_itself() -> None:
    lines = list(fact_lines(INVESTMENT))
    fact: dict[str, Any] = lines[0]
    assert (fact["article"], fact["date"], fact["type"], fact["probability"]) == (
        "003-2",
        "2024-12-03",
        "investment",
        0.8,
    )
    (investor,) = fact["slots"]["investor"]
    assert (investor["text"], investor["name"], investor["page_offsets"]) == (
        "恒远集团", "恒远重型机械集团有限公司", ((100, 104),),
    )  # fmt: skip
    assert fact["slots"]["amount"][0]["value"]["amount"] == "500000000"
    assert fact["slots"]["stage"] == [{"value": "planned"}]
    assert [(e["id"], e["layer"], e["text"]) for e in fact["evidence"]] == [("v29-31", "event", "出资")]
    assert [s["text"] for s in fact["sentences"]] == [
        "恒远集团扩建恒远重型机械集团有限公司。", "3月5日，恒远集团出资5亿元建设年产3万吨电池项目。",
    ]  # fmt: skip
    assert lines[1]["slots"]["body"] == [{"value": None}]
