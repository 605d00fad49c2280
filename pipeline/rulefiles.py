"""Read rule files (TOML) and word lists; every error names the file and the line.

A rule file is a TOML file with `[[rule]]` tables (or tables of another name); a word list has one entry a line, columns
parted by a tab, and comment lines that begin with `# `.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from pipeline.errors import RulesError, unknown

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same module under its older name
    import tomli as tomllib

Shape = TypeVar("Shape")

_PART = re.compile(r"\{([a-z][a-z_]*)\}")  # never a quantifier: those are digits
_MAX_DEPTH = 20


class Entry(NamedTuple):
    """One line of a word list: its word, its further columns, and where it stands."""

    word: str
    columns: tuple[str, ...]
    line: int


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file as plain values.

    Raises:
        RulesError: the file cannot be read, or is no TOML; carries the line of a syntax error.
    """
    source = _read_text(path)
    try:
        values: dict[str, Any] = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else source.count("\n") + 1
        raise RulesError(f"no TOML: {error}", where=path, line=line, remedy="mend the syntax") from error
    return values


def read_tables(path: Path, table: str, shape: type[Shape]) -> list[tuple[int, Shape]]:
    """Read the `[[table]]` tables of a rule file as values of one shape, each with the line on which it begins.

    Raises:
        RulesError: a key is unknown, missing or mistyped, or there is no such table.
    """
    rules = read_toml(path).get(table, [])
    lines = _table_lines(_read_text(path), table)
    if not rules or len(rules) != len(lines):
        raise RulesError(f"no list of [[{table}]] tables", where=path, remedy=f"begin each rule with [[{table}]]")
    found = []
    for line, rule in zip(lines, rules, strict=True):
        try:
            found.append((line, msgspec.convert(rule, shape)))
        except msgspec.ValidationError as error:
            fields = ", ".join(field.encode_name for field in msgspec.structs.fields(shape))  # type: ignore[arg-type]
            raise RulesError(str(error), where=path, line=line, remedy=f"the keys of a rule are: {fields}") from error
    return found


def key_line(path: Path, key: str) -> int:
    """Give the line on which a key is first set in a rule file; 1 where it is not."""
    pattern = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*=""")
    for number, line in enumerate(_read_text(path).split("\n"), 1):
        if pattern.match(line):
            return number
    return 1


def read_words(path: Path) -> list[Entry]:
    """Read a word list, plain or gzipped (`.gz`).

    Raises:
        RulesError: an entry stands twice, or has blanks at its ends.
    """
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(_read_text(path).split("\n"), 1):
        if not line or line.startswith("# "):
            continue
        word, *columns = line.split("\t")
        if not word or word != word.strip():
            raise RulesError(f"{word!r} has blanks at its ends", where=path, line=number, remedy="remove them")
        if word in seen:
            raise RulesError(
                f"{word!r} stands on line {seen[word]} already", where=path, line=number, remedy="remove it"
            )
        seen[word] = number
        entries.append(Entry(word, tuple(columns), number))
    return entries


def read_table(path: Path) -> dict[str, str]:
    """Read a word list as word → what stands behind its first tab, with the errors of `read_words` in a fifth of its time.

    Raises:
        RulesError: an entry stands twice, or has blanks at its ends.
    """
    lines = [line.partition("\t") for line in _read_text(path).split("\n") if line and not line.startswith("# ")]
    table = {word: rest for word, _, rest in lines}
    if len(table) < len(lines) or not all(table) or any(word != word.strip() for word in table):
        read_words(path)  # which names the line
    return table


def fill_parts(source: str, parts: Mapping[str, str], *, where: Path, line: int) -> str:
    """Put named parts into a regular expression: `{number}元` with the part `number`.

    Raises:
        RulesError: a part is unknown, or a part contains itself.
    """

    def fill(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise RulesError(unknown("part", match[1], parts), where=where, line=line)
        return f"(?:{parts[match[1]]})"

    for _ in range(_MAX_DEPTH):
        if not _PART.search(source):
            return source
        source = _PART.sub(fill, source)
    raise RulesError("a part contains itself", where=where, line=line, remedy="break the circle")


def compile_regex(source: str, *, where: Path, line: int) -> re.Pattern[str]:
    """Compile a regular expression of a rule.

    Raises:
        RulesError: it does not compile, or matches the empty string.
    """
    try:
        pattern = re.compile(source)
    except (re.error, OverflowError, RecursionError) as error:
        raise RulesError(f"no regular expression: {error}", where=where, line=line, remedy="mend it") from error
    if pattern.match("") is not None:
        raise RulesError("matches the empty string", where=where, line=line, remedy="make it ask for a character")
    return pattern


def alternatives(words: Iterable[str]) -> str:
    """Give one regular expression for many words, longest first, as a tree so that matching stays fast.

    >>> alternatives(["副市长", "副省长", "市长"])
    '(?:副(?:市长|省长)|市长)'
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _tree_regex(tree)


def _tree_regex(node: Mapping[str, Any]) -> str:
    branches = [re.escape(key) + _tree_regex(node[key]) for key in sorted(node) if key]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return body + "?" if "" in node else body


def _table_lines(source: str, table: str) -> list[int]:
    header = re.compile(rf"^\s*\[\[\s*{re.escape(table)}\s*\]\]")
    return [number for number, line in enumerate(source.split("\n"), 1) if header.match(line)]


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise RulesError(f"cannot be read: {error}", where=path, remedy="give a UTF-8 file") from error
