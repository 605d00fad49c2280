"""The page is one file that asks for nothing, and in which no input is markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from made_pages import lay_out
from made_records import HOSTILE, INVESTMENT, make_record

from pipeline.reader.html import SCRIPTS, STYLES, as_html
from pipeline.reader.show import show

ROOT = Path(__file__).resolve().parents[2]
NASTY = make_record(
    "[</script><img src=x onerror=alert(1)>|ORG]与[<!--<script>|PER]。",
    id="<b>&amp;",
    title="</title><script>",
    page="<i>.txt",
)


class Tags(HTMLParser):
    """All tags with their attributes, and the texts of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style") and data.strip():
            self.raw.append((self.tags[-1][0], data))


@pytest.fixture
def page(tmp_path: Path) -> str:
    return as_html(show(lay_out(tmp_path, INVESTMENT, HOSTILE, NASTY), pages=tmp_path))


def test_no_input_adds_a_tag(tmp_path: Path, page: str) -> None:
    tame = as_html(show(lay_out(tmp_path, INVESTMENT), pages=tmp_path))
    assert [tag for tag, _ in Tags(page).tags] == [tag for tag, _ in Tags(tame).tags]


def test_the_block_of_data_gives_the_view_back(tmp_path: Path, page: str) -> None:
    _, data, _ = _raw(page)
    view = show(tmp_path / "records.jsonl", pages=tmp_path)
    assert json.loads(data) == json.loads(msgspec.json.encode(view))
    assert "<" not in data and ">" not in data


def _raw(page: str) -> tuple[str, str, str]:
    style, data, script = (text for _, text in Tags(page).raw)
    return style, data, script


def test_only_the_styles_and_the_script_of_the_page_itself_may_run(page: str) -> None:
    style, _, script = _raw(page)
    policy = next(str(a["content"]) for tag, a in Tags(page).tags if a.get("http-equiv") == "Content-Security-Policy")
    for text in (style, script):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_the_page_asks_for_nothing(page: str) -> None:
    for _tag, attributes in Tags(page).tags:
        assert not {"src", "href", "action", "srcset", "data", "style", "onload", "onclick"} & set(attributes)
    style, _, script = _raw(page)
    assert not re.search(r"url\(|@import", style)
    assert re.findall(r"https?://[^\"]*", script) == ["http://www.w3.org/2000/svg"]


def test_the_scripts_never_make_markup_of_text() -> None:
    templates = ROOT / "pipeline/reader/templates"
    for name in SCRIPTS:
        source = (templates / name).read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(|import\(", source
        ), name
        assert "</script" not in source.lower()
    assert {path.name for path in templates.iterdir()} == {*SCRIPTS, *STYLES, "reader.html"}


def test_two_runs_give_the_same_bytes(tmp_path: Path, page: str) -> None:
    assert as_html(show(tmp_path / "records.jsonl", pages=tmp_path)) == page
