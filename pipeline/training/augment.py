"""Make training text look like newspapers: rare names, blanks in short names, missing punctuation, joined lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from pipeline.encoder.characters import Ids, fold
from pipeline.training.corpora import Example, Marked

_PUNCTUATION = frozenset("，。、；：？！“”‘’（）()《》,;:?!…—·")
_STOPS = frozenset("，。、；")


class Augmentation(Struct, frozen=True, kw_only=True):
    """How often each change is made; all 0 is no augmentation."""

    swap: float = 0.0  # a name, for another one of its label
    blank: float = 0.0  # a blank into a person's name of two characters: 赵 敏
    bare: float = 0.0  # a text, of all punctuation
    join: float = 0.0  # a text, of its line ends
    drop: float = 0.0  # a comma or a full stop


class Names:
    """Names to swap in, by label and last character: 云州市 becomes another name that ends in 市."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Collect (name, label) pairs."""
        sorted_in: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for name, label in sorted(set(names)):
            sorted_in[label, name[-1]].append(name)
            if label == "PER" and 2 <= len(name) <= 4:
                sorted_in[label, ""].append(name)
        self._names: Mapping[tuple[str, str], Sequence[str]] = dict(sorted_in)

    def draw(self, name: str, label: str, random: np.random.Generator) -> str:
        """Draw another name like this one; the name itself where there is none."""
        short_person = label == "PER" and 2 <= len(name) <= 4
        choices = self._names.get((label, "" if short_person else name[-1:]), ())
        return choices[int(random.integers(len(choices)))] if choices else name


def augment(example: Example, *, how: Augmentation, names: Names, random: np.random.Generator) -> Example:
    """Change an example at random; spans, triggers and edges stay on their names.

    A name is swapped for the same other name wherever it stands. One that an alias ties to another, or that has a
    trigger inside, is left as it is.
    """
    bare, join = random.random() < how.bare, random.random() < how.join
    tied = _find_tied(example)
    swapped: dict[tuple[str, str], str] = {}
    pieces: list[str] = []
    bounds = np.zeros(len(example.text) + 1, dtype=np.int64)  # where each offset comes to lie
    length = place = 0

    def keep(character: str) -> bool:
        return not (
            (bare and character in _PUNCTUATION)
            or (join and character == "\n")
            or (how.drop and character in _STOPS and random.random() < how.drop)
        )

    for start, end, label in (*example.spans, (len(example.text), len(example.text), "")):
        kept = [keep(character) for character in example.text[place:start]]
        bounds[place:start] = length + np.cumsum([0, *kept])[:-1]
        pieces.append("".join(c for c, stays in zip(example.text[place:start], kept, strict=True) if stays))
        length += sum(kept)
        name = example.text[start:end]
        if name not in tied:
            if label in ("PER", "LOC", "ORG") and (name, label) not in swapped:
                swapped[name, label] = names.draw(name, label, random) if random.random() < how.swap else name
            name = swapped.get((name, label), name)
            if label == "PER" and len(name) == 2 and random.random() < how.blank:
                name = f"{name[0]}{random.choice((' ', '  ', chr(0x3000)))}{name[1]}"
        bounds[start:end] = length if len(name) != end - start else length + np.arange(end - start)
        pieces.append(name)
        length, place = length + len(name), end
    bounds[len(example.text)] = length
    return Example(
        "".join(pieces), _move(example.spans, bounds), _move(example.triggers, bounds), example.relations,
        example.roles, _move(example.strays, bounds),
    )  # fmt: skip


def _find_tied(example: Example) -> set[str]:
    """Give the names that must stay as they are."""
    spans = [example.spans[place] for *ends, label in example.relations if label == "alias_of" for place in ends]
    spans += [
        span for span in example.spans if any(low < span[1] and span[0] < high for low, high, _ in example.triggers)
    ]
    return {example.text[start:end] for start, end, _ in spans}


def _move(spans: Sequence[Marked], bounds: Ids) -> tuple[Marked, ...]:
    return tuple((int(bounds[start]), int(bounds[end]), label) for start, end, label in spans)


def collect_names(examples: Iterable[Example], words: Mapping[str, Sequence[str]]) -> Names:
    """Collect names from annotated text, and people and places from a dictionary."""
    labels = {"person": "PER", "place": "LOC"}
    listed = (
        (word, labels[kind]) for word, kinds in words.items() if len(kinds) == 1 for kind in kinds if kind in labels
    )
    marked = (
        (fold(text), label) for e in examples for start, end, label in e.spans if (text := e.text[start:end]).strip()
    )
    return Names((*listed, *marked))
