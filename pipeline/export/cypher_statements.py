"""The Cypher statements of an export: their text is the same whatever the records say.

Reads the scheme; a relation of the scheme is a type of relationship, a label of the scheme a label of nodes.
"""

from __future__ import annotations

from pipeline.export.iris import LABEL_CLASSES
from pipeline.records import RELATION_TYPES

_NODES = ("Article", "Entity", "Mention", "Event", "Fact")

CONSTRAINTS = tuple(
    f"CREATE CONSTRAINT baozhi_{node.lower()} IF NOT EXISTS FOR (n:{node}) REQUIRE n.id IS UNIQUE" for node in _NODES
)

STATEMENTS: dict[str, str] = {
    "article": "UNWIND $rows AS row MERGE (n:Article {id: row.id}) SET n.page = row.page, n.kind = row.kind, "
    "n.title = row.title, n.date = row.date, n.byline = row.byline, n.text = row.text",
    **{
        f"entity {label}": f"UNWIND $rows AS row MERGE (n:Entity {{id: row.id}}) SET n:{kind}, n.name = row.name, "
        "n.article = row.article"
        for label, kind in LABEL_CLASSES.items()
    },
    "mention": "UNWIND $rows AS row MATCH (a:Article {id: row.article}) MATCH (e:Entity {id: row.thing}) "
    "MERGE (n:Mention {id: row.id}) SET n.text = row.text, n.label = row.label, n.start = row.start, n.end = row.end, "
    "n.value = row.value, n.page_offsets = row.page_offsets, n.source = row.source, n.probability = row.probability "
    "MERGE (n)-[:IN]->(a) MERGE (n)-[:NAMES]->(e)",
    **{
        f"relation {kind}": "UNWIND $rows AS row MATCH (a:Entity {id: row.head}) MATCH (b:Entity {id: row.tail}) "
        f"MERGE (a)-[r:{kind.upper()} {{id: row.id}}]->(b) SET r.article = row.article, r.sentence = row.sentence, "
        "r.inferred = row.inferred, r.source = row.source, r.probability = row.probability"
        for kind in RELATION_TYPES
    },
    "event": "UNWIND $rows AS row MATCH (a:Article {id: row.article}) MERGE (n:Event {id: row.id}) SET n.type = row.type, "
    "n.text = row.text, n.status = row.status, n.start = row.start, n.end = row.end, n.sentence = row.sentence, "
    "n.source = row.source, n.probability = row.probability MERGE (n)-[:IN]->(a)",
    "role": "UNWIND $rows AS row MATCH (a:Event {id: row.event}) MATCH (b:Entity {id: row.thing}) "
    "MERGE (a)-[r:ROLE {role: row.role, mention: row.mention}]->(b) SET r.probability = row.probability",
    "fact": "UNWIND $rows AS row MATCH (a:Article {id: row.article}) MERGE (n:Fact {id: row.id}) SET n += row.values, "
    "n.type = row.type, n.evidence = row.evidence, n.probability = row.probability MERGE (n)-[:IN]->(a)",
    "slot": "UNWIND $rows AS row MATCH (a:Fact {id: row.fact}) MATCH (b:Entity {id: row.thing}) "
    "MERGE (a)-[r:SLOT {slot: row.slot, mention: row.mention}]->(b) SET r.value = row.value",
}
