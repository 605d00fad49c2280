"""A DocBin gives back what the record said, with spaCy's own names for it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
import spacy
from made_records import HOSTILE, INVESTMENT
from spacy.tokens import DocBin

from pipeline.errors import InputError
from pipeline.export.docbin import FACTS, read_docs
from pipeline.export.formats import export, make_format
from pipeline.export.records import record_of
from pipeline.records import Record

VOCAB = spacy.blank("zh").vocab


@pytest.fixture(name="file")
def file_(tmp_path: Path) -> Path:
    export([INVESTMENT, HOSTILE], tmp_path / "r.spacy", format=make_format("docbin"))
    return tmp_path / "r.spacy"


@pytest.mark.parametrize("record", [INVESTMENT, HOSTILE])
def test_a_record_comes_back_whole(record: Record, file: Path) -> None:
    (doc,) = [doc for doc in read_docs(file, VOCAB) if doc._.article.id == record.id]
    assert doc.text == record.text
    back = record_of(doc)
    assert msgspec.structs.replace(back, facts=()) == msgspec.structs.replace(record, facts=())
    assert back.facts == tuple(f for f in record.facts if None not in f.values())  # those that the layer can hold
    assert json.loads(json.dumps(doc.user_data[FACTS])) == list(record.facts)


def test_users_of_spacy_find_entities_spans_and_sentences(file: Path) -> None:
    doc, _ = DocBin(store_user_data=True).from_disk(file).get_docs(spacy.blank("zh").vocab)
    assert [(e.text, e.label_, e.kb_id_) for e in doc.ents][:2] == [
        ("恒远集团", "ORG", "e1"), ("恒远重型机械集团有限公司", "ORG", "e1"),
    ]  # fmt: skip
    assert [(s.text, s.label_) for s in doc.spans["triggers"]] == [("出资", "investment")]
    assert [s.text.strip() for s in doc.sents] == [INVESTMENT.text[a:b] for a, b in INVESTMENT.sentences]


def test_a_mention_inside_a_token_cuts_it(tmp_path: Path) -> None:
    whole = msgspec.structs.replace(INVESTMENT, tokens=((0, len(INVESTMENT.text)),))
    export([whole], tmp_path / "r.spacy", format=make_format("docbin"))
    (doc,) = read_docs(tmp_path / "r.spacy", VOCAB)
    assert [e.text for e in doc.ents] == [m.text for m in INVESTMENT.mentions]


def test_what_is_no_docbin_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "r.spacy").write_bytes(b"{}")
    with pytest.raises(InputError, match=r"r\.spacy: is no DocBin"):
        list(read_docs(tmp_path / "r.spacy", VOCAB))
