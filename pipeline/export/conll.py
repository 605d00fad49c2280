"""Columns for taggers: one token or character a line with its BIO or BIOES tag, a blank line between sentences.

Reads records; writes one text file. Holds one record at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from pipeline.export.formats import Format
from pipeline.export.tokens import whole_sentences, whole_tokens
from pipeline.records import Offsets, Record
from pipeline.registries import export_formats

_BLANK = re.compile(r"\s")
BLANK_SHOWN = "␣"  # inside a token, where a blank would end the column


@export_formats("conll")
def make_conll(
    *, unit: Literal["character", "token"] = "character", scheme: Literal["BIO", "BIOES"] = "BIO", offsets: bool = False
) -> Format:
    """Write tagged sentences; with `offsets`, the second and third columns are the token's place in the article."""

    def write(records: Iterable[Record], path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for record in records:
                file.writelines(conll_lines(record, unit=unit, scheme=scheme, offsets=offsets))

    return Format(write=write)


def conll_lines(record: Record, *, unit: str, scheme: str, offsets: bool) -> Iterator[str]:
    """Give the lines of a record; a comment line, which has no tab, names the article before each sentence."""
    tokens = whole_tokens(record, characters=unit == "character")
    tags = tags_of(record, tokens, scheme=scheme)
    place = 0
    for number, (_, end) in enumerate(whole_sentences(record)):
        first = place
        while place < len(tokens) and tokens[place][0] < end:
            place += 1
        if first < place:
            yield f"# article = {_BLANK.sub(' ', record.id)} sentence = {number}\n"
        for (low, high), tag in zip(tokens[first:place], tags[first:place], strict=True):
            columns = [_BLANK.sub(BLANK_SHOWN, record.text[low:high]), *([str(low), str(high)] if offsets else []), tag]
            yield "\t".join(columns) + "\n"
        if first < place:
            yield "\n"


def tags_of(record: Record, tokens: list[Offsets], *, scheme: str) -> list[str]:
    """Give each token its tag: `B-PER I-PER O`, or with BIOES `B-PER E-PER S-LOC`."""
    tags = ["O"] * len(tokens)
    mentions = sorted(record.mentions, key=lambda mention: mention.start)
    place = 0
    for mention in mentions:
        while place < len(tokens) and tokens[place][0] < mention.start:
            place += 1
        first = place
        while place < len(tokens) and tokens[place][1] <= mention.end:
            place += 1
        for number in range(first, place):
            tags[number] = f"{_letter(number, first, place - 1, scheme)}-{mention.label}"
    return tags


def _letter(number: int, first: int, last: int, scheme: str) -> str:
    if scheme == "BIOES" and number == last:
        return "S" if first == last else "E"
    return "B" if number == first else "I"
