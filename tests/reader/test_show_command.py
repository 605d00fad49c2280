"""`baozhi show` from files to a page: whole or not at all, and clear about what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from made_pages import lay_out
from made_records import INVESTMENT
from typer.testing import CliRunner, Result

from pipeline.cli.show import show_command
from pipeline.errors import InputError

app = typer.Typer()
app.command("show")(show_command)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_page_is_written_and_what_is_in_it_told(tmp_path: Path) -> None:
    result = run(lay_out(tmp_path, INVESTMENT), "--pages", tmp_path, "-o", tmp_path / "out" / "reader.html")
    assert result.exit_code == 0, result.output
    assert "1 articles, 1 of 1 pages" in result.output.replace("\n", "")
    assert "恒远集团" in (tmp_path / "out" / "reader.html").read_text(encoding="utf-8")


def test_a_page_without_text_is_told_of(tmp_path: Path) -> None:
    records = lay_out(tmp_path, INVESTMENT)
    (tmp_path / "pages.jsonl").unlink()
    result = run(records, "-o", tmp_path / "reader.html")
    assert result.exit_code == 0
    assert "no text of 第3版/003.txt" in result.output and "--pages" in result.output


@pytest.mark.parametrize("content", [None, b"", b'{"id": "1"}\n', b"not json\n"])
def test_bad_records_leave_an_older_page_as_it_is(tmp_path: Path, content: bytes | None) -> None:
    page = tmp_path / "reader.html"
    page.write_text("older", encoding="utf-8")
    if content is not None:
        (tmp_path / "records.jsonl").write_bytes(content)
    result = run(tmp_path / "records.jsonl", "-o", page)
    assert isinstance(result.exception, InputError)
    assert str(tmp_path / "records.jsonl") in str(result.exception)
    assert page.read_text(encoding="utf-8") == "older"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run(lay_out(tmp_path, INVESTMENT), "-o", tmp_path / "file" / "reader.html")
    assert isinstance(result.exception, InputError) and "file" in str(result.exception)


@pytest.mark.parametrize("pages", ["nowhere", "records.jsonl"])
def test_pages_must_be_a_folder(tmp_path: Path, pages: str) -> None:
    result = run(lay_out(tmp_path, INVESTMENT), "--pages", tmp_path / pages, "-o", tmp_path / "reader.html")
    assert isinstance(result.exception, InputError) and "is no folder" in str(result.exception)
    assert not (tmp_path / "reader.html").exists()
