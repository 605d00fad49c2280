"""Lines for doccano's own import, and a clear word where doccano would not store one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_records import INVESTMENT, make_record

from pipeline.errors import InputError
from pipeline.export.doccano import decode_row
from pipeline.export.documents import document_of
from pipeline.export.formats import export, make_format


def test_the_lines_are_read_back_as_the_documents_they_were(tmp_path: Path) -> None:
    astral = make_record("𠮷野[赵敏|PER]到[太原|LOC]。", id="2")
    export([INVESTMENT, astral], tmp_path / "d.jsonl", format=make_format("doccano"))
    lines = [json.loads(line) for line in (tmp_path / "d.jsonl").read_bytes().splitlines()]
    assert lines[1]["entities"][0]["start_offset"] == 3  # in UTF-16 units
    assert [decode_row(line) for line in lines] == [document_of(INVESTMENT), document_of(astral)]


def test_what_doccano_cannot_store_is_refused_with_its_article(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"9: the character U\+0000 at 0 cannot be stored"):
        export([make_record("\0[赵敏|PER]", id="9")], tmp_path / "d.jsonl", format=make_format("doccano"))
    assert list(tmp_path.iterdir()) == []
