"""`import pipeline`: instant, lazy, and typed records from whatever is given."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from spacy.language import Language

import pipeline
from pipeline.batch.extract import extract as extract_files
from pipeline.build import find_config
from pipeline.errors import ConfigError, InputError
from pipeline.records import Article, Record, encode_line

TEXT = "本报讯 恒远集团总经理赵敏昨日宣布投资5亿元。"
PAGE = "# 云州市召开防汛会议\n\n本报讯（记者 陈明）7月3日，云州市市长刘建国主持召开防汛会议，投资5.7亿元加固堤防。\n"


def test_importing_the_package_imports_nothing_else() -> None:
    program = (
        "import sys; before = set(sys.modules); import pipeline; "
        "print(sorted(m for m in set(sys.modules) - before if m.split('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "['pipeline']"


def test_the_names_of_the_package_are_listed_and_others_are_an_error() -> None:
    assert {"extract", "load", "Record", "Article"} <= set(dir(pipeline))
    assert pipeline.Record is Record
    with pytest.raises(AttributeError, match="has no attribute 'extrakt'; it has: Article, Record"):
        pipeline.extrakt  # type: ignore[attr-defined]  # noqa: B018


def test_a_text_is_one_article(default_nlp: Language) -> None:
    (record,) = pipeline.extract(TEXT, nlp=default_nlp, date="2024-03-21")
    assert isinstance(record, Record)
    assert (record.id, record.text, record.date, record.page) == ("1", TEXT, "2024-03-21", None)
    assert ("5亿元", "MONEY") in [(mention.text, mention.label) for mention in record.mentions]


def test_many_texts_are_read_as_they_are_asked_for(default_nlp: Language) -> None:
    asked = 0

    def texts() -> Iterator[str]:
        nonlocal asked
        while True:
            asked += 1
            yield f"{TEXT}{asked}"

    records = pipeline.extract(texts(), nlp=default_nlp)
    assert asked == 0
    assert [next(records).id for _ in range(3)] == ["1", "2", "3"]
    assert asked <= 2 * (default_nlp.batch_size or 1000)


def test_a_text_may_be_a_whole_page(default_nlp: Language) -> None:
    (record,) = pipeline.extract(PAGE, nlp=default_nlp, pages=True)
    assert (record.id, record.title) == ("1-1", "云州市召开防汛会议")
    assert [record.text[a:b] for a, b in ((r.text_start, r.text_start + r.length) for r in record.page_map)] == [
        PAGE[r.page_start : r.page_start + r.length] for r in record.page_map
    ]


def test_a_folder_gives_what_the_command_writes(tmp_path: Path, root: Path, default_nlp: Language) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "1.txt").write_text(PAGE, encoding="utf-8")
    (folder / "2.jsonl").write_text(
        json.dumps({"id": "x", "text": TEXT, "date": "2024-03-21"}) + "\n", encoding="utf-8"
    )
    extract_files([folder], config=root / "configs" / "default.cfg", output=tmp_path / "out")
    written = (tmp_path / "out" / "records.jsonl").read_bytes()
    assert b"".join(encode_line(r) for r in pipeline.extract(folder, nlp=default_nlp)) == written
    assert [r.id for r in pipeline.extract(folder / "1.txt", nlp=default_nlp)] == ["1-1"]


def test_texts_paths_and_articles_may_be_mixed(tmp_path: Path, default_nlp: Language) -> None:
    (tmp_path / "p.txt").write_text(PAGE, encoding="utf-8")
    article = Article(id="own", page=None, kind="notice", title="题", date=None, byline=(), text=TEXT, page_map=())
    records = list(pipeline.extract([article, tmp_path / "p.txt", TEXT], nlp=default_nlp))
    assert [(r.id, r.kind) for r in records] == [("own", "notice"), ("p-1", "article"), ("1", "article")]


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "text 2: has no text"), (" \n", "text 2: has no text"), ("半\ud842", "text 2: holds half a character at 1")],
)
def test_a_text_that_cannot_be_read_is_raised_or_handed_over(text: str, says: str, default_nlp: Language) -> None:
    with pytest.raises(InputError, match=says):
        list(pipeline.extract([TEXT, text, TEXT], nlp=default_nlp))
    failures: list[InputError] = []
    records = list(pipeline.extract([TEXT, text, TEXT], nlp=default_nlp, failed=failures.append))
    assert [record.id for record in records] == ["1", "3"]
    assert [str(failure).split(";")[0] for failure in failures] == [says]


def test_files_that_cannot_be_read_are_handed_over_and_the_rest_goes_on(tmp_path: Path, default_nlp: Language) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "c.jsonl").write_text("{}\n", encoding="utf-8")
    failures: list[InputError] = []
    records = list(pipeline.extract([tmp_path, tmp_path / "no.txt"], nlp=default_nlp, failed=failures.append))
    assert [record.id for record in records] == ["b-1"]
    assert [Path(str(failure.where)).name for failure in failures] == ["a.txt", "c.jsonl", "no.txt"]
    with pytest.raises(InputError, match=r"a\.txt"):
        list(pipeline.extract(tmp_path, nlp=default_nlp))


def test_a_path_that_is_written_as_a_text_is_an_error_and_not_an_article(tmp_path: Path, default_nlp: Language) -> None:
    (tmp_path / "p.txt").write_text(PAGE, encoding="utf-8")
    with pytest.raises(InputError, match=r"is the path of a file; write Path"):
        list(pipeline.extract(str(tmp_path / "p.txt"), nlp=default_nlp))
    (record,) = pipeline.extract(str(tmp_path / "没有.txt"), nlp=default_nlp)
    assert record.text.endswith("没有.txt")


def test_what_is_neither_text_nor_path_is_refused(default_nlp: Language) -> None:
    with pytest.raises(ConfigError, match="bytes is nothing to read"):
        list(pipeline.extract([b"x"], nlp=default_nlp))  # type: ignore[list-item]


def test_the_shipped_config_is_found_from_any_folder(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_config("configs/char.cfg") == root / "configs" / "char.cfg"
    assert pipeline.load("configs/char.cfg").pipe_names
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "char.cfg").write_text("[nlp]\nlang = 1", encoding="utf-8")
    assert find_config("configs/char.cfg") == Path("configs/char.cfg")
    for name in ("configs/none.cfg", "default.cfg", tmp_path / "configs" / "default.cfg"):
        with pytest.raises(ConfigError, match="there is no such config"):
            pipeline.load(name)


def test_settings_override_those_of_the_config() -> None:
    assert pipeline.load("configs/char.cfg", settings={"nlp.batch_size": 7}).batch_size == 7
    with pytest.raises(ConfigError):
        pipeline.load("configs/char.cfg", settings={"nlp.batch_size": "many"})


def test_the_examples_of_the_manual_run(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manual = (root / "docs" / "library.md").read_text(encoding="utf-8")
    examples = [block.split("```")[0] for block in manual.split("```python\n")[1:]]
    assert len(examples) >= 5
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "pages" / "2.txt").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for number, example in enumerate(examples, 1):
        exec(compile(example, f"docs/library.md, example {number}", "exec"), names)
