"""The commands on files: check, settle, agreement, queue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli.annotate import app
from pipeline.errors import ConfigError, InputError
from pipeline.records import SCHEMA

TEXT = "恒远集团赵敏出资"
ORG, PER = {"start": 0, "end": 4, "label": "ORG"}, {"start": 4, "end": 6, "label": "PER"}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def marked(id: str, *mentions: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "text": TEXT, "mentions": mentions, "relations": [], "events": []}


def record(id: str, text: str, probability: float) -> dict[str, Any]:
    mention = {"id": "m0-2", "start": 0, "end": 2, "label": "ORG", "text": text[:2], "entity": None, "value": None}
    return {
        "schema": SCHEMA, "id": id, "page": None, "kind": "article", "title": None, "date": None, "byline": [],
        "text": text, "page_map": [], "sentences": [], "tokens": [], "entities": [], "relations": [], "events": [],
        "facts": [], "mentions": [{**mention, "source": "x", "probability": probability}],
    }  # fmt: skip


def run(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_check_lists_findings_and_fails_only_for_errors(tmp_path: Path) -> None:
    sound = write(tmp_path / "a.jsonl", marked("1", ORG, PER))
    assert run("check", sound) == "0 errors, 0 questions\n"
    broken = write(tmp_path / "b.jsonl", marked("1", ORG, {**PER, "start": 3}))
    assert "b.jsonl:1: error: 1: " in run("check", sound, broken, code=1)


def test_settle_writes_what_the_decisions_say(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.jsonl", marked("1", ORG, PER)), write(tmp_path / "b.jsonl", marked("1", ORG))
    decision = {"article": "1", "layer": "mentions", "item": [4, 6, "PER"], "from": "a", "keep": True, "reason": "示例"}
    run("settle", a, b, write(tmp_path / "s.jsonl", decision), "--output", tmp_path / "out.jsonl")
    (settled,) = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert [m["label"] for m in settled["mentions"]] == ["ORG", "PER"]


def test_agreement_prints_the_figures_and_writes_the_list(tmp_path: Path) -> None:
    a, b = write(tmp_path / "li.jsonl", marked("1", ORG, PER)), write(tmp_path / "wang.jsonl", marked("1", ORG))
    told = run("agreement", a, b, "--output", tmp_path / "out")
    assert "Agreement of li, wang over 1 articles" in told and "1 disagreements" in told
    (listed,) = map(json.loads, (tmp_path / "out" / "disagreements.jsonl").read_text(encoding="utf-8").splitlines())
    assert (listed["only"], listed["what"]) == ("li", "PER 赵敏@4")
    summary = json.loads((tmp_path / "out" / "agreement.json").read_text(encoding="utf-8"))
    strict = next(row for row in summary["f1"] if (row["measure"], row["label"]) == ("strict", "micro"))
    assert strict["f1"] == pytest.approx(2 / 3)


def test_files_of_one_name_cannot_be_told_apart(tmp_path: Path) -> None:
    files = [write(tmp_path / folder / "a.jsonl", marked("1", ORG)) for folder in ("one", "two")]
    with pytest.raises(ConfigError, match="one name"):
        run("agreement", *files)


def test_queue_gives_the_records_in_its_order(tmp_path: Path) -> None:
    steel, school = "恒远集团建设云州钢厂，投资五亿元。", "第三小学举行运动会，孩子们高兴。"
    lines = [
        record("1", steel, 0.9),
        record("2", steel + "好。", 0.88),
        record("3", school, 0.6),
        record("4", school, 0.99),
    ]
    records = write(tmp_path / "r.jsonl", *lines)
    done = write(tmp_path / "done.jsonl", {**marked("4"), "text": school})
    told = run("queue", records, "--count", 2, "--done", done, "--output", tmp_path / "next.jsonl")
    assert "2 of 4 articles" in told
    chosen = [json.loads(line)["id"] for line in (tmp_path / "next.jsonl").read_text(encoding="utf-8").splitlines()]
    assert set(chosen) <= {"1", "2", "3"} and len(chosen) == 2
    run("queue", records, "--count", 1, "--diversity", 0, "--output", tmp_path / "next.jsonl")
    assert json.loads((tmp_path / "next.jsonl").read_text(encoding="utf-8"))["id"] == "3"


def test_queue_refuses_annotations_which_carry_no_probabilities(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl:1"):
        run("queue", write(tmp_path / "a.jsonl", marked("1", ORG)))
