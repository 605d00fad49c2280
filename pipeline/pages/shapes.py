"""Match one line against the shapes that lines of a newspaper have: datelines, jumps, staff lines, section labels.

Reads `shapes.toml`; writes names of shapes. Patterns see a bounded piece of a line, so that a page in one line costs
no more than its length.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import RulesError
from pipeline.pages.rules import Rules, alternation

START, END, WHOLE, ANY = 40, 60, 80, 160  # code points that a pattern of each kind sees


class Shapes:
    """The shapes of one rule file, by where they are looked for in a line."""

    def __init__(self, path: Path) -> None:
        rules = Rules(path)
        fragments = {name: str(source) for name, source in rules.table("fragments").items()}
        fragments["section"] = alternation(rules.words("sections", "words"))
        fragments["section_end"] = alternation(rules.words("sections", "endings"))
        self.patterns = {
            kind: [
                (f"{kind}:{name}", rules.compile(f"(?:{source})$" if kind == "end" else source, name, fragments))
                for name, source in rules.table(kind).items()
            ]
            for kind in ("start", "end", "whole", "any")
        }
        if not any(name == "start:dateline" for name, _ in self.patterns["start"]):
            raise RulesError("has no start.dateline", where=path, remedy="add it: articles are told apart by it")

    def names(self) -> set[str]:
        """Name every shape that a line can have."""
        return {name for patterns in self.patterns.values() for name, _ in patterns}

    def of(self, line: str) -> set[str]:
        """Name the shapes of one line.

        >>> sorted(shapes.of("（下转第三版）"))[-1]
        'whole:jump'
        """
        found = {name for name, pattern in self.patterns["start"] if pattern.match(line[:START])}
        found.update(name for name, pattern in self.patterns["end"] if pattern.search(line[-END:]))
        found.update(name for name, pattern in self.patterns["any"] if pattern.search(line[:ANY]))
        if len(line) <= WHOLE:
            found.update(name for name, pattern in self.patterns["whole"] if pattern.fullmatch(line))
        return found
