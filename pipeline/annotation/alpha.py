"""Krippendorff's alpha of several people's marks, with bootstrap intervals over articles.

Reads annotated texts; writes numbers. What is judged, and by which values, is said for each layer in `UNITS`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

import krippendorff
import numpy as np
from msgspec import Struct

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.intervals import Interval, percentile_interval
from pipeline.records import RELATION_TYPES
from pipeline.scheme import ROLE_FILLERS, allows

Values = Sequence[Hashable]  # what each person says of one unit, None where nothing is marked
NOTHING = "—"


class Alpha(Struct, frozen=True):
    """The alpha of one layer, None where all say the same of everything or there is nothing to judge."""

    layer: str
    what: str
    units: int
    value: float | None
    interval: Interval | None


def mention_units(versions: Sequence[AnnotatedText]) -> Iterator[Values]:
    """Judge each character: the label of the mention that it stands in."""
    rows = [_painted(text, [(m.start, m.end, m.label) for m in text.mentions]) for text in versions]
    return zip(*rows, strict=True)


def trigger_units(versions: Sequence[AnnotatedText]) -> Iterator[Values]:
    """Judge each character: the type of the event whose trigger it stands in."""
    rows = [_painted(text, [(e.start, e.end, e.type) for e in text.events]) for text in versions]
    return zip(*rows, strict=True)


def relation_units(versions: Sequence[AnnotatedText]) -> Iterator[Values]:
    """Judge each ordered pair of mentions marked alike by all that the scheme lets be joined: its relation types."""
    edges = [{(r.head, r.tail, r.type) for r in text.relations} for text in versions]
    shared = _shared_mentions(versions)
    for head, tail in ((a, b) for a in shared for b in shared if a != b):
        if any(allows(kind, head[2], tail[2]) for kind in RELATION_TYPES):
            yield [_types(found, head[:2], tail[:2]) for found in edges]


def role_units(versions: Sequence[AnnotatedText]) -> Iterator[Values]:
    """Judge each event and mention marked alike by all that the scheme lets be joined: the roles between them."""
    edges = [
        {((e.start, e.end, e.type), role.mention, role.role) for e in text.events for role in e.roles}
        for text in versions
    ]
    shared = set.intersection(*({(e.start, e.end, e.type) for e in text.events} for text in versions))
    mentions = _shared_mentions(versions)
    fillers = frozenset().union(*ROLE_FILLERS.values())
    for event in sorted(shared):
        for mention in mentions:
            if mention[2] in fillers:
                yield [_types(found, event, mention[:2]) for found in edges]


UNITS: dict[str, tuple[str, Callable[[Sequence[AnnotatedText]], Iterator[Values]]]] = {
    "mentions": ("label of each character", mention_units),
    "relations": ("types between two mentions that all have marked", relation_units),
    "events": ("type of each character", trigger_units),
    "roles": ("roles between an event and a mention that all have marked", role_units),
}


def alphas(articles: Sequence[Sequence[AnnotatedText]], *, resamples: int = 1000, seed: int = 20250101) -> list[Alpha]:
    """Give alpha for each layer; `articles` holds the versions of each article, one a person."""
    found = []
    for layer, (what, units_of) in UNITS.items():
        units = [list(units_of(versions)) for versions in articles]
        names = sorted({str(value) for article in units for values in article for value in values})
        number = {name: n for n, name in enumerate(names)}
        counts = [_value_counts(article, number) for article in units]
        every = np.concatenate(counts) if counts else np.zeros((0, 0))
        if len(names) < 2:
            found.append(Alpha(layer, what, len(every), None, None))
            continue
        value = float(krippendorff.alpha(value_counts=every, level_of_measurement="nominal"))
        coincidences = np.array([_coincidences(count) for count in counts])
        drawn = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), resamples)
        resampled = [alpha_of(np.tensordot(weights, coincidences, axes=1)) for weights in drawn]
        interval = percentile_interval([value for value in resampled if value is not None])
        found.append(Alpha(layer, what, len(every), value, interval))
    return found


def alpha_of(coincidences: Any) -> float | None:
    """Give nominal alpha of a coincidence matrix (Krippendorff 2011); the library knows no weighted units.

    None where only one value occurs: then nothing could be said differently.
    """
    totals = coincidences.sum(axis=0)
    pairs = totals.sum()
    expected = pairs**2 - (totals**2).sum()
    if expected == 0:
        return None
    return float(1 - (pairs - 1) * (pairs - np.trace(coincidences)) / expected)


def _coincidences(value_counts: Any) -> Any:
    """Count the ordered pairs of values within units, each unit having the same number of people."""
    people = value_counts[0].sum() if len(value_counts) else 2
    return (value_counts.T @ value_counts - np.diag(value_counts.sum(axis=0))) / (people - 1)


def _value_counts(units: Sequence[Values], number: dict[str, int]) -> Any:
    counts = np.zeros((len(units), len(number)))
    for row, values in enumerate(units):
        for value in values:
            counts[row, number[str(value)]] += 1
    return counts


def _painted(text: AnnotatedText, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    labels = [NOTHING] * len(text.text)
    for start, end, label in spans:
        labels[start:end] = [label] * (end - start)
    return labels


def _shared_mentions(versions: Sequence[AnnotatedText]) -> list[tuple[int, int, str]]:
    return sorted(set.intersection(*({(m.start, m.end, m.label) for m in text.mentions} for text in versions)))


def _types(edges: set[Any], head: Any, tail: Any) -> str:
    return "+".join(sorted(kind for a, b, kind in edges if a == head and b == tail)) or NOTHING
