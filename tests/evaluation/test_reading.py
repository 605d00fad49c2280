"""Both forms of file are read into one, and a broken line is an error that says where."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from marked_texts import annotation_of, drawn_texts, text_of

from pipeline.errors import AnnotationError, BaozhiError, InputError
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.reading import read_annotated

POST = text_of(
    "[张三|PER]任[主任|TITLE]。\n会见", relations=[("position_held", "张三", "主任")], page="1.txt", at=5,
    events=[("meeting", "会见", {"agent": "张三"})],
)  # fmt: skip


def record() -> dict[str, Any]:
    return {
        "schema": "baozhi/1", "id": "a", "page": "1.txt", "kind": "article", "title": None, "date": None, "byline": [],
        "text": POST.text, "page_map": [[0, 5, 6], [7, 12, 2]], "sentences": [[0, 6], [7, 9]],
        "tokens": [[0, 2], [2, 3]],
        "mentions": [
            {"id": "m0-2", "start": 0, "end": 2, "label": "PER", "text": "张三", "entity": "e1", "value": None,
             "source": "encoder", "probability": 0.9},
            {"id": "m3-5", "start": 3, "end": 5, "label": "TITLE", "text": "主任", "entity": None, "value": None,
             "source": "lexicon", "probability": 0.8},
        ],
        "entities": [{"id": "e1", "label": "PER", "name": "张三", "mentions": ["m0-2"]}],
        "relations": [{"id": "r", "type": "position_held", "from": "m0-2", "to": "m3-5", "sentence": 0,
                       "source": "encoder", "probability": 0.7}],
        "events": [{"id": "v7-9", "type": "meeting", "start": 7, "end": 9, "text": "会见", "source": "encoder",
                    "probability": 0.6, "status": "done",
                    "roles": [{"role": "agent", "mention": "m0-2", "probability": 0.5}]}],
        "facts": [],
    }  # fmt: skip


def write(path: Path, *values: object) -> Path:
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")
    return path


def marks(text: AnnotatedText) -> object:
    return (
        [(m.start, m.end, m.label) for m in text.mentions], [(r.type, r.head, r.tail) for r in text.relations],
        [(e.type, e.start, e.end, [(r.role, r.mention) for r in e.roles]) for e in text.events],
    )  # fmt: skip


def test_an_annotation_and_a_record_of_one_text_are_read_into_the_same_marks(tmp_path: Path) -> None:
    (annotated,) = read_annotated(write(tmp_path / "gold.jsonl", annotation_of(POST)))
    (recorded,) = read_annotated(write(tmp_path / "records.jsonl", record()))
    assert marks(annotated) == marks(recorded) == marks(POST)
    assert annotated.place((3, 9)) == recorded.place((3, 9)) == POST.place((3, 9))
    assert (annotated.has_probabilities, recorded.has_probabilities) == (False, True)
    assert (recorded.relations[0].probability, recorded.events[0].roles[0].probability) == (0.7, 0.5)
    assert recorded.mentions[1].source == "lexicon"
    assert (annotated.entities, annotated.tokens) == (None, None)
    assert recorded.entities is not None and recorded.tokens == ((0, 2), (2, 3))


def test_a_run_that_states_no_entity_anywhere_leaves_them_to_be_derived(tmp_path: Path) -> None:
    (text,) = read_annotated(write(tmp_path / "records.jsonl", record() | {"entities": []}))
    assert text.entities is None


def test_gzipped_files_byte_order_marks_and_blank_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf\n" + json.dumps(annotation_of(POST)).encode() + b"\n\n"))
    (text,) = read_annotated(path)
    assert marks(text) == marks(POST) and text.where == f"{path}:2"


@given(drawn_texts("a", paged=True))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_annotated_is_read_as_it_was(tmp_path: Path, text: AnnotatedText) -> None:
    (back,) = read_annotated(write(tmp_path / "gold.jsonl", annotation_of(text)))
    assert marks(back) == marks(text)
    assert [back.place((m.start, m.end)) for m in back.mentions] == [
        text.place((m.start, m.end)) for m in text.mentions
    ]


Damage = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda v: v.pop("relations"), "missing required field `relations`"),
        (lambda v: v.update(text=3), "Expected `str`"),
        (lambda v: v["mentions"][0].update(end=99), r"mention \[0, 99\] is outside the text of 9 characters"),
        (lambda v: v["mentions"][0].update(end=0), r"mention \[0, 0\] is outside"),
        (lambda v: v["mentions"][0].update(start=-1), r"mention \[-1, 2\] is outside"),
        (lambda v: v["mentions"][0].update(label="PERSON"), "unknown label 'PERSON'; known: DATE, "),
        (lambda v: v["mentions"].append(v["mentions"][0]), r"'张三' \[0, 2\] is marked twice"),
        (lambda v: v["mentions"].append({"start": 6, "end": 7, "label": "LOC"}), "has no place on the page"),
        (
            lambda v: v["relations"][0].update(to=[2, 5]),
            r"an edge position_held points to '任主任' \[2, 5\], which is not",
        ),
        (lambda v: v["relations"][0].update(type="holds"), "unknown relation 'holds'"),
        (lambda v: v["events"][0].update(type="party"), "unknown event type 'party'"),
        (lambda v: v["events"][0].update(start=8, end=8), r"trigger \[8, 8\] is outside"),
        (lambda v: v["events"][0]["roles"][0].update(mention=[0, 1]), r"a role agent points to '张' \[0, 1\]"),
        (lambda v: v["events"][0]["roles"][0].update(role="boss"), "unknown role 'boss'"),
        (lambda v: v.update(layers=["PER", "CITY"]), "unknown label 'CITY'"),
        (lambda v: v.update(tokens=[[0, 99]]), r"token \[0, 99\] is outside"),
        (lambda v: v.pop("page_map"), "has a page without a page_map"),
        (lambda v: v.pop("page"), "has a page_map without a page"),
        (lambda v: v.update(page_map=[[0, 5, 6], [5, 9, 2]]), r"page_map run \[5, 9, 2\] is empty, or overlaps"),
        (lambda v: v.update(page_map=[[0, 5, 60]]), "page_map goes on to 60, the text has 9"),
        (lambda v: v.update(schema="baozhi/9"), "unknown schema 'baozhi/9'; known: baozhi/1"),
    ],
)
def test_a_broken_annotation_is_an_error_with_file_and_line(tmp_path: Path, damage: Damage, message: str) -> None:
    broken = annotation_of(POST)
    damage(broken)
    path = write(tmp_path / "gold.jsonl", annotation_of(text_of("太原", id="first")), broken)
    with pytest.raises(BaozhiError, match=message) as raised:
        read_annotated(path)
    assert str(raised.value).startswith(f"{path}:2: ")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda v: v["mentions"][0].update(text="李四"), "mention 'm0-2' says '李四'"),
        (lambda v: v["mentions"].append(v["mentions"][0]), "the mention id 'm0-2' stands there twice"),
        (lambda v: v["relations"][0].update(to="m9-9"), "relation 'r' points to 'm9-9', which is no mention"),
        (lambda v: v["events"][0]["roles"][0].update(mention="m9"), "event 'v7-9' points to 'm9'"),
        (lambda v: v["entities"][0].update(mentions=["m9"]), "entity 'e1' points to 'm9'"),
        (lambda v: v.pop("facts"), "missing required field `facts`"),
    ],
)
def test_a_broken_record_is_an_error_with_file_and_line(tmp_path: Path, damage: Damage, message: str) -> None:
    broken = record()
    damage(broken)
    path = write(tmp_path / "records.jsonl", broken)
    with pytest.raises(InputError, match=message) as raised:
        read_annotated(path)
    assert str(raised.value).startswith(f"{path}:1: ")


def test_a_contradiction_in_annotations_is_an_annotation_error(tmp_path: Path) -> None:
    broken = annotation_of(POST)
    broken["mentions"] = []
    with pytest.raises(AnnotationError):
        read_annotated(write(tmp_path / "gold.jsonl", broken))


def test_an_id_that_comes_twice_is_an_error_that_names_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", annotation_of(POST), annotation_of(POST))
    with pytest.raises(InputError, match="the id 'a' stands on line 1 already") as raised:
        read_annotated(path)
    assert raised.value.line == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no line"),
        (b" \n\n", "has no line"),
        (b"\x1f\x8bxx", "cannot be read"),
        (b"{\n", "truncated"),
        (b"\xff\n", ":1: "),
    ],
)
def test_files_that_hold_no_lines_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_annotated(path)


def test_a_file_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent.jsonl: cannot be read"):
        read_annotated(tmp_path / "absent.jsonl")
