"""Labelled corpora: read, cut, packed, tagged; spans stay on their text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoder.decoding import decode, tag_count
from pipeline.errors import ConfigError, InputError
from pipeline.training.corpora import Example, cut, pack, read_corpus, tag

LABELS = ["PER", "LOC"]
TEXT = "太原市市长赵敏在长安街说。"
EXAMPLE = Example(TEXT, ((0, 3, "LOC"), (5, 7, "PER"), (8, 11, "LOC")))


def surfaces(example: Example) -> list[tuple[str, str]]:
    return [(example.text[start:end], label) for start, end, label in example.spans]


def write(path: Path, *rows: dict) -> Path:
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    return path


def row(*mentions: tuple[int, int, str]) -> dict:
    return {"text": TEXT, "mentions": [{"start": s, "end": e, "label": label} for s, e, label in mentions]}


def test_labels_that_a_corpus_does_not_annotate_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", row((8, 11, "LOC"), (5, 7, "PER"), (3, 5, "TITLE")))
    assert [surfaces(example) for example in read_corpus(path, LABELS)] == [[("赵敏", "PER"), ("长安街", "LOC")]]


def test_words_are_spans_without_gaps(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_text("太原 重工\n\n发布 。\n", encoding="utf-8")
    first, second = read_corpus(tmp_path / "a.seg", ["WORD"])
    assert surfaces(first) == [("太原", "WORD"), ("重工", "WORD")]
    assert second.text == "发布。"


@pytest.mark.parametrize("mentions", [((5, 99, "PER"),), ((5, 5, "PER"),), ((0, 3, "LOC"), (2, 4, "PER"))])
def test_a_span_that_cannot_be_is_an_error_with_its_line(tmp_path: Path, mentions: tuple) -> None:
    path = write(tmp_path / "a.jsonl.gz", row(), row(*mentions))
    with pytest.raises(InputError, match=r"a\.jsonl\.gz:2"):
        read_corpus(path, LABELS)


def test_a_missing_file_and_an_unknown_ending_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl"):
        read_corpus(tmp_path / "none.jsonl", LABELS)
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(ConfigError, match="seg"):
        read_corpus(tmp_path / "a.csv", LABELS)


@given(length=st.integers(1, 20), shift=st.integers(1, 20))
def test_cutting_loses_no_span_and_no_character(length: int, shift: int) -> None:
    pieces = cut(EXAMPLE, length=length, shift=shift)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert [surface for piece in pieces for surface in surfaces(piece)] == surfaces(EXAMPLE)


def test_packing_joins_neighbours_up_to_the_length_and_moves_their_spans() -> None:
    packed = pack([EXAMPLE, EXAMPLE, EXAMPLE], length=2 * len(TEXT) + 2)
    assert [example.text for example in packed] == [f"{TEXT}\n\n{TEXT}", TEXT]
    assert surfaces(packed[0]) == surfaces(EXAMPLE) * 2


def test_tags_decode_to_the_spans_they_were_made_of() -> None:
    import numpy as np

    single = Example("晋在太原", ((0, 1, "LOC"), (2, 4, "LOC")))
    for example in (EXAMPLE, single):
        scores = np.full((len(example.text), tag_count(LABELS)), -9.0, dtype=np.float32)
        scores[np.arange(len(example.text)), tag(example, LABELS)] = 9.0
        assert tuple((f.start, f.end, f.label) for f in decode(scores, LABELS)) == example.spans
