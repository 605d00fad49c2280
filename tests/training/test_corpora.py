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
from pipeline.training.corpora import Example, read_corpus, tag
from pipeline.training.pieces import cut, pack

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


EDGES = Example(
    "赵敏任局长。钱学军会见赵敏。",
    ((0, 2, "PER"), (3, 5, "TITLE"), (6, 9, "PER"), (11, 13, "PER")),
    triggers=((9, 11, "meeting"),), relations=((0, 1, "position_held"),), roles=((0, 2, "agent"), (0, 3, "participant")),
    strays=((4, 5, "DATE"),),
)  # fmt: skip


def edges(example: Example) -> set[tuple[str, str, str]]:
    """Give every edge by the surfaces that it joins."""
    text, spans = example.text, example.spans
    found = {
        (label, text[slice(*spans[head][:2])], text[slice(*spans[tail][:2])]) for head, tail, label in example.relations
    }
    return found | {
        (label, text[slice(*example.triggers[head][:2])], text[slice(*spans[tail][:2])])
        for head, tail, label in example.roles
    }


def test_a_piece_keeps_the_edges_whose_ends_it_keeps() -> None:
    first, second = cut(EDGES, length=8, shift=6)
    assert edges(first) == {("position_held", "赵敏", "局长")}
    assert edges(second) == {("agent", "会见", "钱学军"), ("participant", "会见", "赵敏")}
    assert first.strays == ((4, 5, "DATE"),)
    (third,) = [piece for piece in cut(EDGES, length=4, shift=12) if piece.triggers]
    assert edges(third) == {
        ("position_held", "赵敏", "局长"),
        ("agent", "会见", "钱学军"),
        ("participant", "会见", "赵敏"),
    }


def test_texts_with_triggers_are_not_packed() -> None:
    assert pack([EDGES, EXAMPLE, EXAMPLE], length=200)[0] == EDGES


def test_edges_are_read_by_their_offsets(tmp_path: Path) -> None:
    record = {
        "text": EDGES.text,
        "mentions": [{"start": s, "end": e, "label": label} for s, e, label in EDGES.spans],
        "relations": [{"type": "position_held", "from": [0, 2], "to": [3, 5]}],
        "events": [
            {"type": "meeting", "start": 9, "end": 11,
             "roles": [{"role": "agent", "mention": [6, 9]}, {"role": "participant", "mention": [11, 13]}]}
        ],
    }  # fmt: skip
    path = write(tmp_path / "a.jsonl.gz", record)
    (example,) = read_corpus(path, ["PER", "TITLE"], edges=True)
    assert (example.triggers, edges(example)) == (EDGES.triggers, edges(EDGES))
    (without,) = read_corpus(path, ["PER", "TITLE"])
    assert (without.triggers, edges(without)) == ((), set())
    (people,) = read_corpus(path, ["PER"], edges=True)  # no place in the spans shifts an edge to another mention
    assert edges(people) == {("agent", "会见", "钱学军"), ("participant", "会见", "赵敏")}


def test_tags_decode_to_the_spans_they_were_made_of() -> None:
    import numpy as np

    single = Example("晋在太原", ((0, 1, "LOC"), (2, 4, "LOC")))
    for example in (EXAMPLE, single):
        scores = np.full((len(example.text), tag_count(LABELS)), -9.0, dtype=np.float32)
        scores[np.arange(len(example.text)), tag(len(example.text), example.spans, LABELS)] = 9.0
        assert tuple((f.start, f.end, f.label) for f in decode(scores, LABELS)) == example.spans
