"""Load the rule files of pages: TOML that is checked on loading, with file and line in every error.

Reads `configs/rules/pages`; writes patterns, word lists and weights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import RulesError
from pipeline.rulefiles import compile_regex, fill_parts, key_line, read_toml


class Rules:
    """One rule file: its tables, and the way from a key to the line where it stands."""

    def __init__(self, path: Path) -> None:
        """Read a rule file.

        Raises:
            RulesError: there is no such file, or it is no TOML.
        """
        self.path = path
        self.tables: dict[str, Any] = read_toml(path)

    def error(self, what: str, key: str, remedy: str = "") -> RulesError:
        """Make an error that names the line on which a key stands."""
        return RulesError(what, where=self.path, line=key_line(self.path, key), remedy=remedy)

    def table(self, name: str) -> Mapping[str, Any]:
        """Give a table that must be there."""
        table = self.tables.get(name)
        if not isinstance(table, dict):
            raise self.error(f"has no table [{name}]", "", remedy=f"add [{name}]")
        return table

    def words(self, table: str, key: str) -> tuple[str, ...]:
        """Give a list of words, longest first, so that an alternation of them takes the longest."""
        words = self.table(table).get(key)
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
            raise self.error(f"{table}.{key} is no list of words", key, remedy='write key = ["…", "…"]')
        return tuple(sorted(set(words), key=lambda word: (-len(word), word)))

    def numbers(self, table: str, key: str | None = None) -> dict[str, float]:
        """Give a table of names and numbers."""
        values = self.table(table) if key is None else self.table(table).get(key)
        if not isinstance(values, dict):
            raise self.error(f"{table}.{key} is no table of numbers", key or table, remedy="write { name = 1.0 }")
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.error(f"{table}: {name} = {value!r} is no number", name, remedy="write a number")
        return {name: float(value) for name, value in values.items()}

    def weighted(self, table: str, key: str) -> Iterator[tuple[str, float]]:
        """Give names with numbers from a string, `title 1.5, body -2`: read six times as fast as a table in a table."""
        source = self.table(table).get(key)
        if not isinstance(source, str):
            raise self.error(f"{table}.{key} is no list of weights", key, remedy='write key = "name 1.5, other -2"')
        for pair in source.split(", "):
            name, _, value = pair.partition(" ")
            try:
                yield name, float(value)
            except ValueError as error:
                raise self.error(
                    f"{table}: {pair!r} is no name with its number", key, remedy='write "name 1.5"'
                ) from error

    def pattern(self, table: str, key: str, fragments: Mapping[str, str] | None = None) -> re.Pattern[str]:
        """Compile a pattern, after putting `{name}` fragments into it."""
        source = self.table(table).get(key)
        if not isinstance(source, str) or not source:
            raise self.error(f"{table}.{key} is no pattern", key, remedy="write key = '…'")
        return self.compile(source, key, fragments or {})

    def compile(self, source: str, key: str, fragments: Mapping[str, str]) -> re.Pattern[str]:
        """Compile the source of a pattern that stands under `key`.

        Raises:
            RulesError: an unknown fragment, or no regular expression.
        """
        try:
            return compile_regex(fill_parts(source, fragments, where=self.path, line=1), where=self.path, line=1)
        except (
            RulesError
        ):  # only an error needs its line, and looking for the lines of all keys takes longer than all else
            line = key_line(self.path, key)
            return compile_regex(fill_parts(source, fragments, where=self.path, line=line), where=self.path, line=line)


def alternation(words: tuple[str, ...]) -> str:
    """Give a regular expression of words, longest first."""
    return "|".join(re.escape(word) for word in words)
