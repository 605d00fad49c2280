"""All formats alike: named, their settings checked, the output whole or absent, the same bytes in every run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from made_records import HOSTILE, INVESTMENT, plain, write_records
from typer.testing import CliRunner

from pipeline.cli.export import export_command
from pipeline.errors import ConfigError, InputError
from pipeline.export.formats import export, format_names, make_format
from pipeline.export.reading import RecordFile
from pipeline.records import Record

NAMES = ("conll", "csv", "cypher", "docbin", "doccano", "facts", "graphml", "parquet", "rdf")
GRAPH = {"graphml": "networkx", "parquet": "pyarrow", "rdf": "rdflib"}
SETTINGS = {
    "rdf": {"base": "https://news.example/记录/", "config": "configs/default.cfg", "syntax": "ntriples"}, "csv": {"bom": True}, "cypher": {"rows": "json"},
    "graphml": {"events": True, "same": "article"}, "conll": {"unit": "token", "scheme": "BIOES", "offsets": True},
}  # fmt: skip


def test_the_formats_are_those_of_the_manual(root: Path) -> None:
    assert tuple(format_names()) == NAMES
    manual = (root / "docs" / "exports.md").read_text(encoding="utf-8")
    assert all(f"## {name}" in manual for name in NAMES)


def files(output: Path) -> dict[str, bytes]:
    found = sorted(output.iterdir()) if output.is_dir() else [output]
    return {"" if file == output else file.name: file.read_bytes() for file in found}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("set_", [False, True])
def test_whatever_a_record_says_every_format_holds_it_and_leaves_nothing_else(
    name: str, set_: bool, tmp_path: Path
) -> None:
    for _ in range(2):  # an output that is there is replaced
        export([INVESTMENT, HOSTILE], tmp_path / "a", format=make_format(name, SETTINGS.get(name) if set_ else None))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert all(files(tmp_path / "a").values())


@pytest.mark.parametrize("name", NAMES)
def test_a_failure_in_the_middle_leaves_the_output_as_it_was(name: str, tmp_path: Path) -> None:
    format = make_format(name)

    class Broken:
        def __iter__(self) -> Iterator[Record]:
            yield INVESTMENT
            raise InputError("broken off")

    with pytest.raises(InputError, match="broken off"):
        export(Broken(), tmp_path / "a", format=format)
    assert list(tmp_path.iterdir()) == []
    export([INVESTMENT], tmp_path / "a", format=format)
    before = files(tmp_path / "a")
    with pytest.raises(InputError, match="broken off"):
        export(Broken(), tmp_path / "a", format=format)
    assert files(tmp_path / "a") == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_two_runs_with_other_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    records = write_records(tmp_path / "r.jsonl", INVESTMENT, HOSTILE)
    program = (
        "import sys; from pathlib import Path; from pipeline.export.formats import *; "
        "from pipeline.export.reading import RecordFile; "
        "[export(RecordFile(Path(sys.argv[1])), Path(sys.argv[2]) / n, format=make_format(n)) for n in format_names()]"
    )
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    there = [sys.executable, "-c", program, str(records), str(tmp_path / "there")]
    subprocess.run(there, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    for name in NAMES:
        export(RecordFile(records), tmp_path / "here" / name, format=make_format(name))
        assert files(tmp_path / "here" / name) == files(tmp_path / "there" / name), name


@pytest.mark.parametrize(
    ("name", "settings", "says"),
    [
        ("rdfxml", {}, "unknown format 'rdfxml'; known: conll, csv, cypher, docbin, doccano, facts, graphml, parquet, rdf"),
        ("csv", {"bomb": True}, "format.bomb: unexpected argument"),
        ("csv", {"bom": "often"}, "format.bom: .*'often' is not"),
        ("conll", {"scheme": "IOB"}, "scheme: "),
        ("graphml", {"same": "person"}, "same: "),
        ("rdf", {"base": "news"}, "base 'news' is no IRI"),
        ("rdf", {"base": "https://x.example/a b/"}, "is no IRI"),
        ("rdf", {"base": "https://x.example/a#"}, "is no IRI"),
        ("rdf", {"base": "https://x.example"}, "is no IRI"),
    ],
)  # fmt: skip
def test_an_unknown_or_mistyped_name_or_setting_is_refused(name: str, settings: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        make_format(name, settings)


@pytest.mark.parametrize(("name", "package"), GRAPH.items())
def test_a_missing_package_is_an_error_that_says_what_to_install(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match=rf"{package} is not installed.*pip install 'baozhi\[graph\]'"):
        make_format(name)


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("我的")
    with pytest.raises(InputError, match=r"holds mine.txt.*choose a new or empty folder"):
        export([INVESTMENT], tmp_path, format=make_format("csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_table_that_is_no_more_leaves_with_the_old_output(tmp_path: Path) -> None:
    export([INVESTMENT], tmp_path / "a", format=make_format("csv"))
    assert (tmp_path / "a" / "facts_investment.csv").exists()
    export([HOSTILE], tmp_path / "a", format=make_format("csv"))
    assert not (tmp_path / "a" / "facts_investment.csv").exists()


def test_a_file_for_a_folder_and_a_folder_for_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file; this format writes a folder"):
        export([INVESTMENT], tmp_path / "file", format=make_format("parquet"))
    with pytest.raises(InputError, match="is a folder; this format writes one file"):
        export([INVESTMENT], tmp_path, format=make_format("facts"))
    with pytest.raises(InputError, match="cannot be written"):
        export([INVESTMENT], tmp_path / "file" / "below", format=make_format("facts"))


def run(*arguments: object) -> str:
    app = typer.Typer()
    app.command()(export_command)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_writes_what_it_says_and_takes_settings(tmp_path: Path) -> None:
    records = write_records(tmp_path / "r.jsonl", INVESTMENT)
    said = run(records, "--format", "csv", "--output", tmp_path / "tables", "--set", "bom=true")
    assert f"{tmp_path / 'tables' / 'mentions.csv'}: " in said.replace("\n", "")
    assert (tmp_path / "tables" / "mentions.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    run(records, "--format", "conll", "--output", tmp_path / "c.txt", "--set", "scheme=BIOES", "--set", "unit=token")
    assert "E-ORG" in (tmp_path / "c.txt").read_text(encoding="utf-8")


def test_a_setting_without_its_value_is_refused(tmp_path: Path) -> None:
    records = write_records(tmp_path / "r.jsonl", INVESTMENT)
    for wrong in ("bom", "a.b=1", "=1"):
        with pytest.raises(ConfigError, match="is not of the form name=value"):
            run(records, "--format", "csv", "--output", tmp_path / "x", "--set", wrong)


def test_a_broken_record_stops_the_export_and_is_named_with_its_line(tmp_path: Path) -> None:
    records = write_records(tmp_path / "r.jsonl", INVESTMENT, HOSTILE)
    records.write_bytes(records.read_bytes() + b'{"schema": "baozhi/1"}\n')
    assert plain(INVESTMENT)["id"] == "003-2"
    with pytest.raises(InputError, match=r"r.jsonl:3: is no record"):
        run(records, "--format", "facts", "--output", tmp_path / "x")
    assert not (tmp_path / "x").exists()
