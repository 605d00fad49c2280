"""The stage `event_rules`: events by trigger words in context, and roles by the nearest fitting mention.

Reads `doc.ents`; writes the layer "events". The words, what each context speaks for, and which nearest mention fills
which role are data, learned by `baozhi train configs/train/event_rules.cfg`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import text_of, write
from pipeline.errors import ConfigError, RulesError, unknown
from pipeline.events.contexts import CONTEXTS, Contexts, Surroundings, load_contexts
from pipeline.records import EVENT_ROLES, EVENT_TYPES, MENTION_LABELS, Event, Mention, Role
from pipeline.rulefiles import Entry, read_words
from pipeline.scheme import ROLE_FILLERS

RoleTable = dict[tuple[str, str], tuple[str, float]]  # event type and place of a mention → role and probability

_PLACES = frozenset(
    f"{label} {side} {scope}"
    for label in MENTION_LABELS
    for side in ("before", "after")
    for scope in ("clause", "sentence")
)


class Trigger(Struct, frozen=True):
    """A trigger word: its type, and the logarithms of the odds that it is one, at large and as each context shifts them."""

    type: str
    odds: float
    shifts: dict[str, float]

    def probability(self, contexts: tuple[str, ...]) -> float:
        """Give how likely the word is a trigger in these contexts."""
        odds = self.odds + sum(self.shifts.get(context, 0.0) for context in contexts)
        return 1 / (1 + math.exp(-odds))


@Language.factory("event_rules", requires=["doc.ents"], assigns=["doc._.events"], default_config={"threshold": 0.45})
def make_event_rules(nlp: Language, name: str, *, rules: Path, threshold: float) -> EventRules:
    """Build the stage; `rules` is the folder of contexts.toml, triggers.txt and roles.txt.

    A word that is less likely a trigger than `threshold` is left out.
    """
    if not 0 <= threshold <= 1:
        raise ConfigError(f"[components.{name}] threshold = {threshold} is no probability", remedy="give 0 to 1")
    rules = Path(rules)
    return EventRules(
        name=name, contexts=load_contexts(rules / "contexts.toml"), triggers=load_triggers(rules / "triggers.txt"),
        roles=load_roles(rules / "roles.txt"), threshold=threshold,
    )  # fmt: skip


class EventRules:
    """Find trigger words, say how likely each is one here, and give it the mentions that are likely its roles."""

    def __init__(
        self, *, name: str, contexts: Contexts, triggers: dict[str, Trigger], roles: RoleTable, threshold: float
    ) -> None:
        self.name = name
        self.contexts = contexts
        self.triggers = triggers
        self.roles = roles
        self.threshold = threshold
        self._words = list(triggers)
        self._search = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def find(self, doc: Doc) -> Iterator[Event]:
        """Find every trigger word that is likely enough one in its context."""
        mentions = [Mention(span.start_char, span.end_char, span.label_) for span in doc.ents]
        around = Surroundings(text_of(doc), mentions, self.contexts)
        for index, start, end in self._search.find_matches_as_indexes(around.text):
            if around.inside_name(start, end):
                continue
            trigger = self.triggers[self._words[index]]
            probability = trigger.probability(around.of(start, end))
            if probability >= self.threshold:
                roles = tuple(self._find_roles(around, trigger.type, start, end))
                yield Event(start, end, trigger.type, round(probability, 4), roles=roles)

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "events", self.name, self.find(doc))

    def _find_roles(self, around: Surroundings, kind: str, start: int, end: int) -> Iterator[Role]:
        for place, mention in around.nearest(start, end):
            if (kind, place) in self.roles:
                role, probability = self.roles[kind, place]
                yield Role(role, (mention.start, mention.end), probability)


def load_triggers(path: Path) -> dict[str, Trigger]:
    """Load trigger words: `word, type, log-odds` and columns `context=shift`.

    Raises:
        RulesError: a line is not well formed; names file and line.
    """
    triggers = {}
    for entry in read_words(path):
        if len(entry.columns) < 2:
            raise RulesError("wants a type and log-odds", where=path, line=entry.line, remedy="part them by tabs")
        kind, odds, *shifts = entry.columns
        if kind not in EVENT_TYPES:
            raise RulesError(unknown("event type", kind, EVENT_TYPES), where=path, line=entry.line)
        found = {}
        for shift in shifts:
            context, _, value = shift.partition("=")
            if context not in CONTEXTS:
                raise RulesError(unknown("context", context, CONTEXTS), where=path, line=entry.line)
            found[context] = _number(value, path, entry)
        triggers[entry.word] = Trigger(kind, _number(odds, path, entry), found)
    return triggers


def load_roles(path: Path) -> RoleTable:
    """Load which nearest mention fills which role: `agreement ORG before clause`, role, probability.

    Raises:
        RulesError: a line is not well formed, or against the scheme; names file and line.
    """
    roles: RoleTable = {}
    for entry in read_words(path):
        kind, _, place = entry.word.partition(" ")
        if kind not in EVENT_TYPES:
            raise RulesError(unknown("event type", kind, EVENT_TYPES), where=path, line=entry.line)
        if place not in _PLACES or len(entry.columns) != 2:
            raise RulesError(
                f"{entry.word!r} with {len(entry.columns)} columns", where=path, line=entry.line,
                remedy="write agreement ORG before clause, a role and a probability, parted by tabs",
            )  # fmt: skip
        role, probability = entry.columns[0], _number(entry.columns[1], path, entry)
        if role not in EVENT_ROLES:
            raise RulesError(unknown("role", role, EVENT_ROLES), where=path, line=entry.line)
        if place.split(" ")[0] not in ROLE_FILLERS[role] or not 0 < probability <= 1:
            raise RulesError(
                f"{role} = {probability} of {entry.word!r} is against the scheme", where=path, line=entry.line
            )
        roles[kind, place] = (role, probability)
    return roles


def _number(value: str, path: Path, entry: Entry) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise RulesError(f"{value!r} is no number", where=path, line=entry.line, remedy="write 0.85") from error
