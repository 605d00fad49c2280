"""A person's edits are told apart: added, removed, moved, relabelled; edges follow the mentions they hang on."""

from __future__ import annotations

import pytest

from pipeline.annotation.articles import annotate
from pipeline.annotation.changes import changes, summarize
from pipeline.annotation.items import items_of
from pipeline.marks import AnnotatedArticle, EventMark, MentionMark, RelationMark, RoleMark
from pipeline.records import Article

TEXT = "恒远集团董事长赵敏在云州市出资建厂"
ARTICLE = Article("1", None, "article", None, None, (), TEXT, ())
ORG, TITLE, PER, LOC = (
    MentionMark(0, 4, "ORG"),
    MentionMark(4, 7, "TITLE"),
    MentionMark(7, 9, "PER"),
    MentionMark(10, 12, "LOC"),
)
HELD = RelationMark("position_held", (7, 9), (4, 7))
EVENT = EventMark("investment", 13, 15, (RoleMark("agent", (7, 9)),))


def article(*mentions: MentionMark, relations: tuple = (), events: tuple = ()) -> AnnotatedArticle:
    return annotate(ARTICLE, mentions, relations, events)


BEFORE = article(ORG, TITLE, PER, LOC, relations=(HELD,), events=(EVENT,))


@pytest.mark.parametrize(
    ("after", "summary"),
    [
        (BEFORE, "nothing changed"),
        (article(ORG, TITLE, PER, relations=(HELD,), events=(EVENT,)), "-1 mentions"),
        (
            article(ORG, TITLE, PER, MentionMark(10, 13, "LOC"), relations=(HELD,), events=(EVENT,)),
            "1 moved mentions",
        ),
        (
            article(ORG, TITLE, PER, MentionMark(10, 12, "ORG"), relations=(HELD,), events=(EVENT,)),
            "1 relabelled mentions",
        ),
        (
            article(ORG, TITLE, PER, LOC, MentionMark(15, 17, "PROJECT"), relations=(HELD,), events=(EVENT,)),
            "+1 mentions",
        ),
        (article(ORG, TITLE, PER, LOC, events=(EVENT,)), "-1 relations"),
        (
            article(ORG, TITLE, PER, LOC, relations=(RelationMark("alias_of", (7, 9), (4, 7)),), events=(EVENT,)),
            "1 relabelled relations",
        ),
        (
            article(ORG, TITLE, PER, LOC, relations=(RelationMark("position_held", (4, 7), (7, 9)),), events=(EVENT,)),
            "+1 relations, -1",
        ),
        (
            article(ORG, TITLE, MentionMark(7, 8, "PER"), LOC,
                    relations=(RelationMark("position_held", (7, 8), (4, 7)),),
                    events=(EventMark("investment", 13, 15, (RoleMark("agent", (7, 8)),)),)),
            "1 moved mentions; 1 moved relations; 1 moved roles",
        ),
        (
            article(ORG, TITLE, PER, LOC, relations=(HELD,),
                    events=(EventMark("construction", 13, 15, (RoleMark("agent", (7, 9)),)),)),
            "1 relabelled events; 1 moved roles",
        ),
        (
            article(ORG, TITLE, PER, LOC, relations=(HELD,), events=(EventMark("investment", 13, 15, ()),)),
            "-1 roles",
        ),
    ],
)  # fmt: skip
def test_edits_are_counted_as_what_they_are(after: AnnotatedArticle, summary: str) -> None:
    assert summarize(changes(BEFORE, after)) == summary


def test_changes_account_for_every_item() -> None:
    after = article(ORG, MentionMark(7, 9, "ORG"), MentionMark(10, 13, "LOC"), events=(EVENT,))
    found = list(changes(BEFORE, after))
    was = {(change.layer, change.was) for change in found if change.was}
    now = {(change.layer, change.now) for change in found if change.now}
    assert was == items_of(BEFORE) - items_of(after)
    assert now == items_of(after) - items_of(BEFORE)


def test_a_change_says_what_became_of_what() -> None:
    after = article(ORG, TITLE, PER, MentionMark(10, 13, "LOC"), relations=(HELD,), events=(EVENT,))
    assert [change.describe(TEXT) for change in changes(BEFORE, after)] == ["moved: LOC 云州@10 → LOC 云州市@10"]
