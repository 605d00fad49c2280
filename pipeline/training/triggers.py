"""Learn the trigger words of `event_rules` from annotated texts, how contexts speak for each, and the roles of near mentions.

Reads annotated texts and contexts.toml; writes triggers.txt and roles.txt beside it. Each context shifts a word's odds by
what it does to this word's own counts, drawn towards what it does to those of all words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.evaluation.annotated import AnnotatedText
from pipeline.evaluation.reading import read_annotated
from pipeline.events.contexts import CONTEXTS, Contexts, Surroundings, load_contexts
from pipeline.registries import trainers

Tally = defaultdict[tuple[str, str], list[int]]  # word ("" for all) and context ("" for any) → seen, triggers

Case = tuple[str, tuple[str, ...], bool]  # a word in a text, its contexts, and whether it is a trigger there

_SCALES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_DRAW = 4.0  # seen words by which a word's own counts are drawn towards those of all


@trainers("event_triggers")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_event_triggers(
    *, annotated: Path, rules: Path, least_count: int = 3, least_role: float = 0.7
) -> Callable[[], Path]:
    """Learn words that are triggers `least_count` times, and roles that are right in `least_role` of their cases."""

    def run() -> Path:
        texts = read_annotated(Path(annotated))
        contexts = load_contexts(Path(rules) / "contexts.toml")
        note = f"learned from {Path(annotated).name}, our own annotations, by configs/train/event_rules.cfg"
        for name, lines in (
            ("triggers.txt", learn_triggers(texts, contexts, least_count)),
            ("roles.txt", learn_roles(texts, contexts, least_role)),
        ):
            (Path(rules) / name).write_text("\n".join([f"# {note}", *lines, ""]), encoding="utf-8")
        return Path(rules)

    return run


def learn_triggers(texts: Sequence[AnnotatedText], contexts: Contexts, least: int) -> Iterator[str]:
    """Give the lines of triggers.txt; odds are scaled by what fits words of texts that they were not counted on."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for event in text.events:
            kinds[text.text[event.start : event.end]][event.type] += 1
    words = sorted(word for word, found in kinds.items() if found.total() >= least and len(word) > 1)
    seen = [list(_find_words(text, words, contexts)) for text in texts]
    halves = [[case for cases in seen[n::2] for case in cases] for n in (0, 1)]
    unseen = [
        (tally, case) for tally, cases in zip(map(_count, halves), reversed(halves), strict=True) for case in cases
    ]
    scale = min(_SCALES, key=lambda value: sum(_loss(tally, case, value) for tally, case in unseen))
    tally = _count(case for cases in seen for case in cases)
    for word in words:
        odds = scale * _odds(tally[word, ""])
        shifts = [f"{context}={scale * _shift(tally, word, context):.2f}" for context in CONTEXTS]
        yield "\t".join([word, _commonest(kinds[word]), f"{odds:.2f}", *shifts])


def learn_roles(texts: Sequence[AnnotatedText], contexts: Contexts, least: float) -> Iterator[str]:
    """Give the lines of roles.txt, from the gold triggers."""
    seen: Counter[tuple[str, str]] = Counter()
    right: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for text in texts:
        around = Surroundings(text.text, text.mentions, contexts)
        for event in text.events:
            roles = {role.mention: role.role for role in event.roles}
            for place, mention in around.nearest(event.start, event.end):
                seen[event.type, place] += 1
                if (mention.start, mention.end) in roles:
                    right[event.type, place][roles[mention.start, mention.end]] += 1
    for (kind, place), found in sorted(right.items()):
        role = _commonest(found)
        share = (found[role] + 2) / (seen[kind, place] + 4)
        if share >= least and found[role] > _DRAW:
            yield f"{kind} {place}\t{role}\t{share:.2f}"


def _find_words(text: AnnotatedText, words: Sequence[str], contexts: Contexts) -> Iterator[Case]:
    around = Surroundings(text.text, text.mentions, contexts)
    gold = {(event.start, event.end) for event in text.events}
    for index, start, end in AhoCorasick(words, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes(text.text):
        if not around.inside_name(start, end):
            yield words[index], around.of(start, end), (start, end) in gold


def _count(cases: Iterable[Case]) -> Tally:
    tally: Tally = defaultdict(lambda: [0, 0])
    for word, contexts, right in cases:
        for key in (word, ""):
            for context in ("", *contexts):
                tally[key, context][0] += 1
                tally[key, context][1] += right
    return tally


def _loss(tally: Tally, case: Case, scale: float) -> float:
    word, contexts, right = case
    odds = scale * (_odds(tally[word, ""]) + sum(_shift(tally, word, context) for context in contexts))
    return math.log1p(math.exp(-odds if right else odds))


def _commonest(counter: Counter[str]) -> str:
    return min(counter, key=lambda name: (-counter[name], name))


def _odds(counted: Sequence[float]) -> float:
    return math.log((counted[1] + 0.5) / (counted[0] - counted[1] + 0.5))


def _shift(tally: Tally, word: str, context: str) -> float:
    at_large = _odds(tally["", context]) - _odds(tally["", ""])
    expected = 1 / (1 + math.exp(-_odds(tally[word, ""]) - at_large))
    seen, triggers = tally[word, context]
    share = (triggers + _DRAW * expected) / (seen + _DRAW)
    return math.log(share / (1 - share)) - _odds(tally[word, ""])
