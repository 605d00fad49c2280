"""Training a segmenter on a handful of sentences, and making it small."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import spacy

from pipeline.errors import ConfigError
from pipeline.tokens import pkuseg as _pkuseg  # noqa: F401  (registers it)
from pipeline.tokens.pkuseg import load_pkuseg
from pipeline.training.compact_segmenter import compact_segmenter
from pipeline.training.segmenter import HELD_OUT, LOG, train_segmenter

SENTENCES = [
    "会议 强调 安全 生产 。",
    "太原 重工 发布 公告 , 强调 生产 。",
    "大会 发布 公告 。",
    "安全 会议 （ 昨日 ） 强调 ．",
]
DEV = "太原 会议 发布 公告 。\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "train.seg").write_text("\n".join(SENTENCES * 5) + "\n" + DEV, encoding="utf-8")
    (folder / "dev.seg").write_text(DEV, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def model(corpus: Path) -> Path:
    return train_segmenter([corpus / "train.seg"], [corpus / "dev.seg"], corpus / "model", iterations=5, least_count=1)


def segment(model: Path, text: str) -> list[str]:
    return [
        token.text
        for token in spacy.blank(
            "zh", config={"nlp": {"tokenizer": {"@tokenizers": "pkuseg_words", "model": str(model)}}}
        )(text)
    ]


def test_a_trained_segmenter_finds_the_words_it_was_shown(model: Path) -> None:
    assert segment(model, "会议强调安全生产。") == ["会议", "强调", "安全", "生产", "。"]
    assert segment(model, "太原重工发布公告，强调生产。")[4:6] == ["，", "强调"]  # the corpus has a half-width comma


def test_the_model_its_log_and_what_was_held_out_are_written(model: Path) -> None:
    assert sorted(path.name for path in model.iterdir()) == ["features.msgpack", HELD_OUT, LOG, "weights.npz"]
    assert "iter4" in (model / LOG).read_text(encoding="utf-8")


def test_two_runs_are_byte_equal(model: Path, corpus: Path, tmp_path: Path) -> None:
    again = train_segmenter([corpus / "train.seg"], [corpus / "dev.seg"], tmp_path, iterations=5, least_count=1)
    for name in ("features.msgpack", "weights.npz"):
        assert (again / name).read_bytes() == (model / name).read_bytes()


def test_sentences_of_dev_are_not_trained_on(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "same.seg").write_text(DEV + "安全 会议\n" * 10, encoding="utf-8")
    train_segmenter([tmp_path / "same.seg"], [corpus / "dev.seg"], tmp_path / "out", iterations=1, least_count=1)
    names = msgspec.msgpack.decode((tmp_path / "out" / "features.msgpack").read_bytes())["feature_to_idx"]
    assert any("全" in name for name in names)
    assert not any("告" in name for name in names)


def test_sizes_limit_each_corpus_and_hold_sentences_out(tmp_path: Path) -> None:
    sentences = [f"会议 {a}{b} 。" for a in "甲乙丙丁戊己庚" for b in "东西南北"]
    (tmp_path / "train.seg").write_text("\n".join(sentences) + "\n", encoding="utf-8")
    (tmp_path / "dev.seg").write_text(DEV, encoding="utf-8")
    corpora = [tmp_path / "train.seg"] * 2
    train_segmenter(corpora, [tmp_path / "dev.seg"], tmp_path, sizes=[11, 2], set_aside=3, iterations=1, least_count=1)
    assert "train/test data sizes: 13/1" in (tmp_path / LOG).read_text(encoding="utf-8")
    held_out = (tmp_path / HELD_OUT).read_text(encoding="utf-8").splitlines()
    assert len(held_out) == 6 and set(held_out) < set(sentences)
    words = msgspec.msgpack.decode((tmp_path / "features.msgpack").read_bytes())["unigram"]
    assert not {sentence.split()[1] for sentence in held_out} & set(words)


@pytest.mark.parametrize(("corpora", "sizes"), [(1, [1, 2]), (2, [1]), (0, [])])
def test_sizes_that_do_not_fit_the_corpora_are_refused(
    corpora: int, sizes: list[int], corpus: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=f"{corpora} corpora, {len(sizes)} sizes"):
        train_segmenter([corpus / "train.seg"] * corpora, [corpus / "dev.seg"], tmp_path / "out", sizes=sizes)


def test_too_few_sentences_are_refused(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="9 sentences"):
        train_segmenter([corpus / "train.seg"], [corpus / "dev.seg"], tmp_path / "out", sizes=[9], set_aside=0)


def write_model(folder: Path, features: dict[str, list[float]], unigram: list[str]) -> Path:
    folder.mkdir()
    data = {
        "unigram": unigram, "bigram": ["会议*强调"], "tag_to_idx": {"B": 0, "I": 1},
        "feature_to_idx": {name: number for number, name in enumerate(features)},
    }  # fmt: skip
    (folder / "features.msgpack").write_bytes(msgspec.msgpack.encode(data))
    nodes = [weight for weights in features.values() for weight in weights]
    np.savez(folder / "weights.npz", sizes=np.array([2, len(features)]), w=np.array([*nodes, 0.5, -0.25, 0.125, 0.0]))
    return folder


def test_what_cannot_change_a_segmentation_is_left_out(tmp_path: Path) -> None:
    features = {
        "$$": [0.0, 0.0],
        "c.会": [1.0, -1.0],
        "c.议": [3.0, 3.0],  # for every tag the same
        "c-1.强": [0.01, -0.01],
        "w1.会议": [0.5, 0.0],
        "ww.l.太原*重工": [-0.5, 0.5],
    }
    source = write_model(tmp_path / "large", features, ["会议", "太原", "重工", "强调", "会"])
    (tmp_path / "small").mkdir()
    assert compact_segmenter(source, tmp_path / "small") == 4
    small = load_pkuseg(tmp_path / "small")
    assert list(small.feature_extractor.feature_to_idx) == ["$$", "c.会", "w1.会议", "ww.l.太原*重工"]
    assert small.feature_extractor.unigram == {"会议", "太原", "重工"}
    assert small.feature_extractor.bigram == set()
    assert small.model.w.tolist() == pytest.approx(
        [0, 0, 1, -1, 0.25, -0.25, -0.5, 0.5, 0.5, -0.25, 0.125, 0], abs=0.011
    )


def test_a_compact_copy_of_a_compact_model_is_the_same(model: Path, tmp_path: Path) -> None:
    compact_segmenter(model, tmp_path)
    for name in ("features.msgpack", "weights.npz"):
        assert (tmp_path / name).read_bytes() == (model / name).read_bytes()
