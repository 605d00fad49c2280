"""Bring people's work back from a doccano project, as hand annotations by the scheme, with what they have changed.

Reads examples and what was pushed; writes annotated articles and changes. An article that the scheme cannot hold, or
whose text is another now, is listed with its address and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from pipeline.annotation.articles import annotate
from pipeline.annotation.changes import Change, changes, item_of
from pipeline.annotation.client import Doccano
from pipeline.annotation.examples import Example, Labels, ProjectReader, Trace
from pipeline.annotation.snapshots import Pushed, Snapshots
from pipeline.errors import AnnotationError
from pipeline.export.documents import Document, Edge, Span, faults, marks_of
from pipeline.marks import AnnotatedArticle, EventMark, MentionMark, RelationMark, RoleMark
from pipeline.records import Article

Take = Literal["revised", "confirmed", "all"]


def _as_is(document: Document) -> Document:
    return document


class Told(Struct, frozen=True):
    """One change, who made it and when, where the server tells: of a deletion it tells nothing."""

    change: Change
    by: str | None
    at: str | None


class Confirmation(Struct, frozen=True):
    """Who said that an article is done, and when."""

    by: str
    at: str


class Pulled(Struct, frozen=True):
    """One article as it stands on the server."""

    article: AnnotatedArticle
    told: tuple[Told, ...]
    confirmed: Confirmation | None


class PullReport(Struct, frozen=True):
    """What was taken, what was left because nobody had been there, and what a person must mend first."""

    taken: tuple[Pulled, ...]
    left: tuple[str, ...]
    problems: tuple[str, ...]
    strangers: int


def pull(
    doccano: Doccano,
    project: str,
    snapshots: Snapshots,
    *,
    take: Take,
    read_as: Callable[[Document], Document] = _as_is,
) -> PullReport:
    """Read a project back.

    `take` says which articles: those that someone has changed or confirmed, those confirmed, or all. `read_as` turns
    labels that are not of the scheme into such, before anything is checked.
    """
    id = doccano.project(project)
    reader = ProjectReader(doccano, id)
    people = {member["user"]: member["username"] for member in doccano.call("members", project=id)}
    taken, left, problems = [], [], []
    strangers = 0
    seen: dict[str, str] = {}
    for example in reader.examples():
        address = reader.address(example)
        if not example.article:
            strangers += 1
            continue
        if example.article in seen:
            problems.append(
                f"{address}: {example.article}: is there twice, also at {seen[example.article]}; push again"
            )
            continue
        seen[example.article] = address
        try:
            document, base = _read(example, reader, snapshots)
        except AnnotationError as error:
            problems.append(str(error))
            continue
        changed = document.fingerprint != base.fingerprint
        if not (take == "all" or example.confirmed or (take == "revised" and changed)):
            left.append(example.article)
            continue
        now = read_as(document)
        wrong = [f"{address}: {example.article}: {what}" for what in faults(now)]
        problems += wrong
        if not wrong:
            states = doccano.call("states", project=id, example=example.id) if example.confirmed else []
            confirmed = [Confirmation(people.get(s["confirmed_by"], "?"), s["confirmed_at"]) for s in states]
            before, after = annotated(read_as(base.document), base), annotated(now, base)
            told = _tell_all(changes(before, after), reader.labels(example), people) if changed else []
            taken.append(Pulled(after, tuple(told), confirmed[0] if confirmed else None))
    taken.sort(key=lambda pulled: pulled.article.id)
    return PullReport(tuple(taken), tuple(left), tuple(problems), strangers)


def _read(example: Example, reader: ProjectReader, snapshots: Snapshots) -> tuple[Document, Pushed]:
    address = reader.address(example)
    if not example.is_written:
        raise AnnotationError(f"{example.article}: its push was broken off", where=address, remedy="push again")
    document = reader.document(example)
    base = snapshots.find(example.article, example.pushed)
    if base is None:
        raise AnnotationError(
            f"{example.article}: {snapshots.path} does not say what was pushed here", where=address,
            remedy="pull with the --state folder that it was pushed with",
        )  # fmt: skip
    return document, base


def annotated(document: Document, base: Pushed) -> AnnotatedArticle:
    """Turn a document into hand annotations, with the page offsets of what was pushed."""
    article = Article(document.id, document.page, "article", None, None, (), document.text, base.page_map)
    mentions, relations, events = marks_of(document)
    return annotate(
        article,
        [MentionMark(m.start, m.end, m.label) for m in mentions],
        [RelationMark(r.type, r.head, r.tail) for r in relations],
        [
            EventMark(e.type, e.start, e.end, tuple(RoleMark(role.role, role.mention) for role in e.roles))
            for e in events
        ],
    )


def _tell_all(found: Iterable[Change], labels: Labels, people: dict[int, str]) -> list[Told]:
    traces = {_key_of(label): trace for label, trace in labels.traces.items()}
    return [_tell(change, traces, people) for change in found]


def _key_of(label: Span | Edge) -> tuple[object, ...]:
    if isinstance(label, Span):
        return label.start, label.end, label.label
    return (label.label, (label.head.start, label.head.end), (label.tail.start, label.tail.end))


def _tell(change: Change, traces: dict[tuple[object, ...], Trace], people: dict[int, str]) -> Told:
    layer, key = item_of(change)
    if layer == "roles":
        key = (key[3], key[:2], key[4])
    trace = traces.get(key) if change.now is not None else None
    if trace is None:
        return Told(change, None, None)
    return Told(change, None if trace.edited else people.get(trace.user), trace.at)
