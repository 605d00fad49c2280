"""Adjudication shows only differences, and its answer decides each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.annotation.adjudicate import adjudication_types, decide, differing, plain
from pipeline.annotation.articles import read_articles
from pipeline.annotation.items import items_of
from pipeline.annotation.pull import Confirmation, Pulled, PullReport, annotated
from pipeline.annotation.settle import settle
from pipeline.annotation.snapshots import Pushed
from pipeline.export.documents import Document, Edge, Span, document, faults
from pipeline.records import encode_line

TEXT = "恒远集团董事长赵敏出资"
ORG, TITLE, PER = (
    {"start": s, "end": e, "label": label} for s, e, label in ((0, 4, "ORG"), (4, 7, "TITLE"), (7, 9, "PER"))
)
HELD = {"type": "position_held", "from": [7, 9], "to": [4, 7]}
IN = {"type": "position_in", "from": [4, 7], "to": [0, 4]}
EVENT = {"type": "investment", "start": 9, "end": 11, "roles": [{"role": "agent", "mention": [0, 4]}]}
A = {"mentions": [ORG, TITLE, PER], "relations": [HELD, IN], "events": [EVENT]}
B = {"mentions": [ORG, TITLE, {**PER, "label": "ORG"}], "relations": [IN], "events": [{**EVENT, "roles": []}]}


def write(path: Path, *articles: dict[str, Any]) -> Path:
    rows = [{"id": str(n), "text": TEXT, **article} for n, article in enumerate(articles, 1)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def passes(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path / "a.jsonl", A, A), write(tmp_path / "b.jsonl", B, A)


def answered(shown: Pushed, spans: list[Span], edges: list[Edge]) -> PullReport:
    left = plain(document("1", None, TEXT, spans, edges))
    assert list(faults(left)) == []
    done = Confirmation("zhao", "2025-03-04T05:06:07Z")
    return PullReport((Pulled(annotated(left, shown), (), done),), (), (), 0)


def keep(shown: Document, *names: str) -> tuple[list[Span], list[Edge]]:
    """Give what is left when only the labels with these names, and those of both, are kept."""
    left = [span for span in shown.spans if " · " not in span.label or span.label in names]
    return left, [e for e in shown.edges if e.label in names and e.head in left and e.tail in left]


def test_only_differences_and_what_they_hang_on_are_shown(passes: tuple[Path, Path]) -> None:
    (shown,) = differing(*passes)
    of_a, of_b = Span(7, 9, "PER · a"), Span(7, 9, "ORG · b")
    title, org, trigger = Span(4, 7, "TITLE"), Span(0, 4, "ORG"), Span(9, 11, "investment")
    assert set(shown.document.spans) == {of_a, of_b, title, org, trigger}
    assert set(shown.document.edges) == {Edge(of_a, title, "position_held · a"), Edge(trigger, org, "agent · a")}


def test_the_project_has_the_types_of_the_scheme_and_those_of_the_differences(passes: tuple[Path, Path]) -> None:
    names = [kind.name for kind in adjudication_types(differing(*passes))]
    assert {"PER", "agent", "PER · a", "ORG · b", "agent · a"} <= set(names)
    assert "LOC · a" not in names and len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("kept", "edges", "settled"),
    [
        (("PER · a", "position_held · a", "agent · a"), [], A),
        (("ORG · b",), [], B),
        (("PER · a",), [], {**A, "relations": [IN], "events": [{**EVENT, "roles": []}]}),
        ((), [], {**B, "mentions": [ORG, TITLE]}),
        (
            ("ORG · b",), [Edge(Span(9, 11, "investment"), Span(7, 9, "ORG · b"), "agent")],
            {**B, "events": [{**EVENT, "roles": [{"role": "agent", "mention": [7, 9]}]}]},
        ),
    ],
)  # fmt: skip
def test_the_answer_settles_the_two(
    passes: tuple[Path, Path], tmp_path: Path, kept: tuple[str, ...], edges: list[Edge], settled: dict[str, Any]
) -> None:
    (shown,) = differing(*passes)
    spans, left = keep(shown.document, *kept)
    answer = decide(*passes, [shown], answered(shown, spans, [*left, *edges]))
    assert answer.open == ()
    decisions = tmp_path / "s.jsonl"
    decisions.write_bytes(b"".join(map(encode_line, answer.decisions)))
    assert all(decision.reason == "adjudicated by zhao, 2025-03-04" for decision in answer.decisions)
    expected = next(read_articles(write(tmp_path / "expected.jsonl", settled)))[1]
    one, other = settle(*passes, decisions)
    assert items_of(one) == items_of(expected)
    assert items_of(other) == items_of(next(read_articles(passes[0]))[1])


def test_an_agreed_mention_that_is_deleted_takes_its_agreed_edges_along(passes: tuple[Path, Path]) -> None:
    (shown,) = differing(*passes)
    spans, _ = keep(shown.document, "PER · a")
    answer = decide(*passes, [shown], answered(shown, [span for span in spans if span.label != "TITLE"], []))
    dropped = {(d.layer, d.item) for d in answer.decisions if not d.keep}
    assert {("mentions", (4, 7, "TITLE")), ("relations", ("position_in", (4, 7), (0, 4)))} <= dropped


def test_what_is_not_confirmed_or_not_there_is_open(passes: tuple[Path, Path]) -> None:
    (shown,) = differing(*passes)
    assert decide(*passes, [shown], PullReport((), ("1",), (), 0)).open == ("1: is not confirmed yet",)
    assert "not in the project: 1" in decide(*passes, [shown], PullReport((), (), (), 0)).open[0]
    assert decide(*passes, [shown], PullReport((), (), ("1: overlap",), 0)).open == ("1: overlap",)


def test_an_answer_that_overlaps_an_agreed_mention_is_open(tmp_path: Path) -> None:
    longer = {"start": 0, "end": 7, "label": "ORG"}
    a = write(tmp_path / "a.jsonl", {"mentions": [ORG, PER], "relations": [], "events": []})
    b = write(tmp_path / "b.jsonl", {"mentions": [ORG], "relations": [], "events": []})
    (shown,) = differing(a, b)
    answer = decide(a, b, [shown], answered(shown, [Span(longer["start"], longer["end"], "ORG")], []))
    assert len(answer.open) == 1 and "overlap" in answer.open[0]


def test_passes_that_agree_leave_nothing_to_show(passes: tuple[Path, Path]) -> None:
    assert differing(passes[0], passes[0]) == []
