"""Check hand annotations: what contradicts the scheme, and what looks forgotten, each with its file and line.

Reads annotations; writes nothing. What cannot be read at all raises; everything else is listed, so that a person can
go through it in one sitting.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.reading import read_annotated
from pipeline.records import Offsets
from pipeline.scheme import EDGE_LABELS, ROLE_FILLERS, allows

CONTEXT = 10  # characters shown on either side of a span

Tokens = Callable[[str], tuple[Offsets, ...]]
Kind = Literal["error", "question"]


class Finding(Struct, frozen=True):
    """One thing that a person should look at. An `error` contradicts the scheme, a `question` may be right."""

    where: str
    article: str
    kind: Kind
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.article}: {self.what}"


def check(path: Path, *, tokens: Tokens | None = None, pages: Path | None = None) -> list[Finding]:
    """List what is wrong or doubtful in a file of hand annotations.

    `tokens` gives the words of a text, to find spans that cut one; `pages` is the folder of the pages that the
    annotations say they come from, to find texts that are not on them.

    Raises:
        InputError, AnnotationError: a line that cannot be read, or marks that lie outside their text.
    """
    found: list[Finding] = []
    for text in read_annotated(path):
        rows: list[tuple[Kind, str]] = [*_errors(text, pages), *_questions(text, tokens)]
        found += [Finding(text.where, text.id, kind, what) for kind, what in rows]
    return found


def _errors(text: AnnotatedText, pages: Path | None) -> Iterator[tuple[Kind, str]]:
    labels = {(m.start, m.end): m.label for m in text.mentions}
    ordered = sorted(labels)
    for before, after in itertools.pairwise(ordered):
        if after[0] < before[1]:
            yield (
                "error",
                f"{_show(text, before)} and {_show(text, after)} overlap: mentions are flat, the longest name wins",
            )
    for start, end in ordered:
        if text.text[start:end] != text.text[start:end].strip():
            yield "error", f"{_show(text, (start, end))} begins or ends with a blank"
    for relation in text.relations:
        head, tail = labels[relation.head], labels[relation.tail]
        if not allows(relation.type, head, tail):
            yield (
                "error",
                f"{relation.type} may not join {head} {_show(text, relation.head)} to {tail} {_show(text, relation.tail)}",
            )
        if relation.head == relation.tail:
            yield "error", f"{relation.type} joins {_show(text, relation.head)} to itself"
    if len({(r.type, r.head, r.tail) for r in text.relations}) < len(text.relations):
        yield "error", "a relation is marked twice"
    triggers = sorted((event.start, event.end) for event in text.events)
    for before, after in itertools.pairwise(triggers):
        if after[0] < before[1]:
            yield "error", f"the triggers {_show(text, before)} and {_show(text, after)} overlap"
    for event in text.events:
        for role in event.roles:
            if labels[role.mention] not in ROLE_FILLERS[role.role]:
                yield (
                    "error",
                    f"{role.role} of {event.type} may not be {labels[role.mention]} {_show(text, role.mention)}",
                )
    yield from _page_errors(text, pages)


def _page_errors(text: AnnotatedText, pages: Path | None) -> Iterator[tuple[Kind, str]]:
    if pages is None or text.article.page is None:
        return
    path = pages / text.article.page
    try:
        page = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield "error", f"its page {path} cannot be read ({error})"
        return
    for run in text.article.page_map:
        here = text.text[run.text_start : run.text_start + run.length]
        there = page[run.page_start : run.page_start + run.length]
        if here != there:
            yield "error", f"{here[:CONTEXT]!r}… at {run.text_start} is not what stands on the page at {run.page_start}"


def _questions(text: AnnotatedText, tokens: Tokens | None) -> Iterator[tuple[Kind, str]]:
    used = {end for r in text.relations for end in (r.head, r.tail)} | {r.mention for e in text.events for r in e.roles}
    for mention in text.mentions:
        if mention.label in EDGE_LABELS and (mention.start, mention.end) not in used:
            yield (
                "question",
                f"{mention.label} {_show(text, (mention.start, mention.end))} is marked, but no edge needs it",
            )
    for what in _unmarked_repeats(text):
        yield "question", what
    for event in text.events:
        if not event.roles:
            yield "question", f"{event.type} {_show(text, (event.start, event.end))} has no role"
    if tokens is not None:
        edges = {offset for token in tokens(text.text) for offset in token}
        for mention in text.mentions:
            if mention.start not in edges or mention.end not in edges:
                yield "question", f"{mention.label} {_show(text, (mention.start, mention.end))} cuts a word"


def _unmarked_repeats(text: AnnotatedText) -> Iterator[str]:
    """Find the places where a marked name stands again unmarked; whole-article marks only for exhaustive labels."""
    covered = bytearray(len(text.text))
    for mention in text.mentions:
        covered[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    seen: set[str] = set()
    for mention in text.mentions:
        surface = text.text[mention.start : mention.end]
        if mention.label not in text.layers or surface in seen:
            continue
        seen.add(surface)
        start = text.text.find(surface)
        while start >= 0:
            end = start + len(surface)
            if not any(covered[start:end]):
                yield f"{surface!r} is {mention.label} elsewhere, but not at {_show(text, (start, end))}"
            start = text.text.find(surface, end)


def _show(text: AnnotatedText, offsets: Offsets) -> str:
    start, end = offsets
    before, after = text.text[max(0, start - CONTEXT) : start], text.text[end : end + CONTEXT]
    return f"{before}⟦{text.text[start:end]}⟧{after} @{start}".replace("\n", "⏎")
