"""One graph of who is tied to whom, for Gephi and the like: entities are nodes, relations are weighted edges.

Reads records; writes one GraphML file. The format has no order of articles, so the graph is held in memory; texts are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pipeline.backends.installed import require
from pipeline.export.formats import Format
from pipeline.export.lookup import Lookup
from pipeline.records import MentionRecord, Record
from pipeline.registries import export_formats

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
LISTED_ARTICLES = 50  # ids of articles that one node or edge names

Node = tuple[str, str, str]  # the article, or "" where equal names are one; the label; the name


@export_formats("graphml")
def make_graphml(*, same: Literal["name", "article"] = "name", events: bool = False) -> Format:
    """Write GraphML.

    `same` says what is one node: equal names of one label in all articles (`name`), which also joins two persons of one name,
    or only the mentions of one entity in one article (`article`). With `events`, events are nodes too, with an edge for
    each role.

    Raises:
        ConfigError: networkx is not installed.
    """
    networkx = require("networkx", extra="graph", where="--format graphml")

    def write(records: Iterable[Record], path: Path) -> None:
        graph = networkx.MultiDiGraph()
        for record in records:
            lookup = Lookup(record)
            _add_relations(graph, lookup, same)
            if events:
                _add_events(graph, lookup, same)
        networkx.write_graphml(_finished(networkx, graph), path, encoding="utf-8", prettyprint=True)

    return Format(write=write)


def _node(lookup: Lookup, mention: MentionRecord, same: str) -> Node:
    entity = lookup.entities.get(mention.entity or "")
    article = "" if same == "name" else lookup.record.id
    name = entity.name if entity else mention.text
    return article, entity.label if entity else mention.label, _clean(name)


def _add_relations(graph: Any, lookup: Lookup, same: str) -> None:
    for mention in lookup.record.mentions:
        node = _node(lookup, mention, same)
        _count(graph, node, lookup, kind=node[1], name=node[2])
    for relation in lookup.record.relations:
        head, tail = (_node(lookup, mention, same) for mention in lookup.ends(relation))
        if head != tail:  # an alias of one name for itself
            _count_edge(graph, (head, tail, relation.type), lookup, relation.probability)


def _add_events(graph: Any, lookup: Lookup, same: str) -> None:
    for event in lookup.record.events:
        node = (lookup.record.id, event.type, event.id)
        _count(graph, node, lookup, kind=event.type, name=_clean(event.text))
        for role in event.roles:
            filler = _node(lookup, lookup.mentions[role.mention], same)
            _count_edge(graph, (node, filler, role.role), lookup, role.probability)


def _count(graph: Any, node: Node, lookup: Lookup, *, kind: str, name: str) -> None:
    if node not in graph:
        graph.add_node(node, kind=kind, name=name, mentions=0, articles={})
    found = graph.nodes[node]
    found["mentions"] += 1
    found["articles"][lookup.record.id] = None


def _count_edge(graph: Any, edge: tuple[Node, Node, str], lookup: Lookup, probability: float) -> None:
    if not graph.has_edge(*edge):
        graph.add_edge(*edge, times=0, probability=0.0, articles={})
    found = graph.edges[edge]
    found["times"] += 1
    found["probability"] = max(found["probability"], probability)
    found["articles"][lookup.record.id] = None


def _finished(networkx: Any, graph: Any) -> Any:
    """Give the graph in a fixed order, with ids that are unique in the file and attributes of plain types only."""
    made = networkx.MultiDiGraph()
    numbers = {node: f"n{number}" for number, node in enumerate(sorted(graph.nodes), 1)}
    for node, number in numbers.items():
        found = graph.nodes[node]
        made.add_node(
            number, label=found["name"], kind=found["kind"], mentions=found["mentions"], articles=len(found["articles"]),
            in_articles=_listed(found["articles"]),
        )  # fmt: skip
    for place, (head, tail, kind) in enumerate(sorted(graph.edges), 1):
        found = graph.edges[head, tail, kind]
        made.add_edge(
            numbers[head], numbers[tail], f"e{place}", label=kind, weight=float(found["times"]),
            probability=float(found["probability"]), in_articles=_listed(found["articles"]),
        )  # fmt: skip
    return made


def _listed(articles: Iterable[str]) -> str:
    def shown() -> Iterator[str]:
        for number, article in enumerate(articles):
            if number == LISTED_ARTICLES:
                yield "…"
                return
            yield _clean(article)

    return " ".join(shown())


def _clean(text: str) -> str:
    """Replace what XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
