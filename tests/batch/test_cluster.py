"""Under Ray as on one machine: the same bytes, and a worker that dies costs nothing but the page that kills it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.batch.extract import extract
from pipeline.build import load

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.ray

PAGE = "# 云州市召开防汛会议\n\n本报讯（记者 陈明）{word}7月3日，云州市市长刘建国主持召开防汛会议，投资{n}.7亿元加固堤防，各地要压实责\n\n任，确保安全度汛。\n"
FAULTS = """
import os, signal
from pathlib import Path
from spacy.language import Language

class Faults:
    def __init__(self, folder):
        self.folder = Path(folder)

    def __call__(self, doc):
        if "毒" in doc.text:
            raise ZeroDivisionError("in a stage")
        if "杀" in doc.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "一次" in doc.text:
            try:
                (self.folder / "killed").touch(exist_ok=False)
            except FileExistsError:
                return doc
            os.kill(os.getpid(), signal.SIGKILL)
        if "满" in doc.text:
            bytearray(6 << 30)
        return doc

@Language.factory("faults", default_config={"folder": ""})
def make_faults(nlp, name, folder: str):
    return Faults(folder)

def register():
    pass
"""


@pytest.fixture(scope="module", autouse=True)
def cluster(tmp_path_factory: pytest.TempPathFactory):
    """A Ray of this machine whose workers know one stage more."""
    place = tmp_path_factory.mktemp("plugin")
    (place / "faults_for_tests.py").write_text(FAULTS, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[2])
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(place))
        import faults_for_tests  # noqa: F401

        patch.setenv("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
        environment = {
            "env_vars": {"PYTHONPATH": f"{root}:{place}"}, "worker_process_setup_hook": "faults_for_tests.register",
        }  # fmt: skip
        for last in (False, False, True):  # Ray gives its own processes 30 seconds, which a busy machine exceeds
            try:
                ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env=environment)
                break
            except Exception as error:
                ray.shutdown()
                if last and not os.environ.get("BAOZHI_REQUIRE_RAY"):
                    pytest.skip(f"Ray does not start on this machine: {error}")
                if last:
                    raise
        yield
        ray.shutdown()


@pytest.fixture
def config(root: Path, tmp_path: Path) -> Path:
    """The character config with the stage that does what a text says."""
    text = (root / "configs" / "char.cfg").read_text("utf-8")
    text = text.replace('root = ".."', f'root = "{root}"').replace(
        '"patterns", "merge"]', '"patterns", "merge", "faults"]'
    )
    text += f'\n[components.faults]\nfactory = "faults"\nfolder = "{tmp_path / "faults"}"\n'
    (tmp_path / "faults").mkdir()
    path = tmp_path / "faults.cfg"
    path.write_text(text, encoding="utf-8")
    load(path)
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(9):
        (folder / f"{n}.txt").write_text(PAGE.format(n=n, word=""), encoding="utf-8")
    (folder / "5-empty.txt").write_bytes(b"")
    (folder / "6-gb.txt").write_bytes(PAGE.format(n=7, word="").encode("gb18030"))
    lines = [json.dumps({"id": str(n % 14), "text": f"刘建国出资{n}万元。"}) for n in range(17)]
    (folder / "z.jsonl").write_text("\n".join([*lines[:5], "{", *lines[5:]]), encoding="utf-8")
    return folder


def extract_on_ray(source: str | Path, config: Path, output: str | Path, **settings):
    from pipeline.batch.cluster import extract_on_ray

    settings = {"workers": 1, "cores": 0.5, "shard_size": 3, **settings}
    return extract_on_ray([str(source)], config=config, output=str(output), **settings)


def assert_equal(output: Path, local: Path) -> None:
    for kind in ("records", "pages"):
        parts = sorted((output / kind).glob("part-*.jsonl"))
        assert b"".join(part.read_bytes() for part in parts) == (local / f"{kind}.jsonl").read_bytes()
    assert (output / "summary.json").read_bytes() == (local / "summary.json").read_bytes()


def test_the_parts_are_the_bytes_of_one_machine_and_are_not_made_twice(
    source: Path, config: Path, tmp_path: Path
) -> None:
    extract([source], config=config, output=tmp_path / "local")
    first = extract_on_ray(source, config, tmp_path / "ray", workers=2)
    assert len(first.failures) == 5 and first.articles == 24
    assert_equal(tmp_path / "ray", tmp_path / "local")
    assert len(list((tmp_path / "ray" / "records").iterdir())) > 6
    again = extract_on_ray(source, config, tmp_path / "ray")
    assert again.reused == first.pages + first.articles
    (source / "8.txt").unlink()
    (source / "z.jsonl").unlink()
    extract([source], config=config, output=tmp_path / "local")
    extract_on_ray(source, config, tmp_path / "ray")
    assert_equal(tmp_path / "ray", tmp_path / "local")


def test_a_worker_killed_in_the_middle_leaves_no_trace(source: Path, config: Path, tmp_path: Path) -> None:
    (source / "4.txt").write_text(PAGE.format(n=4, word="一次"), encoding="utf-8")
    extract_on_ray(source, config, tmp_path / "ray")
    assert (tmp_path / "faults" / "killed").exists()
    extract([source], config=config, output=tmp_path / "local")
    assert_equal(tmp_path / "ray", tmp_path / "local")


def test_poisoned_deadly_and_swollen_pages_are_listed_and_the_rest_is_whole(
    source: Path, config: Path, tmp_path: Path
) -> None:
    for n, word in ((2, "毒"), (4, "杀"), (7, "满")):
        (source / f"{n}.txt").write_text(PAGE.format(n=n, word=word), encoding="utf-8")
    summary = extract_on_ray(source, config, tmp_path / "ray", memory=1 << 30)
    told = {Path(failure.partition(":")[0]).name: failure for failure in summary.failures}
    assert "a stage broke (ZeroDivisionError: in a stage)" in told["2.txt"]
    assert "its worker died on it twice" in told["4.txt"]
    assert "a stage broke (MemoryError" in told["7.txt"]
    for n in (2, 4, 7):
        (source / f"{n}.txt").unlink()
    extract([source], config=config, output=tmp_path / "local")
    records = b"".join(part.read_bytes() for part in sorted((tmp_path / "ray" / "records").iterdir()))
    assert records == (tmp_path / "local" / "records.jsonl").read_bytes()


def test_addresses_are_read_and_written(source: Path, config: Path, tmp_path: Path) -> None:
    extract([source], config=config, output=tmp_path / "local")
    extract_on_ray(f"file://{source}", config, f"file://{tmp_path / 'ray'}", shard_size=50)
    for kind in ("records", "pages"):
        parts = sorted((tmp_path / "ray" / kind).glob("part-*.jsonl"))
        assert b"".join(part.read_bytes() for part in parts) == (tmp_path / "local" / f"{kind}.jsonl").read_bytes()
    told = json.loads((tmp_path / "ray" / "summary.json").read_text("utf-8"))
    assert f"file://{source}/6-gb.txt: read as GB18030" in told["notes"]
