"""Two passes are settled item by item: nothing stays undecided, nothing is decided twice, reasons are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.annotation.articles import annotate, read_articles, write_articles
from pipeline.annotation.items import article_from, items_of
from pipeline.annotation.settle import differences, settle
from pipeline.errors import AnnotationError
from pipeline.marks import EventMark, MentionMark, RelationMark, RoleMark
from pipeline.records import Article, Run

ARTICLE = Article("1", "p", "article", None, None, (), "恒远集团赵敏出资", (Run(0, 10, 4), Run(4, 20, 4)))
ORG, PER = MentionMark(0, 4, "ORG"), MentionMark(4, 6, "PER")
FULL = annotate(
    ARTICLE, [PER, ORG], [RelationMark("invests_in", (4, 6), (0, 4))],
    [EventMark("investment", 6, 8, (RoleMark("agent", (4, 6)), RoleMark("theme", (0, 4))))],
)  # fmt: skip
LESS = annotate(ARTICLE, [ORG], [], [EventMark("investment", 6, 8, (RoleMark("theme", (0, 4)),))])


def decide(layer: str, item: list[Any], origin: str, keep: bool) -> dict[str, Any]:
    return {"article": "1", "layer": layer, "item": item, "from": origin, "keep": keep, "reason": "示例"}


ALL_KEPT = [
    decide("mentions", [4, 6, "PER"], "a", True),
    decide("relations", ["invests_in", [4, 6], [0, 4]], "a", True),
    decide("roles", [6, 8, "investment", "agent", [4, 6]], "a", True),
]


@pytest.fixture
def run(tmp_path: Path):
    def run(decisions: list[dict[str, Any]]):
        write_articles(tmp_path / "a.jsonl", [FULL])
        write_articles(tmp_path / "b.jsonl", [LESS])
        (tmp_path / "s.jsonl").write_text("".join(json.dumps(d) + "\n" for d in decisions), encoding="utf-8")
        return settle(tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "s.jsonl")

    return run


def test_items_and_article_are_the_same_thing() -> None:
    assert article_from(items_of(FULL), FULL) == FULL
    assert [m.page for m in FULL.mentions] == [((10, 14),), ((20, 22),)]


def test_differences_are_what_only_one_pass_has() -> None:
    assert [(who, layer) for who, (layer, _) in differences(FULL, LESS)] == [
        ("a", "mentions"),
        ("a", "relations"),
        ("a", "roles"),
    ]
    assert list(differences(FULL, FULL)) == []


def test_kept_differences_give_the_fuller_pass_and_dropped_ones_the_other(run) -> None:
    assert run(ALL_KEPT) == [FULL]
    assert run([{**d, "keep": False} for d in ALL_KEPT]) == [LESS]


def test_what_both_had_can_be_dropped_and_what_none_had_added(run) -> None:
    decisions = [
        *[{**d, "keep": False} for d in ALL_KEPT],
        decide("roles", [6, 8, "investment", "theme", [0, 4]], "both", False),
        decide("events", [6, 8, "investment"], "both", False),
        decide("events", [4, 8, "agreement"], "none", True),
    ]
    assert run(decisions) == [annotate(ARTICLE, [ORG], [], [EventMark("agreement", 4, 8)])]


@pytest.mark.parametrize(
    ("decisions", "says"),
    [
        (ALL_KEPT[:-1], r"1 differences are not decided: roles investment 出资@6: agent 赵敏@4"),
        ([*ALL_KEPT, ALL_KEPT[0]], r"s\.jsonl:4: decides what line 1 decides"),
        ([{**ALL_KEPT[0], "from": "b"}, *ALL_KEPT[1:]], r"s\.jsonl:1: .* is from 'a'; this line says 'b'"),
        ([*ALL_KEPT, decide("mentions", [0, 4, "ORG"], "both", True)], "keep True"),
        ([*ALL_KEPT, decide("mentions", [0, 2, "LOC"], "none", False)], "keep False"),
        ([{**ALL_KEPT[0], "keep": False}, *ALL_KEPT[1:]], "an edge needs '赵敏' at 4, which is not kept"),
        ([*ALL_KEPT, decide("events", [6, 8, "investment"], "both", False)], "role .* of a investment event"),
        ([*ALL_KEPT, {**ALL_KEPT[0], "article": "2"}], "unknown article '2'; known: 1"),
        ([*ALL_KEPT, {**ALL_KEPT[0], "layer": "spans"}], "unknown layer 'spans'"),
        ([*ALL_KEPT, {"article": "1"}], r"s\.jsonl:4: is no decision"),
    ],
)
def test_what_does_not_settle_is_refused_with_its_line(run, decisions: list, says: str) -> None:
    with pytest.raises(AnnotationError, match=says):
        run(decisions)


def test_passes_over_different_articles_are_refused(tmp_path: Path) -> None:
    write_articles(tmp_path / "a.jsonl", [FULL])
    write_articles(tmp_path / "b.jsonl", [])
    (tmp_path / "s.jsonl").write_text("")
    with pytest.raises(AnnotationError, match="article '1' is in one pass only"):
        settle(tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "s.jsonl")


def test_the_settled_seeds_are_what_the_passes_and_the_settlement_give(root: Path) -> None:
    folder = root / "annotations"
    settled = settle(
        folder / "passes" / "a.jsonl", folder / "passes" / "b.jsonl", folder / "passes" / "settlement.jsonl"
    )
    assert settled == [article for _, article in read_articles(folder / "articles.jsonl")]


def test_a_broken_line_and_a_repeated_id_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_articles(path, [FULL, FULL])
    with pytest.raises(AnnotationError, match=r"a\.jsonl:2: the id '1' stands on line 1 already"):
        list(read_articles(path))
    path.write_text('{"id": "1"}\n')
    with pytest.raises(AnnotationError, match=r"a\.jsonl:1: is no annotated article"):
        list(read_articles(path))
