"""All pattern and lexicon stages in one pipeline: what must hold whatever they find."""

from __future__ import annotations

import pytest
from confection import ConfigValidationError
from entity_stages import LEXICON, RULES, lexicon_settings, make_stage
from spacy.language import Language
from spacy.tokens import DocBin

from pipeline.doc import MERGED, read, sources

TEXTS = [
    "",
    "\n",
    "绵阳市委宣传部副部长刘建国12月5日介绍,项目总投资5.7亿元，见《实施方案》。\n(记者 赵 敏)",
    "习近平",
    "国务院总理",
    "公司、局长、记者",
    "《记者",
    "𠮷林市市长王𠀀说：“好！”🙂",
]
SETTINGS = {
    "patterns": {"rules": [RULES / "amounts.toml", RULES / "dates.toml", RULES / "documents.toml"]},
    "posts": {"lexicon": LEXICON},
    "suffixes": {"lexicon": LEXICON},
    "lexicon": lexicon_settings(),
    "merge": {"precedence": ["posts", "patterns", "suffixes", "lexicon"]},
}


@pytest.fixture(scope="module")
def together() -> Language:
    nlp = make_stage("patterns", **SETTINGS["patterns"])
    for name in ("posts", "suffixes", "lexicon", "merge"):
        single = make_stage(name, **SETTINGS[name])
        nlp.add_pipe(name, source=single)
    return nlp


def found(doc) -> dict[str, tuple]:
    return {source: read(doc, "mentions", source) for source in sources(doc, "mentions")}


@pytest.mark.parametrize("text", TEXTS)
def test_mentions_lie_in_the_text_begin_and_end_without_blanks_and_are_the_spans(together, text):
    doc = together(text)
    for source in (*SETTINGS["merge"]["precedence"], MERGED):
        mentions = read(doc, "mentions", source)
        assert [(s.text, s.label_) for s in doc.spans[source]] == [(text[m.start : m.end], m.label) for m in mentions]
        assert all(text[m.start : m.end].strip() == text[m.start : m.end] != "" for m in mentions)


def test_the_merged_mentions_keep_the_names_of_their_sources(together):
    merged = read(together(TEXTS[2]), "mentions", MERGED)
    assert {m.source for m in merged} >= {"posts", "patterns"}
    assert MERGED not in {m.source for m in merged}


def test_findings_survive_docbin_and_two_processes(together):
    docs = [together(text) for text in TEXTS]
    stored = DocBin(store_user_data=True, docs=docs).get_docs(together.vocab)
    parallel = together.pipe(TEXTS, n_process=2, batch_size=3)
    for doc, from_bin, from_process in zip(docs, stored, parallel, strict=True):
        assert found(from_bin) == found(doc) == found(from_process)


@pytest.mark.parametrize("factory", SETTINGS)
def test_a_misspelt_setting_is_refused(factory):
    with pytest.raises(ConfigValidationError, match="misspelt"):
        make_stage(factory, **SETTINGS[factory], misspelt=1)


@pytest.mark.parametrize(
    ("factory", "setting"),
    [
        ("patterns", {"rules": 3}),
        ("patterns", {"labels": "MONEY"}),
        ("posts", {"lexicon": ["a"]}),
        ("posts", {"threshold": "high"}),
        ("posts", {"repeat": {}}),
        ("suffixes", {"longest": "many"}),
        ("lexicon", {"lists": ["a"]}),
        ("lexicon", {"joined": 1}),
        ("merge", {"precedence": "patterns"}),
    ],
)
def test_a_mistyped_setting_is_refused(factory, setting):
    with pytest.raises(ConfigValidationError):
        make_stage(factory, **{**SETTINGS[factory], **setting})
