"""Tell which relations the text does not state between its two names: an anaphor, or another sentence, stands between.

The anaphors are data: `anaphors.toml` beside this file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.errors import RulesError
from pipeline.records import Offsets, Relation
from pipeline.rulefiles import compile_regex, key_line, read_toml

ANAPHORS = Path(__file__).with_name("anaphors.toml")
_CLAUSE = re.compile(r"[，,。；;：:！!？?\n]")


def is_inferred(relation: Relation, text: str, sentence_starts: Sequence[int], mentions: Sequence[Offsets]) -> bool:
    """Say whether a reader had to infer a relation: `恒远公司扩产。该公司投资5亿元。` joins 恒远公司 and 5亿元.

    It is where the two mentions stand in different sentences, or where the head stands before the clause of the tail and
    that clause has an anaphor before the tail, outside of all mentions. Short forms of names are never inferred.
    """
    if relation.type == "alias_of":
        return False
    first, last = sorted((relation.head, relation.tail))
    if bisect_right(sentence_starts, first[0]) != bisect_right(sentence_starts, last[0]):
        return True
    start = _clause_start(text, last[0])
    if first[0] >= start:
        return False
    named = [(low, high) for low, high in mentions if start <= low < last[0]]
    return any(
        not any(low <= match.start() < high for low, high in named)
        for match in load_anaphors(ANAPHORS).finditer(text, start, last[0])
    )


@cache
def load_anaphors(path: Path) -> re.Pattern[str]:
    """Load the anaphors of a file as one regular expression.

    Raises:
        RulesError: there is no list of regular expressions, or one of them is none.
    """
    words = read_toml(path).get("words")
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise RulesError(
            "no list of regular expressions under `words`", where=path, line=key_line(path, "words"),
            remedy="write words = ['…']",
        )  # fmt: skip
    for word in words:
        compile_regex(word, where=path, line=key_line(path, "words"))
    # 的 and a blank may stand before an anaphor; 公司 at the end of a name that no source has found is none
    return re.compile(rf"(?:(?<![一-鿿])|(?<=[的由向对为和与及，]))(?:{'|'.join(words)})")


def _clause_start(text: str, offset: int) -> int:
    start = text.rfind("\n", 0, offset) + 1
    ends = [match.end() for match in _CLAUSE.finditer(text, start, offset)]
    return ends[-1] if ends else start
