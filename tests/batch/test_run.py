"""A stage that breaks on one article costs that article's page, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.language import Language

from pipeline.batch import extract as job
from pipeline.batch.extract import extract
from pipeline.batch.run import run
from pipeline.batch.units import Unit
from pipeline.build import load, load_page_reader
from pipeline.errors import BaozhiError, LayerError
from pipeline.records import Article

PAGE = "# 云州市召开防汛会议\n\n本报讯（记者 陈明）云州市市长刘建国主持召开防汛会议，{word}，投资{n}.7亿元加固堤防。\n"
POISON = "毒"


class Breaks:
    """A stage that breaks where a text says so, a whole batch at a time."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, doc):
        if POISON in doc.text:
            raise self.error
        return doc

    def pipe(self, docs, batch_size=64):
        batch = list(docs)
        for doc in batch:
            self(doc)
        yield from batch


@Language.factory("breaks_for_a_test")
def make_breaks(nlp, name):
    return Breaks(ZeroDivisionError("in a stage"))


@pytest.fixture
def nlp(root: Path) -> Language:
    built = load(root / "configs" / "char.cfg")
    built.add_pipe("breaks_for_a_test", first=True)
    return built


def units(words: list[str]) -> list[Unit]:
    return [
        Unit(n, f"unit {n}", articles=tuple(Article(f"{n}-{i}", None, "article", None, None, (), text, ()) for i, text in enumerate(word.split("|"))))
        for n, word in enumerate(words)
    ]  # fmt: skip


@pytest.mark.parametrize("processes", [1, 2])
def test_the_units_around_a_broken_one_are_whole_and_in_order(nlp: Language, processes: int) -> None:
    words = ["甲", "乙|丙", f"丁|{POISON}|戊", "己", POISON, "庚"] + [f"第{n}" for n in range(200)] + [POISON, "辛"]
    done = list(run(nlp, iter(units(words)), n_process=processes))
    assert [unit.place for unit in done] == list(range(len(words)))
    for unit, word in zip(done, words, strict=True):
        if POISON in word:
            assert unit.failure is not None
            assert unit.failure.startswith(f"unit {unit.place}: a stage broke (ZeroDivisionError: in a stage); ")
        else:
            assert unit.failure is None
            assert [json.loads(record)["text"] for record in unit.records] == word.split("|")
            assert unit.counts.articles == len(unit.records)


def test_a_stage_that_cannot_work_at_all_ends_the_run(nlp: Language) -> None:
    nlp.get_pipe("breaks_for_a_test").error = BaozhiError("the server does not answer")
    with pytest.raises(BaozhiError, match="does not answer"):
        list(run(nlp, iter(units(["甲", POISON]))))
    nlp.get_pipe("breaks_for_a_test").error = LayerError("found what cannot be")
    assert [unit.failure is None for unit in run(nlp, iter(units(["甲", POISON])))] == [True, False]


def test_an_error_of_the_source_is_not_taken_for_a_stage_s(nlp: Language) -> None:
    def source():
        yield from units(["甲"])
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(run(nlp, source()))


def test_a_tokenizer_that_breaks_costs_its_unit(nlp: Language) -> None:
    make = nlp.tokenizer
    nlp.tokenizer = lambda text: make(text) if "乙" not in text else 1 // 0
    assert [unit.failure is None for unit in run(nlp, iter(units(["甲", "乙", "丙"])))] == [True, False, True]


def test_a_poisoned_page_is_listed_and_tried_again_and_the_bytes_do_not_depend_on_the_processes(
    root: Path, nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for n in range(9):
        word = POISON if n == 4 else "加固"
        (tmp_path / "in" / f"{n}.txt").write_text(PAGE.format(n=n, word=word), encoding="utf-8")
    monkeypatch.setattr(job, "load", lambda settings: nlp)
    config = root / "configs" / "char.cfg"
    for name, processes in (("a", 1), ("b", 2), ("a", 1)):
        summary = extract([tmp_path / "in"], config=config, output=tmp_path / name, n_process=processes)
        assert summary.pages == 8
        assert [failure for failure in summary.failures if "4.txt: a stage broke (ZeroDivisionError" in failure]
    assert summary.reused == 8
    for file in ("records.jsonl", "pages.jsonl", "summary.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_page_on_which_the_reader_breaks_is_listed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_broken(settings):
        reader = load_page_reader(settings)
        read = reader.read
        reader.read = lambda path, **given: 1 // 0 if path.name == "b.txt" else read(path, **given)
        return reader

    monkeypatch.setattr(job, "load_page_reader", load_broken)
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(PAGE.format(n=1, word="加固"), encoding="utf-8")
    summary = extract([tmp_path], config=root / "configs" / "char.cfg", output=tmp_path / "out")
    assert (summary.pages, len(summary.failures)) == (2, 1)
    assert "b.txt: a stage broke (ZeroDivisionError" in summary.failures[0]
