"""The contract that every registered stage keeps, whatever it finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from pipeline.build import load, load_page_reader, read_config, stage_names
from pipeline.doc import LAYERS, make_doc, read, sources
from pipeline.errors import ConfigError
from pipeline.records import Article

ROOT = Path(__file__).resolve().parent.parent
# These name models that a user brings; tests/backends holds their stages to the same contract with small models.
WITH_MODELS = {
    "generation.cfg",
    "hanlp.cfg",
    "mixed.cfg",
    "spacy.cfg",
    "transformers.cfg",
    "transformers_relations.cfg",
}
ALL_CONFIGS = sorted((ROOT / "configs").glob("*.cfg"))
CONFIGS = [config for config in ALL_CONFIGS if config.name not in WITH_MODELS]


def factories_of(config: Path) -> set[str]:
    return {block["factory"] for block in read_config(config)["components"].values()}


STAGES = sorted(set(stage_names()) & {name for config in CONFIGS for name in factories_of(config)})
TEXTS = [
    "",
    "\n",
    "。",
    "云州市市长刘建国（右二）12月3日会见了恒远集团董事长赵 敏,签署《合作协议》,投资约5.7亿元。\n(本报记者 陈明 文/图)",
    "\u3000\u3000本报讯\t１２月３日，𠮷林𠀀公司\r\n出资100多万美元……“好！”他说。🙂",
    "《《《“（【" * 40,
    "1,000.00.00元至元亿5万.%" * 20,
]


def article(text: str) -> Article:
    return Article(id="x", page=None, kind="article", title=None, date="2024-12-04", byline=(), text=text, page_map=())


def layers(doc: Doc) -> dict[str, tuple]:
    return {layer: read(doc, layer) for layer in LAYERS}


def config_with(name: str) -> Path:
    """Give a shipped config whose pipeline has the stage."""
    return next(config for config in CONFIGS if name in factories_of(config))


@pytest.fixture(scope="module", params=STAGES)
def stage(request: pytest.FixtureRequest) -> tuple[str, Language]:
    return request.param, load(config_with(request.param))


def test_there_are_stages() -> None:
    assert {"sentences", "posts", "patterns", "suffixes", "lexicon", "merge"} <= set(STAGES)


def test_no_stage_stands_outside_all_configs() -> None:
    assert set(stage_names()) <= {name for config in ALL_CONFIGS for name in factories_of(config)}


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.name)
def test_every_shipped_config_builds_and_runs(config: Path) -> None:
    nlp = load(config)
    load_page_reader(config)
    for doc, text in zip(nlp.pipe([make_doc(nlp, article(text)) for text in TEXTS]), TEXTS, strict=True):
        assert doc.text == text


def test_offsets_are_surface_and_spans_agree_with_the_layers(stage: tuple[str, Language]) -> None:
    _, nlp = stage
    for text in TEXTS:
        doc = nlp(make_doc(nlp, article(text)))
        assert doc.text == text
        for source in sources(doc, "mentions"):
            mentions = read(doc, "mentions", source)
            if source in doc.spans:
                spans = [(s.start_char, s.end_char, s.label_) for s in doc.spans[source]]
                assert spans == [(m.start, m.end, m.label) for m in mentions]
            for mention in mentions:
                surface = text[mention.start : mention.end]
                assert surface == surface.strip() and surface


def test_running_a_stage_twice_changes_nothing(stage: tuple[str, Language]) -> None:
    name, nlp = stage
    pipe = next(pipe for pipe_name, pipe in nlp.pipeline if nlp.get_pipe_meta(pipe_name).factory == name)
    for text in TEXTS:
        doc = nlp(make_doc(nlp, article(text)))
        before, starts = layers(doc), [t.idx for t in doc if t.is_sent_start]
        again = pipe(doc)
        assert (layers(again), [t.idx for t in again if t.is_sent_start]) == (before, starts)


def test_findings_survive_docbin_and_two_processes(stage: tuple[str, Language]) -> None:
    _, nlp = stage
    docs = [nlp(make_doc(nlp, article(text))) for text in TEXTS]
    stored = DocBin(store_user_data=True, docs=docs).get_docs(nlp.vocab)
    parallel = nlp.pipe([make_doc(nlp, article(text)) for text in TEXTS], n_process=2, batch_size=2)
    for doc, from_bin, from_process in zip(docs, stored, parallel, strict=True):
        assert layers(from_bin) == layers(doc)
        assert layers(from_process) == layers(doc)
        assert [t.idx for t in from_process] == [t.idx for t in doc]
        assert from_process._.article == doc._.article


def test_a_misspelt_setting_is_refused(stage: tuple[str, Language]) -> None:
    name, nlp = stage
    component = next(pipe_name for pipe_name in nlp.pipe_names if nlp.get_pipe_meta(pipe_name).factory == name)
    with pytest.raises(ConfigError, match="no_such_setting"):
        load(config_with(name), {f"components.{component}.no_such_setting": 1})


def test_a_mistyped_setting_is_refused(stage: tuple[str, Language]) -> None:
    name, nlp = stage
    component = next(pipe_name for pipe_name in nlp.pipe_names if nlp.get_pipe_meta(pipe_name).factory == name)
    settings = {k: v for k, v in nlp.get_pipe_config(component).items() if k not in ("factory", "nlp", "name")}
    for setting in settings:
        with pytest.raises(ConfigError):
            load(config_with(name), {f"components.{component}.{setting}": {"wrong": 1}})
