"""GraphML: nodes and weighted edges of plain types, ids that are unique in the file, the same names one node."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx
from made_records import HOSTILE, INVESTMENT, make_record

from pipeline.export.formats import export, make_format
from pipeline.records import Record

GEPHI_TYPES = {"string", "long", "double", "boolean"}
SPACE = "{http://graphml.graphdrawing.org/xmlns}"
TWO = [
    make_record("[赵敏|PER]任[恒远集团|ORG][经理|TITLE]。", id=id, relations=[("position_in", "经理", "恒远集团", p)])
    for id, p in (("1", 0.5), ("2", 0.75))
]


def exported(path: Path, *records: Record, **settings: Any) -> networkx.MultiDiGraph:
    export(list(records), path, format=make_format("graphml", settings))
    return networkx.read_graphml(path, force_multigraph=True)


def by_label(graph: networkx.MultiDiGraph) -> dict[str, dict[str, Any]]:
    return {data["label"]: data for _, data in graph.nodes(data=True)}


def test_an_entity_is_one_node_with_its_full_name_and_a_relation_a_weighted_edge(tmp_path: Path) -> None:
    graph = exported(tmp_path / "g.graphml", INVESTMENT)
    nodes = by_label(graph)
    assert nodes["恒远重型机械集团有限公司"] == {
        "label": "恒远重型机械集团有限公司", "kind": "ORG", "mentions": 3, "articles": 1, "in_articles": "003-2",
    }  # fmt: skip
    assert "恒远集团" not in nodes
    ((head, tail, data),) = graph.edges(data=True)
    assert (graph.nodes[head]["kind"], graph.nodes[tail]["kind"]) == ("ORG", "PROJECT")
    assert (data["label"], data["weight"], data["probability"]) == ("invests_in", 1.0, 0.9)


def test_equal_names_of_two_articles_are_one_node_or_two(tmp_path: Path) -> None:
    one = exported(tmp_path / "1.graphml", *TWO)
    assert sorted(by_label(one)) == ["恒远集团", "经理", "赵敏"]
    ((_, _, edge),) = one.edges(data=True)
    assert (edge["weight"], edge["probability"], edge["in_articles"]) == (2.0, 0.75, "1 2")
    assert by_label(one)["赵敏"]["articles"] == 2
    two = exported(tmp_path / "2.graphml", *TWO, same="article")
    assert (len(two.nodes), len(two.edges)) == (6, 2)


def test_events_are_nodes_only_where_they_are_asked_for(tmp_path: Path) -> None:
    assert "出资" not in by_label(exported(tmp_path / "1.graphml", INVESTMENT))
    graph = exported(tmp_path / "2.graphml", INVESTMENT, events=True)
    (event,) = [node for node, data in graph.nodes(data=True) if data["label"] == "出资"]
    roles = {data["label"]: graph.nodes[tail]["label"] for _, tail, data in graph.out_edges(event, data=True)}
    assert roles == {"agent": "恒远重型机械集团有限公司", "amount": "5亿元", "time": "3月5日"}


def test_types_are_those_that_gephi_reads_and_ids_are_unique(tmp_path: Path) -> None:
    export([INVESTMENT, HOSTILE, *TWO], tmp_path / "g", format=make_format("graphml", {"events": True}))
    tree = ElementTree.parse(tmp_path / "g").getroot()
    assert {key.get("attr.type") for key in tree.iter(f"{SPACE}key")} <= GEPHI_TYPES
    (graph,) = tree.iter(f"{SPACE}graph")
    assert graph.get("edgedefault") == "directed"
    for kind in ("node", "edge"):
        ids = [element.get("id") for element in tree.iter(f"{SPACE}{kind}")]
        assert None not in ids and len(set(ids)) == len(ids) > 1


def test_what_xml_cannot_hold_is_replaced_and_the_rest_is_kept(tmp_path: Path) -> None:
    names = set(by_label(exported(tmp_path / "g", HOSTILE)))
    assert names == {'=HYPERLINK("x")', "＋甲\"乙\\丙'", "𠮷野\ufffd家"}
