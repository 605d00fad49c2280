"""Name all that the records of a run depend on besides its input, and each input by its content.

Reads the config, the files it names, and the package itself; writes nothing. Two runs of one fingerprint give the same
records for the same input, so that the later one may take them over.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from confection import Config

import pipeline

_CHUNK = 1 << 20


def fingerprint(settings: Config) -> str:
    """Hash the settings, the files and folders they name, the package's code, and the versions of what it stands on.

    A model that is named and not given as a path (a hub name, a server's model) counts by its name alone.
    """
    digest = hashlib.blake2b(digest_size=20)
    root = str(settings.get("paths", {}).get("root", ""))
    chosen = {block: values for block, values in settings.items() if block != "paths"}  # used where it is filled in
    text = msgspec.json.encode(chosen, order="sorted").decode()
    for part in (text.replace(root, "") if root else text, _code(), *_versions()):
        _put(digest, part.encode("utf-8", "surrogatepass"))
    for path in sorted(set(_paths(chosen))):
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            _put(digest, str(file.relative_to(path)).encode("utf-8", "surrogateescape"))
            _put(digest, hash_file(file))
    return digest.hexdigest()


def content_key(*parts: str | bytes | None) -> bytes:
    """Hash the parts that make one input what it is: its name, id, date and bytes.

    >>> content_key("article", "甲", "正文。", None) == content_key("article", "甲正文。", "", None)
    False
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(b"\0" if raw is None else b"\1")
        _put(digest, raw or b"")
    return digest.digest()


def hash_file(path: Path) -> bytes:
    """Hash the bytes of a file (SHA-256), a piece at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(_CHUNK):
            digest.update(piece)
    return digest.digest()


def _put(digest: Any, raw: bytes) -> None:
    digest.update(len(raw).to_bytes(8, "little"))
    digest.update(raw)


@cache
def _code() -> str:
    """Hash the sources: while someone works on them, the version stays and the records change."""
    folder = Path(pipeline.__file__).parent
    digest = hashlib.blake2b(pipeline.__version__.encode(), digest_size=20)
    for file in sorted(folder.rglob("*.py")):
        _put(digest, file.relative_to(folder).as_posix().encode())
        _put(digest, file.read_bytes())
    return digest.hexdigest()


@cache
def _versions() -> tuple[str, ...]:
    try:
        wanted = importlib.metadata.requires("baozhi") or []
    except importlib.metadata.PackageNotFoundError:  # run from the sources, without having been installed
        wanted = []
    found = []
    for name in sorted({re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0] for requirement in wanted}):
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return tuple(found)


def _paths(value: Any) -> Iterator[Path]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _paths(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _paths(inner)
    elif isinstance(value, (str, Path)) and ("/" in str(value) or "\\" in str(value) or "." in str(value)):
        try:
            path = Path(value)
            if path.exists():
                yield path
        except (OSError, ValueError):  # a prompt, or another text that is too long to be a path
            return
