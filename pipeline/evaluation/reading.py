"""Read hand annotations and records into the one form in which they are compared.

Reads JSONL files; writes `AnnotatedText`. A file may be gzipped, and each line says by itself which of the two it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.errors import AnnotationError, BaozhiError, InputError, unknown
from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.checks import check_text
from pipeline.evaluation.jsonlines import Ids, read_lines
from pipeline.marks import AnnotatedArticle
from pipeline.records import SCHEMA, Article, Entity, Event, Mention, Offsets, Record, Relation, Role, article_of
from pipeline.scheme import EXHAUSTIVE_LABELS


class _GoldText(AnnotatedArticle, frozen=True, kw_only=True):
    tokens: tuple[Offsets, ...] | None = None


class _Form(Struct, frozen=True):
    schema: Any = None


def read_annotated(path: Path) -> tuple[AnnotatedText, ...]:
    """Read a file of hand annotations or of records.

    Raises:
        InputError: the file cannot be read, or a record is broken.
        AnnotationError: a line of hand annotations is broken, or contradicts its text.
    """
    texts: list[AnnotatedText] = []
    ids = Ids(path, InputError)
    for number, line in read_lines(path):
        try:
            form = msgspec.json.decode(line, type=_Form).schema
            if form not in (None, SCHEMA):
                what = unknown("schema", str(form), [SCHEMA])
                raise InputError(what, where=path, line=number, remedy="give records or annotations")
            where = f"{path}:{number}"
            text = _from_annotation(line, where) if form is None else _from_record(line, where)
        except msgspec.MsgspecError as error:
            raise InputError(str(error), where=path, line=number, remedy="see annotations/GUIDELINES.md") from error
        ids.add(text.id, number)
        check_text(text, InputError if form else AnnotationError)
        texts.append(text)
    if not any(text.entities for text in texts):  # a run without a stage for it: clusters are derived
        texts = [msgspec.structs.replace(text, entities=None) for text in texts]
    return tuple(texts)


def _from_annotation(line: bytes, where: str) -> AnnotatedText:
    gold = msgspec.json.decode(line, type=_GoldText)
    article = Article(
        id=gold.id, page=gold.page, kind="", title=None, date=None, byline=(), text=gold.text, page_map=gold.page_map
    )
    return AnnotatedText(
        article=article, layers=gold.layers, tokens=gold.tokens, entities=None, has_probabilities=False, where=where,
        mentions=tuple(Mention(m.start, m.end, m.label) for m in gold.mentions),
        relations=tuple(Relation(r.head, r.tail, r.type) for r in gold.relations),
        events=tuple(
            Event(e.start, e.end, e.type, roles=tuple(Role(r.role, r.mention) for r in e.roles)) for e in gold.events
        ),
    )  # fmt: skip


def _from_record(line: bytes, where: str) -> AnnotatedText:
    record = msgspec.json.decode(line, type=Record)
    offsets: dict[str, Offsets] = {}
    for mention in record.mentions:
        if mention.id in offsets:
            raise _broken(f"the mention id {mention.id!r} stands there twice", where)
        if mention.text != record.text[mention.start : mention.end]:
            raise _broken(f"mention {mention.id!r} says {mention.text!r}, its text something else", where)
        offsets[mention.id] = (mention.start, mention.end)

    def of(id: str, what: str) -> Offsets:
        if id not in offsets:
            raise _broken(f"{what} points to {id!r}, which is no mention", where)
        return offsets[id]

    return AnnotatedText(
        article=article_of(record), layers=EXHAUSTIVE_LABELS, tokens=record.tokens, has_probabilities=True, where=where,
        mentions=tuple(Mention(m.start, m.end, m.label, m.probability, None, m.source) for m in record.mentions),
        entities=tuple(
            Entity(tuple(of(m, f"entity {e.id!r}") for m in e.mentions), e.label, e.name) for e in record.entities
        ),
        relations=tuple(
            Relation(
                of(r.head, f"relation {r.id!r}"), of(r.tail, f"relation {r.id!r}"), r.type, r.probability, r.source
            )
            for r in record.relations
        ),
        events=tuple(
            Event(
                e.start, e.end, e.type, e.probability, e.status,
                tuple(Role(r.role, of(r.mention, f"event {e.id!r}"), r.probability) for r in e.roles), e.source,
            )
            for e in record.events
        ),
    )  # fmt: skip


def _broken(what: str, where: str) -> BaozhiError:
    return InputError(what, where=where, remedy="write the records again with baozhi extract")
