"""The shared document: layers side by side, offsets as identity, tokens split where a mention needs it."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from pipeline.doc import (
    make_doc,
    mark_sentences,
    read,
    sentence_starts,
    sources,
    split_tokens,
    word_offsets,
    write,
)
from pipeline.errors import LayerError
from pipeline.records import Article, Event, Mention, Relation, Role, Run

TEXT = "太重集团总经理王丽出资5亿元。"


@pytest.fixture
def doc() -> Doc:
    words = ["太重集团总", "经理", "王丽", "出资", "5亿元", "。"]
    return Doc(spacy.blank("zh").vocab, words=words, spaces=[False] * len(words))


def test_writing_replaces_only_the_sources_own_findings(doc: Doc) -> None:
    write(doc, "mentions", "甲", [Mention(0, 4, "ORG")])
    write(doc, "mentions", "乙", [Mention(7, 9, "PER")])
    write(doc, "mentions", "甲", [Mention(11, 14, "MONEY")])
    assert [(m.start, m.source) for m in read(doc, "mentions")] == [(7, "乙"), (11, "甲")]
    assert read(doc, "mentions", "丙") == ()
    assert sources(doc, "mentions") == ("乙", "甲")


def test_writing_twice_is_the_same_as_once(doc: Doc) -> None:
    found = [Mention(7, 9, "PER"), Mention(0, 4, "ORG"), Mention(7, 9, "PER")]
    once = write(doc, "mentions", "甲", found).to_bytes()
    assert write(doc, "mentions", "甲", found).to_bytes() == once
    assert len(read(doc, "mentions")) == 2


def test_a_mention_that_cuts_a_token_splits_it_and_other_spans_keep_their_text(doc: Doc) -> None:
    write(doc, "mentions", "甲", [Mention(11, 14, "MONEY"), Mention(7, 9, "PER")])
    write(doc, "mentions", "乙", [Mention(0, 4, "ORG"), Mention(4, 7, "TITLE")])
    assert [t.text for t in doc][:3] == ["太重集团", "总", "经理"]
    assert [s.text for s in doc.spans["甲"]] == ["王丽", "5亿元"]
    assert [s.text for s in doc.spans["乙"]] == ["太重集团", "总经理"]
    assert doc.text == TEXT


def test_splitting_keeps_sentence_starts_and_entities(doc: Doc) -> None:
    for token in doc:
        token.is_sent_start = token.i in (0, 3)
    doc.ents = [doc.char_span(7, 9, label="PER")]
    split_tokens(doc, [1, 2, 8, 12])
    assert [s.text for s in doc.sents] == ["太重集团总经理王丽", "出资5亿元。"]
    assert [(e.text, e.label_) for e in doc.ents] == [("王丽", "PER")]
    assert [t.text for t in doc][:4] == ["太", "重", "集团总", "经理"]


@pytest.mark.parametrize(
    ("layer", "found", "says"),
    [
        ("mentions", [Mention(0, 99, "ORG")], "outside the text of 15"),
        ("mentions", [Mention(3, 3, "ORG")], "outside the text"),
        ("mentions", [Mention(0, 4, "GPE")], "unknown label 'GPE'; known: DATE"),
        ("mentions", [Mention(0, 4, "ORG"), Mention(2, 5, "LOC")], "overlapping mentions '太重集团' and '集团总'"),
        ("relations", [Relation((7, 9), (4, 7), "works_as")], "unknown relation 'works_as'"),
        ("events", [Event(9, 11, "invest")], "unknown event type 'invest'"),
        ("events", [Event(9, 11, "investment", roles=(Role("buyer", (0, 4)),))], "unknown role 'buyer'"),
        ("events", [Event(9, 11, "investment", status="maybe")], "unknown status 'maybe'"),
        ("topics", [], "unknown layer 'topics'; known: entities"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(doc: Doc, layer: str, found: list, says: str) -> None:
    with pytest.raises(LayerError, match=says):
        write(doc, layer, "甲", found)
    assert not doc.user_data


def test_layers_and_article_survive_docbin_and_bytes(doc: Doc) -> None:
    nlp = spacy.blank("zh")
    article = Article(
        id="1-2", page="1.txt", kind="article", title="出资", date="2024-12-03", byline=("王丽",), text=TEXT,
        page_map=(Run(0, 7, 15),),
    )  # fmt: skip
    doc = make_doc(nlp, article)
    write(doc, "mentions", "甲", [Mention(0, 4, "ORG", 0.5), Mention(11, 14, "MONEY", value={"amount": "500000000"})])
    write(doc, "relations", "乙", [Relation((0, 4), (11, 14), "invests_amount", 0.25)])
    write(doc, "events", "丙", [Event(9, 11, "investment", roles=(Role("agent", (0, 4)),))])
    for other in (
        Doc(nlp.vocab).from_bytes(doc.to_bytes()),
        next(iter(DocBin(store_user_data=True, docs=[doc]).get_docs(nlp.vocab))),
    ):
        assert other._.article == article
        for layer in ("mentions", "relations", "events"):
            assert read(other, layer) == read(doc, layer)
        assert [s.text for s in other.spans["甲"]] == ["太重集团", "5亿元"]


def test_a_tokenizer_that_changes_the_text_is_refused() -> None:
    nlp = spacy.blank("zh")
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=[text.strip()])
    article = Article(id="7", page=None, kind="article", title=None, date=None, byline=(), text="甲\n", page_map=())
    with pytest.raises(LayerError, match="7: the tokenizer changed the text"):
        make_doc(nlp, article)


WORDS = ["太原", "重工", "。", " ", "会议", "\n", "强调", "\u3000", "a"]


def test_sentences_come_back_where_they_were_marked() -> None:
    doc = Doc(spacy.blank("zh").vocab, words=WORDS, spaces=[False] * len(WORDS))
    assert sentence_starts(doc) is None
    mark_sentences(doc, [6, 9])
    assert sentence_starts(doc) == [0, 6, 9]
    assert [sentence.text for sentence in doc.sents] == ["太原重工。 ", "会议\n", "强调\u3000a"]


def test_word_offsets_leave_out_white_space_only() -> None:
    doc = Doc(spacy.blank("zh").vocab, words=WORDS, spaces=[False] * len(WORDS))
    assert word_offsets(doc) == tuple((t.idx, t.idx + len(t)) for t in doc if not t.is_space)
    assert len(word_offsets(doc)) == 6
    assert word_offsets(Doc(doc.vocab, words=[], spaces=[])) == ()
