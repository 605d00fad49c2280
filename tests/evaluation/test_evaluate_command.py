"""`baozhi evaluate` and `baozhi compare` from files to reports."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typer
from marked_texts import annotation_of, text_of
from typer.testing import CliRunner

from pipeline.cli.compare import compare_command
from pipeline.cli.evaluate import evaluate_command
from pipeline.errors import BaozhiError, ConfigError, InputError

app = typer.Typer()
app.command("evaluate")(evaluate_command)
app.command("compare")(compare_command)

HOSTILE = "<script>alert('恶')</script><b onmouseover=\"x\">&amp;{{ 7*7 }}|"
GOLD = [
    text_of("[张三|PER]任[主任|TITLE]。", id="t1", relations=[("position_held", "张三", "主任")]),
    text_of("[太原|LOC]开工。", id="t2", events=[("construction", "开工", {"place": "太原"})]),
    text_of("[山西|LOC]", id="<img src=x>"),
]
FOUND = [
    text_of("[张三|PER]任主任。", id="t1"),
    text_of("[太原|ORG]开工。", id="t2", events=[("launch", "开工", {"place": "太原"})]),
]


def write(path: Path, *values: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(name="files")
def files_(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write(tmp_path / "gold.jsonl", *map(annotation_of, GOLD)),
        write(tmp_path / "found.jsonl", *map(annotation_of, FOUND)),
    )


def test_evaluate_writes_three_reports_that_agree(tmp_path: Path, files: tuple[Path, Path]) -> None:
    output = run("evaluate", *files, "--output", tmp_path / "out")
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    (micro,) = [
        row
        for row in report["scores"]
        if (row["layer"], row["measure"], row["label"]) == ("mentions", "strict", "micro")
    ]
    assert micro["counts"] == {"true_positives": 1, "predicted": 2, "gold": 4}
    assert micro["f1"]["value"] == round(2 / 6, 6)
    assert micro["f1"]["interval"][0] <= micro["f1"]["value"] <= micro["f1"]["interval"][1]
    assert report["missing"] == ["<img src=x>"]
    markdown = (tmp_path / "out/report.md").read_text(encoding="utf-8")
    assert "| mentions | strict | micro | 0.500 | 0.250 | 0.333 |" in markdown
    assert re.search(r"micro +0.500 0.250 0.333 .* 1 +2 +4", output)
    assert "nothing predicted, counted as missed: <img src=x>" in output
    kinds = {(error["layer"], error["kind"], error["gold"], error["predicted"]) for error in report["errors"]}
    assert {("mentions", "confused", "LOC", "ORG"), ("mentions", "missed", "TITLE", None)} <= kinds
    assert {("relations", "missed", "position_held", None), ("events", "confused", "construction", "launch")} <= kinds


def test_reports_are_byte_equal_between_runs_and_keys_are_sorted(tmp_path: Path, files: tuple[Path, Path]) -> None:
    for name in ("one", "two"):
        run("evaluate", *files, "--output", tmp_path / name)
    for name in ("report.html", "report.json", "report.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    text = (tmp_path / "one/report.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def test_gold_against_itself_is_one_everywhere(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("evaluate", files[0], files[0], "--output", tmp_path / "out")
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert {row["f1"]["value"] for row in report["scores"]} == {1.0}
    assert report["errors"] == [] and report["missing"] == []


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text outside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._raw = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._raw = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._raw = False

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.texts.append(data)


def test_hostile_texts_stay_text_in_the_page(tmp_path: Path) -> None:
    text = text_of(f"{HOSTILE.replace('|', '')}[张三|PER]。", id=HOSTILE)
    gold = write(tmp_path / "gold.jsonl", annotation_of(text))
    found = write(tmp_path / "found.jsonl", annotation_of(text_of(f"{HOSTILE.replace('|', '')}张三。", id=HOSTILE)))
    run("evaluate", gold, found, "--output", tmp_path / "out")
    page = Page((tmp_path / "out/report.html").read_text(encoding="utf-8"))
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not [attributes for _, attributes in page.tags if "onmouseover" in attributes]
    assert HOSTILE in "".join(page.texts)  # the id, whole, as text
    (error,) = [attributes for tag, attributes in page.tags if attributes.get("data-kind") == "missed"]
    assert error["data-unit"] == HOSTILE
    markdown = (tmp_path / "out/report.md").read_text(encoding="utf-8")
    assert "<script" not in markdown


def test_the_page_loads_nothing_from_elsewhere_and_every_control_has_a_label(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    run("evaluate", *files, "--output", tmp_path / "out")
    html = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    page = Page(html)
    assert not [
        tag for tag, attributes in page.tags if {"src", "srcset"} & attributes.keys() or tag in ("link", "iframe")
    ]
    assert all((attributes["href"] or "").startswith("#") for tag, attributes in page.tags if tag == "a")
    assert not re.search(r"https?://|@import|url\(", html)
    assert "prefers-color-scheme:dark" in html
    anchors = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert anchors <= {f"#{attributes.get('id')}" for _, attributes in page.tags}
    controls = [
        attributes["name"] for tag, attributes in page.tags if tag in ("select", "input") and "name" in attributes
    ]
    assert controls == ["layer", "label", "kind", "unit", "text"]


def test_each_error_is_in_the_page_once_with_what_the_filters_need(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("evaluate", *files, "--output", tmp_path / "out")
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    page = Page((tmp_path / "out/report.html").read_text(encoding="utf-8"))
    shown = sorted(
        (a["data-layer"], a["data-kind"], a["data-gold"], a["data-predicted"], a["data-unit"])
        for tag, a in page.tags
        if tag == "li"
    )
    assert shown == sorted(
        (f"{e['layer']}: {e['measure']}", e["kind"], e["gold"] or "—", e["predicted"] or "—", e["unit"])
        for e in report["errors"]
    )
    assert len(shown) > 5


def test_only_the_layers_asked_for_are_scored(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("evaluate", *files, "--output", tmp_path / "out", "--layer", "relations", "--layer", "facts")
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert {row["layer"] for row in report["scores"]} == {"relations", "facts"}


def test_an_unknown_layer_and_pages_that_are_not_there_are_errors(tmp_path: Path, files: tuple[Path, Path]) -> None:
    with pytest.raises(ConfigError, match="unknown layer 'mention'; known: all, entities"):
        run("evaluate", *files, "--layer", "mention")
    with pytest.raises(InputError, match=r"pages.jsonl: is not there"):
        run("evaluate", *files, "--layer", "pages", "--layer", "mentions")
    assert not (tmp_path / "output").exists()


def pages_files(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/1.txt").write_text("# 太原开工\n本报讯\n", encoding="utf-8")
    lines = [
        {"page": "1.txt", "line": n, "role": r, "article": 1, "joins": False} for n, r in ((1, "title"), (2, "body"))
    ]
    write(tmp_path / "annotations/pages.jsonl", *lines)
    found = [
        {"line": 1, "start": 2, "end": 6, "role": "title", "article": 1, "joins": False, "text": "太原开工"},
        {"line": 2, "start": 7, "end": 10, "role": "byline", "article": 1, "joins": False, "text": "本报讯"},
    ]
    record = {"schema": "baozhi-page/1", "id": "1", "page": "1.txt", "encoding": "utf-8", "date": None,
              "characters": 11, "articles": ["1-1"], "lines": found}  # fmt: skip
    write(tmp_path / "output/pages.jsonl", record)
    return tmp_path


def test_pages_beside_the_files_are_scored_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages_files(tmp_path))
    write(Path("annotations/articles.jsonl"), annotation_of(GOLD[0]))
    write(Path("output/records.jsonl"), annotation_of(GOLD[0]))
    run("evaluate")
    report = json.loads(Path("output/evaluation/report.json").read_text(encoding="utf-8"))
    rows = {(row["layer"], row["measure"], row["label"]): row["counts"] for row in report["scores"]}
    assert rows["pages", "line roles", "micro"] == {"true_positives": 1, "predicted": 2, "gold": 2}
    assert rows["mentions", "strict", "micro"]["gold"] == 2
    errors = {(e["measure"], e["gold"], e["predicted"], e["unit"]) for e in report["errors"] if e["layer"] == "pages"}
    assert ("line roles", "body", "byline", "1.txt") in errors


def test_pages_alone_are_scored_from_their_own_default_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages_files(tmp_path))
    output = run("evaluate", "--layer", "pages", "--output", "scores")
    assert re.search(r"title +1.000 1.000 1.000", run("evaluate", "--layer", "pages", "--output", "o", "--every-label"))
    assert "line roles" in output and "mentions" not in output
    assert json.loads(Path("scores/report.json").read_text(encoding="utf-8"))["gold"] == "annotations/pages.jsonl"


def test_compare_lists_what_was_won_and_lost(tmp_path: Path, files: tuple[Path, Path]) -> None:
    better = [GOLD[0], FOUND[1], text_of("[山西|ORG]", id="<img src=x>")]
    b = write(tmp_path / "b.jsonl", *map(annotation_of, better))
    output = run("compare", files[1], b, "--gold", files[0], "--output", tmp_path / "out")
    comparison = json.loads((tmp_path / "out/comparison.json").read_text(encoding="utf-8"))
    changes = {(c["outcome"], c["how"], c["layer"], c["label"], c["reads"]) for c in comparison["changes"]}
    assert changes == {
        ("win", "found", "mentions", "TITLE", "主任"),
        ("win", "found", "relations", "position_held", "张三 → 主任"),
        ("win", "found", "facts", "official_post", "张三 → 主任"),
        ("loss", "dropped", "mentions", "ORG", "山西"),
    }
    (micro,) = [
        t for t in comparison["tests"] if (t["layer"], t["measure"], t["label"]) == ("mentions", "strict", "micro")
    ]
    assert (micro["f1_a"], micro["f1_b"]) == (round(2 / 6, 6), round(4 / 8, 6))
    assert 0 < micro["p_value"] <= 1
    markdown = (tmp_path / "out/comparison.md").read_text(encoding="utf-8")
    assert "## Wins of B: 3" in markdown and "## Losses of B: 1" in markdown and "<img" not in markdown
    assert "3 wins and 1 losses" in output


def test_compare_of_a_run_with_itself_finds_nothing(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("compare", files[1], files[1], "--gold", files[0], "--output", tmp_path / "out")
    comparison = json.loads((tmp_path / "out/comparison.json").read_text(encoding="utf-8"))
    assert comparison["changes"] == []
    assert {(test["difference"], test["p_value"]) for test in comparison["tests"]} == {(0.0, 1.0)}


def test_a_broken_line_is_an_error_that_writes_nothing(tmp_path: Path, files: tuple[Path, Path]) -> None:
    broken = write(tmp_path / "broken.jsonl", annotation_of(GOLD[0]), {"id": 3})
    with pytest.raises(BaozhiError, match=r"broken.jsonl:2: "):
        run("evaluate", files[0], broken, "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()
