"""Shards: every input once, the bytes of one machine, and a unit that breaks its worker twice is left out."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from spacy.language import Language

from pipeline.batch import shards as made
from pipeline.batch.articles import count_articles, read_article_file
from pipeline.batch.extract import extract
from pipeline.batch.inputs import ArticleFile, PageFile, find_inputs
from pipeline.batch.shards import Card, ShardWriter, cut_shards, find_remote
from pipeline.batch.summary import Summary
from pipeline.build import load, load_page_reader
from pipeline.errors import InputError
from pipeline.records import Article

pytest.importorskip("fsspec")
PAGE = "# 云州市召开防汛会议\n\n本报讯（记者 陈明）云州市市长刘建国主持召开防汛会议，投资{n}.7亿元加固堤防。\n"


@pytest.fixture
def config(root: Path) -> Path:
    return root / "configs" / "char.cfg"


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load(Path(__file__).resolve().parents[2] / "configs" / "char.cfg")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(5):
        (folder / f"{n}.txt").write_text(PAGE.format(n=n), encoding="utf-8")
    (folder / "3-empty.txt").write_bytes(b"")
    (folder / "4-gb.txt").write_bytes(PAGE.format(n=7).encode("gb18030"))
    lines = [json.dumps({"id": str(n % 9), "text": f"刘建国出资{n}万元。"}) for n in range(11)]
    (folder / "z.jsonl").write_text("\n".join([*lines[:5], "{", *lines[5:]]), encoding="utf-8")
    return folder


class Cluster:
    """Shards one after the other, each by a writer that knows only what lies in the output folder."""

    def __init__(self, nlp: Language, config: Path, output: str | Path) -> None:
        self.nlp, self.config, self.output = nlp, config, str(output)

    def writer(self, **settings: object) -> ShardWriter:
        given = {"output": self.output, "fingerprint": "x", "fresh": False, **settings}
        return ShardWriter(load_page_reader(self.config), self.nlp, **given)

    def extract(self, items: list, **settings: object) -> Summary:
        total = Summary()
        for shard in cut_shards(items, size=3):
            part = self.writer(**settings).write(shard)
            total.merge(part)
            total.notes += part.notes
            total.failures += part.failures
            total.reused += part.reused
        return total


def local_items(source: Path) -> list:
    return [(item, "") for item in find_inputs([source])[0]]


def parts(output: Path, kind: str) -> bytes:
    return b"".join(part.read_bytes() for part in sorted((output / kind).glob("part-*.jsonl")))


def test_parts_are_the_bytes_of_one_machine_and_are_made_once(
    nlp: Language, config: Path, source: Path, tmp_path: Path
) -> None:
    local = extract([source], config=config, output=tmp_path / "local")
    cluster = Cluster(nlp, config, tmp_path / "out")
    found = cluster.extract(local_items(source))
    for kind in ("records", "pages"):
        assert parts(tmp_path / "out", kind) == (tmp_path / "local" / f"{kind}.jsonl").read_bytes()
    found.files = local.files
    assert found == local
    assert len(found.failures) == 4 and found.reused == 0
    assert cluster.extract(local_items(source)).reused == found.pages + found.articles
    assert cluster.extract(local_items(source), fresh=True).reused == 0
    assert cluster.extract(local_items(source), fingerprint="y").reused == 0
    (source / "4.txt").write_text(PAGE.format(n="四"), encoding="utf-8")
    assert 0 < cluster.extract(local_items(source), fingerprint="y").reused < found.pages + found.articles


def test_addresses_give_the_same_bytes(nlp: Language, config: Path, source: Path, tmp_path: Path) -> None:
    local = extract([source], config=config, output=tmp_path / "local")
    found = Cluster(nlp, config, f"file://{tmp_path}/out").extract(find_remote(f"file://{source}"))
    for kind in ("records", "pages"):
        assert parts(tmp_path / "out", kind) == (tmp_path / "local" / f"{kind}.jsonl").read_bytes()
    assert found.failures == [failure.replace(str(source), f"file://{source}") for failure in local.failures]
    assert found.notes == [f"file://{source}/4-gb.txt: read as GB18030"]


def test_a_unit_on_which_workers_died_twice_is_left_out_and_no_other(
    nlp: Language, config: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What SIGKILL is to a process."""

    real, deaths = made.run, []

    def run(nlp, units):
        for unit in units:
            if unit.where.endswith("1.txt"):
                deaths.append(unit.where)
                raise Killed
            yield from real(nlp, [unit])

    monkeypatch.setattr(made, "run", run)
    cluster = Cluster(nlp, config, tmp_path / "out")
    shard = next(iter(cut_shards(local_items(source), size=3)))
    for _ in range(3):
        with pytest.raises(Killed):
            cluster.writer().write(shard)
    assert not (tmp_path / "out" / "records").exists()
    summary = cluster.writer().write(shard)
    assert len(deaths) == 3
    assert (summary.pages, len(summary.failures)) == (2, 1)
    assert "1.txt: its worker died on it twice" in summary.failures[0]
    card = msgspec.json.decode((tmp_path / "out/.baozhi/shards/000000.json").read_bytes(), type=Card)
    assert card.done and not list((tmp_path / "out").rglob("*.unfinished"))


def test_a_worker_that_died_once_blames_no_unit(nlp: Language, config: Path, source: Path, tmp_path: Path) -> None:
    whole = Cluster(nlp, config, tmp_path / "whole")
    shard = next(iter(cut_shards(local_items(source), size=3)))
    expected = whole.writer().write(shard)
    path = tmp_path / "out" / ".baozhi" / "shards" / "000000.json"
    path.parent.mkdir(parents=True)
    key = msgspec.json.decode((tmp_path / "whole/.baozhi/shards/000000.json").read_bytes(), type=Card).key
    path.write_bytes(msgspec.json.encode(Card(key=key, attempts=2, trying=1)))
    assert Cluster(nlp, config, tmp_path / "out").writer().write(shard) == expected
    assert parts(tmp_path / "out", "records") == parts(tmp_path / "whole", "records")


def test_an_address_with_nothing_behind_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"memory://nothing: there is no page"):
        find_remote("memory://nothing")


def test_shards_hold_every_input_once_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join("{}" for _ in range(10)))
    pages = [PageFile(tmp_path / f"{n}.txt", f"{n}.txt", str(n), None, None) for n in range(5)]
    items = [*pages, ArticleFile(tmp_path / "a.jsonl"), pages[0]]
    shards = list(cut_shards([(item, "") for item in items], size=4))
    assert [shard.number for shard in shards] == list(range(6))
    assert [len(shard.items) for shard in shards] == [4, 1, 1, 1, 1, 1]
    cuts = [(item.start, item.stop) for shard in shards for item in shard.items if isinstance(item, ArticleFile)]
    assert cuts == [(0, 4), (4, 8), (8, None)]


def test_rows_of_parquet_are_articles(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    columns = {"id": ["1", "2", "1", None, "5"], "text": ["甲。", "乙。", "丙。", "丁。", " "], "more": [1, 2, 3, 4, 5]}
    columns["date"] = ["2024-01-02", None, None, None, None]
    parquet.write_table(arrow.table(columns), path)
    found = list(read_article_file(path))
    assert [(a.id, a.text, a.date) for a in found if isinstance(a, Article)] == [
        ("1", "甲。", "2024-01-02"),
        ("2", "乙。", None),
    ]
    assert [str(e).partition(": ")[0] for e in found if isinstance(e, InputError)] == [f"{path}:{n}" for n in (3, 4, 5)]
    assert count_articles(path) == 5
    path.write_bytes(b"PAR1 no")
    assert "cannot be read as Parquet" in str(next(read_article_file(path)))
    assert count_articles(path) == 0
