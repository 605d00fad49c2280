"""Choose between the mentions of several sources by vote: `@mention_choosers = "vote"` of the stage `merge`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from pipeline.entities.overlaps import keep_first
from pipeline.entities.precedence import Choose
from pipeline.errors import ConfigError, unknown
from pipeline.records import Mention
from pipeline.registries import mention_choosers

_SLACK = 1e-9  # weights such as 0.1 do not add up exactly


class Candidate(Struct, frozen=True):
    """A span with a label, and who found it, in the order of precedence."""

    mention: Mention
    sources: tuple[str, ...]
    votes: float


@mention_choosers("vote")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_vote(*, at_least: float = 2.0, weights: dict[str, float] | None = None) -> Choose:
    """Let mentions in that are found alike, with the same offsets and label, by sources whose votes are `at_least`.

    A source has one vote, or its weight in `weights`: give one that is right by itself, such as `patterns`, a weight of
    `at_least`. Of mentions that overlap the one with more votes stays, then the one whose source has precedence.
    """
    return Vote(at_least=at_least, weights=dict(weights or {}))


class Vote:
    """Choose by vote; a class and no closure, so that a worker process can be sent one."""

    def __init__(self, *, at_least: float, weights: dict[str, float]) -> None:
        for source, weight in weights.items():
            if weight < 0:
                raise ConfigError(f"the vote of {source!r} weighs {weight}", remedy="give a weight of 0 or more")
        if at_least <= 0:
            raise ConfigError(f"at_least = {at_least}", remedy="ask for more than no vote")
        self.at_least = at_least
        self.weights = weights

    def __call__(self, found: Mapping[str, Sequence[Mention]], precedence: Sequence[str]) -> list[Mention]:
        """Choose a flat set of mentions.

        Raises:
            ConfigError: a weight is given to a source that is not there.
        """
        for source in self.weights:
            if source not in precedence:
                raise ConfigError(unknown("source in the weights of the vote", source, precedence))
        ranked = sorted(
            (
                candidate
                for candidate in _candidates(found, precedence, self.weights)
                if candidate.votes >= self.at_least - _SLACK
            ),
            key=lambda candidate: (
                -candidate.votes, precedence.index(candidate.sources[0]),
                candidate.mention.start - candidate.mention.end, candidate.mention.start,
            ),
        )  # fmt: skip
        return keep_first(candidate.mention for candidate in ranked)


def _candidates(
    found: Mapping[str, Sequence[Mention]], precedence: Sequence[str], weights: Mapping[str, float]
) -> list[Candidate]:
    """Gather who found what; the mention kept is that of the first source, with its value and probability."""
    finders: dict[tuple[int, int, str], list[str]] = {}
    first: dict[tuple[int, int, str], Mention] = {}
    for source in precedence:
        for mention in found[source]:
            key = (mention.start, mention.end, mention.label)
            finders.setdefault(key, []).append(source)
            first.setdefault(key, mention)
    return [
        Candidate(first[key], tuple(names), sum(weights.get(name, 1.0) for name in names))
        for key, names in finders.items()
    ]
