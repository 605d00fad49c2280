"""Read labelled corpora: mentions by JSONL, words by lines of separated words.

Every corpus has its own head on the shared encoder, since guidelines differ; a head knows the labels that its corpus
annotates and no others.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from pipeline.encoder.characters import Ids
from pipeline.errors import ConfigError, InputError

WORD = "WORD"
Marked = tuple[int, int, str]


class Example(Struct, frozen=True):
    """A text with flat labelled spans (start, end, label), sorted."""

    text: str
    spans: tuple[Marked, ...]


class Corpus(Struct, frozen=True, kw_only=True):
    """What `[train.corpora.NAME]` says; `share` is the part of the training rows that come from it."""

    paths: list[Path]
    labels: list[str]
    share: float
    least_characters: int = 0


class _Mention(Struct):
    start: int
    end: int
    label: str


class _Line(Struct):
    text: str
    mentions: list[_Mention]


def read_corpus(path: Path, labels: Sequence[str]) -> list[Example]:
    """Read `*.jsonl[.gz]` by the annotation scheme, or `*.seg[.gz]`: a sentence a line, words separated by blanks.

    Labels outside `labels` are left out.

    Raises:
        InputError: the file is missing or a line is not well formed; names the line.
        ConfigError: the name has another ending.
    """
    name = path.name.removesuffix(".gz")
    try:
        packed = path.read_bytes()
        lines = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read a corpus: {error}", where=path, remedy="check [paths] in the config") from error
    if name.endswith(".seg"):
        return [_read_words(line) for line in lines if line.strip()]
    if not name.endswith(".jsonl"):
        raise ConfigError("a corpus is *.jsonl or *.seg, packed by gzip or not", where=path)
    examples = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                row = msgspec.json.decode(line, type=_Line)
            except msgspec.DecodeError as error:
                raise InputError(f"not a line of mentions: {error}", where=path, line=number) from error
            examples.append(_check(row, labels, path, number))
    return examples


def cut(example: Example, *, length: int, shift: int) -> list[Example]:
    """Cut a long text into pieces of at most `length` characters, never inside a span; the first ends at `shift`.

    >>> cut(Example("太原市长安街", ((0, 3, "LOC"),)), length=4, shift=2)
    [Example(text='太原市', spans=((0, 3, 'LOC'),)), Example(text='长安街', spans=())]
    """
    if len(example.text) <= length:
        return [example]
    pieces, start, end = [], 0, shift
    while start < len(example.text):
        end = min(end, len(example.text))
        end = next((high for low, high, _ in example.spans if low < end < high), end)
        pieces.append(part(example, start, end))
        start, end = end, end + length
    return [piece for piece in pieces if piece.text.strip()]


def part(example: Example, start: int, end: int) -> Example:
    """Give the part of an example between two offsets, with the spans that lie in it whole."""
    inside = tuple(
        (low - start, high - start, label) for low, high, label in example.spans if start <= low and high <= end
    )
    return Example(example.text[start:end], inside)


def pack(examples: Sequence[Example], *, length: int) -> list[Example]:
    """Join neighbours by an empty line as long as they fit into `length` characters."""
    packed: list[Example] = []
    for example in examples:
        if packed and len(packed[-1].text) + 2 + len(example.text) <= length:
            before = packed[-1]
            offset = len(before.text) + 2
            moved = tuple((low + offset, high + offset, label) for low, high, label in example.spans)
            packed[-1] = Example(f"{before.text}\n\n{example.text}", before.spans + moved)
        else:
            packed.append(example)
    return packed


def tag(example: Example, labels: Sequence[str]) -> Ids:
    """Give each character its tag's number, in the order of `pipeline.encoder.decoding`."""
    tags = np.zeros(len(example.text), dtype=np.int64)
    for start, end, label in example.spans:
        first = 1 + 4 * labels.index(label)
        if end - start == 1:
            tags[start] = first + 3
        else:
            tags[start] = first
            tags[start + 1 : end - 1] = first + 1
            tags[end - 1] = first + 2
    return tags


def _read_words(line: str) -> Example:
    words = line.split()
    spans, place = [], 0
    for word in words:
        spans.append((place, place + len(word), WORD))
        place += len(word)
    return Example("".join(words), tuple(spans))


def _check(row: _Line, labels: Sequence[str], path: Path, number: int) -> Example:
    spans = sorted((mention.start, mention.end, mention.label) for mention in row.mentions if mention.label in labels)
    place = 0
    for start, end, label in spans:
        if not place <= start < end <= len(row.text):
            raise InputError(
                f"{label} at {start}-{end} overlaps another mention or lies outside the text", where=path, line=number,
                remedy="mentions are flat, half-open code-point offsets",
            )  # fmt: skip
        place = end
    return Example(row.text, tuple(spans))
