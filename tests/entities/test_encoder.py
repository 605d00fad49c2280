"""Mentions by the character encoder: what it writes, and what the shipped model knows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import DocBin

from pipeline.doc import read
from pipeline.encoder.model import load_model
from pipeline.entities.encoder import EncoderEntities
from pipeline.errors import ConfigError
from pipeline.records import MENTION_LABELS

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "encoder" / "tiny"
SHIPPED = ROOT / "models" / "news-small"
TEXTS = [
    "",
    "\n",
    "。",
    "太原市市长赵 敏会见\r\n恒远集团董事长。𠮷🙂",
    "投资5.7亿元" * 90,
    "\u3000\u3000记者在云州获悉\t",
]
SETTINGS = {"name": "encoder", "labels": list(MENTION_LABELS), "threshold": 0.0, "head": "mentions", "threads": 1}


def stage(**settings: object) -> EncoderEntities:
    return EncoderEntities(**{"model": TINY, **SETTINGS, **settings})


def found(text: str, entities: EncoderEntities) -> list[tuple[str, str]]:
    doc = entities(spacy.blank("zh").make_doc(text))
    return [(text[m.start : m.end], m.label) for m in read(doc, "mentions", "encoder")]


def test_the_tiny_model_finds_something_and_surfaces_have_no_blank_at_an_end() -> None:
    surfaces = [surface for text in TEXTS for surface, _ in found(text, stage())]
    assert surfaces
    assert all(surface == surface.strip() != "" for surface in surfaces)


def test_batches_and_single_docs_give_the_same() -> None:
    nlp = spacy.blank("zh")
    piped = list(stage().pipe([nlp.make_doc(text) for text in TEXTS], batch_size=4))
    for doc, text in zip(piped, TEXTS, strict=True):
        assert doc.text == text
        assert read(doc, "mentions") == read(stage()(nlp.make_doc(text)), "mentions")


def test_findings_survive_docbin_and_two_processes() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("encoder_entities", name="encoder", config={"model": str(TINY)})
    alone = [read(nlp(text), "mentions") for text in TEXTS]
    assert [read(doc, "mentions") for doc in nlp.pipe(TEXTS, n_process=2, batch_size=2)] == alone
    stored = DocBin(store_user_data=True, docs=[nlp(text) for text in TEXTS]).get_docs(nlp.vocab)
    assert [read(doc, "mentions") for doc in stored] == alone


def test_only_wanted_labels_are_written() -> None:
    every = {label for text in TEXTS for _, label in found(text, stage())}
    assert len(every) > 1
    one = min(every)
    assert {label for text in TEXTS for _, label in found(text, stage(labels=[one]))} == {one} < every


def test_a_mention_less_likely_than_the_threshold_is_left_out() -> None:
    nlp = spacy.blank("zh")
    mentions = read(stage()(nlp.make_doc(TEXTS[4])), "mentions")
    middle = float(np.median([mention.probability for mention in mentions]))
    kept = read(stage(threshold=middle)(nlp.make_doc(TEXTS[4])), "mentions")
    assert kept == tuple(mention for mention in mentions if mention.probability >= middle)
    assert 0 < len(kept) < len(mentions)


def test_probability_follows_the_models_curve_and_threshold_of_the_label(tmp_path: Path) -> None:
    every = {label for text in TEXTS for _, label in found(text, stage())}
    one = min(every)
    folder = shutil.copytree(TINY, tmp_path / "m")
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    card["heads"]["mentions"]["calibration"] = {one: [[0.2, 0.1], [0.8, 0.7]]}
    card["heads"]["mentions"]["thresholds"] = {one: 2.0}
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")
    entities = stage(model=folder)
    head = load_model(folder.resolve(), 1).head("mentions")
    assert [head.probability(one, value) for value in (0.1, 0.5, 0.9)] == [0.1, 0.4, 0.7]
    assert head.probability("none of them", 0.5) == 0.5
    assert {label for text in TEXTS for _, label in found(text, entities)} == every - {one}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"labels": ["PLACE"]}, "PLACE"),
        ({"threshold": 1.5}, "threshold"),
        ({"threads": 0}, "threads"),
        ({"head": "triggers"}, "mentions"),
        ({"head": "words"}, "mentions"),
        ({"model": TINY / "none"}, "none"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        stage(**settings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报讯 昨日，太原市副市长李志强到山西大学调研。", ("山西大学", "ORG")),
        ("本报讯 昨日，太原市副市长李志强到山西大学调研。", ("李志强", "PER")),
        ("本报讯 昨日，太原市副市长李志强到山西大学调研。", ("副市长", "TITLE")),
        ("会议在北京举行。", ("北京", "LOC")),
        ("该项目总投资5.7亿元。", ("5.7亿元", "MONEY")),
    ],
)
def test_the_shipped_model_knows_plain_news(text: str, expected: tuple[str, str]) -> None:
    assert expected in found(text, stage(model=SHIPPED))


@pytest.mark.parametrize(
    "text", ["有关负责人表示，各级各部门要高度重视。", "今年粮食产量增长20%，达到677万吨。", "队员们回到了营地。"]
)
def test_the_shipped_model_leaves_nameless_text_alone(text: str) -> None:
    assert found(text, stage(model=SHIPPED)) == []


def test_the_shipped_model_reads_punctuation_of_either_width_alike() -> None:
    text = "太原市副市长李志强（右二）说，山西大学将投资5.7亿元；"
    half = text.translate(str.maketrans("（），；", "(),;"))
    entities = stage(model=SHIPPED)
    assert found(half, entities) == found(text, entities) != []


def test_the_shipped_model_is_small_and_calibrated() -> None:
    model = load_model(SHIPPED, 1)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 20_000_000
    curves = model.head("mentions").calibration
    assert set(curves) == set(model.head("mentions").labels)
    assert all([value for _, value in curve] == sorted(value for _, value in curve) for curve in curves.values())
