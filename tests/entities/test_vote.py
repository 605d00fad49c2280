"""Merging by vote: who agrees, who has a heavier vote, what overlaps."""

from __future__ import annotations

import pickle

import pytest

from pipeline.entities.vote import make_vote
from pipeline.errors import ConfigError
from pipeline.records import Mention

ORDER = ("patterns", "hanlp", "lexicon")


def mentions(source: str, *spans: tuple[int, int, str]) -> tuple[Mention, ...]:
    return tuple(Mention(*span, source=source) for span in spans)


def choose(found: dict[str, tuple[Mention, ...]], **settings: object) -> list[tuple[int, int, str, str]]:
    whole = {source: found.get(source, ()) for source in ORDER}
    return [(m.start, m.end, m.label, m.source) for m in make_vote(**settings)(whole, ORDER)]


def test_two_sources_that_agree_let_a_mention_in_and_one_alone_does_not() -> None:
    found = {"hanlp": mentions("hanlp", (0, 4, "ORG"), (9, 11, "PER")), "lexicon": mentions("lexicon", (0, 4, "ORG"))}
    assert choose(found) == [(0, 4, "ORG", "hanlp")]


@pytest.mark.parametrize("other", [(0, 3, "ORG"), (0, 4, "LOC"), (1, 4, "ORG")])
def test_another_label_or_offset_is_no_agreement(other: tuple[int, int, str]) -> None:
    assert choose({"hanlp": mentions("hanlp", (0, 4, "ORG")), "lexicon": mentions("lexicon", other)}) == []


def test_a_source_with_a_heavier_vote_needs_nobody() -> None:
    found = {"patterns": mentions("patterns", (0, 3, "MONEY")), "lexicon": mentions("lexicon", (5, 7, "LOC"))}
    assert choose(found, weights={"patterns": 2.0}) == [(0, 3, "MONEY", "patterns")]


def test_of_mentions_that_overlap_the_one_with_more_votes_stays_then_precedence_then_length() -> None:
    more = {
        "patterns": mentions("patterns", (0, 6, "ORG")),
        "hanlp": mentions("hanlp", (4, 8, "LOC")),
        "lexicon": mentions("lexicon", (4, 8, "LOC")),
    }
    assert choose(more, at_least=1) == [(4, 8, "LOC", "hanlp")]
    equal = {"hanlp": mentions("hanlp", (2, 4, "LOC")), "lexicon": mentions("lexicon", (0, 4, "ORG"))}
    assert choose(equal, at_least=1) == [(2, 4, "LOC", "hanlp")]
    long = {"hanlp": mentions("hanlp", (0, 2, "LOC"), (0, 4, "ORG"))}
    assert choose(long, at_least=1) == [(0, 4, "ORG", "hanlp")]


def test_the_first_source_in_the_precedence_gives_its_value_and_its_name() -> None:
    with_value = Mention(0, 3, "MONEY", 0.7, {"amount": "5"}, "patterns")
    found = {"patterns": (with_value,), "hanlp": mentions("hanlp", (0, 3, "MONEY")), "lexicon": ()}
    assert make_vote()(found, ORDER) == [with_value]


@pytest.mark.parametrize("settings", [{"at_least": 0}, {"weights": {"hanlp": -1.0}}])
def test_a_vote_that_means_nothing_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        make_vote(**settings)


def test_a_weight_for_a_source_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown source in the weights of the vote 'hanpl'; known: hanlp"):
        make_vote(weights={"hanpl": 1.0})({"hanlp": ()}, ("hanlp",))


def test_a_vote_survives_the_way_to_a_worker_process() -> None:
    vote = pickle.loads(pickle.dumps(make_vote(weights={"patterns": 2.0})))
    found = {"patterns": mentions("patterns", (0, 3, "MONEY")), "hanlp": (), "lexicon": ()}
    assert vote(found, ORDER) == list(found["patterns"])
