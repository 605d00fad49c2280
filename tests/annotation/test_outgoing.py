"""What is to be pushed is refused before anything is sent, with file and line; what was pushed is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.annotation.outgoing import read_versions
from pipeline.annotation.snapshots import Pushed, Snapshots
from pipeline.errors import AnnotationError, BaozhiError
from pipeline.export.documents import Span, document

TEXT = "恒远集团赵敏出资"
GOOD = {"id": "1", "text": TEXT, "mentions": [{"start": 0, "end": 4, "label": "ORG"}], "relations": [], "events": []}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_sound_file_is_read_in_its_order(tmp_path: Path) -> None:
    versions = read_versions(write(tmp_path / "a.jsonl", GOOD, {**GOOD, "id": "0"}), order="given")
    assert [version.document.id for version in versions] == ["1", "0"]
    assert versions[0].document.spans == (Span(0, 4, "ORG"),)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"text": "", "mentions": []}, "empty text"),
        ({"text": "恒\0集团赵敏出资"}, r"U\+0000"),
        ({"mentions": [*GOOD["mentions"], {"start": 2, "end": 6, "label": "PER"}]}, "overlap"),
        ({"mentions": [{"start": 0, "end": 99, "label": "ORG"}]}, "outside the text"),
        ({"mentions": [{"start": 0, "end": 4, "label": "Firma"}]}, "unknown label 'Firma'"),
        ({"relations": [{"type": "alias_of", "from": [0, 4], "to": [4, 6]}]}, "not marked"),
        ({"id": "1"}, "the id '1' stands on line 1"),
    ],
)
def test_what_would_not_come_back_is_refused_with_file_and_line(tmp_path: Path, broken: dict, says: str) -> None:
    path = write(tmp_path / "a.jsonl", GOOD, {**GOOD, "id": "2", **broken})
    with pytest.raises(BaozhiError, match=says) as caught:
        read_versions(path, order="given")
    assert "a.jsonl:2:" in str(caught.value)


def test_all_refusals_are_listed_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", {**GOOD, "text": "恒\0集团赵敏出资"}, {**GOOD, "id": "2", "text": "恒远\0团赵敏出资"}
    )
    with pytest.raises(AnnotationError) as caught:
        read_versions(path, order="given")
    assert "a.jsonl:1: 1: " in str(caught.value) and "a.jsonl:2: 2: " in str(caught.value)


def version(id: str, *spans: Span) -> Pushed:
    made = document(id, None, TEXT, spans, [])
    return Pushed(made.fingerprint, made, ())


def test_every_version_that_was_pushed_is_found_again(tmp_path: Path) -> None:
    old, new = version("1"), version("1", Span(0, 4, "ORG"))
    snapshots = Snapshots(tmp_path, "baozhi · 李")
    snapshots.add([old])
    snapshots.add([old, new])
    again = Snapshots(tmp_path, "baozhi · 李")
    assert again.find("1", old.fingerprint) == old and again.find("1", new.fingerprint) == new
    assert again.find("2", old.fingerprint) is None
    assert again.path.read_bytes().count(b"\n") == 2


def test_projects_are_remembered_apart(tmp_path: Path) -> None:
    Snapshots(tmp_path, "baozhi · 李").add([version("1")])
    assert Snapshots(tmp_path, "baozhi · 王").find("1", version("1").fingerprint) is None


def test_the_torn_last_line_of_an_interrupted_push_is_cut_off(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, "baozhi")
    snapshots.add([version("1")])
    whole = snapshots.path.read_bytes()
    snapshots.path.write_bytes(whole + whole[:20])
    again = Snapshots(tmp_path, "baozhi")
    again.add([version("2")])
    assert Snapshots(tmp_path, "baozhi").find("2", version("2").fingerprint) == version("2")


def test_a_damaged_line_is_an_error_with_its_number(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, "baozhi")
    snapshots.add([version("1")])
    snapshots.path.write_bytes(b"{}\n" + snapshots.path.read_bytes())
    with pytest.raises(AnnotationError, match=r"baozhi\.pushed\.jsonl:1: "):
        Snapshots(tmp_path, "baozhi")
