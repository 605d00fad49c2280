"""The pages layer in the form of the other layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from marked_texts import added

from pipeline.errors import InputError
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.markup import GoldPage, parse_marked_page
from pipeline.evaluation.page_scores import PagesEvaluation, read_page_lines, score_pages
from pipeline.evaluation.shown import show_lines
from pipeline.records import PAGE_SCHEMA, Line, LineRecord, PageRecord, encode_line

PAGE = parse_marked_page(
    "title 1\t# 防汛会议召开\nbody 1\t本报讯 省里开会，\nbody 1+\t部署防汛。\ncredit -\t责编 张三\n", name="1.txt"
)
change = msgspec.structs.replace


def rows(evaluation: PagesEvaluation, measure: str) -> dict[str, Any]:
    return added(next(scores for scores in evaluation.measures if scores.measure.name == measure))


def relabelled(number: int, **changes: object) -> tuple[Line, ...]:
    return tuple(change(line, **changes) if line.number == number else line for line in PAGE.lines)


def test_a_page_read_right_is_perfect_in_every_measure() -> None:
    evaluation = score_pages([PAGE], {"1.txt": PAGE.lines})
    for scores in evaluation.measures:
        for label, counts in added(scores).items():
            assert counts.f1 == 1.0, (scores.measure.name, label)
    assert rows(evaluation, "same article")["pair of lines"] == Counts(3, 3, 3)
    assert evaluation.errors == ()


def test_a_wrong_role_is_a_confusion_and_an_error_with_its_line() -> None:
    evaluation = score_pages([PAGE], {"1.txt": relabelled(1, role="section", article=None)})
    assert rows(evaluation, "line roles")["micro"] == Counts(3, 4, 4)
    assert evaluation.measures[0].confusions["title", "section"] == 1
    assert evaluation.measures[0].confusions["body", "body"] == 2
    assert ("role", 1, "title", "section") in {(e.kind, e.line, e.gold, e.predicted) for e in evaluation.errors}


def test_a_lost_join_costs_the_join_and_the_text() -> None:
    evaluation = score_pages([PAGE], {"1.txt": relabelled(3, joins=False)})
    assert rows(evaluation, "joins") == {"join": Counts(0, 0, 1)}
    assert rows(evaluation, "texts") == {"text": Counts(0, 1, 1)}
    assert rows(evaluation, "articles") == {"article": Counts(1, 1, 1)}


def test_a_page_that_was_not_read_is_missed_and_an_unknown_one_is_left_out() -> None:
    evaluation = score_pages([PAGE], {"2.txt": PAGE.lines})
    assert (evaluation.missing, evaluation.unknown) == (("1.txt",), ("2.txt",))
    assert rows(evaluation, "line roles")["micro"] == Counts(0, 0, 4)
    assert rows(evaluation, "texts")["text"] == Counts(0, 0, 1)


def test_lines_of_one_wrong_article_are_shown_as_one_error() -> None:
    split = tuple(change(line, article=2) if line.number in (2, 3) else line for line in PAGE.lines)
    shown = show_lines(score_pages([PAGE], {"1.txt": split}).errors)
    assert [(e.measure, e.kind, e.gold, e.predicted, e.gold_reads) for e in shown] == [
        ("articles", "confused", None, None, "line 2 and 1 more")
    ]
    assert {(tag.side, tag.name) for tag in shown[0].segments[-1].tags} == {
        ("gold", "article of line 1"), ("predicted", "article of line 2")
    }  # fmt: skip


@pytest.mark.parametrize(("joins", "kind"), [(False, "missed"), (True, "spurious")])
def test_a_wrong_join_is_shown_behind_the_line_before(joins: bool, kind: str) -> None:
    number = 2 if joins else 3
    (error,) = show_lines(score_pages([PAGE], {"1.txt": relabelled(number, joins=joins)}).errors)
    assert (error.measure, error.kind, error.gold_reads) == ("joins", kind, f"line {number}")
    before, line = error.segments
    assert before.text.startswith("…") and (line.gold, line.predicted) == (not joins, joins)


def page_record(page: GoldPage) -> PageRecord:
    lines = tuple(
        LineRecord(n.number, n.start, n.end, n.role, n.article, n.joins, page.text[n.start : n.end]) for n in page.lines
    )
    return PageRecord(PAGE_SCHEMA, "1", page.name, "utf-8", None, len(page.text), ("1-1",), lines)


def test_page_records_are_read_back_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(encode_line(page_record(PAGE)))
    assert read_page_lines(path, tmp_path) == {"1.txt": PAGE.lines}


def test_annotations_of_pages_are_read_as_a_prediction_too(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(PAGE.text, encoding="utf-8")
    path = tmp_path / "pages.jsonl"
    rows = [
        {"page": "1.txt", "line": n.number, "role": n.role, "article": n.article, "joins": n.joins} for n in PAGE.lines
    ]
    path.write_bytes(b"".join(encode_line(row) for row in rows))
    assert read_page_lines(path, tmp_path) == {"1.txt": PAGE.lines}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (encode_line(page_record(PAGE)) * 2, r"pages.jsonl:2: the id '1.txt' stands on line 1 already"),
        (b'{"schema":"baozhi-page/1"}\n', r"pages.jsonl:1: .*missing required field"),
        (b"[]\n", r"pages.jsonl:1: "),
    ],
)
def test_broken_page_records_are_errors_with_file_and_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_page_lines(path, tmp_path)
