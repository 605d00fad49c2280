"""The spaCy document that stages share: its extensions, and the one way to write into it.

Each layer holds the findings of every source side by side, as plain tuples in `doc.user_data`, so that a Doc survives
`to_bytes`, `DocBin(store_user_data=True)` and `n_process`. Values are keyed by code-point offsets, never by token.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any, TypeVar, cast

import msgspec
import numpy as np
from spacy.attrs import IDX, IS_SPACE, LENGTH, SENT_START
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.errors import LayerError, unknown
from pipeline.records import (
    EVENT_ROLES,
    EVENT_STATUSES,
    EVENT_TYPES,
    FACT_TYPES,
    MENTION_LABELS,
    RELATION_TYPES,
    Article,
    Entity,
    Event,
    Fact,
    Mention,
    Offsets,
    Relation,
)  # fmt: skip

Finding = TypeVar("Finding", Mention, Relation, Event, Entity, Fact)

LAYERS: dict[str, Any] = {
    "mentions": Mention, "relations": Relation, "events": Event, "entities": Entity, "facts": Fact,
}  # fmt: skip
MERGED = "merge"  # the source under which a merging stage writes the mentions, relations or events that count

_ARTICLE_KEY = "baozhi.article"


def make_doc(nlp: Language, article: Article) -> Doc:
    """Tokenize one article into a Doc whose text is exactly the article's, and keep the article in it.

    Raises:
        LayerError: the tokenizer changed the text.
    """
    doc = nlp.make_doc(article.text)
    if doc.text != article.text:
        raise LayerError(
            "the tokenizer changed the text", where=article.id, remedy="use a segmenter that keeps every character"
        )
    return keep_article(doc, article)


def keep_article(doc: Doc, article: Article) -> Doc:
    """Keep in a Doc the article whose text it is."""
    doc.user_data[_ARTICLE_KEY] = msgspec.to_builtins(article)
    return doc


def _get_article(doc: Doc) -> Article:
    if _ARTICLE_KEY not in doc.user_data:  # a Doc made by nlp(text): an article that nothing else is known of
        return Article(id="", page=None, kind="article", title=None, date=None, byline=(), text=doc.text, page_map=())
    return msgspec.convert(doc.user_data[_ARTICLE_KEY], Article)


def write(doc: Doc, layer: str, source: str, found: Iterable[Finding]) -> Doc:
    """Replace what `source` has found in a layer; what other sources found stays.

    Mentions also become `doc.spans[source]`; tokens are split where a mention begins or ends inside one. A finding that
    names its source already, such as a mention that `merge` has chosen, keeps that name.

    Raises:
        LayerError: a finding lies outside the text, has a label that the scheme does not know, overlaps another of
            the same source (mentions are flat), or the layer is unknown.
    """
    if layer not in LAYERS:
        raise LayerError(unknown("layer", layer, LAYERS))
    unique: dict[tuple[Any, ...], Finding] = {}
    for value in found:
        own = value if value.source else msgspec.structs.replace(value, source=source)
        unique.setdefault(_sort_key(own), own)
    values = [unique[key] for key in sorted(unique)]
    text = text_of(doc)
    for value in values:
        _check(value, len(text), source)
    mentions = [value for value in cast("list[object]", values) if isinstance(value, Mention)]
    _check_flat(mentions, text, source)
    key = f"baozhi.{layer}"
    layers = dict(doc.user_data.get(key, {}))
    layers[source] = tuple(msgspec.to_builtins(value) for value in values)
    doc.user_data[key] = layers
    if layer == "mentions":
        split_tokens(doc, (offset for mention in mentions for offset in (mention.start, mention.end)))
        doc.spans[source] = spans_of(doc, mentions)
    return doc


def read(doc: Doc, layer: str, source: str | None = None) -> tuple[Any, ...]:
    """Give what one source, or all sources, found in a layer, in the order of the text."""
    if layer not in LAYERS:
        raise LayerError(unknown("layer", layer, LAYERS))
    layers = doc.user_data.get(f"baozhi.{layer}", {})
    chosen = layers.values() if source is None else [layers.get(source, ())]
    values = [msgspec.convert(value, LAYERS[layer]) for values in chosen for value in values]
    return tuple(sorted(values, key=_sort_key))


def sources(doc: Doc, layer: str) -> tuple[str, ...]:
    """Name the sources that have written a layer."""
    return tuple(sorted(doc.user_data.get(f"baozhi.{layer}", {})))


def spans_of(doc: Doc, mentions: Iterable[Mention]) -> list[Span]:
    """Give the spaCy spans of mentions whose ends are token boundaries; a mention's kb_id stays empty.

    Raises:
        LayerError: a mention cuts a token.
    """
    starts, ends = _token_edges(doc)
    spans = []
    for mention in mentions:
        first, last = bisect_left(starts, mention.start), bisect_left(ends, mention.end)
        if first == len(starts) or starts[first] != mention.start or last == len(ends) or ends[last] != mention.end:
            raise LayerError(f"{mention} cuts a token of {doc.text[mention.start : mention.end]!r}")
        spans.append(Span(doc, first, last + 1, label=mention.label))
    return spans


def text_of(doc: Doc) -> str:
    """Give the text of a Doc; faster than `doc.text`, which joins the tokens, where the article is known."""
    text: str = doc.user_data[_ARTICLE_KEY]["text"] if _ARTICLE_KEY in doc.user_data else doc.text
    return text


def _token_edges(doc: Doc) -> tuple[list[int], list[int]]:
    """Give where the tokens begin and where they end; arrays, since a Doc of characters has very many tokens."""
    edges = doc.to_array([IDX, LENGTH]).astype("int64").reshape(-1, 2)
    return edges[:, 0].tolist(), edges.sum(axis=1).tolist()


def split_tokens(doc: Doc, boundaries: Iterable[int]) -> None:
    """Split the tokens of a Doc so that every given offset is a token boundary.

    Span groups and sentence starts keep the text that they stood on.
    """
    starts, ends = _token_edges(doc)
    cuts: dict[int, list[int]] = {}
    for boundary in sorted(set(boundaries)):
        index = bisect_right(starts, boundary) - 1
        if index >= 0 and starts[index] < boundary < ends[index]:
            cuts.setdefault(index, []).append(boundary - starts[index])
    if not cuts:
        return
    groups = {name: [(s.start_char, s.end_char, s.label) for s in group] for name, group in doc.spans.items()}
    entities = [(s.start_char, s.end_char, s.label) for s in doc.ents]
    sentences = sentence_starts(doc)
    doc.ents = ()
    with doc.retokenize() as retokenizer:
        for index, offsets in cuts.items():
            token = doc[index]
            edges = [0, *offsets, len(token)]
            parts = [token.text[low:high] for low, high in itertools.pairwise(edges)]
            retokenizer.split(token, parts, heads=[(token, number) for number in range(len(parts))])
    for name, spans in groups.items():
        doc.spans[name] = [_char_span(doc, *span) for span in spans]
    doc.ents = [_char_span(doc, *span) for span in entities]
    if sentences is not None:
        mark_sentences(doc, sentences)


def mark_sentences(doc: Doc, starts: Iterable[int]) -> None:
    """Write where sentences begin; the offsets are those of tokens.

    All at once: set token by token, spaCy looks over the whole Doc each time.
    """
    marks = np.where(np.isin(doc.to_array(IDX), np.fromiter(starts, dtype=np.uint64)), 1, -1)
    doc.from_array("SENT_START", cast(Any, marks.astype(np.int64).astype(np.uint64)))


def sentence_starts(doc: Doc) -> list[int] | None:
    """Give the offsets at which sentences begin, that of the first token among them; None where no stage has cut them."""
    if not doc.has_annotation("SENT_START"):
        return None
    columns = doc.to_array([IDX, SENT_START]).reshape(-1, 2)
    begins = columns[:, 1] == 1
    begins[:1] = True
    starts: list[int] = columns[begins, 0].tolist()
    return starts


def word_offsets(doc: Doc) -> tuple[Offsets, ...]:
    """Give the offsets of the tokens that are not white space."""
    columns = doc.to_array([IDX, LENGTH, IS_SPACE]).astype(np.int64).reshape(-1, 3)
    columns = columns[columns[:, 2] == 0]
    return tuple(zip(columns[:, 0].tolist(), (columns[:, 0] + columns[:, 1]).tolist(), strict=True))


def _char_span(doc: Doc, start: int, end: int, label: int) -> Span:
    span = doc.char_span(start, end, label=label)
    assert span is not None  # the boundaries of a span stay boundaries when tokens are only split
    return span


def _sort_key(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Relation):
        return (value.head, value.tail, value.type, value.source)
    if isinstance(value, Entity):
        return (value.mentions, value.label, value.source)
    if isinstance(value, Fact):
        return (value.type, value.slots, value.tells, value.source)
    label = value.label if isinstance(value, Mention) else value.type
    return (value.start, value.end, label, value.source)


def _check(value: Mention | Relation | Event | Entity | Fact, length: int, source: str) -> None:
    spans: list[Offsets]
    names: list[tuple[str, str, tuple[str, ...]]]
    if isinstance(value, Mention):
        spans, names = [(value.start, value.end)], [("label", value.label, MENTION_LABELS)]
    elif isinstance(value, Relation):
        spans, names = [value.head, value.tail], [("relation", value.type, RELATION_TYPES)]
    elif isinstance(value, Entity):
        spans, names = list(value.mentions), [("label", value.label, MENTION_LABELS)]
    elif isinstance(value, Fact):
        spans, names = [offsets for _, offsets in value.slots], [("fact type", value.type, FACT_TYPES)]
    else:
        spans = [(value.start, value.end), *(role.mention for role in value.roles)]
        names = [("event type", value.type, EVENT_TYPES), ("status", value.status, EVENT_STATUSES)]
        names += [("role", role.role, EVENT_ROLES) for role in value.roles]
    for start, end in spans:
        if not 0 <= start < end <= length:
            raise LayerError(f"stage {source!r} found {value}, which lies outside the text of {length} characters")
    for kind, name, known in names:
        if name not in known:
            raise LayerError(f"stage {source!r}: {unknown(kind, name, known)}")


def _check_flat(mentions: list[Mention], text: str, source: str) -> None:
    for before, after in itertools.pairwise(mentions):
        if after.start < before.end:
            raise LayerError(
                f"stage {source!r} found overlapping mentions {text[before.start : before.end]!r} and "
                f"{text[after.start : after.end]!r} at {before.start} and {after.start}"
            )


def _get_mentions(doc: Doc) -> tuple[Any, ...]:
    return read(doc, "mentions", MERGED)


def _get_entities(doc: Doc) -> tuple[Any, ...]:
    return read(doc, "entities")


def _get_relations(doc: Doc) -> tuple[Any, ...]:
    return read(doc, "relations", MERGED if MERGED in sources(doc, "relations") else None)


def _get_events(doc: Doc) -> tuple[Any, ...]:
    return read(doc, "events", MERGED if MERGED in sources(doc, "events") else None)


def _get_facts(doc: Doc) -> tuple[Any, ...]:
    return read(doc, "facts")


# Functions with names, because spaCy pickles the getters for worker processes that are spawned.
Doc.set_extension("article", getter=_get_article)
Doc.set_extension("mentions", getter=_get_mentions)
Doc.set_extension("entities", getter=_get_entities)
Doc.set_extension("relations", getter=_get_relations)
Doc.set_extension("events", getter=_get_events)
Doc.set_extension("facts", getter=_get_facts)
