"""Load relation rules: patterns over the sequence of mentions and the text between them.

A rule file is TOML with `[parts]` and `[[rule]]` tables. In a pattern, `<PER>` is a mention, `<ORG|LOC>` one of either
label, `<TITLE=国家~>` one whose surface reads so (`~` is any of its characters), `<-ORG>` any character that opens no ORG,
`{text}` one character outside all mentions and inside the sentence, `{end}` the end of a mention. Punctuation is written
in full width. A named group is a stretch: an edge joins each mention in its `from` with each in its `to` that the scheme
lets it join.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pipeline.errors import RulesError, unknown
from pipeline.records import RELATION_TYPES, Mention, Relation
from pipeline.relations.passages import CLOSER, MARKED_LABELS, MARKS, OPENERS, Passage
from pipeline.rulefiles import compile_regex, fill_parts, key_line, read_tables, read_toml
from pipeline.scheme import allows

BUILT_IN_PARTS = {"text": rf"[^{MARKS}。！？；\n]", "end": CLOSER}

_TAG = re.compile(r"<(-?)([A-Z|]+)(?:=([^<>]*))?>")
_LOOSE = re.compile(r"(?<!\\)(?:\.|\[\^)|\\[WSD]")


class Edge(Struct, frozen=True, forbid_unknown_fields=True, rename={"head": "from", "tail": "to"}):
    """The relations that a rule makes, between the mentions of two groups, with the share of them that is right."""

    type: str
    head: str
    tail: str
    probability: float


class RuleTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule as it stands in its file."""

    name: str
    pattern: str
    edges: tuple[Edge, ...]


class Rule(Struct, frozen=True):
    """A rule that has been checked and compiled."""

    name: str
    regex: re.Pattern[str]
    edges: tuple[Edge, ...]

    def match(self, passage: Passage) -> Iterator[Relation]:
        """Find this rule's relations in a marked text, with `source` left empty."""
        for found in self.regex.finditer(passage.marked):
            for edge in self.edges:
                heads = passage.within(*found.span(edge.head))
                tails = passage.within(*found.span(edge.tail))
                for head in heads:
                    for tail in tails:
                        if _joins(edge, head, tail):
                            yield Relation((head.start, head.end), (tail.start, tail.end), edge.type, edge.probability)


def load_rules(path: Path) -> list[Rule]:
    """Load a rule file.

    Raises:
        RulesError: a rule or a part is not well formed; names file and line.
    """
    parts = {**read_toml(path).get("parts", {}), **BUILT_IN_PARTS}
    for name, value in parts.items():
        if not isinstance(value, str):
            raise RulesError(
                f"part {name!r} is no pattern", where=path, line=key_line(path, name), remedy='write name = "…"'
            )
    rules: list[Rule] = []
    names: dict[str, int] = {}
    for line, table in read_tables(path, "rule", RuleTable):
        if table.name in names:
            raise RulesError(f"rule {table.name!r} stands on line {names[table.name]} already", where=path, line=line)
        names[table.name] = line
        rules.append(_compile(table, parts, path, line))
    return rules


def _compile(table: RuleTable, parts: dict[str, str], path: Path, line: int) -> Rule:
    # the built-in part is a negated class itself: look for others before it is put in
    own = {name: value for name, value in parts.items() if name not in BUILT_IN_PARTS} | {"text": "", "end": ""}
    loose = _LOOSE.search(fill_parts(_TAG.sub("", table.pattern), own, where=path, line=line))
    if loose is not None:
        raise RulesError(
            f"{loose[0]!r} would run into a mention", where=path, line=line,
            remedy="write {text} for a character outside all mentions",
        )  # fmt: skip

    def expand(tag: re.Match[str]) -> str:
        for label in tag[2].split("|"):
            if label not in MARKED_LABELS:
                raise RulesError(unknown("label", label, MARKED_LABELS), where=path, line=line)
        opener = "".join(OPENERS[label] for label in tag[2].split("|"))
        if tag[1]:
            return f"[^{opener}]"
        surface = rf"[^{CLOSER}]*" if tag[3] is None else f"(?:{tag[3].replace('~', f'[^{CLOSER}]*')})"
        return f"[{opener}]{surface}{CLOSER}"

    filled = fill_parts(table.pattern, parts, where=path, line=line)
    regex = compile_regex(_TAG.sub(expand, filled), where=path, line=line)
    if not table.edges:
        raise RulesError(f"rule {table.name!r} makes no edge", where=path, line=line)
    for edge in table.edges:
        if edge.type not in RELATION_TYPES:
            raise RulesError(unknown("relation", edge.type, RELATION_TYPES), where=path, line=line)
        for group in (edge.head, edge.tail):
            if group not in regex.groupindex:
                raise RulesError(unknown("group", group, regex.groupindex), where=path, line=line)
        if not 0 < edge.probability <= 1:
            raise RulesError(f"probability = {edge.probability}", where=path, line=line, remedy="give 0 to 1")
    return Rule(table.name, regex, table.edges)


def _joins(edge: Edge, head: Mention, tail: Mention) -> bool:
    """Within one group an edge goes forward in the text: 甲、乙签约 gives 甲 → 乙."""
    if edge.head == edge.tail and head.start >= tail.start:
        return False
    return head != tail and allows(edge.type, head.label, tail.label)
