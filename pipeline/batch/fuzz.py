"""Look whether the promises hold on pages that nobody has thought of, and say where they do not.

Reads texts; writes findings. The promises: no crash; every offset exact, in the text and on the page; nothing of the page
lost; what is written can be read again.
"""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct
from spacy.language import Language

from pipeline.batch.mutations import mutated_bytes, mutated_page
from pipeline.build import PageReader
from pipeline.doc import make_doc
from pipeline.errors import InputError
from pipeline.export.pages import page_record_of
from pipeline.export.records import record_of
from pipeline.pages.reader import decode
from pipeline.records import (
    Article,
    EventRecord,
    MentionRecord,
    Offsets,
    Page,
    PageRecord,
    Record,
    article_of,
    encode_line,
)

_NAME = "fuzz"


class Finding(Struct, frozen=True):
    """A promise that does not hold on a page, which `mutated_page(seed, number)` makes again."""

    seed: int
    number: int
    config: str
    what: str


def fuzz(
    pipelines: Sequence[tuple[str, int, PageReader, Language]], *, pages: int, seed: int
) -> Iterator[tuple[int, int, list[Finding]]]:
    """Run pipelines over mutated pages; each takes every n-th page. Gives the number, characters and findings of each.

    `pipelines` are the config's name, n, its page reader and its stages.
    """
    for number in range(pages):
        text = mutated_page(seed, number)
        found = [Finding(seed, number, "decoding", what) for what in check_bytes(mutated_bytes(seed, number))]
        for config, nth, reader, nlp in pipelines:
            if number % nth == 0:
                found += [Finding(seed, number, config, what) for what in check_text(text, reader, nlp)]
        yield number, len(text), found


def check_bytes(raw: bytes) -> list[str]:
    """Say what is wrong with how bytes are decoded: into a text that gives them again, or an error of ours."""
    try:
        decoded = decode(raw, where=_NAME)
    except InputError:
        return []
    except Exception as error:
        return [_crash(error)]
    return [] if decoded.text.encode(decoded.encoding) == raw else ["the text is not that of the bytes"]


def check_text(text: str, reader: PageReader, nlp: Language) -> list[str]:
    """Say which promises do not hold on the text of a page."""
    try:
        page = reader.read_text(text, name=_NAME, id=_NAME)
        wrong = list(check_page(page))
        for doc in nlp.pipe([make_doc(nlp, article) for article in page.articles]):
            wrong += check_record(record_of(doc), text)
    except Exception as error:
        return [_crash(error)]
    return wrong


def check_page(page: Page) -> Iterator[str]:
    """Say what a page has lost, or tells wrongly."""
    line = encode_line(page_record_of(page))
    if line.count(b"\n") != 1 or encode_line(msgspec.json.decode(line, type=PageRecord)) != line:
        yield "the page's record is not read as it was written"
    covered = bytearray(len(page.text))
    for before, after in itertools.pairwise(page.lines):
        if not before.end <= after.start:
            yield f"lines {before.number} and {after.number} overlap"
    for item in page.lines:
        said = page.text[item.start : item.end]
        if not said or said != said.strip():
            yield f"line {item.number} says {said!r}"
        if item.article is None:
            covered[item.start : item.end] = b"\1" * (item.end - item.start)
    for article in page.articles:
        yield from _check_map(article, page.text)
        for run in article.page_map:
            covered[run.page_start : run.page_start + run.length] = b"\1" * run.length
    lost = [o for o, c in enumerate(page.text) if not covered[o] and not c.isspace() and c != "#"]
    if lost:
        yield f"{len(lost)} characters are lost, the first at {lost[0]}: {page.text[lost[0]]!r}"


def _check_map(article: Article, page: str) -> Iterator[str]:
    end = 0
    for run in article.page_map:
        if run.text_start < end or article.text[end : run.text_start].strip("\n"):
            yield f"{article.id}: the page map leaves out text before {run.text_start}"
        end = run.text_start + run.length
        if article.text[run.text_start : end] != page[run.page_start : run.page_start + run.length]:
            yield f"{article.id}: the page map does not lead to the text at {run.text_start}"
    if article.text[end:].strip("\n"):
        yield f"{article.id}: the page map leaves out the end"


def check_record(record: Record, page: str) -> Iterator[str]:
    """Say which offsets of a record are not exact, and which of its ids lead nowhere."""
    line = encode_line(record)
    if line.count(b"\n") != 1 or encode_line(msgspec.json.decode(line, type=Record)) != line:
        yield f"{record.id}: the record is not read as it was written"
    yield from (f"{record.id}: sentences {what}" for what in _check_tiling(record.sentences, record.text))
    yield from (f"{record.id}: tokens {what}" for what in _check_tiling(record.tokens, record.text))
    article = article_of(record)
    ids = {mention.id for mention in record.mentions}
    found: tuple[MentionRecord | EventRecord, ...] = (*record.mentions, *record.events)
    for item in found:
        surface = record.text[item.start : item.end]
        on_page = "".join(page[start:end] for start, end in article.to_page(item.start, item.end))
        if not surface or surface != surface.strip() or surface != item.text:
            yield f"{record.id}: {item.id} is {item.text!r}, the text has {surface!r}"
        if on_page != surface.replace("\n", "") and on_page != surface:
            yield f"{record.id}: {item.id} is {item.text!r}, the page has {on_page!r}"
    ends = [end for relation in record.relations for end in (relation.head, relation.tail)]
    ends += [role.mention for event in record.events for role in event.roles]
    ends += [mention for entity in record.entities for mention in entity.mentions]
    for end in ends:
        if end not in ids:
            yield f"{record.id}: there is no mention {end}"


def _check_tiling(pieces: Sequence[Offsets], text: str) -> Iterator[str]:
    last = 0
    for start, end in pieces:
        if not last <= start < end <= len(text):
            yield f"stand at {start}-{end} after {last}"
        elif text[last:start].strip():
            yield f"leave out {text[last:start].strip()!r} at {last}"
        last = end
    if text[last:].strip():
        yield f"leave out {text[last:].strip()!r} at {last}"


def _crash(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno}): {error}"[:500]
