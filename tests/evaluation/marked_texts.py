"""Annotated texts for tests: written inline, `[彭飞|PER]任`, or drawn at random."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.items import add_up
from pipeline.evaluation.scores import MeasureScores
from pipeline.evaluation.scoring import Evaluation, score
from pipeline.records import (
    EVENT_ROLES,
    EVENT_TYPES,
    MENTION_LABELS,
    RELATION_TYPES,
    Article,
    Entity,
    Event,
    Mention,
    Offsets,
    Relation,
    Role,
    Run,
)  # fmt: skip
from pipeline.scheme import EXHAUSTIVE_LABELS

_MARK = re.compile(r"\[([^|\]]+)\|([A-Z]+)(?:\|([0-9.]+))?\]")


def text_of(
    markup: str,
    *,
    id: str = "a",
    relations: Sequence[tuple[str, str, str]] = (),
    events: Sequence[tuple[str, str, dict[str, str]]] = (),
    entities: Sequence[Sequence[str]] | None = None,
    page: str | None = None,
    at: int = 0,
    layers: tuple[str, ...] = EXHAUSTIVE_LABELS,
    tokens: tuple[Offsets, ...] | None = None,
    source: str = "",
) -> AnnotatedText:
    """Read `[彭飞|PER]任[主任|TITLE|0.8]`; edges and triggers name what they join by its words, or by `words@start`.

    With `page`, the text stands on that page from offset `at`, every paragraph in a piece of its own. Markup that is
    broken, or an edge to words that are not marked, raises.
    """
    text, mentions, position = "", [], 0
    for match in _MARK.finditer(markup):
        text += markup[position : match.start()]
        start, position = len(text), match.end()
        text += match[1]
        mentions.append(Mention(start, len(text), match[2], float(match[3] or 1), None, source))
    text += markup[position:]
    assert not re.search(r"[\[\]|]", text), f"broken markup: {markup}"
    spans = [(m.start, m.end) for m in mentions]

    def marked(words: str) -> Offsets:
        offsets = find(text, words)
        assert offsets in spans, f"{words} is not marked in {markup}"
        return offsets

    runs, offset = [], 0
    for paragraph in text.split("\n"):
        runs.append(Run(offset, at + offset, len(paragraph)))
        offset += len(paragraph) + 1
    return AnnotatedText(
        article=Article(id, page, "article", None, None, (), text, tuple(runs) if page else ()),
        layers=layers, tokens=tokens, mentions=tuple(mentions),
        entities=None if entities is None else tuple(
            Entity(tuple(marked(words) for words in cluster), "PER", cluster[0]) for cluster in entities
        ),
        relations=tuple(Relation(marked(head), marked(tail), kind) for kind, head, tail in relations),
        events=tuple(
            Event(*find(text, trigger), kind, roles=tuple(Role(role, marked(words)) for role, words in roles.items()))
            for kind, trigger, roles in events
        ),
        has_probabilities=bool(source), where=f"{id}.jsonl:1",
    )  # fmt: skip


def find(text: str, words: str) -> Offsets:
    """Find `words`, or `words@start` for a certain place, which must be there."""
    words, _, at = words.partition("@")
    start = int(at) if at else text.index(words)
    assert text.startswith(words, start), f"no {words} at {start}"
    return start, start + len(words)


def annotation_of(text: AnnotatedText) -> dict[str, Any]:
    """Give a text in the form of a line of hand annotations."""
    article = text.article
    on_page = (
        {"page": article.page, "page_map": [list(run_of(run)) for run in article.page_map]} if article.page else {}
    )
    return {
        "id": text.id, **on_page, "layers": list(text.layers), "text": text.text,
        "mentions": [{"start": m.start, "end": m.end, "label": m.label} for m in text.mentions],
        "relations": [{"type": r.type, "from": list(r.head), "to": list(r.tail)} for r in text.relations],
        "events": [
            {"type": e.type, "start": e.start, "end": e.end,
             "roles": [{"role": r.role, "mention": list(r.mention)} for r in e.roles]}
            for e in text.events
        ],
    }  # fmt: skip


def run_of(run: Run) -> tuple[int, int, int]:
    return run.text_start, run.page_start, run.length


def evaluate_texts(
    gold: AnnotatedText | Sequence[AnnotatedText], predicted: AnnotatedText | Sequence[AnnotatedText], *layers: str
) -> Evaluation:
    """Score the given layers, all but pages by default."""
    sides = ([side] if isinstance(side, AnnotatedText) else list(side) for side in (gold, predicted))
    return score(*sides, layers=layers or ("tokens", "mentions", "entities", "relations", "events", "facts"))


def tallies(evaluation: Evaluation, layer: str, measure: str) -> dict[str, Any]:
    """Give the added counts of each row of one measure, by label."""
    scores = next(s for s in evaluation.measures if (s.measure.layer, s.measure.name) == (layer, measure))
    return added(scores)


def added(scores: MeasureScores) -> dict[str, Any]:
    """Give the added counts of all rows without their intervals."""
    return {name: add_up(scores.per_unit(labels), scores.measure.empty) for name, labels in scores.groups()}


@st.composite
def drawn_texts(draw: st.DrawFn, id: str = "a", paged: bool = False) -> AnnotatedText:
    """Draw a text with flat mentions, and edges and events over them; with `paged`, in pieces on a page."""
    text = draw(st.text("太原省长张三投资开工，。！\n", min_size=4, max_size=40).filter(lambda text: text.strip()))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    spans = [
        (a, b) for a, b in pairwise(cuts) if "\n" not in text[a:b] and draw(st.booleans())
    ]  # fmt: skip
    mentions = tuple(Mention(a, b, draw(st.sampled_from(MENTION_LABELS))) for a, b in spans)
    span, edges = st.sampled_from(spans or [(0, 1)]), 4 if spans else 0
    edge = st.builds(Relation, span, span, st.sampled_from(RELATION_TYPES))
    relations = draw(st.lists(edge, max_size=edges, unique_by=lambda r: (r.type, r.head, r.tail)))
    inside = [n for n, character in enumerate(text) if character != "\n"]
    triggers = draw(st.lists(st.sampled_from(inside), max_size=4, unique=True))
    role = st.builds(Role, st.sampled_from(EVENT_ROLES), span)
    events = tuple(
        Event(n, n + 1, draw(st.sampled_from(EVENT_TYPES)), roles=tuple(draw(st.lists(role, max_size=edges))))
        for n in sorted(triggers)
    )
    runs, offset = [], 0
    for paragraph in text.split("\n"):
        if paragraph:
            runs.append(Run(offset, offset * 2 + 7, len(paragraph)))  # on the page the paragraphs stand further apart
        offset += len(paragraph) + 1
    article = Article(id, f"{id}.txt" if paged else None, "article", None, None, (), text, tuple(runs) if paged else ())
    return AnnotatedText(
        article=article, layers=EXHAUSTIVE_LABELS, tokens=None, mentions=mentions, entities=None,
        relations=tuple(relations), events=events, has_probabilities=False, where=f"{id}:1",
    )  # fmt: skip
