"""Columns: every character that is no blank has its tag, and the tags say where the mentions are."""

from __future__ import annotations

import msgspec
import pytest
from made_records import HOSTILE, INVESTMENT, make_record

from pipeline.export.conll import conll_lines
from pipeline.records import Record

SCHEMES = pytest.mark.parametrize("scheme", ["BIO", "BIOES"])
UNITS = pytest.mark.parametrize("unit", ["character", "token"])


def rows(record: Record, unit: str, scheme: str) -> list[list[str]]:
    lines = "".join(conll_lines(record, unit=unit, scheme=scheme, offsets=True)).split("\n")
    return [line.split("\t") for line in lines if "\t" in line]


def mentions_of(found: list[list[str]], scheme: str) -> list[tuple[int, int, str]]:
    mentions: list[tuple[int, int, str]] = []
    open_ = False
    for _, start, end, tag in found:
        letter, _, label = tag.partition("-")
        if letter in "BS":
            mentions.append((int(start), int(end), label))
        elif letter in "IE":
            assert open_ and mentions[-1][2] == label
            mentions[-1] = (mentions[-1][0], int(end), label)
        assert scheme == "BIOES" or letter in "BIO"
        open_ = letter in ("B", "I")
    return mentions


@UNITS
@SCHEMES
@pytest.mark.parametrize("record", [INVESTMENT, HOSTILE])
def test_the_mentions_are_read_back_from_the_tags(record: Record, unit: str, scheme: str) -> None:
    found = rows(record, unit, scheme)
    assert mentions_of(found, scheme) == [(m.start, m.end, m.label) for m in record.mentions]
    said = "".join(record.text[int(a) : int(b)] for _, a, b, _ in found)
    assert "".join(said.split()) == "".join(record.text.split())
    assert all(len(row) == 4 and not any(character.isspace() for character in row[0]) for row in found)


def test_a_mention_of_one_character_is_single_and_a_longer_one_has_its_end() -> None:
    record = make_record("[晋|LOC]与[山西|LOC]。")
    assert [row[-1] for row in rows(record, "character", "BIOES")] == ["S-LOC", "O", "B-LOC", "E-LOC", "O"]
    assert [row[-1] for row in rows(record, "character", "BIO")] == ["B-LOC", "O", "B-LOC", "I-LOC", "O"]


def test_two_mentions_that_touch_stay_two() -> None:
    assert [row[-1] for row in rows(make_record("[太原|LOC][晋祠|LOC]"), "character", "BIO")] == [
        "B-LOC", "I-LOC", "B-LOC", "I-LOC",
    ]  # fmt: skip


def test_sentences_stand_apart_under_a_line_that_names_the_article() -> None:
    text = "".join(conll_lines(INVESTMENT, unit="token", scheme="BIO", offsets=False))
    blocks = text.removesuffix("\n\n").split("\n\n")
    assert len(blocks) == len(INVESTMENT.sentences)
    assert [block.split("\n")[0] for block in blocks] == [
        f"# article = 003-2 sentence = {number}" for number in range(len(blocks))
    ]


def test_a_sentence_does_not_end_inside_a_mention() -> None:
    cut = make_record("[张三|PER]说。")
    broken = msgspec.structs.replace(cut, sentences=((0, 1), (1, 4)))
    assert "".join(conll_lines(broken, unit="character", scheme="BIO", offsets=False)).count("# article") == 1
    whole = msgspec.structs.replace(cut, sentences=((0, 2), (2, 4)))
    assert "".join(conll_lines(whole, unit="character", scheme="BIO", offsets=False)).count("# article") == 2
