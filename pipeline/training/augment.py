"""Make training text look like newspapers: rare names, blanks in short names, missing punctuation, joined lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from pipeline.encoder.characters import fold
from pipeline.training.corpora import Example

_PUNCTUATION = frozenset("，。、；：？！“”‘’（）()《》,;:?!…—·")
_STOPS = frozenset("，。、；")
Rewrite = Callable[[str, str], str]


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
    """Change an example at random; its spans stay on their names."""
    bare, join = random.random() < how.bare, random.random() < how.join

    def outside(text: str) -> str:
        kept = (
            character
            for character in text
            if not (bare and character in _PUNCTUATION)
            and not (join and character == "\n")
            and not (how.drop and character in _STOPS and random.random() < how.drop)
        )
        return "".join(kept)

    def name(text: str, label: str) -> str:
        if label in ("PER", "LOC", "ORG") and random.random() < how.swap:
            text = names.draw(text, label, random)
        if label == "PER" and len(text) == 2 and random.random() < how.blank:
            text = f"{text[0]}{random.choice((' ', '  ', chr(0x3000)))}{text[1]}"
        return text

    return rewrite(example, outside=outside, name=name)


def rewrite(example: Example, *, outside: Callable[[str], str], name: Rewrite) -> Example:
    """Rewrite what stands outside the spans, and each span, piece by piece; offsets follow."""
    pieces: list[str] = []
    spans, place, length = [], 0, 0
    for start, end, label in example.spans:
        before, changed = outside(example.text[place:start]), name(example.text[start:end], label)
        pieces += [before, changed]
        spans.append((length + len(before), length + len(before) + len(changed), label))
        length, place = spans[-1][1], end
    pieces.append(outside(example.text[place:]))
    return Example("".join(pieces), tuple(spans))


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
