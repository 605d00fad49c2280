"""Read what a text-generation model answers; find each thing it names in the text, or drop it and count the drop."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from spacy.tokens import Doc

from pipeline.backends.windows import cut_sentences
from pipeline.errors import ConfigError
from pipeline.records import Offsets

Shape = TypeVar("Shape")
DROPPED = "baozhi.dropped"  # the key in a Doc's user_data
_FENCE = re.compile(r"^\s*```[a-z]*\s*|\s*```\s*$")


class Passage(msgspec.Struct, frozen=True):
    """Numbered lines of a text that are put into one question; lines count from 1."""

    lines: tuple[Offsets, ...]

    def number(self, text: str) -> str:
        """Write the lines with their numbers: `[1] 本报讯…`."""
        return "\n".join(f"[{n}] {text[start:end]}" for n, (start, end) in enumerate(self.lines, 1))


def read_instructions(path: Path, *, where: str) -> str:
    """Read the instructions of a stage.

    Raises:
        ConfigError: there is no such file, or it is empty.
    """
    try:
        source = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"the instructions cannot be read: {error}", where=where, remedy="name a UTF-8 file"
        ) from error
    if not source:
        raise ConfigError(f"the instructions {path} are empty", where=where, remedy="see configs/prompts")
    return source


def cut_passages(text: str, *, longest: int) -> Iterator[Passage]:
    """Cut a text into passages of whole sentences and about `longest` characters."""
    held: list[Offsets] = []
    for start, end in cut_sentences(text, longest=longest):
        if held and end - held[0][0] > longest:
            yield Passage(tuple(held))
            held = []
        held.append((start, end))
    if held:
        yield Passage(tuple(held))


def read_items(answer: str, key: str, shape: type[Shape], dropped: Counter[str]) -> Iterator[Shape]:
    """Give the well-formed items of the list under `key` of a JSON answer; what is not well formed is counted."""
    try:
        found = json.loads(_FENCE.sub("", answer))
    except ValueError:
        dropped["answer that is no JSON"] += 1
        return
    items = found.get(key) if isinstance(found, dict) else None
    if not isinstance(items, list):
        dropped[f"answer without {key}"] += 1
        return
    for item in items:
        try:
            yield msgspec.convert(item, shape)
        except msgspec.ValidationError:
            dropped["malformed item"] += 1


class Finder:
    """Find surfaces in the lines of a passage, each occurrence once and none over another."""

    def __init__(self, text: str, passage: Passage, dropped: Counter[str]) -> None:
        self._text = text
        self._passage = passage
        self._dropped = dropped
        self._taken: list[Offsets] = []

    def find(self, line: int, surface: str) -> Offsets | None:
        """Give the first free place of a surface in a line; None, and a count, where there is none.

        Width and blanks do not matter (`12月3日，` is found where the page has `12月3日,`), the offsets are exact.
        """
        if not 1 <= line <= len(self._passage.lines):
            self._dropped["line that is not there"] += 1
            return None
        low, high = self._passage.lines[line - 1]
        places = list(_places(self._text, low, high, surface))
        for start, end in places:
            if all(end <= a or b <= start for a, b in self._taken):
                self._taken.append((start, end))
                return start, end
        self._dropped["overlap or one too many" if places else "not in the text"] += 1
        return None


def _places(text: str, low: int, high: int, surface: str) -> Iterator[Offsets]:
    wanted, _ = _fold(surface)
    if not wanted:
        return
    folded, origin = _fold(text[low:high])
    place = folded.find(wanted)
    while place >= 0:
        yield low + origin[place], low + origin[place + len(wanted) - 1] + 1
        place = folded.find(wanted, place + 1)


def _fold(text: str) -> tuple[str, list[int]]:
    """Leave out blanks and fold width and case; give with each character the offset that it comes from."""
    characters: list[str] = []
    origin: list[int] = []
    for offset, character in enumerate(text):
        if not character.isspace():
            folded = unicodedata.normalize("NFKC", character).lower()
            characters.append(folded if len(folded) == 1 else character)
            origin.append(offset)
    return "".join(characters), origin


def mark_mentions(text: str, passage: Passage, names: Sequence[tuple[str, int, int, str]]) -> str:
    """Write the numbered lines with their mentions marked: `[1] <m1 ORG>恒远集团</m1>…`.

    `names` are (id, start, end, label).
    """
    lines = []
    for number, (low, high) in enumerate(passage.lines, 1):
        written, position = "", low
        for name, start, end, label in names:
            if low <= start and end <= high:
                written += f"{text[position:start]}<{name} {label}>{text[start:end]}</{name}>"
                position = end
        lines.append(f"[{number}] {written}{text[position:high]}")
    return "\n".join(lines)


def note_dropped(doc: Doc, source: str, dropped: Counter[str]) -> None:
    """Keep in the document how many things a source was told that could not be placed, and why."""
    counts: dict[str, Any] = dict(doc.user_data.get(DROPPED, {}))
    counts[source] = dict(sorted(dropped.items()))
    doc.user_data[DROPPED] = counts


def read_dropped(doc: Doc) -> dict[str, dict[str, int]]:
    """Give the counts of what was dropped, by source and reason."""
    return dict(doc.user_data.get(DROPPED, {}))
