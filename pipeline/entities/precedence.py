"""Choose between the mentions of several sources by a fixed order of the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.entities.overlaps import keep_first
from pipeline.records import Mention
from pipeline.registries import mention_choosers

Choose = Callable[[Mapping[str, Sequence[Mention]], Sequence[str]], list[Mention]]


@mention_choosers("precedence")  # type: ignore[untyped-decorator]
def make_precedence() -> Choose:
    """Let the source that stands first in the order win; within one source the longest mention goes first."""
    return choose_by_precedence


def choose_by_precedence(found: Mapping[str, Sequence[Mention]], precedence: Sequence[str]) -> list[Mention]:
    """Choose a flat set of mentions: of two that overlap the one whose source stands first in `precedence`.

    With `precedence=["patterns", "lexicon"]`, patterns' 12月5日 wins over an overlapping find of the lexicon.
    """
    ranked = [
        mention
        for source in precedence
        for mention in sorted(found[source], key=lambda mention: (mention.start - mention.end, mention.start))
    ]
    return keep_first(ranked)
