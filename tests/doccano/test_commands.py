"""The commands of the loop against a real server: set up, push, revise, pull; adjudicate and settle."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sites import CLIENT_PYTHON, Site
from typer.testing import CliRunner, Result

from pipeline.annotation.examples import ProjectReader
from pipeline.cli.annotate import app
from pipeline.export.doccano import encode_row
from pipeline.export.documents import Document, document

TEXT = "恒远集团董事长赵敏出资"
ORG, TITLE, PER = (
    {"start": start, "end": end, "label": label}
    for start, end, label in ((0, 4, "ORG"), (4, 7, "TITLE"), (7, 9, "PER"))
)
HELD = {"type": "position_held", "from": [7, 9], "to": [4, 7]}
EVENT = {"type": "investment", "start": 9, "end": 11, "roles": [{"role": "agent", "mention": [0, 4]}]}
FULL = {"mentions": [ORG, TITLE, PER], "relations": [HELD], "events": [EVENT]}
Run = Callable[..., Result]


def write(path: Path, **articles: dict[str, Any]) -> Path:
    path.write_text(
        "".join(json.dumps({"id": id, "text": TEXT, **a}) + "\n" for id, a in articles.items()), encoding="utf-8"
    )
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def run(site: Site, tmp_path: Path) -> Run:
    def run(command: str, *arguments: str | Path, code: int = 0) -> Result:
        there = ["--url", site.running.url, "--password-file", site.running.password_file]
        options = [*there, "--client", CLIENT_PYTHON, "--state", tmp_path / "state"]
        result = CliRunner().invoke(app, [command, *map(str, (*arguments, *options))])
        assert result.exit_code == code, result.output
        return result

    return run


def revise(
    site: Site, project: str, article: str, change: Callable[[Document], Document], confirm: bool = True
) -> None:
    """Do what a person does to an article: change its labels, say that it is done."""
    id = site.own.project(project)
    reader = ProjectReader(site.own, id)
    example = next(one for one in reader.examples() if one.article == article)
    row = encode_row(change(reader.document(example)))
    person = {"project": id, "example": example.id}
    site.own.call("replace_labels", spans=row["entities"], relations=row["relations"], **person)
    if confirm:
        site.own.call("toggle_confirmed", **person)


def only(*labels: str) -> Callable[[Document], Document]:
    """Give the change that leaves labels with these names, and edges between them."""

    def change(found: Document) -> Document:
        spans = [span for span in found.spans if span.label in labels]
        edges = [e for e in found.edges if e.label in labels and e.head in spans and e.tail in spans]
        return document(found.id, found.page, found.text, spans, edges)

    return change


def test_the_loop_by_its_commands(site: Site, run: Run, tmp_path: Path) -> None:
    records = write(tmp_path / "r.jsonl", **{"1": FULL, "2": FULL})
    made = run("setup", "--project", "环", "--person", "sun")
    assert "环 · sun  made" in made.output and "the account sun was made" in made.output
    password = (tmp_path / "state" / "passwords" / "sun").read_text().strip()
    assert password not in made.output
    assert "2 new" in run("push", records, "--project", "环").output
    assert "2 unchanged" in run("push", records, "--project", "环").output
    revise(site, "环", "1", only("ORG", "TITLE", "investment", "agent"))
    told = run("pull", "--project", "环", "--output", tmp_path / "revised.jsonl").output
    assert "1: -1 mentions; -1 relations  confirmed by baozhi" in told
    assert "1 articles taken, 1 left that nobody has touched" in told
    (revised,) = read(tmp_path / "revised.jsonl")
    assert [m["label"] for m in revised["mentions"]] == ["ORG", "TITLE"] and revised["relations"] == []
    changes = read(tmp_path / "revised.changes.jsonl")
    assert {(one["kind"], one["layer"]) for one in changes} == {("removed", "mentions"), ("removed", "relations")}
    revise(site, "环", "2", lambda found: document("x", None, TEXT, [*found.spans, *wide(found)], found.edges))
    problem = run("pull", "--project", "环", "--output", tmp_path / "revised.jsonl", code=1)
    assert "mend first: http://127.0.0.1" in problem.output and "overlap" in problem.output


def wide(found: Document) -> list[Any]:
    first = found.spans[0]
    return [type(first)(first.start, first.end + 1, "LOC")]


def test_what_doccano_would_drop_is_refused_before_anything_is_sent(run: Run, tmp_path: Path) -> None:
    records = write(
        tmp_path / "r.jsonl", **{"1": FULL, "2": {**FULL, "mentions": [ORG, TITLE, PER, {**PER, "start": 5}]}}
    )
    result = run("push", records, "--project", "not there", code=1)
    assert "r.jsonl:2: 2: the mentions" in str(result.exception)


def test_two_people_are_adjudicated_by_a_third(site: Site, run: Run, tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", **{"1": FULL, "2": FULL})
    other = {**FULL, "mentions": [ORG, TITLE, {**PER, "label": "LOC"}], "relations": []}
    b = write(tmp_path / "b.jsonl", **{"1": other, "2": FULL})
    there = (a, b, "--project", "裁决")
    results = ("--merge", "--output", tmp_path / "s.jsonl", "--settlement", tmp_path / "d.jsonl")
    assert "1 new" in run("adjudicate", *there).output
    assert "open: 1: is not confirmed yet" in run("adjudicate", *there, *results, code=1).output
    revise(site, "裁决", "1", only("PER · a", "TITLE", "position_held · a"))
    assert "2 articles" in run("adjudicate", *there, *results).output
    assert read(tmp_path / "s.jsonl")[0]["mentions"][2]["label"] == "PER"
    decisions = {(one["from"], one["keep"], one["layer"]) for one in read(tmp_path / "d.jsonl")}
    assert decisions == {("a", True, "mentions"), ("a", True, "relations"), ("b", False, "mentions")}
