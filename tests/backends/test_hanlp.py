"""HanLP components, trained here and loaded through the stages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from cases import CONFIGS, LABELS
from spacy.language import Language

from pipeline.build import load
from pipeline.doc import read
from pipeline.errors import ConfigError

HELD_OUT = tiny.sentences(60, seed=77)


def entities(nlp: Language, text: str) -> list[tuple[int, int, str]]:
    return [(m.start, m.end, m.label) for m in read(nlp(text), "mentions", "hanlp")]


def load_hanlp(model: Callable[[str], Path], words: str, names: str, **settings: object) -> Language:
    return load(
        CONFIGS / "hanlp.cfg",
        {
            "nlp.tokenizer.model": str(model(words)), "components.hanlp.model": str(model(names)),
            "components.hanlp.labels": LABELS, **settings,
        },
    )  # fmt: skip


@pytest.mark.parametrize(("words", "names"), [("hanlp_words", "hanlp_entities"), ("hanlp_joint", "hanlp_joint")])
def test_a_model_finds_what_it_was_taught_at_exact_offsets(
    model: Callable[[str], Path], words: str, names: str
) -> None:
    nlp = load_hanlp(model, words, names)
    text = "\n".join(map(tiny.text_of, HELD_OUT))
    gold, offset = set(), 0
    for sentence in HELD_OUT:
        gold |= {(offset + a, offset + b, label) for a, b, label in tiny.spans_of(sentence)}
        offset += len(tiny.text_of(sentence)) + 1
    found = set(entities(nlp, text))
    assert len(found & gold) >= 0.6 * len(gold)  # the model is small; an offset wrong by one would give none


@pytest.mark.parametrize("words", ["hanlp_words", "hanlp_joint"])
def test_the_words_are_those_of_the_model(model: Callable[[str], Path], words: str) -> None:
    nlp = load_hanlp(model, words, "hanlp_entities")
    gold = [[word for word, _ in sentence] for sentence in HELD_OUT]
    right = sum([token.text for token in nlp.make_doc("".join(sentence))] == sentence for sentence in gold)
    assert right >= 0.5 * len(gold)


def test_blanks_and_rare_characters_shift_nothing(model: Callable[[str], Path]) -> None:
    nlp = load_hanlp(model, "hanlp_words", "hanlp_entities")
    plain = "恒远集团董事长赵建国在云州市出席了会议。"
    expected = [(plain[a:b], label) for a, b, label in entities(nlp, plain)]
    shifted = f"  🙂𠮷\n\u3000\u3000{plain}"
    assert [(shifted[a:b], label) for a, b, label in entities(nlp, shifted)][-len(expected) :] == expected


def test_the_users_words_are_kept_whole(model: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("会议强调\n", encoding="utf-8")
    nlp = load_hanlp(
        model, "hanlp_words", "hanlp_entities", **{"nlp.tokenizer.user_words": str(tmp_path / "words.txt")}
    )
    assert "会议强调" in [token.text for token in nlp.make_doc("恒远集团董事长说，会议强调安全生产。")]


def test_a_component_moves_with_its_encoder_inside(model: Callable[[str], Path], tmp_path: Path) -> None:
    for name in ("hanlp_entities", "hanlp_joint"):
        folder = tmp_path / name
        shutil.copytree(model(name), folder)
        settings = (folder / "config.json").read_text(encoding="utf-8")
        (folder / "config.json").write_text(settings.replace(str(model("bert")), "elsewhere/encoder"), encoding="utf-8")
        overrides = {"components.hanlp.model": str(folder)}
        with pytest.raises(
            ConfigError, match=r"needs the encoder elsewhere/encoder.*put these files into .*transformer"
        ):
            load_hanlp(model, "hanlp_words", "hanlp_entities", **overrides)
        shutil.copytree(model("bert"), folder / "transformer")
        nlp = load_hanlp(model, "hanlp_words", "hanlp_entities", **overrides)
        assert entities(nlp, "恒远集团董事长赵建国在云州市出席了会议。")[0] == (0, 4, "ORG")


def test_a_name_of_hanlps_is_looked_for_where_hanlp_keeps_it(model: Callable[[str], Path]) -> None:
    with pytest.raises(
        ConfigError, match=r"msra_ner_electra_small.*fetch https://file.hankcs.com/.*zip.*unzip.*download = true"
    ):
        load_hanlp(model, "hanlp_words", "hanlp_entities", **{"components.hanlp.model": "MSRA_NER_ELECTRA_SMALL_ZH"})


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"components.hanlp.model": "MSRA_NER_ELEKTRA"}, r"unknown HanLP model.*MSRA_NER_ELECTRA_SMALL_ZH"),
        ({"components.hanlp.model": "no/such/folder"}, r"no HanLP folder no/such/folder"),
        ({"components.hanlp.task": "ner/msra"}, r"one task only"),
        ({"components.hanlp.labels": str(CONFIGS / "labels" / "pku.toml")}, r"LOC, ORG, PER.*another file"),
        ({"components.hanlp.device": "gpu"}, r"'gpu' is no device"),
        ({"components.hanlp.batch_size": 0}, r"batch_size = 0"),
        ({"nlp.tokenizer.model": "", "nlp.tokenizer.task": "tok/coarse"}, r"unknown HanLP model|config.json"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(
    model: Callable[[str], Path], settings: dict[str, object], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        load_hanlp(model, "hanlp_words", "hanlp_entities", **settings)


def test_an_unknown_task_of_a_joint_model_lists_those_it_has(model: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=r"unknown task 'ner/pku'; known: ner/msra"):
        load_hanlp(model, "hanlp_joint", "hanlp_joint", **{"components.hanlp.task": "ner/pku"})


def test_a_broken_component_says_so(model: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(model("hanlp_entities"), folder)
    (folder / "model.pt").write_bytes(b"no weights")
    with pytest.raises(ConfigError, match=r"HanLP cannot load .*broken"):
        load_hanlp(model, "hanlp_words", "hanlp_entities", **{"components.hanlp.model": str(folder)})
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert settings["classpath"]
    (folder / "config.json").unlink()
    with pytest.raises(ConfigError, match=r"has no config.json"):
        load_hanlp(model, "hanlp_words", "hanlp_entities", **{"components.hanlp.model": str(folder)})
