"""Bring gold and prediction together in page coordinates: which gold article holds which place.

Reads both sides; writes units, sentences and gaps. A predicted item is never dropped because no gold article holds it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from pipeline.errors import InputError
from pipeline.evaluation.annotated import AnnotatedText, Place
from pipeline.evaluation.sentences import sentence_at
from pipeline.records import Offsets

Home = tuple[Literal["page", "id"], str]


class _Stretch(Struct, frozen=True, order=True, array_like=True):
    start: int
    end: int
    article: int
    shift: int  # from home offsets to offsets of the article's text


class Alignment:
    """The gold texts of one comparison, found again by place.

    `missing` are the gold texts of which the prediction has no character; `unknown` the pages, or ids, of the
    prediction that gold does not know and that are left out of all scores.

    Raises:
        InputError: gold and prediction read different characters in the same place, or two gold texts hold one place.
    """

    def __init__(self, gold: Sequence[AnnotatedText], predicted: Sequence[AnnotatedText]) -> None:
        self.gold = tuple(gold)
        self._stretches: dict[Home, list[_Stretch]] = {}
        for number, text in enumerate(self.gold):
            for text_start, start, length in text.stretches():
                stretch = _Stretch(start, start + length, number, text_start - start)
                self._stretches.setdefault(_home(text), []).append(stretch)
        for stretches in self._stretches.values():
            stretches.sort()
            self._check_apart(stretches)
        self.predicted = tuple(text for text in predicted if _home(text) in self._stretches)
        self.unknown = tuple(sorted({_home(text)[1] for text in predicted if _home(text) not in self._stretches}))
        seen = {number for text in self.predicted for number in self._compare(text)}
        self.missing = tuple(text.id for number, text in enumerate(self.gold) if number not in seen)

    def locate(self, place: Place) -> tuple[AnnotatedText, Offsets] | None:
        """Find a place in a gold text, where it stands there in one run of characters."""
        found = [self._article_at(place, a) for a, b in place.pieces for a in (a, b - 1)]
        if not found or found[0] is None:
            return None
        article = found[0][0]
        start, end = found[0][1], (found[-1] or found[0])[1] + 1
        text = self.gold[article]
        return (text, (start, end)) if start < end and text.place((start, end)) == place else None

    def unit_of(self, place: Place) -> str:
        """Name the gold text that holds the first character of a place that any holds, or the rest of its page."""
        for start, end in place.pieces:
            for stretch in self._stretches_in(place, start, end):
                return self.gold[stretch.article].id
        return f"rest of {place.home}"

    def sentence_of(self, text: AnnotatedText, offsets: Offsets) -> Place:
        """Give the place of the gold sentence in which a mark begins, or of its own where no gold text holds it."""
        place = text.place(offsets)
        held = self._article_at(place, place.pieces[0][0])
        base, offset = (text, offsets[0]) if held is None else (self.gold[held[0]], held[1])
        return base.place(sentence_at(base.text, offset))

    def _article_at(self, place: Place, offset: int) -> tuple[int, int] | None:
        for stretch in self._stretches_in(place, offset, offset + 1):
            return stretch.article, offset + stretch.shift
        return None

    def _stretches_in(self, place: Place, start: int, end: int) -> Iterator[_Stretch]:
        stretches = self._stretches.get((place.kind, place.home), [])
        first = max(bisect_right(stretches, start, key=lambda stretch: stretch.start) - 1, 0)
        for stretch in stretches[first:]:
            if stretch.start >= end:
                break
            if stretch.end > start:
                yield stretch

    def _check_apart(self, stretches: Sequence[_Stretch]) -> None:
        for before, after in pairwise(stretches):
            if after.start < before.end:
                one, other = self.gold[before.article], self.gold[after.article]
                raise InputError(
                    f"{one.id!r} and {other.id!r} both hold page offset {after.start}", where=other.where,
                    remedy="a character of a page belongs to one article",
                )  # fmt: skip

    def _compare(self, text: AnnotatedText) -> Iterator[int]:
        """Give the gold texts that share characters with a predicted one; raise where the characters differ."""
        kind, home = _home(text)
        if kind == "id":
            article = self._stretches[kind, home][0].article
            _check_same(text, text.text, self.gold[article], self.gold[article].text)
            yield article
            return
        for text_start, start, length in text.stretches():
            for stretch in self._stretches_in(Place(kind, home, ()), start, start + length):
                low, high = max(start, stretch.start), min(start + length, stretch.end)
                gold = self.gold[stretch.article]
                ours = text.text[low - start + text_start : high - start + text_start]
                _check_same(text, ours, gold, gold.text[low + stretch.shift : high + stretch.shift])
                yield stretch.article


def _home(text: AnnotatedText) -> Home:
    return ("id", text.id) if text.article.page is None else ("page", text.article.page)


def _check_same(text: AnnotatedText, ours: str, gold: AnnotatedText, theirs: str) -> None:
    if ours != theirs:
        shorter = min(len(ours), len(theirs))
        at = next((n for n in range(shorter) if ours[n] != theirs[n]), shorter)
        raise InputError(
            f"{text.id!r} reads {ours[at : at + 10]!r} where the gold text {gold.id!r} reads {theirs[at : at + 10]!r}",
            where=text.where, remedy="score a run over the texts that were annotated",
        )  # fmt: skip
