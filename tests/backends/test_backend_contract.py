"""What every backend keeps, whatever its model finds: loaded from the shipped configs, as a user loads it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cases import CASES, CONFIGS, MODEL_FREE, NEED_MODELS
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from pipeline.build import load
from pipeline.doc import LAYERS, read, sources
from pipeline.errors import ConfigError

TAUGHT = "恒远集团董事长赵建国在云州市出席了会议。"
RARE = "𠮷林𠀀公司\u200b（龘靐）🙂，ﬁ①Ａ５Ｇ\u3000“好！”한국어é\u0301。"
TEXTS = ["", "\n", "  \u3000\n\n", "。", TAUGHT, RARE, f"{TAUGHT}\n{RARE}\n\n{TAUGHT}", "A股5G基站abc123" * 8]
LONG = (TAUGHT + "据介绍，" + "项" * 700 + RARE + "\n") * 30


@pytest.fixture(params=CASES)
def backend(request: pytest.FixtureRequest, model: Callable[[str], Path]) -> Language:
    config, overrides = CASES[request.param]
    return load(CONFIGS / config, overrides(model))


def layers(doc: Doc) -> dict[str, tuple]:
    return {layer: read(doc, layer) for layer in LAYERS}


@pytest.mark.parametrize("config", MODEL_FREE)
def test_a_config_without_a_model_runs(config: str) -> None:
    doc = load(CONFIGS / config)("投资5亿元。")
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("5亿元", "MONEY")]


@pytest.mark.parametrize("config", NEED_MODELS)
def test_a_config_whose_model_or_package_is_missing_says_what_to_do(
    config: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(ConfigError, match=r"pip install|download|endpoint|to that path") as error:
        load(CONFIGS / config)
    assert error.value.remedy


def test_offsets_are_surfaces_and_nothing_is_lost(backend: Language) -> None:
    for text in TEXTS:
        doc = backend(text)
        assert doc.text == text
        assert "".join(token.text_with_ws for token in doc) == text
        for source in sources(doc, "mentions"):
            for mention in read(doc, "mentions", source):
                surface = text[mention.start : mention.end]
                assert surface and surface == surface.strip() and "\n" not in surface
                assert 0 < mention.probability <= 1
        for relation in read(doc, "relations"):
            assert {relation.head, relation.tail} <= {(e.start_char, e.end_char) for e in doc.ents}


def test_an_article_of_20000_characters_is_read_to_its_end(backend: Language) -> None:
    assert len(LONG) > 20_000
    doc = backend(LONG)
    assert doc.text == LONG
    last = LONG.rindex(TAUGHT)
    assert any(last <= entity.start_char < last + len(TAUGHT) for entity in doc.ents)


def test_documents_in_a_batch_give_what_each_gives_alone(backend: Language) -> None:
    alone = [layers(backend(text)) for text in TEXTS]
    for doc, expected in zip(backend.pipe(TEXTS, batch_size=3), alone, strict=True):
        together = layers(doc)
        for layer, found in expected.items():
            places = [(*f[:3],) if isinstance(f, tuple) else f.__class__ for f in found]
            assert [(*f[:3],) if isinstance(f, tuple) else f.__class__ for f in together[layer]] == places
            assert len(together[layer]) == len(found)


def test_two_processes_and_docbin_give_what_one_gives(backend: Language) -> None:
    docs = list(backend.pipe(TEXTS, batch_size=2))  # the model has run in this process before the others are forked
    stored = DocBin(store_user_data=True, docs=docs).get_docs(backend.vocab)
    parallel = backend.pipe(TEXTS, n_process=2, batch_size=2)
    for doc, from_bin, from_process in zip(docs, stored, parallel, strict=True):
        assert layers(from_bin) == layers(doc)
        assert [token.idx for token in from_process] == [token.idx for token in doc]
        assert spans(from_process) == spans(doc)


def spans(doc: Doc) -> list[tuple[int, int, str, str]]:
    return [(m.start, m.end, m.label, m.source) for m in read(doc, "mentions")]


def test_a_backend_survives_pickling(model: Callable[[str], Path], tmp_path: Path) -> None:
    config, overrides = CASES["mixed"]
    settings = json.dumps([str(CONFIGS / config), overrides(model)])
    program = (
        "import json, multiprocessing, sys\n"
        "from pipeline.build import load\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    nlp = load(*json.loads(sys.argv[1]))\n"
        f"    docs = list(nlp.pipe([{TAUGHT!r}] * 2, n_process=2, batch_size=1))\n"
        "    print([[entity.text for entity in doc.ents] for doc in docs])\n"
    )
    script = tmp_path / "spawn.py"
    script.write_text(program, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, script, settings], capture_output=True, text=True, timeout=240, check=False
    )
    assert "恒远集团" in result.stdout, result.stderr[-2000:]
