"""A run that was cut off goes on where it stood, and ends with the bytes of one that was not."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pipeline
from pipeline.batch import extract as job
from pipeline.batch import fingerprint as prints
from pipeline.batch.extract import extract
from pipeline.batch.fingerprint import content_key, fingerprint
from pipeline.batch.journal import Journal
from pipeline.batch.summary import Summary
from pipeline.build import load, load_page_reader, read_config
from pipeline.errors import InputError

HERE = Path(__file__).resolve().parent
PAGE = "# 云州市召开防汛会议\n\n本报讯（记者 陈明）7月3日，云州市市长刘建国主持召开防汛会议，投资{n}.7亿元加固堤防，各地要压实责\n\n任，确保安全度汛。\n"
OUTPUTS = ("records.jsonl", "pages.jsonl", "summary.json")
ARTICLES = 10


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(12):
        (folder / f"p{number:02}.txt").write_text(PAGE.format(n=number) * (number % 3 + 1), encoding="utf-8")
    (folder / "q-binary.txt").write_bytes(bytes(range(256)))
    (folder / "r-gb.txt").write_bytes(PAGE.format(n=3).encode("gb18030"))
    lines = [{"id": str(number), "text": f"刘建国出资{number}万元。"} for number in range(ARTICLES)]
    (folder / "z.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n{\n", encoding="utf-8")
    return folder


@pytest.fixture
def config(root: Path) -> Path:
    return root / "configs" / "char.cfg"


@pytest.fixture
def read_pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the pages that are read from now on."""
    names: list[str] = []

    def load_watched(settings):
        reader = load_page_reader(settings)
        read = reader.read
        reader.read = lambda path, **given: (names.append(path.name), read(path, **given))[1]
        return reader

    monkeypatch.setattr(job, "load_page_reader", load_watched)
    return names


def content(output: Path) -> list[bytes]:
    return [(output / name).read_bytes() for name in OUTPUTS]


def test_a_run_killed_at_any_line_goes_on_and_ends_with_the_same_bytes(
    root: Path, source: Path, tmp_path: Path
) -> None:
    script = [sys.executable, str(HERE / "kill_at_a_line.py"), str(root), str(source), str(tmp_path), "11", "16"]
    done = subprocess.run(script, capture_output=True, text=True, check=True, timeout=500)
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(trials) == 16 and all(any(trial["killed"]) for trial in trials)
    assert [trial for trial in trials if trial["status"] or not trial["equal"] or trial["left"]] == []
    assert {tuple(trial["names"]) for trial in trials} == {(".baozhi", "pages.jsonl", "records.jsonl", "summary.json")}
    assert min(trial["read"] for trial in trials) == 1  # the binary page alone: what failed is tried again
    assert len({trial["read"] for trial in trials}) > 3


@pytest.mark.parametrize("processes", [1, 2])
def test_a_killed_command_goes_on_and_leaves_no_process(
    source: Path, config: Path, tmp_path: Path, processes: int
) -> None:
    for number in range(150):
        (source / f"more{number:03}.txt").write_text(PAGE.format(n=number) * 9, encoding="utf-8")
    extract([source], config=config, output=tmp_path / "whole")
    output = tmp_path / "out"
    command = [
        sys.executable, "-c", "from pipeline.cli.main import main; main()", "extract", str(source), "--config", str(config),
        "--output", str(output), "--processes", str(processes),
    ]  # fmt: skip
    draw = random.Random(processes)
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        while running.poll() is None and not sum(part.stat().st_size for part in output.glob(".baozhi/parts/*")):
            time.sleep(0.02)
        time.sleep(draw.random() * 0.2)
        workers = [pid for pid in group_of(running.pid) if pid != running.pid]
        running.send_signal(signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
        assert len(workers) >= (processes if processes > 1 else 0)
        again = subprocess.run(command, stdout=log, stderr=log, check=False)
    assert again.returncode == 1, (tmp_path / "log").read_text()  # the binary page and the broken line
    assert content(output) == content(tmp_path / "whole")
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in workers):
        assert time.monotonic() < deadline, "a worker outlives its run"
        time.sleep(0.2)


def group_of(leader: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == leader:
                found.append(int(folder.name))
        except ProcessLookupError:
            continue
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_what_is_unchanged_is_not_read_again(source: Path, config: Path, tmp_path: Path, read_pages: list[str]) -> None:
    output = tmp_path / "out"
    first = extract([source], config=config, output=output)
    before = content(output)
    assert (len(read_pages), first.reused) == (14, 0)
    read_pages.clear()
    again = extract([source], config=config, output=output)
    assert read_pages == ["q-binary.txt"]
    assert again.reused == 13 + ARTICLES
    assert content(output) == before


def test_a_changed_page_is_read_alone_and_a_removed_one_leaves(
    source: Path, config: Path, tmp_path: Path, read_pages: list[str]
) -> None:
    output = tmp_path / "out"
    extract([source], config=config, output=output)
    read_pages.clear()
    (source / "p03.txt").write_text(PAGE.format(n="三"), encoding="utf-8")
    (source / "p05.txt").unlink()
    (source / "a-new.txt").write_text(PAGE.format(n="六"), encoding="utf-8")
    (source / "p07.txt").rename(source / "p99.txt")
    extract([source], config=config, output=output)
    assert read_pages == ["a-new.txt", "p03.txt", "p99.txt", "q-binary.txt"]
    extract([source], config=config, output=tmp_path / "anew")
    assert content(output) == content(tmp_path / "anew")
    pages = [json.loads(line)["page"] for line in (output / "pages.jsonl").read_text("utf-8").splitlines()]
    assert pages[0] == "a-new.txt" and "p99.txt" in pages and not {"p05.txt", "p07.txt"} & set(pages)


def test_a_changed_line_of_articles_is_extracted_alone(source: Path, config: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    extract([source / "z.jsonl"], config=config, output=output)
    lines = (source / "z.jsonl").read_text("utf-8").splitlines()
    lines[3] = json.dumps({"id": "3", "text": "陈明捐款三百元。"})
    (source / "z.jsonl").write_text("\n".join(lines), encoding="utf-8")
    summary = extract([source / "z.jsonl"], config=config, output=output)
    assert summary.reused == ARTICLES - 1
    texts = [json.loads(line)["text"] for line in (output / "records.jsonl").read_text("utf-8").splitlines()]
    assert texts[3] == "陈明捐款三百元。" and len(texts) == ARTICLES


def test_fresh_reads_all_again(source: Path, config: Path, tmp_path: Path, read_pages: list[str]) -> None:
    for _ in range(2):
        assert extract([source], config=config, output=tmp_path / "out", fresh=True).reused == 0
    assert len(read_pages) == 28


def test_two_outputs_are_two_journals_and_the_outputs_are_no_inputs(source: Path, config: Path, tmp_path: Path) -> None:
    extract([source], config=config, output=source / "out")
    before = content(source / "out")
    summary = extract([source], config=config, output=source / "out")
    assert summary.reused == 13 + ARTICLES
    assert content(source / "out") == before
    assert extract([source / "p00.txt"], config=config, output=tmp_path / "other").reused == 0


class Settings:
    """A config of its own with rules of its own, which a test may change."""

    def __init__(self, root: Path, folder: Path) -> None:
        (folder / "configs" / "rules").mkdir(parents=True)
        shutil.copytree(root / "configs" / "rules", folder / "configs" / "rules", dirs_exist_ok=True)
        self.path = folder / "configs" / "char.cfg"
        self.path.write_bytes((root / "configs" / "char.cfg").read_bytes())
        self.rule = folder / "configs" / "rules" / "entities" / "amounts.toml"

    def fingerprint(self, **overrides: object) -> str:
        return fingerprint(read_config(self.path, overrides))


def test_the_fingerprint_knows_settings_rules_code_and_versions(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(root, tmp_path / "one")
    first = settings.fingerprint()
    assert settings.fingerprint() == first
    assert Settings(root, tmp_path / "moved").fingerprint() == first  # the same pipeline in another place
    assert settings.fingerprint(**{"nlp.batch_size": 7}) != first
    rule = settings.rule.read_bytes()
    settings.rule.write_bytes(rule + b"\n# a word more\n")
    assert settings.fingerprint() != first
    settings.rule.write_bytes(rule)
    settings.path.write_bytes(settings.path.read_bytes() + b"\n# only a comment\n")
    assert settings.fingerprint() == first
    for name, value in (("_code", lambda: "other"), ("_versions", lambda: ("spacy 4.0",))):
        with monkeypatch.context() as patch:
            patch.setattr(prints, name, value)
            assert settings.fingerprint() != first
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "__version__", "99")
        prints._code.cache_clear()
        assert settings.fingerprint() != first
    prints._code.cache_clear()


def test_a_model_file_counts_by_its_bytes(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "tests" / "encoder" / "tiny", tmp_path / "model")
    settings = read_config(root / "configs" / "default.cfg", {"components.encoder.model": str(tmp_path / "model")})
    first = fingerprint(settings)
    model = tmp_path / "model" / "model.onnx"
    model.write_bytes(model.read_bytes()[:-1] + b"\0")
    assert fingerprint(settings) != first


def test_another_pipeline_extracts_all_again(root: Path, source: Path, tmp_path: Path, read_pages: list[str]) -> None:
    settings = Settings(root, tmp_path / "one")
    output = tmp_path / "out"
    extract([source], config=settings.path, output=output)
    settings.rule.write_bytes(settings.rule.read_bytes() + b"\n# a word more\n")
    read_pages.clear()
    assert extract([source], config=settings.path, output=output).reused == 0
    assert len(read_pages) == 14


@pytest.mark.parametrize("place", [0, 0.5, 0.98])
def test_a_damaged_byte_of_the_output_costs_that_page_alone(
    source: Path, config: Path, tmp_path: Path, read_pages: list[str], place: float
) -> None:
    output = tmp_path / "out"
    extract([source], config=config, output=output)
    before = content(output)
    pages = bytearray(before[1])
    pages[int(len(pages) * place)] ^= 1
    (output / "pages.jsonl").write_bytes(pages)
    read_pages.clear()
    extract([source], config=config, output=output)
    assert len(read_pages) == 2  # the damaged one, and the one that fails
    assert content(output) == before


def test_lost_outputs_and_a_journal_that_is_none_are_made_again(source: Path, config: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    extract([source], config=config, output=output)
    before = content(output)
    (output / "records.jsonl").unlink()
    assert extract([source], config=config, output=output).reused == 0
    (output / ".baozhi" / "journal.sqlite").write_bytes(b"this is no database, and it is long enough to be read" * 9)
    assert extract([source], config=config, output=output).reused == 0
    assert content(output) == before


def test_half_a_line_at_the_end_of_a_part_is_dropped(tmp_path: Path) -> None:
    one, two = content_key("1"), content_key("2")
    with pytest.raises(KeyboardInterrupt), Journal(tmp_path, fingerprint="x", fresh=False) as journal:
        journal.add(one, 0, b"page one\n", b"records one\n", Summary(pages=1))
        journal.save()
        journal._file.write(b"pag")
        journal._file.flush()
        raise KeyboardInterrupt
    with Journal(tmp_path, fingerprint="x", fresh=False) as journal:
        assert journal.find(one, 1) == Summary(pages=1)
        assert journal.find(two, 0) is None
        journal.add(two, 0, b"page two\n", b"", Summary(pages=1))
        journal.finish(b"{}\n")
    assert content(tmp_path) == [b"records one\n", b"page two\npage one\n", b"{}\n"]


def test_a_second_run_into_one_folder_is_refused_and_a_dead_one_does_not_matter(tmp_path: Path) -> None:
    with Journal(tmp_path, fingerprint="x", fresh=False) as journal:
        journal.add(content_key("1"), 0, b"page\n", b"", Summary(pages=1))
        with pytest.raises(InputError, match=f"process {os.getpid()} is writing into this folder; wait until"):
            Journal(tmp_path, fingerprint="x", fresh=True)
        code = (
            "import sys, pathlib; from pipeline.batch.journal import Journal; "
            "Journal(pathlib.Path(sys.argv[1]), fingerprint='x', fresh=False)"
        )
        other = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
        assert f"process {os.getpid()} is writing" in other.stderr
    code += "; import os, signal; print('locked', flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    dead = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (dead.returncode, dead.stdout) == (-signal.SIGKILL, "locked\n")
    assert int((tmp_path / ".baozhi" / "owner").read_text()) != os.getpid()
    with Journal(tmp_path, fingerprint="x", fresh=False) as journal:
        assert journal.find(content_key("1"), 0) is not None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file.*cannot be written"):
        Journal(tmp_path / "file" / "x", fingerprint="x", fresh=False)
    (tmp_path / "full" / ".baozhi" / "journal.sqlite").mkdir(parents=True)
    with pytest.raises(InputError, match=r"full: cannot be written \(unable to open database file\)"):
        Journal(tmp_path / "full", fingerprint="x", fresh=False)


def test_entries_never_come_before_their_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append("lines"), real(handle))[1])
    with Journal(tmp_path, fingerprint="x", fresh=False) as journal:
        journal.add(content_key("1"), 0, b"page\n", b"", Summary(pages=1))
        journal._database.set_trace_callback(lambda said: steps.append("entries") if said == "COMMIT" else None)
        journal.save()
        assert steps == ["lines", "entries"]
        journal._database.set_trace_callback(None)
    rows = sqlite3.connect(tmp_path / ".baozhi" / "journal.sqlite").execute("SELECT count(*) FROM entries").fetchone()
    assert rows == (1,)


def test_the_journal_is_not_left_where_nothing_was_extracted(config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    assert extract([tmp_path / "a.txt"], config=config, output=tmp_path / "out").failures
    assert list((tmp_path / "out").iterdir()) == []


def test_words_do_not_pile_up_on_a_long_stream(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.batch import run as runs
    from pipeline.batch.units import Unit
    from pipeline.records import Article

    monkeypatch.setattr(runs, "_UNITS_A_ZONE", 20)
    nlp = load(root / "configs" / "jieba.cfg")

    def units(start: int, count: int):
        for number in range(start, start + count):
            article = Article(str(number), None, "article", None, None, (), f"第x{number}y号企业增资{number}元。", ())
            yield Unit(number, str(number), articles=(article,))

    sizes = []
    for start in (0, 1000):
        assert sum(len(unit.records) for unit in runs.run(nlp, units(start, 300))) == 300
        sizes.append(len(nlp.vocab.strings))
    assert sizes[1] == sizes[0]
