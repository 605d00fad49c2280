"""Finding inputs: folders, files and JSONL of articles; what is wrong is named with file and line, and never stops the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.batch.inputs import ArticleFile, PageFile, find_inputs, read_articles
from pipeline.errors import InputError
from pipeline.records import Article


def articles(path: Path, **settings: int) -> list[Article | InputError]:
    return list(read_articles(path, max_bytes=settings.get("max_bytes", 10_000)))


def test_a_folder_gives_its_pages_and_jsonl_in_a_fixed_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/2.txt", "a/1.md", "c.jsonl", "c.pdf", ".git/x.txt", "manifest.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    found, failures = find_inputs([tmp_path])
    assert failures == []
    assert [item.name if isinstance(item, PageFile) else item.path.name for item in found] == [
        "a/1.md", "a/2.txt", "b.txt", "c.jsonl",
    ]  # fmt: skip
    assert [item.id for item in found if isinstance(item, PageFile)] == ["a/1", "a/2", "b"]


def test_a_manifest_gives_ids_and_dates_for_a_folder_and_for_one_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "x_1.txt").write_text("页")
    (tmp_path / "manifest.jsonl").write_text(json.dumps({"file": "x_1.txt", "id": "007", "date": "2024-03-22"}) + "\n")
    for given in (tmp_path, tmp_path / "x_1.txt"):
        found, failures = find_inputs([given])
        assert (found, failures) == ([PageFile(tmp_path / "x_1.txt", "x_1.txt", "007", "2024-03-22", None)], [])


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        ('{"file": "no.txt", "id": "1"}\n', "lists 'no.txt', which is not in the folder"),
        ('\n{"file": 3, "id": "1"}\n', "manifest.jsonl:2: is no line of this kind"),
        ('{"file": "a.txt"\n', "manifest.jsonl:1: is no line of this kind"),
    ],
)
def test_a_broken_manifest_is_named_with_its_line(tmp_path: Path, manifest: str, says: str) -> None:
    (tmp_path / "a.txt").write_text("页")
    (tmp_path / "manifest.jsonl").write_text(manifest)
    _, failures = find_inputs([tmp_path])
    assert len(failures) == 1
    assert says in str(failures[0])


def test_an_empty_folder_and_a_folder_of_other_files_are_errors(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    found, failures = find_inputs([tmp_path])
    assert found == []
    assert "holds no page (.txt, .md) and no .jsonl" in str(failures[0])


def test_two_files_of_one_id_are_refused_not_overwritten(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.txt").write_text("页")
    found, failures = find_inputs([tmp_path / "a", tmp_path / "b"])
    assert [item.path for item in found] == [tmp_path / "a" / "1.txt"]
    assert "has the page id '1' of" in str(failures[0])
    assert not find_inputs([tmp_path])[1]


def test_a_missing_file_is_found_when_it_is_read(tmp_path: Path) -> None:
    found, _ = find_inputs([tmp_path / "no.jsonl", tmp_path / "no.txt"])
    assert [type(item) for item in found] == [ArticleFile, PageFile]
    assert "no.jsonl: cannot be read" in str(articles(tmp_path / "no.jsonl")[0])


def test_lines_are_articles_with_their_own_ids_and_other_keys_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + '{"id":"甲","text":"正文。","date":"2024-01-02","mentions":[]}\r\n\n{"id":"乙","text":"x\\u0000\\n "}'.encode()
    )
    got = articles(path)
    assert [(a.id, a.text, a.date, a.page, a.page_map) for a in got if isinstance(a, Article)] == [
        ("甲", "正文。", "2024-01-02", None, ()),
        ("乙", "x\0\n ", None, None, ()),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"id":"x","text":"\xff"}', "is no line of this kind"),
        (b'{"id":"x","text":"\\ud800 tail"}', "is no line of this kind"),
        (b'{"id":"x","text":"a"', "is no line of this kind"),
        (b'{"id":"x","text":"a","date":"2024-13-01"}', "Invalid RFC3339"),
        (b'{"id":1,"text":"a"}', "Expected `str`, got `int`"),
        (b'{"text":"a"}', "missing required field `id`"),
        (b'{"id":"first","text":"a"}', "repeats the id 'first' of line 1"),
        (b'{"id":"x","text":" \\n"}', "has no text"),
        (b'{"id":"x","text":"' + b"a" * 300 + b'"}', "more than 200"),
    ],
)
def test_a_broken_line_is_named_and_the_lines_around_it_are_read(tmp_path: Path, line: bytes, says: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id":"first","text":"a"}\n' + line + b'\n{"id":"last","text":"a"}\n')
    first, broken, last = articles(path, max_bytes=200)
    assert isinstance(first, Article) and isinstance(last, Article)
    assert isinstance(broken, InputError)
    assert str(broken).startswith(f"{path}:2: ") and says in str(broken)
