"""Find mentions by their shape: amounts, dates, shares, documents, bylines.

Reads the text; writes the layer "mentions". Rules are data: TOML files with `[parts]` and `[[rule]]` tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.entities.overlaps import keep_longest, outside, titles
from pipeline.errors import ConfigError, RulesError, unknown
from pipeline.records import MENTION_LABELS, Mention
from pipeline.rulefiles import alternatives, compile_regex, fill_parts, key_line, read_tables, read_toml, read_words

_LABEL_GROUP = re.compile(r"([A-Z]+)(?:_\d+)?")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule as it stands in its file.

    `regex` marks its mentions by named groups (`(?P<PER>…)`, `(?P<PER_2>…)`), or is one mention of `label` as a whole.
    With `within`, the rule looks only into what the group `inside` of that expression matches.
    """

    name: str
    regex: str
    label: str = ""
    within: str = ""


class Pattern(msgspec.Struct, frozen=True):
    """A rule that has been checked and compiled; `groups` pairs a group's name with its label."""

    name: str
    regex: re.Pattern[str]
    within: re.Pattern[str] | None
    groups: tuple[tuple[str | int, str], ...]

    def match(self, text: str) -> Iterator[Mention]:
        """Find this pattern's mentions in a text."""
        if self.within is None:
            areas: Iterable[tuple[int, int]] = ((0, len(text)),)
        else:
            areas = (area.span("inside") for area in self.within.finditer(text))
        for low, high in areas:
            for found in self.regex.finditer(text, low, high):
                for group, label in self.groups:
                    start, end = found.span(group)
                    if start < end:
                        yield Mention(start, end, label)


@Language.factory("patterns", assigns=["doc.spans"], default_config={"labels": list(MENTION_LABELS)})
def make_patterns(nlp: Language, name: str, *, rules: list[Path], labels: list[str]) -> Patterns:
    """Build the stage; `rules` are rule files, `labels` those of their mentions that it writes."""
    return Patterns(name=name, rules=rules, labels=labels)


class Patterns:
    """Find mentions by checked regular expressions; of overlapping finds the longest stays."""

    def __init__(self, *, name: str, rules: Sequence[Path], labels: Sequence[str]) -> None:
        for label in labels:
            if label not in MENTION_LABELS:
                raise ConfigError(f"[components.{name}] labels: {unknown('label', label, MENTION_LABELS)}")
        self.name = name
        self.labels = frozenset(labels)
        self.patterns = [pattern for path in rules for pattern in load_patterns(Path(path))]

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Find every mention that a pattern matches and that has a wanted label."""
        text = text_of(doc)
        found = keep_longest(mention for pattern in self.patterns for mention in pattern.match(text))
        yield from (
            mention for mention in outside(found, titles(text), but_at_start=True) if mention.label in self.labels
        )

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "mentions", self.name, self.find(doc))


def load_patterns(path: Path) -> list[Pattern]:
    """Load a rule file.

    A part is a regular expression, or `{list = "posts.txt"}`: a word list, its path relative to the rule file.

    Raises:
        RulesError: a rule or a part is not well formed; names file and line.
    """
    parts = {name: _read_part(path, name, value) for name, value in read_toml(path).get("parts", {}).items()}
    patterns = []
    names: dict[str, int] = {}
    for line, rule in read_tables(path, "rule", Rule):
        if rule.name in names:
            raise RulesError(f"rule {rule.name!r} stands on line {names[rule.name]} already", where=path, line=line)
        names[rule.name] = line
        regex = compile_regex(fill_parts(rule.regex, parts, where=path, line=line), where=path, line=line)
        within = None
        if rule.within:
            within = compile_regex(fill_parts(rule.within, parts, where=path, line=line), where=path, line=line)
            if "inside" not in within.groupindex:
                raise RulesError("`within` has no group (?P<inside>…)", where=path, line=line)
        patterns.append(Pattern(rule.name, regex, within, _label_groups(rule, regex, path, line)))
    return patterns


def _read_part(path: Path, name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and set(value) == {"list"} and isinstance(value["list"], str):
        words = read_words(path.parent / value["list"])
        if words:
            return alternatives(entry.word for entry in words)
    raise RulesError(
        f"part {name!r} is neither a regular expression nor a word list",
        where=path, line=key_line(path, name), remedy='write name = "…" or name = {list = "words.txt"}',
    )  # fmt: skip


def _label_groups(rule: Rule, regex: re.Pattern[str], path: Path, line: int) -> tuple[tuple[str | int, str], ...]:
    groups: list[tuple[str | int, str]] = []
    if rule.label:
        groups.append((0, rule.label))
    for group in regex.groupindex:
        match = _LABEL_GROUP.fullmatch(group)
        if match is None:
            raise RulesError(f"group {group!r} is no label", where=path, line=line, remedy="name it PER or PER_2")
        groups.append((group, match[1]))
    if not groups or (rule.label and len(groups) > 1):
        raise RulesError("needs either `label` or labelled groups", where=path, line=line)
    for _, label in groups:
        if label not in MENTION_LABELS:
            raise RulesError(unknown("label", label, MENTION_LABELS), where=path, line=line)
    return tuple(groups)
