"""The main job: whole files, byte-equal between runs, every mention readable from its page, failures listed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from pipeline.batch.extract import extract
from pipeline.batch.files import LeaveAbsent, whole_files
from pipeline.errors import InputError
from pipeline.records import PageRecord, Record, article_of

PAGE = "# 云州市召开防汛会议\n\n本报讯（记者 陈明）7月3日，云州市市长刘建国主持召开防汛会议，投资5.7亿元加固堤防，各地要压实责\n\n任，确保安全度汛。\n"
OUTPUTS = ("records.jsonl", "pages.jsonl", "summary.json")


@pytest.fixture
def config(root: Path) -> Path:
    return root / "configs" / "default.cfg"


def records(output: Path) -> list[Record]:
    return [msgspec.json.decode(line, type=Record) for line in (output / "records.jsonl").read_bytes().splitlines()]


def pages(output: Path) -> list[PageRecord]:
    return [msgspec.json.decode(line, type=PageRecord) for line in (output / "pages.jsonl").read_bytes().splitlines()]


def test_every_seed_gives_records_and_every_mention_is_read_again_from_its_page(
    root: Path, config: Path, tmp_path: Path
) -> None:
    summary = extract([root / "seeds"], config=config, output=tmp_path)
    assert (summary.pages, summary.failures) == (5, [])
    mentions = 0
    for record in records(tmp_path):
        assert record.page is not None
        page = (root / "seeds" / record.page).read_bytes().decode("utf-8")
        for item in (*record.mentions, *record.events):
            pieces = article_of(record).to_page(item.start, item.end)
            assert "".join(page[start:end] for start, end in pieces) == item.text
            mentions += 1
    assert mentions == sum(summary.mentions.values()) + sum(summary.events.values()) > 500


def test_no_character_of_a_page_is_lost(root: Path, config: Path, tmp_path: Path) -> None:
    extract([root / "seeds"], config=config, output=tmp_path)
    by_page: dict[str, set[int]] = {}
    for record in records(tmp_path):
        covered = by_page.setdefault(record.page or "", set())
        text_covered: list[int] = []
        for run in record.page_map:
            covered.update(range(run.page_start, run.page_start + run.length))
            text_covered += range(run.text_start, run.text_start + run.length)
        gaps = set(range(len(record.text))) - set(text_covered)
        assert len(text_covered) == len(set(text_covered))
        assert {record.text[offset] for offset in gaps} <= {"\n"}
    for page in pages(tmp_path):
        text = (root / "seeds" / page.page).read_bytes().decode("utf-8")
        loose = {o for line in page.lines if line.article is None for o in range(line.start, line.end)}
        lost = [o for o, c in enumerate(text) if not c.isspace() and c != "#" and o not in by_page[page.page] | loose]
        assert lost == []
        assert all(text[line.start : line.end] == line.text for line in page.lines)


def test_two_runs_and_two_processes_give_the_same_bytes(root: Path, config: Path, tmp_path: Path) -> None:
    for name, processes in (("a", 1), ("b", 1), ("c", 2)):
        extract([root / "seeds"], config=config, output=tmp_path / name, n_process=processes)
    for file in OUTPUTS:
        assert len({(tmp_path / name / file).read_bytes() for name in "abc"}) == 1


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a-good.txt").write_text(PAGE, encoding="utf-8")
    (folder / "b-gb.txt").write_bytes(PAGE.encode("gb18030"))
    (folder / "c-bom-crlf.txt").write_bytes(b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode())
    (folder / "d-empty.txt").write_bytes(b" \r\n\n")
    (folder / "e-binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "f-damaged.txt").write_bytes(PAGE.encode()[:60] + b"\xed\xa0\x80" + PAGE.encode()[60:])
    (folder / "g-huge.txt").write_bytes("甲".encode() * 17_000_000)
    (folder / "h.jsonl").write_text('{"id": "x", "text": "刘建国任云州市市长。"}\n{"id": \n', encoding="utf-8")
    (folder / "i-utf16.txt").write_bytes(PAGE.encode("utf-16"))
    return folder


def test_what_cannot_be_read_is_listed_and_the_rest_is_extracted(
    bad_folder: Path, config: Path, tmp_path: Path
) -> None:
    summary = extract([bad_folder], config=config, output=tmp_path / "out")
    told = "\n".join(summary.failures)
    for name, says in {
        "d-empty.txt": "empty", "e-binary.txt": "binary", "f-damaged.txt": "UTF-8 but for byte 60", "g-huge.txt": "51,000,000 bytes",
        "h.jsonl:2": "no line of this kind", "i-utf16.txt": "UTF-16",
    }.items():  # fmt: skip
        assert any(name in failure and says in failure for failure in summary.failures), (name, told)
    assert len(summary.failures) == 6
    assert {page.page: page.encoding for page in pages(tmp_path / "out")} == {
        "a-good.txt": "utf-8", "b-gb.txt": "gb18030", "c-bom-crlf.txt": "utf-8-sig",
    }  # fmt: skip
    assert [note for note in summary.notes if "b-gb.txt: read as GB18030" in note]
    good, gb, crlf, line = records(tmp_path / "out")
    assert good.text == gb.text == crlf.text
    assert [(m.start, m.end, m.label) for m in good.mentions] == [(m.start, m.end, m.label) for m in crlf.mentions]
    assert (line.id, line.page, line.page_map) == ("x", None, ())


def test_where_nothing_can_be_read_nothing_is_written_and_old_output_stays(config: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"")
    output = tmp_path / "out"
    output.mkdir()
    (output / "records.jsonl").write_text("old")
    for given in (tmp_path / "in", tmp_path / "in" / "none.txt", tmp_path / "nowhere"):
        summary = extract([given], config=config, output=output)
        assert summary.failures and not summary.articles
        assert [path.name for path in output.iterdir()] == ["records.jsonl"]
        assert (output / "records.jsonl").read_text() == "old"


def test_a_page_that_is_not_the_one_of_its_manifest_is_refused(root: Path, config: Path, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(root / "seeds", seeds)
    changed = sorted(seeds.glob("*.txt"))[0]
    changed.write_text("另一版。" + changed.read_text(encoding="utf-8"), encoding="utf-8")
    summary = extract([seeds], config=config, output=tmp_path / "out")
    assert summary.pages == 4
    assert [changed.name in failure and "sha256" in failure for failure in summary.failures] == [True]


def test_the_summary_tells_what_the_records_hold(root: Path, config: Path, tmp_path: Path) -> None:
    extract([root / "seeds"], config=config, output=tmp_path)
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    found = records(tmp_path)
    assert summary["articles"] == len(found)
    assert summary["characters"] == sum(len(record.text) for record in found)
    assert sum(summary["mentions"].values()) == sum(len(record.mentions) for record in found)


def test_files_appear_together_or_not_at_all(tmp_path: Path) -> None:
    one, two = tmp_path / "new" / "1", tmp_path / "new" / "2"
    with pytest.raises(ZeroDivisionError), whole_files(one, two) as (a, b):
        a.write(b"half")
        b.write(bytes([1 // 0]))
    with whole_files(one, two) as (a, b):
        a.write(b"half")
        raise LeaveAbsent
    assert list((tmp_path / "new").iterdir()) == []
    with whole_files(one, two) as (a, b):
        a.write(b"1")
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["1", "2"]


def test_an_output_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"), whole_files(tmp_path / "file" / "x"):
        pass
