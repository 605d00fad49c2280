"""Check that the marks of one text fit its text, the scheme and each other.

Reads `AnnotatedText`; writes nothing. A broken mark is an error with its line: nothing is moved, widened or skipped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipeline.errors import BaozhiError, unknown
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.records import EVENT_ROLES, EVENT_TYPES, MENTION_LABELS, RELATION_TYPES, Offsets


def check_text(text: AnnotatedText, error: type[BaozhiError]) -> None:
    """Raise an error of the given class for the first mark that cannot be scored."""
    for what in _problems(text):
        raise error(f"{text.id!r}: {what}", where=text.where, remedy="mend the line")


def _problems(text: AnnotatedText) -> Iterator[str]:
    yield from _page_problems(text)
    marked: set[Offsets] = set()
    for label in text.layers:
        yield from _name_problems("label", label, MENTION_LABELS)
    for mention in text.mentions:
        offsets = (mention.start, mention.end)
        yield from _name_problems("label", mention.label, MENTION_LABELS)
        yield from _place_problems(text, "mention", offsets)
        if offsets in marked:
            yield f"{_show(text, offsets)} is marked twice"
        marked.add(offsets)
    for relation in text.relations:
        yield from _name_problems("relation", relation.type, RELATION_TYPES)
        for offsets in (relation.head, relation.tail):
            yield from _edge_problems(text, f"an edge {relation.type}", offsets, marked)
    for event in text.events:
        yield from _name_problems("event type", event.type, EVENT_TYPES)
        yield from _place_problems(text, "trigger", (event.start, event.end))
        for role in event.roles:
            yield from _name_problems("role", role.role, EVENT_ROLES)
            yield from _edge_problems(text, f"a role {role.role}", role.mention, marked)
    for offsets in text.tokens or ():
        if not 0 <= offsets[0] < offsets[1] <= len(text.text):
            yield f"token {list(offsets)} is outside the text of {len(text.text)} characters"


def _page_problems(text: AnnotatedText) -> Iterator[str]:
    article = text.article
    if (article.page is None) != (not article.page_map) and article.text:
        yield "has a page_map without a page" if article.page is None else "has a page without a page_map"
    covered = 0
    for run in article.page_map:
        if run.text_start < covered or run.length < 1 or run.page_start < 0:
            yield f"page_map run {[run.text_start, run.page_start, run.length]} is empty, or overlaps the one before it"
        covered = run.text_start + run.length
    if covered > len(article.text):
        yield f"page_map goes on to {covered}, the text has {len(article.text)} characters"


def _place_problems(text: AnnotatedText, what: str, offsets: Offsets) -> Iterator[str]:
    if not 0 <= offsets[0] < offsets[1] <= len(text.text):
        yield f"{what} {list(offsets)} is outside the text of {len(text.text)} characters"
    elif not text.place(offsets).pieces:
        yield f"{what} {_show(text, offsets)} has no place on the page"


def _edge_problems(text: AnnotatedText, what: str, offsets: Offsets, marked: Collection[Offsets]) -> Iterator[str]:
    if offsets not in marked:
        yield f"{what} points to {_show(text, offsets)}, which is not marked"


def _name_problems(kind: str, name: str, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield unknown(kind, name, known)


def _show(text: AnnotatedText, offsets: Offsets) -> str:
    return f"{text.text[offsets[0] : offsets[1]]!r} {list(offsets)}"
