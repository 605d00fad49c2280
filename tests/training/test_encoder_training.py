"""Pre-training, training, export and retraining of a very small encoder, from configs as a user has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch: pip install 'baozhi[train]'")
pytest.importorskip("onnx", reason="export needs onnx: pip install 'baozhi[train]'")

import lzma

import numpy as np
import onnx
import torch

from pipeline.encoder.candidates import make_spans
from pipeline.encoder.characters import load_vocabulary
from pipeline.encoder.decoding import decode
from pipeline.encoder.model import Model
from pipeline.errors import ConfigError
from pipeline.records import EVENT_TYPES
from pipeline.training.configs import run_trainer
from pipeline.training.export import Graph, export_model, load_tagger
from pipeline.training.measure import report_scores, score_mentions
from pipeline.training.speed import TransformerShape, compare_speeds
from pipeline.training.unlabelled import mask_words, read_items, stream_batches
from pipeline.training.weights import read_weights

ROOT = Path(__file__).resolve().parents[2]
PLACES = ["云州市", "青河县", "北岭市", "南浦区", "石桥镇"]
PEOPLE = ["赵敏", "钱学军", "孙丽华", "李文博", "周海燕"]


def annotate(place: str, person: str) -> dict:
    text = f"{place}市长{person}调研学校，并慰问老人。"
    spans = {"LOC": place, "TITLE": "市长", "PER": person, "event": "调研"}
    at = {kind: [text.index(surface), text.index(surface) + len(surface)] for kind, surface in spans.items()}
    return {
        "text": text,
        "mentions": [{"start": at[k][0], "end": at[k][1], "label": k} for k in ("LOC", "TITLE", "PER")],
        "relations": [
            {"type": "position_held", "from": at["PER"], "to": at["TITLE"]},
            {"type": "position_in", "from": at["TITLE"], "to": at["LOC"]},
        ],
        "events": [
            {"type": "inspection", "start": at["event"][0], "end": at["event"][1],
             "roles": [{"role": "agent", "mention": at["PER"]}]}
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    items = [
        f"{place}市长{person}在会议上说，要发展经济，{i}年投资5亿元。" * 4
        for i in range(9)
        for place, person in zip(PLACES, PEOPLE, strict=True)
    ]
    with lzma.open(folder / "news.txt.xz", "wt", encoding="utf-8") as file:
        file.write("\n\n".join(items))
    rows = [json.dumps(annotate(place, person), ensure_ascii=False) for place in PLACES for person in PEOPLE]
    (folder / "train.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (folder / "dev.jsonl").write_text("\n".join(rows[::3]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pretrained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("pretrained")
    small = {
        "width": 16,
        "bigram_width": 8,
        "bigrams": 20,
        "length": 32,
        "batch": 4,
        "minutes": 0.05,
        "characters_least": 1,
    }
    settings = {f"train.{key}": value for key, value in small.items()}
    return run_trainer(
        ROOT / "configs/train/pretrain.cfg",
        {
            "paths.output": str(output / "run"),
            "paths.model": str(output),
            "train.texts": [str(data / "news.txt.xz")],
            **settings,
        },
    )


@pytest.fixture(scope="module")
def model(data: Path, pretrained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    from pipeline.encoder.matches import save_words

    save_words({"云州市": ("place",)}, pretrained / "words.txt.gz")
    return run_trainer(
        ROOT / "configs/train/retrain.cfg",
        {
            "paths.start": str(pretrained), "paths.texts": str(data / "train.jsonl"),
            "train.dev": str(data / "dev.jsonl"), "paths.output": str(folder / "run"),
            "paths.model": str(folder / "model"), "train.steps": 60,
            "train.rate": 0.01, "train.rounds": 2, "train.batch": 4,
        },
    )  # fmt: skip


def test_pretraining_goes_on_exactly_where_it_stopped(data: Path, pretrained: Path) -> None:
    vocabulary = load_vocabulary(pretrained / "vocabulary.json")
    how = {"vocabulary": vocabulary, "length": 32, "batch": 4, "share": 0.2, "seed": 3, "chunk": 10}
    items = read_items([data / "news.txt.xz"])
    stream = stream_batches(items, **how)
    batches = [next(stream) for _ in range(60)]
    for place in (0, 7, 30):  # positions inside a chunk and at its end
        following, wanted = batches[place][0], batches[place + 1]
        position, batch = next(stream_batches(items, **how, start=following))
        assert position == wanted[0]
        np.testing.assert_array_equal(batch.inputs, wanted[1].inputs)
        np.testing.assert_array_equal(batch.targets, wanted[1].targets)


def test_workers_give_the_same_batches(data: Path, pretrained: Path) -> None:
    vocabulary = load_vocabulary(pretrained / "vocabulary.json")
    how = {"vocabulary": vocabulary, "length": 32, "batch": 4, "share": 0.2, "seed": 3, "chunk": 10}
    items = read_items([data / "news.txt.xz"])
    alone, together = stream_batches(items, **how), stream_batches(items, **how, workers=1)
    for _ in range(20):
        (place, batch), (same_place, same) = next(alone), next(together)
        assert place == same_place
        np.testing.assert_array_equal(batch.inputs, same.inputs)
    together.close()


def test_words_are_masked_whole(data: Path, pretrained: Path) -> None:
    from pipeline.training.unlabelled import cut_windows

    vocabulary = load_vocabulary(pretrained / "vocabulary.json")
    windows = cut_windows(read_items([data / "news.txt.xz"])[:6], vocabulary=vocabulary, length=64)
    masked = mask_words(windows, vocabulary=vocabulary, share=0.3, random=np.random.default_rng(1))
    for row, window in enumerate(windows):
        for word in set(window.words.tolist()):
            assert len(set(masked.asked[row][window.words == word].tolist())) == 1
    assert 0.15 < masked.asked.mean() < 0.45
    hidden = masked.asked & (masked.inputs == 2)
    assert not masked.bigrams[hidden].any()


def test_a_trained_model_finds_what_it_was_taught(data: Path, model: Path) -> None:
    scores = score_mentions(model, data / "dev.jsonl", labels=["LOC", "PER"])
    assert scores["LOC"].counts.f1 > 0.9
    assert scores["PER"].counts.f1 > 0.9
    assert "| LOC |" in report_scores(scores)


def test_a_trained_model_finds_the_edges_it_was_taught(model: Path) -> None:
    row = annotate("青河县", "李文博")
    loaded = Model(path=model, threads=1)
    outputs = loaded.run([row["text"]])[0]
    spans = [(m["start"], m["end"], m["label"]) for m in row["mentions"]]
    found = loaded.scorer("relations").find(row["text"], outputs["pairs"], make_spans(spans), least=0.5)
    assert {(edge.head, edge.tail, edge.label) for edge in found} == {
        (2, 1, "position_held"), (1, 0, "position_in"),
    }  # fmt: skip
    event = row["events"][0]
    triggers = decode(outputs["triggers"], EVENT_TYPES)
    assert [(t.start, t.end, t.label) for t in triggers] == [(event["start"], event["end"], "inspection")]
    spans.append((event["start"], event["end"], "inspection"))
    roles = list(loaded.scorer("roles").find(row["text"], outputs["pairs"], make_spans(spans), least=0.5))
    assert [(edge.head, edge.tail, edge.label) for edge in roles] == [(3, 2, "agent")]


def test_every_head_that_ships_is_calibrated(model: Path) -> None:
    card = Model(path=model, threads=1).card
    assert set(card.heads) == {"mentions", "triggers", "relations", "roles"}
    assert all(set(head.calibration) == set(head.labels) for head in card.heads.values())
    assert all(set(card.heads[name].thresholds) == set(card.heads[name].labels) for name in ("relations", "roles"))


def test_the_exported_graph_gives_torchs_scores_and_int8_nearly(model: Path, tmp_path: Path) -> None:
    trained = model.parent / "run"
    plain = Model(path=export_model(trained, tmp_path / "plain", name="plain", quantized=False), threads=1)
    tagger, plan = load_tagger(trained)
    text = "云州市市长钱学军，在会议上说。"
    ids = plain.vocabulary.encode(text)[None]
    arrays = (ids, plain.vocabulary.pair(ids), plain.dictionary.mark(text)[None])
    with torch.no_grad():
        wanted = Graph(tagger, plan.ships).eval()(*map(torch.from_numpy, arrays))[0][0].numpy()
    np.testing.assert_allclose(plain.run([text])[0]["mentions"], wanted, atol=1e-4)
    small = Model(path=model, threads=1).run([text])[0]["mentions"]
    assert (small.argmax(-1) == wanted.argmax(-1)).mean() > 0.9
    kinds = {
        tensor.data_type
        for tensor in onnx.load(str(model / "model.onnx")).graph.initializer
        if "_quantized" in tensor.name
    }
    assert kinds == {onnx.TensorProto.INT8, onnx.TensorProto.UINT8}  # matrices, embeddings


def test_a_model_folder_gives_its_weights_back(model: Path, tmp_path: Path) -> None:
    trained = model.parent / "run"
    tagger, plan = load_tagger(trained)
    export_model(trained, tmp_path / "plain", name="plain", quantized=False)
    parts = read_weights(tmp_path / "plain")
    assert tagger.pairs is not None
    modules = {"encoder": tagger.encoder, "mentions": tagger.heads[plan.ships], "triggers": tagger.heads["triggers"],
               "pairs": tagger.pairs, **tagger.scorers}  # fmt: skip
    assert set(parts) == set(modules)
    for part, module in modules.items():
        for name, value in module.state_dict().items():
            torch.testing.assert_close(parts[part][name], value)
    rough, exact = read_weights(model)["encoder"], parts["encoder"]
    assert set(rough) == set(exact)
    assert all((rough[name] - exact[name]).abs().max() < 0.1 * exact[name].abs().max() for name in exact)


def test_training_goes_on_from_a_model_folder(data: Path, model: Path, tmp_path: Path) -> None:
    again = run_trainer(
        ROOT / "configs/train/retrain.cfg",
        {
            "paths.start": str(model), "paths.texts": str(data / "train.jsonl"),
            "paths.output": str(tmp_path / "run"),
            "paths.model": str(tmp_path / "model"), "train.steps": 1, "train.rounds": 1, "train.rate": 1e-6,
        },
    )  # fmt: skip
    before = score_mentions(model, data / "dev.jsonl", labels=["LOC", "PER"])
    after = score_mentions(again, data / "dev.jsonl", labels=["LOC", "PER"])
    assert after["PER+LOC"].counts.f1 >= before["PER+LOC"].counts.f1 - 0.05


@pytest.mark.parametrize("setting", [{"train.no_such_setting": 1}, {"train.rate": "fast"}, {"train.ships": "uner"}])
def test_a_setting_that_cannot_work_is_refused(setting: dict) -> None:
    with pytest.raises(ConfigError):
        run_trainer(ROOT / "configs/train/retrain.cfg", setting)


def test_speeds_are_measured_of_the_model_and_of_each_shape(model: Path) -> None:
    shapes = (TransformerShape("small", 1, 16, 2, 32), TransformerShape("large", 6, 256, 4, 1024))
    texts = ["云州市市长钱学军，在会议上说。" * 9] * 8
    own, small, large = compare_speeds(model, texts, threads=1, shapes=shapes)
    assert [speed.name for speed in (own, small, large)] == ["model", "small fp32", "large fp32"]
    assert small.characters_per_second > large.characters_per_second > 0
    assert own.characters_per_second > large.characters_per_second
