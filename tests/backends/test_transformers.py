"""Checkpoints of transformers, trained here and loaded through the stages."""

from __future__ import annotations

import itertools
import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from cases import CONFIGS, LABELS
from spacy.language import Language

from pipeline.build import load
from pipeline.doc import read
from pipeline.errors import ConfigError
from pipeline.records import Mention
from pipeline.relations.transformers import Pair, _Pieces

HELD_OUT = tiny.sentences(60, seed=78)


def load_entities(model: Callable[[str], Path], **settings: object) -> Language:
    chosen = {"components.transformers.model": str(model("entities")), "components.transformers.labels": LABELS}
    return load(CONFIGS / "transformers.cfg", {**chosen, **settings})


def load_relations(model: Callable[[str], Path], **settings: object) -> Language:
    chosen = {
        "components.transformers.model": str(model("entities")),
        "components.relations.model": str(model("relations")),
    }
    return load(CONFIGS / "transformers_relations.cfg", {**chosen, **settings})


def entities(nlp: Language, text: str) -> set[tuple[int, int, str]]:
    return {(m.start, m.end, m.label) for m in read(nlp(text), "mentions", "transformers")}


@pytest.mark.parametrize("window", [24, 254])
def test_a_checkpoint_finds_what_it_was_taught_however_the_article_is_cut(
    model: Callable[[str], Path], window: int
) -> None:
    nlp = load_entities(model, **{"components.transformers.window": window})
    gold, found = 0, 0
    for low in range(0, len(HELD_OUT), 3):
        text, spans = "", set()
        for sentence in HELD_OUT[low : low + 3]:
            spans |= {(len(text) + a, len(text) + b, label) for a, b, label in tiny.spans_of(sentence)}
            text += tiny.text_of(sentence) + "\n"
        gold += len(spans)
        found += len(spans & entities(nlp, text))
    assert found >= 0.5 * gold  # the model is small; an offset wrong by one would give none


def test_blanks_move_offsets_and_nothing_else(model: Callable[[str], Path]) -> None:
    nlp = load_entities(model)
    plain = "恒远集团董事长赵建国在云州市出席了会议。"
    expected = [(plain[a:b], label) for a, b, label in sorted(entities(nlp, plain))]
    assert ("赵建国", "PER") in expected
    spaced = "\u3000\u3000 " + plain.replace("赵建国", "赵 建国").replace("在", " 在\t")
    found = [(spaced[a:b], label) for a, b, label in sorted(entities(nlp, spaced))]
    assert found == [("赵 建国" if surface == "赵建国" else surface, label) for surface, label in expected]


def test_each_piece_stands_where_its_offsets_say(model: Callable[[str], Path]) -> None:
    checkpoint = load_entities(model).get_pipe("transformers").checkpoint
    text = "🙂𠮷\nＡＢＣ abc123，e\u0301한\u3000\u3000恒远集团"
    pieces = checkpoint.pieces(text)
    assert [text[piece.start : piece.end] for piece in pieces][-4:] == list("恒远集团")
    for piece, following in itertools.pairwise(pieces):
        assert piece.start < piece.end <= following.start
    for piece in pieces:
        token = checkpoint.tokenizer.convert_ids_to_tokens([piece.id])[0].removeprefix("##")
        surface = text[piece.start : piece.end]
        assert token == "[UNK]" or token in surface or token in unicodedata.normalize("NFKD", surface).lower()


def test_probabilities_are_those_of_the_checkpoint(model: Callable[[str], Path]) -> None:
    doc = load_entities(model)("恒远集团董事长赵建国在云州市出席了会议。")
    probabilities = [mention.probability for mention in read(doc, "mentions", "transformers")]
    assert probabilities and all(0.3 < probability <= 1 for probability in probabilities)
    assert len(set(probabilities)) > 1


def test_relations_join_what_the_checkpoint_was_taught(model: Callable[[str], Path]) -> None:
    nlp = load_relations(model)
    gold, found, wrong = 0, 0, 0
    for sentence in HELD_OUT:
        text, spans = tiny.text_of(sentence), tiny.spans_of(sentence)
        expected = {(spans[i][:2], spans[j][:2], name) for (i, j), name in tiny.relations_of(sentence).items()}
        doc = nlp(text)
        predicted = {(relation.head, relation.tail, relation.type) for relation in read(doc, "relations")}
        if {(e.start_char, e.end_char) for e in doc.ents} >= {span[:2] for span in spans}:
            gold, found, wrong = (
                gold + len(expected),
                found + len(expected & predicted),
                wrong + len(predicted - expected),
            )
    assert gold > 10
    assert found >= 0.8 * gold
    assert wrong <= 0.2 * gold


def test_a_higher_threshold_leaves_the_less_probable_relations_out(model: Callable[[str], Path]) -> None:
    text = "".join(map(tiny.text_of, HELD_OUT[:20]))
    loose = read(load_relations(model, **{"components.relations.threshold": 0.0})(text), "relations")
    strict = read(load_relations(model, **{"components.relations.threshold": 0.9})(text), "relations")
    assert set(strict) < set(loose)
    assert all(relation.probability >= 0.9 for relation in strict)


def test_mentions_far_from_each_other_are_no_pair(model: Callable[[str], Path]) -> None:
    text = "恒远集团董事长。" + "会议强调安全生产。" * 3 + "赵建国说，落实责任。"
    near = {"components.relations.sentences": 1, "components.relations.threshold": 0.0}
    doc = load_relations(model, **near)(text)
    starts = [sentence.start_char for sentence in doc.sents][1]
    assert all((relation.head[0] < starts) == (relation.tail[0] < starts) for relation in read(doc, "relations"))


@pytest.mark.parametrize(("before", "between", "after"), [(900, 5, 900), (0, 5, 900), (900, 5, 0), (3, 700, 3)])
def test_the_text_around_a_pair_is_cut_to_what_the_model_reads(
    model: Callable[[str], Path], before: int, between: int, after: int
) -> None:
    stage = load_relations(model).get_pipe("relations")
    text = "会" * before + "恒远集团" + "会" * between + "赵建国" + "会" * after
    start, second = before, before + 4 + between
    pair = Pair(Mention(start, start + 4, "ORG"), Mention(second, second + 3, "PER"), (0, len(text)))
    row = stage._encode(_Pieces(stage.checkpoint.pieces(text)), pair)
    tokens = stage.checkpoint.tokenizer.convert_ids_to_tokens(row)
    assert len(row) == stage.checkpoint.limit
    assert "".join(tokens).count("[E1]恒远集团[/E1]") == 1
    assert between > 500 or "[E2]赵建国[/E2]" in "".join(tokens)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"components.transformers.model": "no/such/model/here"}, r"no model folder.*hf download"),
        (
            {"components.transformers.model": "nobody/no-such-model"},
            r"nobody/no-such-model is not on this machine.*hf download nobody/no-such-model",
        ),
        ({"components.transformers.labels": str(CONFIGS / "labels" / "msra.toml")}, r"TITLE"),
        ({"components.transformers.window": 3}, r"window = 3"),
        ({"components.transformers.device": "cuda:99"}, r"cuda:99"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(
    model: Callable[[str], Path], settings: dict[str, object], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        load_entities(model, **settings)


def test_a_checkpoint_of_another_task_is_refused(model: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=r"BertForSequenceClassification, not .*ForTokenClassification"):
        load_entities(model, **{"components.transformers.model": str(model("relations"))})
    with pytest.raises(ConfigError, match=r"BertModel, not .*ForTokenClassification"):
        load_entities(model, **{"components.transformers.model": str(model("bert"))})


def test_markers_that_the_tokenizer_does_not_know_are_refused(model: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=r"does not know the marker '龘'"):
        load_relations(model, **{"components.relations.markers": ["龘", "[/E1]", "[E2]", "[/E2]"]})
    with pytest.raises(ConfigError, match=r"give four"):
        load_relations(model, **{"components.relations.markers": ["[E1]"]})


def test_a_folder_without_weights_says_which_files_are_missing(model: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "half"
    shutil.copytree(model("entities"), folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ConfigError, match=r"has no model.safetensors or .*pytorch_model.bin"):
        load_entities(model, **{"components.transformers.model": str(folder)})


def test_a_reversed_label_turns_the_edge_round(model: Callable[[str], Path], tmp_path: Path) -> None:
    """A checkpoint of this kind reads each pair once, in the order of the text."""
    folder = tmp_path / "reversed"
    shutil.copytree(model("relations"), folder)
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    names = {"position_held": "held(e2,e1)", "position_in": "in(e2,e1)"}
    settings["id2label"] = {number: names.get(name, name) for number, name in settings["id2label"].items()}
    settings["label2id"] = {name: int(number) for number, name in settings["id2label"].items()}
    (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    labels = tmp_path / "labels.toml"
    labels.write_text(
        '[labels]\n"held(e2,e1)" = {label = "position_held", reversed = true}\n'
        '"in(e2,e1)" = {label = "position_in", reversed = true}\n[ignored]\nlabels = ["none"]\n'
    )
    overrides = {"components.relations.model": str(folder), "components.relations.labels": str(labels)}
    nlp = load_relations(model, **overrides, **{"components.relations.threshold": 0.0})
    stage = nlp.get_pipe("relations")
    doc = nlp("恒远集团董事长赵建国在云州市出席了会议。")
    pairs = list(stage._pairs(doc))
    assert pairs and all(pair.first.start < pair.second.start for pair in pairs)
    for relation in read(doc, "relations"):
        assert relation.head > relation.tail  # the person behind the post, the post behind the body
