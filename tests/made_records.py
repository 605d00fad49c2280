"""Make records of sentences with marks: mentions inline, edges and facts by what the text says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import spacy
from markup import parse

from pipeline.doc import MERGED, make_doc, write
from pipeline.export.records import record_of
from pipeline.records import Article, Entity, Event, Record, Relation, Role, Run, encode_line

ENDS = "。\n"


class Plain(str):
    """A filler of a slot that is a value, not a mention."""


def make_record(
    marked: str,
    *,
    id: str = "003-2",
    page: str | None = "第3版/003.txt",
    date: str | None = "2024-12-03",
    title: str | None = None,
    values: Mapping[str, Any] | None = None,
    entities: Sequence[Sequence[str]] = (),
    relations: Sequence[tuple[Any, ...]] = (),
    events: Sequence[tuple[Any, ...]] = (),
    facts: Sequence[Mapping[str, Any]] = (),
    probability: float = 0.9,
) -> Record:
    """Give the record of one article.

    Mentions are `[范贺平|PER]`. `entities` are lists of surfaces; `relations` are (type, from, to[, probability]); `events` are
    (type, trigger, {role: surface}[, status]); of a fact's slots, each surface of a mention stands for it.
    """
    text, mentions = parse(marked)
    spans = {text[m.start : m.end]: (m.start, m.end) for m in reversed(mentions)}
    page_map = (Run(0, 100, len(text)),) if page else ()
    article = Article(
        id=id, page=page, kind="article", title=title, date=date, byline=("王丹",), text=text, page_map=page_map
    )
    doc = make_doc(spacy.blank("zh"), article)
    for token in doc:
        token.is_sent_start = token.i == 0 or doc.text[token.idx - 1] in ENDS
    labels = {(m.start, m.end): m.label for m in mentions}
    write(doc, "mentions", MERGED, [
        msgspec.structs.replace(m, probability=probability, value=(values or {}).get(text[m.start : m.end]), source="模型")
        for m in mentions
    ])  # fmt: skip
    write(doc, "entities", "别名", [
        Entity(tuple((m.start, m.end) for m in mentions if text[m.start : m.end] in names), labels[spans[names[0]]], names[0])
        for names in entities
    ])  # fmt: skip
    write(doc, "relations", "规则", [
        Relation(spans[r[1]], spans[r[2]], r[0], r[3] if len(r) > 3 else probability) for r in relations
    ])  # fmt: skip
    write(doc, "events", "规则", [
        Event(
            text.index(e[1]), text.index(e[1]) + len(e[1]), e[0], probability, e[3] if len(e) > 3 else "done",
            tuple(Role(role, spans[name], probability) for role, name in e[2].items()),
        )
        for e in events
    ])  # fmt: skip
    record = record_of(doc)
    filled = tuple({name: _filler(value, spans) for name, value in fact.items()} for fact in facts)
    return msgspec.structs.replace(record, facts=filled, title=title)


def _filler(value: Any, spans: Mapping[str, tuple[int, int]]) -> Any:
    if isinstance(value, list):
        return [_filler(part, spans) for part in value]
    if isinstance(value, str) and not isinstance(value, Plain) and value in spans:
        return f"m{spans[value][0]}-{spans[value][1]}"
    return str(value) if isinstance(value, Plain) else value


def write_records(path: Path, *records: Record) -> Path:
    """Write records as `baozhi extract` does."""
    path.write_bytes(b"".join(encode_line(record) for record in records))
    return path


def plain(record: Record) -> dict[str, Any]:
    """Give a record as plain values, to be broken by a test."""
    value: dict[str, Any] = json.loads(encode_line(record))
    return value


INVESTMENT = make_record(
    "[恒远集团|ORG]扩建[恒远重型机械集团有限公司|ORG]。\n[3月5日|DATE]，[恒远集团|ORG]出资[5亿元|MONEY]建设[年产3万吨电池项目|PROJECT]。总经理[赵敏|PER]说。",
    title="恒远集团扩建",
    values={"5亿元": {"amount": "500000000", "currency": "CNY"}, "3月5日": "2024-03-05"},
    entities=[["恒远重型机械集团有限公司", "恒远集团"]],
    relations=[("invests_in", "恒远集团", "年产3万吨电池项目"), ("alias_of", "恒远集团", "恒远重型机械集团有限公司", 0.6)],
    events=[("investment", "出资", {"agent": "恒远集团", "amount": "5亿元", "time": "3月5日"}, "planned")],
    facts=[
        {
            "type": "investment", "investor": "恒远集团", "target": "年产3万吨电池项目", "amount": "5亿元",
            "stage": Plain("planned"), "evidence": ["v29-31"], "probability": 0.8, "source": "事实",
        },
        {"type": "official_post", "person": "赵敏", "post": Plain("总经理"), "body": None, "since": Plain("--03-05")},
    ],
)  # fmt: skip

# What a newspaper may print, and what would harm a format that does not take care.
HOSTILE = make_record(
    '[=HYPERLINK("x")|ORG]与[＋甲"乙\\丙\'|PER]\r签约-3.5%。\n@prefix bz: <urn:x> .\n\t[𠮷野\x0b家|LOC]说"""；}) DETACH DELETE n//</script>',
    id='../7 #"太原"?',
    page="甲 乙/#7.txt",
    title="-1+1",
    relations=[("cooperates_with", '=HYPERLINK("x")', "𠮷野\x0b家")],
    events=[("agreement", "签约", {"place": "𠮷野\x0b家"})],
    facts=[
        {
            "type": "membership",
            "part": '=HYPERLINK("x")',
            "whole": "𠮷野\x0b家",
            "note": Plain("@SUM(1)"),
            "evidence": [],
            "probability": 0.7,
            "source": "事实",
        }
    ],
)
