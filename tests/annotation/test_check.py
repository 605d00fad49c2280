"""Checking hand annotations: what contradicts the scheme is an error, what looks forgotten a question, with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.annotation.check import Finding, check
from pipeline.errors import BaozhiError

TEXT = "12月3日，恒远集团董事长赵敏在云州出资5亿元建设云州钢厂。赵敏说好。"


def find(surface: str, nth: int = 1) -> list[int]:
    start = -1
    for _ in range(nth):
        start = TEXT.index(surface, start + 1)
    return [start, start + len(surface)]


def mention(label: str, surface: str, nth: int = 1) -> dict[str, Any]:
    start, end = find(surface, nth)
    return {"start": start, "end": end, "label": label}


MENTIONS = [
    mention("DATE", "12月3日"), mention("ORG", "恒远集团"), mention("TITLE", "董事长"), mention("PER", "赵敏"),
    mention("LOC", "云州"), mention("MONEY", "5亿元"), mention("PROJECT", "云州钢厂"), mention("PER", "赵敏", 2),
]  # fmt: skip
RELATIONS = [
    {"type": "position_held", "from": find("赵敏"), "to": find("董事长")},
    {"type": "project_amount", "from": find("云州钢厂"), "to": find("5亿元")},
]
EVENTS = [
    {"type": "investment", "start": find("出资")[0], "end": find("出资")[1], "roles": [
        {"role": "agent", "mention": find("恒远集团")}, {"role": "time", "mention": find("12月3日")},
    ]}
]  # fmt: skip


def findings(tmp_path: Path, **changes: Any) -> list[Finding]:
    row = {"id": "1", "text": TEXT, "mentions": MENTIONS, "relations": RELATIONS, "events": EVENTS, **changes}
    path = tmp_path / "a.jsonl"
    path.write_text("\n" + json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return check(path, tokens=lambda text: tuple((i, i + 1) for i in range(len(text))))


def test_sound_annotations_have_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        ({"mentions": [*MENTIONS, mention("LOC", "恒远")]}, "error", "overlap"),
        ({"relations": [{"type": "position_held", "from": find("恒远集团"), "to": find("董事长")}, RELATIONS[1]]}, "error", "position_held may not join ORG"),
        ({"relations": [*RELATIONS, {"type": "alias_of", "from": find("赵敏"), "to": find("赵敏")}]}, "error", "to itself"),
        ({"relations": [*RELATIONS, RELATIONS[0]]}, "error", "twice"),
        ({"events": [*EVENTS, {"type": "construction", "start": find("出资5")[0], "end": find("出资5")[1], "roles": EVENTS[0]["roles"][:1]}]}, "error", "triggers"),
        ({"events": [{**EVENTS[0], "roles": [{"role": "time", "mention": find("云州")}, EVENTS[0]["roles"][1]]}]}, "error", "time of investment may not be LOC"),
        ({"events": []}, "question", "DATE 12月3日 is marked, but no edge needs it".replace("12月3日", "⟦12月3日⟧，恒远集团董事长赵敏 @0")),
        ({"mentions": MENTIONS[:-1]}, "question", "'赵敏' is PER elsewhere, but not at"),
        ({"events": [EVENTS[0], {"type": "construction", "start": find("建设")[0], "end": find("建设")[1], "roles": []}]}, "question", "has no role"),
    ],
)  # fmt: skip
def test_each_kind_of_slip_is_found_and_nothing_else(tmp_path: Path, changes: dict, kind: str, says: str) -> None:
    found = findings(tmp_path, **changes)
    assert [finding.kind for finding in found] == [kind]
    assert says in found[0].what
    assert str(found[0]).startswith(f"{tmp_path / 'a.jsonl'}:2: {kind}: 1: ")


def test_a_span_that_cuts_a_word_is_a_question(tmp_path: Path) -> None:
    findings(tmp_path)
    words = ((0, 5), (5, 6), (6, 9), (9, 11))  # 恒远集|团董
    found = check(tmp_path / "a.jsonl", tokens=lambda _: (*words, *((i, i + 1) for i in range(11, len(TEXT)))))
    assert [finding.what.split(" ")[0] for finding in found] == ["ORG", "TITLE"]
    assert all("cuts a word" in finding.what for finding in found)


def test_a_name_inside_a_longer_mention_is_no_repeat(tmp_path: Path) -> None:
    assert "云州钢厂" in TEXT and not [f for f in findings(tmp_path) if "云州" in f.what]


def test_a_text_that_is_not_on_its_page_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("# " + TEXT, encoding="utf-8")
    for start, count in ((2, 0), (1, 1)):
        row = {
            "id": "1", "page": "p.txt", "page_map": [[0, start, len(TEXT)]], "text": TEXT, "mentions": MENTIONS,
            "relations": RELATIONS, "events": EVENTS,
        }  # fmt: skip
        path = tmp_path / "a.jsonl"
        path.write_text(json.dumps(row), encoding="utf-8")
        assert len(check(path, pages=tmp_path)) == count


def test_what_cannot_be_read_raises_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BaozhiError, match=r"a\.jsonl:2: "):
        findings(tmp_path, mentions=[{"start": 0, "end": 999, "label": "PER"}], relations=[], events=[])


def test_the_annotations_of_the_seeds_are_sound(root: Path) -> None:
    for name in ("articles.jsonl", "passes/a.jsonl", "passes/b.jsonl"):
        found = check(root / "annotations" / name, pages=root / "seeds")
        assert [str(finding) for finding in found if finding.kind == "error"] == []
