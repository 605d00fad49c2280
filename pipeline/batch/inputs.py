"""Find what to read: page files, folders of them, and JSONL lines that are articles already.

Reads folders, `manifest.jsonl` files and JSONL files; writes nothing. What cannot be read is an InputError value in
the stream, so that a run goes on with the rest.
"""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.batch.fingerprint import hash_file
from pipeline.errors import InputError
from pipeline.records import Article

PAGE_SUFFIXES = (".txt", ".md")
MANIFEST = "manifest.jsonl"
ARTICLE_SUFFIXES = (".jsonl", ".parquet")


class PageFile(Struct, frozen=True, tag="page"):
    """One file to read as a page: its path, its name and id in the records, and what a manifest tells of it."""

    path: Path
    name: str
    id: str
    date: str | None
    sha256: str | None


class ArticleFile(Struct, frozen=True, tag="articles"):
    """One JSONL or Parquet file of articles already; all of them, or those from `start` to before `stop`."""

    path: Path
    start: int = 0
    stop: int | None = None


class _ManifestLine(Struct, frozen=True):
    file: str
    id: str
    sha256: str | None = None
    date: datetime.date | None = None


class ArticleLine(Struct, frozen=True):
    """What a line of articles holds."""

    id: str
    text: str
    date: datetime.date | None = None


def find_inputs(paths: Sequence[Path]) -> tuple[list[PageFile | ArticleFile], list[InputError]]:
    """List the files behind the given paths in a fixed order, and what is wrong with the rest.

    Ids and names must be unique over the whole run: a page whose id is taken is an error, never overwritten.
    """
    found: list[PageFile | ArticleFile] = []
    failures: list[InputError] = []
    taken: dict[str, Path] = {}
    for path in paths:
        try:
            for item in _inputs_of(path):
                if isinstance(item, PageFile) and item.id in taken:
                    failures.append(
                        InputError(
                            f"has the page id {item.id!r} of {taken[item.id]}", where=item.path,
                            remedy="give the common folder of both, or ids in a manifest.jsonl",
                        )
                    )  # fmt: skip
                    continue
                if isinstance(item, PageFile):
                    taken[item.id] = item.path
                found.append(item)
        except InputError as error:
            failures.append(error)
    return found, failures


def _inputs_of(path: Path) -> Iterator[PageFile | ArticleFile]:
    if path.is_dir():
        yield from _folder_inputs(path)
    elif path.suffix in ARTICLE_SUFFIXES:
        yield ArticleFile(path)
    else:
        entry = _read_manifest(path.parent / MANIFEST).get(path.name)
        yield _page_file(path, PurePosixPath(path.name), entry)


def _folder_inputs(folder: Path) -> Iterator[PageFile | ArticleFile]:
    manifest = _read_manifest(folder / MANIFEST)
    files = sorted(
        (
            p
            for p in folder.rglob("*")
            if p.is_file() and not any(s.startswith(".") for s in p.relative_to(folder).parts)
        ),
        key=lambda p: p.relative_to(folder).as_posix(),
    )
    none = True
    for file in files:
        name = PurePosixPath(file.relative_to(folder).as_posix())
        if file.suffix in PAGE_SUFFIXES:
            none = False
            yield _page_file(file, name, manifest.get(str(name)))
        elif file.suffix in ARTICLE_SUFFIXES and file.name != MANIFEST:
            none = False
            yield ArticleFile(file)
    for listed in sorted(set(manifest) - {str(p.relative_to(folder).as_posix()) for p in files}):
        raise InputError(
            f"lists {listed!r}, which is not in the folder",
            where=folder / MANIFEST,
            remedy="restore the file or remove the line",
        )
    if none:
        raise InputError(
            f"the folder holds no page ({', '.join(PAGE_SUFFIXES)}) and no .jsonl or .parquet", where=folder,
            remedy="give a folder of text files, a file, or JSONL lines of articles",
        )  # fmt: skip


def _page_file(path: Path, name: PurePosixPath, entry: _ManifestLine | None) -> PageFile:
    if entry is None:
        return PageFile(path, str(name), str(name.with_suffix("")), None, None)
    return PageFile(path, str(name), entry.id, _iso(entry.date), entry.sha256)


def _iso(date: datetime.date | None) -> str | None:
    return None if date is None else date.isoformat()


def _read_manifest(path: Path) -> dict[str, _ManifestLine]:
    if not path.is_file():
        return {}
    return {line.file: line for line in _decode_lines(path, _ManifestLine)}


def check_hash(item: PageFile) -> bytes:
    """Give the SHA-256 of a page's bytes.

    Raises:
        InputError: the file cannot be read, or its bytes are not those that its manifest names.
    """
    try:
        found = hash_file(item.path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise InputError(
            f"cannot be read ({getattr(error, 'strerror', None) or error})", where=item.path,
            remedy="check the path and its rights",
        ) from error  # fmt: skip
    if item.sha256 is not None and found.hex() != item.sha256:
        raise InputError(
            f"is not the file that {MANIFEST} names (sha256 {found.hex()[:12]}…, not {item.sha256[:12]}…)", where=item.path,
            remedy="restore the file, or correct the manifest",
        )  # fmt: skip
    return found


def read_articles(path: Path, *, max_bytes: int) -> Iterator[Article | InputError]:
    """Read JSONL lines `{"id", "text"[, "date"]}`; other keys are passed over. A broken line is an error in the stream."""
    seen: dict[str, int] = {}
    try:
        handle = path.open("rb")
    except OSError as error:
        yield InputError(f"cannot be read ({error.strerror})", where=path, remedy="check the path and its rights")
        return
    with handle:
        for number, line_bytes in enumerate(handle, 1):
            try:
                raw = line_bytes.removeprefix(codecs.BOM_UTF8) if number == 1 else line_bytes
                if not raw.strip():
                    continue
                if len(raw) > max_bytes:
                    raise InputError(
                        f"the article has {len(raw):,} bytes, more than {max_bytes:,}",
                        where=path,
                        line=number,
                        remedy="split it",
                    )
                yield article_of_line(_decode_line(raw, ArticleLine, path, number), seen, path, number)
            except InputError as error:
                yield error


def article_of_line(line: ArticleLine, seen: dict[str, int], path: Path, number: int) -> Article:
    """Make an article of a line; `seen` has the ids of the lines before it, and gets its own.

    Raises:
        InputError: its id was there before, or it has no text.
    """
    if line.id in seen:
        raise InputError(
            f"repeats the id {line.id!r} of line {seen[line.id]}", where=path, line=number,
            remedy="give every article its own id",
        )  # fmt: skip
    if not line.text.strip():
        raise InputError("the article has no text", where=path, line=number, remedy="remove the line")
    seen[line.id] = number
    return Article(
        id=line.id, page=None, kind="article", title=None, date=_iso(line.date), byline=(), text=line.text, page_map=()
    )  # fmt: skip


def _decode_lines(path: Path, kind: type[Any]) -> Iterable[Any]:
    for number, raw in enumerate(path.read_bytes().splitlines(), 1):
        if raw.strip():
            yield _decode_line(raw, kind, path, number)


def _decode_line(raw: bytes, kind: type[Any], path: Path, number: int) -> Any:
    try:
        value = msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"is no line of this kind: {error}", where=path, line=number, remedy="repair or remove the line"
        ) from error
    return value
