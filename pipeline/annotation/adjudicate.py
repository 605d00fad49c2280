"""Let a third person settle what two have marked differently, in a project that shows only the differences.

Reads two files of hand annotations; writes examples, and then the decisions that the third person's work amounts to.
What one of the two has marked is labelled with its label and the person, as `PER · a`: the third person deletes what is
wrong, leaves what is right, adds what is missing, and confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pipeline.annotation.articles import read_articles
from pipeline.annotation.items import Item, article_from, items_of
from pipeline.annotation.label_types import LabelType, label_types
from pipeline.annotation.pull import PullReport, annotated
from pipeline.annotation.settle import Decision
from pipeline.annotation.snapshots import Pushed
from pipeline.errors import AnnotationError
from pipeline.export.documents import Document, Edge, Span, document, faults, to_document
from pipeline.marks import AnnotatedArticle
from pipeline.records import Event, Mention, Relation, Role

BETWEEN = " · "  # between a label and the person who has marked it
COLORS = {"a": "#b25c00", "b": "#0b6bcb"}


class Settlement(Struct, frozen=True):
    """The decisions of the third person, and what still has to be mended or confirmed before they are whole."""

    decisions: tuple[Decision, ...]
    open: tuple[str, ...]


def differing(a: Path, b: Path) -> list[Pushed]:
    """Give the articles that two people have marked differently, showing only what differs and what that hangs on.

    Raises:
        AnnotationError: an article has two texts.
    """
    theirs = {article.id: article for _, article in read_articles(b)}
    found = []
    for line, article in read_articles(a):
        other = theirs.get(article.id)
        if other is None or items_of(other) == items_of(article):
            continue
        if other.text != article.text:
            raise AnnotationError(
                f"{article.id}: the texts differ", where=a, line=line, remedy="annotate the same text"
            )
        shown = _show_differences(article, other)
        found.append(Pushed(shown.fingerprint, shown, article.page_map))
    return found


def adjudication_types(versions: Sequence[Pushed]) -> list[LabelType]:
    """Give the types of the scheme, and those of the two people that the differences need."""
    names: dict[Literal["span", "relation"], set[str]] = {
        "span": {span.label for version in versions for span in version.document.spans},
        "relation": {edge.label for version in versions for edge in version.document.edges},
    }
    own = [
        LabelType(kind, name, COLORS[name.rpartition(BETWEEN)[2]])
        for kind in names
        for name in sorted(names[kind])
        if BETWEEN in name
    ]
    return [*label_types(), *own]


def decide(a: Path, b: Path, shown: Sequence[Pushed], report: PullReport) -> Settlement:
    """Turn the third person's answer into a decision for each difference.

    `report` is the project read back with `plain` as its reading, confirmed articles only. An agreed mention that the
    third person has deleted takes the agreed edges that hung on it with it.
    """
    first, second = ({article.id: article for _, article in read_articles(path)} for path in (a, b))
    answers = {pulled.article.id: pulled for pulled in report.taken}
    decisions: list[Decision] = []
    open_ = list(report.problems)
    for version in shown:
        id = version.document.id
        answer = answers.get(id)
        if answer is None or answer.confirmed is None:
            if id in report.left:
                open_.append(f"{id}: is not confirmed yet")
            continue  # otherwise it is among the problems, or not in the project at all
        ours, theirs = items_of(first[id]), items_of(second[id])
        offered = items_of(annotated(plain(version.document), version)) & ours & theirs
        kept = _without_loose_ends((ours & theirs) - offered | items_of(answer.article))
        wrong = _faults_of(kept, first[id])
        open_ += [f"{id}: {what}" for what in wrong]
        reason = f"adjudicated by {answer.confirmed.by}, {answer.confirmed.at[:10]}"
        for item in sorted(ours | theirs | kept, key=str):
            origin = ("both" if item in theirs else "a") if item in ours else ("b" if item in theirs else "none")
            keep = item in kept
            if not (origin == "both" and keep):
                decisions.append(Decision(id, item[0], item[1], origin, keep, reason))  # type: ignore[arg-type]
    missing = sorted({version.document.id for version in shown} - answers.keys() - set(report.left))
    if missing and not report.problems:
        open_.append(f"not in the project: {', '.join(missing)}; push them first")
    return Settlement(tuple(decisions), tuple(open_))


def plain(shown: Document) -> Document:
    """Take the persons off the labels: `PER · a` becomes PER; what two kept alike becomes one."""

    def bare(span: Span) -> Span:
        return Span(span.start, span.end, span.label.partition(BETWEEN)[0])

    edges = [Edge(bare(edge.head), bare(edge.tail), edge.label.partition(BETWEEN)[0]) for edge in shown.edges]
    return document(shown.id, shown.page, shown.text, map(bare, shown.spans), edges)


def _show_differences(a: AnnotatedArticle, b: AnnotatedArticle) -> Document:
    in_a, in_b = items_of(a), items_of(b)
    spans: set[Span] = set()
    edges: set[Edge] = set()
    for side, own, other in (("a", in_a, in_b), ("b", in_b, in_a)):
        mine = f"{BETWEEN}{side}"
        labels = {key[:2]: key[2] for layer, key in own if layer == "mentions"}

        def span(
            layer: str, key: tuple[int, int, str], own: set[Item] = own, other: set[Item] = other, mine: str = mine
        ) -> Span:
            return Span(key[0], key[1], key[2] if (layer, key) in other else key[2] + mine)

        for layer, key in own - other:
            if layer in ("mentions", "events"):
                spans.add(span(layer, key))
                continue
            if layer == "relations":
                kind, head, tail = key
                ends = span("mentions", (*head, labels[head])), span("mentions", (*tail, labels[tail]))
            else:
                start, end, event, kind, mention = key
                ends = span("events", (start, end, event)), span("mentions", (*mention, labels[mention]))
            spans.update(ends)
            edges.add(Edge(*ends, kind + mine))
    return document(a.id, a.page, a.text, spans, edges)


def _without_loose_ends(items: set[Item]) -> set[Item]:
    mentions = {key[:2] for layer, key in items if layer == "mentions"}
    events = {key for layer, key in items if layer == "events"}
    return {
        (layer, key)
        for layer, key in items
        if layer in ("mentions", "events")
        or (layer == "relations" and key[1] in mentions and key[2] in mentions)
        or (layer == "roles" and key[:3] in events and key[4] in mentions)
    }


def _faults_of(items: set[Item], template: AnnotatedArticle) -> list[str]:
    whole = article_from(items, template)
    return list(
        faults(
            to_document(
                whole.id, whole.page, whole.text,
                mentions=[Mention(m.start, m.end, m.label) for m in whole.mentions],
                relations=[Relation(r.head, r.tail, r.type) for r in whole.relations],
                events=[
                    Event(e.start, e.end, e.type, roles=tuple(Role(r.role, r.mention) for r in e.roles))
                    for e in whole.events
                ],
            )
        )
    )  # fmt: skip
