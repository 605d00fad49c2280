"""The whole pipeline is measured by stage, in a process of its own, beside others."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, InputError
from pipeline.training.pipeline_speed import make_pages, measure_pipeline

ROOT = Path(__file__).resolve().parents[2]
PAGE = "# 云州召开会议\n\n本报讯 12月3日，云州市召开会议。会议强调安全生产。\n\n市长赵敏出席。李强主持。\n"


def test_made_pages_keep_the_shape_and_the_sentences_but_are_unlike_each_other() -> None:
    pages = list(make_pages([PAGE], characters=10 * len(PAGE)))
    assert sum(map(len, pages)) >= 10 * len(PAGE) > sum(map(len, pages[:-1]))
    assert len(set(pages)) > 3
    sentence = re.compile("[^。\n]*。")
    for page in pages:
        assert sentence.sub("", page) == sentence.sub("", PAGE)
        assert set(sentence.findall(page)) <= set(sentence.findall(PAGE))
    assert list(make_pages([PAGE], characters=10 * len(PAGE))) == pages


def test_pages_without_a_sentence_are_refused() -> None:
    with pytest.raises(InputError, match="no sentence"):
        list(make_pages(["云州\n", ""], characters=10))


def test_the_steps_of_a_config_are_timed_beside_another_program(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    ours, other = measure_pipeline(
        ROOT / "configs" / "char.cfg", [tmp_path / "a.txt"], characters=1500, subjects=["pipeline", "spaCy char"]
    )
    steps = list(ours.figures.seconds)
    assert steps[:3] == ["pages", "tokenizer", "sentences"] and steps[-1] == "records"
    assert list(other.figures.seconds) == ["tokenizer"]
    for row in (ours, other):
        assert row.characters >= 1500
        assert row.start >= 0.05 and row.figures.start_cpu > 0 and row.figures.peak_bytes > 10_000_000
        assert row.characters_per_second == pytest.approx(row.characters / sum(row.figures.seconds.values()))


def test_a_config_that_cannot_work_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"none\.cfg.*cannot be measured.*no such config"):
        list(measure_pipeline(tmp_path / "none.cfg", [tmp_path / "a.txt"], characters=10, subjects=["pipeline"]))


def test_the_command_writes_the_figures(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    arguments = ["--characters", "200", "--subject", "jieba", "--output", str(tmp_path / "speed.json")]
    command = ["benchmark", "pipeline", str(tmp_path / "a.txt"), *arguments]
    code = "import sys; from pipeline.cli.main import main; sys.argv[0] = 'baozhi'; main()"
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr.decode()
    (row,) = json.loads((tmp_path / "speed.json").read_text())
    assert row["subject"] == "jieba" and set(row["figures"]) == {"seconds", "start_cpu", "cpu", "peak_bytes"}
    bad = subprocess.run(
        [sys.executable, "-c", code, "benchmark", "pipeline", "--subject", "jeiba"],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert bad.returncode == 2 and "jieba" in bad.stderr.decode()
