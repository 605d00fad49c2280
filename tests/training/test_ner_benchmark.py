"""The benchmark of names: its list of sets, and a whole run on a set that can be learned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch: pip install 'baozhi[train]'")

from pipeline.encoder.characters import build_vocabulary, save_vocabulary
from pipeline.encoder.matches import save_words
from pipeline.errors import ConfigError
from pipeline.training.ner_benchmark import NamedSet, benchmark_set, read_sets
from pipeline.training.pretrained import read_encoder, ship_encoder
from pipeline.training.runs import Shape, build_encoder, save_shape

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["赵敏", "钱学军", "孙丽华", "李文博", "周海燕"]


@pytest.fixture
def pretrained(tmp_path: Path) -> Path:
    import torch

    folder = tmp_path / "pretrained"
    folder.mkdir()
    vocabulary = build_vocabulary(["记者采访了" + "".join(NAMES) + "。"], least=1, bigrams=9)
    shape = Shape(width=16, bigram_width=4, dilations=[1, 2], expansion=1)
    torch.save({"encoder": build_encoder(shape, vocabulary, dropout=0.0).state_dict()}, folder / "encoder.pt")
    save_vocabulary(vocabulary, folder / "vocabulary.json")
    save_shape(shape, folder / "shape.json")
    save_words({"记者": ("post",)}, folder / "words.txt.gz")
    return folder


def test_the_shipped_list_names_its_sets_and_their_published_figures() -> None:
    sets = read_sets(ROOT / "configs/benchmark/ner.toml", [])
    assert [each.name for each in sets] == ["MSRA", "ResumeNER", "CLUENER"]
    assert all(50 < f1 < 100 for each in sets for f1 in each.published.values())
    assert [each.name for each in read_sets(ROOT / "configs/benchmark/ner.toml", ["CLUENER"])] == ["CLUENER"]
    with pytest.raises(ConfigError, match="ResumeNER"):
        read_sets(ROOT / "configs/benchmark/ner.toml", ["Resume"])


def test_a_set_is_learned_from_train_alone_and_scored_on_its_test(tmp_path: Path, pretrained: Path) -> None:
    import gzip

    def rows(names: list[str]) -> str:
        texts = [f"{lead}采访了{name}。" for name in names for lead in ("记者", "我")]
        return "\n".join(
            json.dumps({"text": t, "mentions": [{"start": t.index("了") + 1, "end": len(t) - 1, "label": "name"}]})
            for t in texts
        )

    (tmp_path / "train.jsonl.gz").write_bytes(gzip.compress(rows(NAMES * 8).encode()))
    (tmp_path / "test.jsonl").write_text(rows(NAMES), encoding="utf-8")
    each = NamedSet("made", "train.jsonl.gz", "test.jsonl", ["name"], {})
    result = benchmark_set(
        each, tmp_path, pretrained=pretrained, lexicon=tmp_path, output=tmp_path / "out", threads=1, minutes=1.0,
        steps=120, rate=0.01,
    )  # fmt: skip
    assert result.counts.gold == 10
    assert result.counts.f1 > 0.8
    held_out = (tmp_path / "out/made/dev.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(held_out) == 4
    assert len((tmp_path / "out/made/train.jsonl").read_text(encoding="utf-8").splitlines()) == 76


def test_a_shipped_encoder_is_the_pretrained_one_in_half_precision(tmp_path: Path, pretrained: Path) -> None:
    import torch

    shipped = ship_encoder(pretrained, tmp_path / "shipped")
    before, after = read_encoder(pretrained), read_encoder(shipped)
    assert before is not None
    assert after is not None
    assert set(before) == set(after)
    for name in before:
        torch.testing.assert_close(after[name], before[name], rtol=1e-3, atol=1e-4)
    assert {path.name for path in shipped.iterdir()} == {"encoder.npz", "vocabulary.json", "shape.json"}


def test_a_broken_or_missing_encoder_says_where(tmp_path: Path) -> None:
    assert read_encoder(tmp_path) is None
    with pytest.raises(ConfigError, match="pretrain first"):
        ship_encoder(tmp_path, tmp_path / "shipped")
    (tmp_path / "encoder.npz").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ConfigError, match="cannot read"):
        read_encoder(tmp_path)
