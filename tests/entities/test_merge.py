from __future__ import annotations

from itertools import pairwise

import pytest
from entity_stages import make_stage
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.doc import MERGED, read, write
from pipeline.entities.overlaps import keep_first, keep_longest, outside, titles
from pipeline.entities.precedence import choose_by_precedence
from pipeline.errors import ConfigError
from pipeline.records import Mention

TEXT = "云州市公安局局长刘建国12月5日说"


def merged(precedence: list[str], found: dict[str, list[Mention]]) -> list[Mention]:
    nlp = make_stage("merge", precedence=precedence)
    doc = nlp.make_doc(TEXT)
    for source, mentions in found.items():
        write(doc, "mentions", source, mentions)
    doc = nlp(doc)
    kept = list(read(doc, "mentions", MERGED))
    assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == [(m.start, m.end, m.label) for m in kept]
    return kept


def test_the_earlier_source_wins_and_each_survivor_keeps_its_source():
    found = {"a": [Mention(0, 3, "LOC"), Mention(8, 11, "PER")], "b": [Mention(0, 6, "ORG"), Mention(11, 16, "DATE")]}
    assert [(m.start, m.end, m.source) for m in merged(["b", "a"], found)] == [(0, 6, "b"), (8, 11, "a"), (11, 16, "b")]
    assert [(m.start, m.end, m.source) for m in merged(["a", "b"], found)] == [(0, 3, "a"), (8, 11, "a"), (11, 16, "b")]


def test_neighbours_do_not_overlap():
    found = {"a": [Mention(0, 6, "ORG")], "b": [Mention(6, 8, "TITLE")]}
    assert len(merged(["a", "b"], found)) == 2


@pytest.mark.parametrize(
    ("precedence", "says"),
    [(["a", "c"], "unknown source of mentions 'c'; known: a, b"), (["a"], "leaves out 'b'; named: a")],
)
def test_an_unknown_or_forgotten_source_is_an_error_that_lists_the_others(precedence, says):
    with pytest.raises(ConfigError, match=says):
        merged(precedence, {"a": [], "b": []})


@pytest.mark.parametrize("precedence", [[], ["a", "a"]])
def test_a_precedence_names_each_source_once(precedence):
    with pytest.raises(ConfigError, match="precedence"):
        make_stage("merge", precedence=precedence)


def test_an_unknown_chooser_is_refused():
    with pytest.raises(Exception, match="loudest"):
        make_stage("merge", precedence=["a"], choose={"@mention_choosers": "loudest"})


spans = st.builds(lambda start, size: Mention(start, start + size, "ORG"), st.integers(0, 30), st.integers(1, 8))


@given(st.lists(spans))
def test_kept_mentions_are_flat_in_order_and_each_lost_one_overlaps_a_kept_one(mentions):
    for keep in (keep_first, keep_longest):
        kept = keep(mentions)
        assert all(before.end <= after.start for before, after in pairwise(kept))
        assert set(kept) <= set(mentions)
        assert all(m in kept or any(k.start < m.end and m.start < k.end for k in kept) for m in mentions)


def test_within_one_source_the_longest_goes_first():
    found = {"a": [Mention(0, 3, "LOC"), Mention(0, 6, "ORG")]}
    assert choose_by_precedence(found, ["a"]) == [Mention(0, 6, "ORG")]


def test_titles_are_outermost_and_keep_what_they_hold_out():
    text = "《关于《办法》的通知》和《令》"
    assert titles(text) == [(0, 11), (12, 15)]
    inside, at_start, after = Mention(4, 6, "ORG"), Mention(0, 11, "DOCUMENT"), Mention(11, 12, "ORG")
    assert list(outside([at_start, inside, after], titles(text))) == [after]
    assert list(outside([at_start, inside, after], titles(text), but_at_start=True)) == [at_start, after]


def test_the_language_knows_the_stage():
    assert Language.has_factory("merge")
