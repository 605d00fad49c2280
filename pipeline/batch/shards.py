"""Cut the inputs of a large run into shards, and extract one shard: what a worker anywhere does.

Reads local files and those of any file system that fsspec knows (`s3://…`, `memory://…`); writes a shard of records, one
of pages, and last of all its card, which says what it was made of. A shard whose card fits is not extracted again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from spacy.language import Language

from pipeline.backends.installed import require
from pipeline.batch.articles import count_articles
from pipeline.batch.fingerprint import content_key, hash_file
from pipeline.batch.inputs import ARTICLE_SUFFIXES, MANIFEST, PAGE_SUFFIXES, ArticleFile, PageFile
from pipeline.batch.run import run
from pipeline.batch.summary import Summary
from pipeline.batch.units import Unit, count_in, read_units
from pipeline.build import PageReader
from pipeline.errors import InputError

Item = PageFile | ArticleFile
_MOST_CUTS = 64  # of one file of articles: each cut reads the lines before its own as well, to know the ids


class Shard(Struct, frozen=True):
    """What one task extracts: its number, its inputs, and where the remote ones among them lie."""

    number: int
    items: tuple[Item, ...]
    urls: tuple[str, ...] = ()


class Card(Struct):
    """What was made of a shard: the key of its inputs and pipeline, the counts, and how often which unit broke its worker."""

    key: str = ""
    done: bool = False
    attempts: int = 0
    trying: int | None = None
    strikes: dict[int, int] = msgspec.field(default_factory=dict)
    summary: Summary = msgspec.field(default_factory=Summary)


def file_system(place: str | Path) -> tuple[Any, str]:
    """Give the file system of a path or an address, and the path in it."""
    fsspec = require("fsspec", extra="ray", where=str(place))
    found: tuple[Any, str] = fsspec.core.url_to_fs(str(place))
    return found


def is_remote(place: str | Path) -> bool:
    """Say whether a place is an address and no local path."""
    return "://" in str(place)


def find_remote(address: str) -> list[tuple[Item, str]]:
    """List the pages and files of articles behind an address, with the address of each.

    Raises:
        InputError: there is nothing to read there.
    """
    system, root = file_system(address)
    try:
        paths = sorted(system.find(root))
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot be listed ({error})", where=address, remedy="check the address and its rights"
        ) from error
    found: list[tuple[Item, str]] = []
    for path in paths:
        name = PurePosixPath(path).relative_to(root) if path != root else PurePosixPath(PurePosixPath(path).name)
        if any(part.startswith(".") for part in name.parts):
            continue
        local = Path(*name.parts)
        if name.suffix in PAGE_SUFFIXES:
            found.append(
                (PageFile(local, str(name), str(name.with_suffix("")), None, None), system.unstrip_protocol(path))
            )
        elif name.suffix in ARTICLE_SUFFIXES and name.name != MANIFEST:
            found.append((ArticleFile(local), system.unstrip_protocol(path)))
    if not found:
        raise InputError("there is no page and no .jsonl or .parquet here", where=address, remedy="check the address")
    return found


def cut_shards(items: Iterable[tuple[Item, str]], *, size: int) -> Iterator[Shard]:
    """Cut inputs into shards of `size` pages or articles; each input comes with its address, empty where it is local."""
    group: list[tuple[Item, str]] = []
    number = 0

    def close() -> Iterator[Shard]:
        nonlocal number
        if group:
            yield Shard(number, tuple(item for item, _ in group), tuple(url for _, url in group))
            number += 1
            group.clear()

    for item, url in items:
        if isinstance(item, PageFile):
            group.append((item, url))
            if len(group) >= size:
                yield from close()
            continue
        yield from close()
        count = 1 if url else count_articles(item.path)  # a remote file is not read here: cut it beforehand
        step = max(size, -(-count // _MOST_CUTS))
        for start in range(0, max(count, 1), step):
            stop = start + step if start + step < count else None
            group.append((replace(item, start=start, stop=stop), url))
            yield from close()
    yield from close()


class ShardWriter:
    """Extract shards into an output folder, which may be remote."""

    def __init__(self, reader: PageReader, nlp: Language, *, output: str, fingerprint: str, fresh: bool) -> None:
        self._reader, self._nlp = reader, nlp
        self._system, self._root = file_system(output)
        self._fingerprint, self._fresh = fingerprint, fresh

    def write(self, shard: Shard) -> Summary:
        """Extract a shard, unless its card says that this has been done; a unit on which workers die twice is left out."""
        with tempfile.TemporaryDirectory() as folder:
            items = [_fetch(item, url, Path(folder)) for item, url in zip(shard.items, shard.urls, strict=True)]
            key = self._key(items)
            card_path = f"{self._root}/.baozhi/shards/{shard.number:06}.json"
            card = self._read_card(card_path)
            if card.key != key or (self._fresh and card.done):
                card = Card(key=key)
            if card.done and self._is_whole(shard.number):
                return replace(card.summary, reused=card.summary.pages + card.summary.articles)
            if card.trying is not None:  # the worker before this one died on it
                card.strikes[card.trying] = card.strikes.get(card.trying, 0) + 1
                card.trying = None
            card.attempts += 1
            self._put(card_path, msgspec.json.encode(card))
            summary = self._extract(items, shard, card, card_path)
            told = dict(zip((str(item.path) for item in items), shard.urls, strict=True))
            for name in ("notes", "failures"):
                setattr(summary, name, [_with_addresses(line, told) for line in getattr(summary, name)])
            card = Card(key=key, done=True, summary=summary)
            self._put(card_path, msgspec.json.encode(card))
            return summary

    def _extract(self, items: Sequence[Item], shard: Shard, card: Card, card_path: str) -> Summary:
        summary = Summary()
        records, pages = bytearray(), bytearray()
        units = read_units(items, self._reader, find=lambda key, place: None)
        for unit in self._run_carefully(units, card, card_path) if card.attempts > 1 else run(self._nlp, units):
            count_in(summary, unit)
            if unit.failure is None:
                pages += unit.page
                records += b"".join(unit.records)
        self._put(self._path("records", shard.number), bytes(records))
        self._put(self._path("pages", shard.number), bytes(pages))
        return summary

    def _run_carefully(self, units: Iterable[Unit], card: Card, card_path: str) -> Iterator[Unit]:
        """Run units one by one, each after its number has been written down."""
        for unit in units:
            if card.strikes.get(unit.place, 0) >= 2:
                unit.failure = f"{unit.where}: its worker died on it twice; give workers more memory, or leave it out"
                yield unit
                continue
            card.trying = unit.place
            self._put(card_path, msgspec.json.encode(card))
            yield from run(self._nlp, [unit])
        card.trying = None

    def _key(self, items: Sequence[Item]) -> str:
        parts: list[str | bytes | None] = [self._fingerprint]
        for item in items:
            try:
                parts.append(hash_file(item.path))
            except (OSError, ValueError):
                parts.append(None)
            parts += (
                [item.name, item.id, item.date, item.sha256]
                if isinstance(item, PageFile)
                else [str(item.start), str(item.stop)]
            )
        return content_key(*parts).hex()

    def _read_card(self, path: str) -> Card:
        try:
            return msgspec.json.decode(self._system.cat_file(path), type=Card)
        except (OSError, msgspec.DecodeError):
            return Card()

    def _is_whole(self, number: int) -> bool:
        return all(self._system.exists(self._path(kind, number)) for kind in ("records", "pages"))

    def _path(self, kind: str, number: int) -> str:
        return f"{self._root}/{kind}/part-{number:06}.jsonl"

    def _put(self, path: str, content: bytes) -> None:
        """Write a file that is whole or absent."""
        self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
        unfinished = f"{path}.unfinished"
        self._system.pipe_file(unfinished, content)
        self._system.mv(unfinished, path)


def _fetch(item: Item, url: str, folder: Path) -> Item:
    if not url:
        return item
    system, path = file_system(url)
    target = folder / item.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # the reader says that it is not there
        system.get_file(path, str(target))
    return replace(item, path=target)


def _with_addresses(line: str, told: dict[str, str]) -> str:
    for path, url in told.items():
        if url:
            line = line.replace(path, url)
    return line
