"""A model folder or a config that is not what it should be gives an error that says which file, and no crash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.build import load, load_page_reader, read_config
from pipeline.doc import make_doc
from pipeline.encoder.model import load_model
from pipeline.errors import BaozhiError, ConfigError
from pipeline.records import Article

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "encoder" / "tiny"
FILES = ["model.json", "model.onnx", "vocabulary.json", "words.txt.gz"]
WRONG = {
    "missing": None,
    "empty": b"",
    "cut": "half",
    "other JSON": b'{"name": 3}',
    "a list": b"[1, 2]",
    "no text": b"\xff\xfe\x00\x01" * 30,
    "deep": b"[" * 100_000,
    "a folder": "folder",
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    load_model.cache_clear()
    return Path(shutil.copytree(TINY, tmp_path / "model"))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [(name, wrong) for name in FILES for wrong in WRONG if (name, wrong) != ("words.txt.gz", "empty")],
)  # an empty list of words is one
def test_a_file_of_a_model_that_is_wrong_is_named(model: Path, name: str, wrong: str) -> None:
    content = WRONG[wrong]
    whole = (model / name).read_bytes()
    (model / name).unlink()
    if content == "folder":
        (model / name).mkdir()
    elif content is not None:
        (model / name).write_bytes(whole[: len(whole) // 2] if isinstance(content, str) else content)
    with pytest.raises(ConfigError) as raised:
        load(ROOT / "configs" / "default.cfg", {"components.encoder.model": str(model)})
    assert "model" in str(raised.value)


def test_a_network_of_other_shapes_is_an_error_of_ours(model: Path, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    node = onnx.helper.make_node("Identity", ["characters"], ["mentions"])
    graph = onnx.helper.make_graph(
        [node], "other",
        [onnx.helper.make_tensor_value_info("characters", onnx.TensorProto.INT64, [None, None])],
        [onnx.helper.make_tensor_value_info("mentions", onnx.TensorProto.INT64, [None, None])],
    )  # fmt: skip
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(made, model / "model.onnx")
    with pytest.raises(BaozhiError, match=r"model\.onnx"):
        nlp = load(ROOT / "configs" / "default.cfg", {"components.encoder.model": str(model)})
        nlp(make_doc(nlp, Article("x", None, "article", None, None, (), "云州市市长刘建国。", ())))


def test_a_model_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("x")
    with pytest.raises(ConfigError, match="model"):
        load(ROOT / "configs" / "default.cfg", {"components.encoder.model": str(tmp_path / "model")})


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe\x00", b"[nlp", b"[nlp]\nlang = \n", b"[nlp]\nlang = \"zh\"\nlang = \"en\"\n", b"x = 1\n",
        b"[nlp]\nlang = \"zh\"\npipeline = 3\n", b"[nlp]\nlang = \"klingon\"\npipeline = []\n", b"[nlp]\nlang = ${nothing.here}\n",
        b"[nlp]\nlang = \"zh\"\npipeline = [\"none\"]\n", b"[nlp]\nlang = \"zh\"\npipeline = []\n[nlp.tokenizer]\n@tokenizers = \"none\"\n",
        b"[nlp]\nlang = \"zh\"\npipeline = []\n[nlp.tokenizer]\n@tokenizers = 3\n", b"[paths]\nroot = 3\n[nlp]\nlang = \"zh\"\n",
        b"{\"nlp\": {}}", b"\0" * 100, b"[components.x]\nfactory = [\n",
    ],
)  # fmt: skip
def test_a_config_that_is_none_is_an_error_of_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.cfg"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as raised:
        load(path)
        load_page_reader(path)
    assert "a.cfg" in str(raised.value)


def test_a_config_that_is_a_folder_or_missing_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.cfg", Path("a\0b.cfg")):
        with pytest.raises(ConfigError, match="no such config"):
            read_config(path)
