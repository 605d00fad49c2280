"""Settle two passes over the same articles: what both marked stays, every difference is decided and its reason kept.

Reads the two passes and a settlement file; writes the settled articles. The settlement is JSONL, a line an item:
`{"article": "000-1", "layer": "mentions", "item": [3, 6, "ORG"], "from": "a", "keep": true, "reason": "…"}`;
`from` is `a` or `b` (the pass that has it), `both` (agreed, but wrong) or `none` (missed by both).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from pipeline.annotation.articles import read_articles
from pipeline.annotation.items import ITEM_LAYERS, Item, article_from, describe_item, items_of
from pipeline.errors import AnnotationError, unknown
from pipeline.marks import AnnotatedArticle


class Decision(Struct, frozen=True):
    """What was decided of one item of one article, and why."""

    article: str
    layer: str
    item: tuple[Any, ...]
    origin: Literal["a", "b", "both", "none"] = field(name="from")
    keep: bool
    reason: str

    @property
    def key(self) -> Item:
        """The item, its lists as tuples."""
        return self.layer, tuple(tuple(part) if isinstance(part, list) else part for part in self.item)


def differences(a: AnnotatedArticle, b: AnnotatedArticle) -> Iterator[tuple[Literal["a", "b"], Item]]:
    """List the items that only one of two passes has, in the order of the text."""
    in_a, in_b = items_of(a), items_of(b)
    for item in sorted(in_a ^ in_b, key=_place):
        yield ("a" if item in in_a else "b"), item


def _place(item: Item) -> tuple[Any, ...]:
    layer, key = item
    start = key[1][0] if layer == "relations" else key[0]
    return start, ITEM_LAYERS.index(layer), str(key)


def read_decisions(path: Path) -> list[tuple[int, Decision]]:
    """Read a settlement file with the line of each decision.

    Raises:
        AnnotationError: a line is not of this form or decides an item twice.
    """
    found: list[tuple[int, Decision]] = []
    seen: dict[tuple[str, Item], int] = {}
    for number, row in enumerate(path.read_bytes().splitlines(), 1):
        if not row.strip():
            continue
        try:
            decision = msgspec.json.decode(row, type=Decision)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise AnnotationError(
                f"is no decision: {error}", where=path, line=number, remedy="repair the line"
            ) from error
        if decision.layer not in ITEM_LAYERS:
            raise AnnotationError(unknown("layer", decision.layer, ITEM_LAYERS), where=path, line=number)
        place = decision.article, decision.key
        if place in seen:
            raise AnnotationError(
                f"decides what line {seen[place]} decides", where=path, line=number, remedy="keep one"
            )
        seen[place] = number
        found.append((number, decision))
    return found


def settle(a: Path, b: Path, settlement: Path) -> list[AnnotatedArticle]:
    """Put the settled articles together.

    Raises:
        AnnotationError: the passes are not over the same texts, a difference is undecided, a decision decides nothing,
            or an edge that is kept has lost its mention.
    """
    first, second = _by_id(a), _by_id(b)
    for id in first.keys() ^ second.keys():
        raise AnnotationError(
            f"article {id!r} is in one pass only", where=a if id in first else b, remedy="annotate it in both"
        )
    decisions: dict[str, list[tuple[int, Decision]]] = {}
    for number, decision in read_decisions(settlement):
        if decision.article not in first:
            raise AnnotationError(unknown("article", decision.article, first), where=settlement, line=number)
        decisions.setdefault(decision.article, []).append((number, decision))
    return [_settle_one(first[id], second[id], decisions.get(id, []), settlement) for id in first]


def _settle_one(
    a: AnnotatedArticle, b: AnnotatedArticle, decisions: Sequence[tuple[int, Decision]], where: Path
) -> AnnotatedArticle:
    if a.text != b.text:
        raise AnnotationError(
            f"the passes have different texts for {a.id}", where=where, remedy="annotate the same text"
        )
    in_a, in_b = items_of(a), items_of(b)
    items, open_ = in_a & in_b, in_a ^ in_b
    for number, decision in decisions:
        item = decision.key
        origin = ("both" if item in in_b else "a") if item in in_a else ("b" if item in in_b else "none")
        if (
            decision.origin != origin
            or (origin == "both" and decision.keep)
            or (origin == "none" and not decision.keep)
        ):
            raise AnnotationError(
                f"{a.id}: {describe_item(item, a.text)!r} is from {origin!r}; this line says {decision.origin!r}, keep {decision.keep}",
                where=where, line=number, remedy="decide differences, drop what both have, or add what none has",
            )  # fmt: skip
        open_.discard(item)
        (items.add if decision.keep else items.discard)(item)
    if open_:
        told = "; ".join(
            f"{layer} {describe_item((layer, key), a.text)}" for layer, key in sorted(open_, key=_place)[:5]
        )
        raise AnnotationError(
            f"{a.id}: {len(open_)} differences are not decided: {told}", where=where, remedy="add a line for each"
        )
    return article_from(items, a, where=str(where))


def _by_id(path: Path) -> dict[str, AnnotatedArticle]:
    return {article.id: article for _, article in read_articles(path)}
