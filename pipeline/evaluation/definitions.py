"""What every score means: one place, with its source. The reports print these words."""

from __future__ import annotations

from msgspec import Struct

from pipeline.evaluation import entities, events, facts, mentions, relations
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.items import BCubed, Counter, Finder, Tally, count_bcubed, count_exact, count_overlapping
from pipeline.records import MENTION_LABELS

LAYERS = ("pages", "tokens", "mentions", "entities", "relations", "events", "facts")
MICRO = "micro"


class Measure(Struct, frozen=True):
    """One way to score one layer.

    `find` gives the items of a text; `tally` counts two sets of them. `groups` name the rows over several labels, None
    standing for all of them and `exhaustive` for those whose every mention is marked. Where `listed`, each miss and
    each spurious item is shown; where `overlapping`, one that shares a character with another is shown beside it.
    """

    layer: str
    name: str
    definition: str
    source: str
    find: Finder | None = None
    tally: Counter = count_exact
    empty: Tally = Counts()
    groups: tuple[tuple[str, tuple[str, ...] | str | None], ...] = ((MICRO, None),)
    listed: bool = False
    overlapping: bool = False
    calibrated: bool = False


_MENTION_GROUPS = ((MICRO, "exhaustive"), ("PER+ORG+LOC", ("PER", "ORG", "LOC")), ("all nine", MENTION_LABELS))
_CONLL = "MUC and CoNLL-2003 strict (Tjong Kim Sang and De Meulder 2003)"
_ACE = "ACE 2005 argument scoring as in Ji and Grishman (2008)"

MEASURES: tuple[Measure, ...] = (
    Measure(
        "tokens", "words", "A word is right if it begins and ends where a gold word does. Blanks are no words.",
        "SIGHAN Bakeoff (Emerson 2005)", find=mentions.find_tokens, groups=(), listed=True, overlapping=True,
    ),
    Measure(
        "mentions", "strict", "Same characters of the page and same label.", _CONLL, find=mentions.find_mentions,
        groups=_MENTION_GROUPS, listed=True, overlapping=True, calibrated=True,
    ),
    Measure(
        "mentions", "boundary-relaxed", "Same label and at least one character in common, each mention paired once.",
        "Type matching of SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013)",
        find=mentions.find_mentions, tally=count_overlapping, groups=_MENTION_GROUPS,
    ),
    Measure(
        "entities", "links", "Two mentions of one person, body or place, both with exact span and label.",
        "Pairwise F1 over coreference links", find=entities.find_links, listed=True,
    ),
    Measure(
        "entities", "B-cubed", "For each mention the share of its cluster that is right, 0 for one missed or made up.",
        "Bagga and Baldwin (1998)", find=entities.find_clustered_mentions, tally=count_bcubed, empty=BCubed(),
    ),
    Measure(
        "relations", "edges", "Same type, same characters at both ends, same direction.",
        "Boundaries setting of Taillé et al. (2020)", find=relations.find_relations, listed=True, calibrated=True,
    ),
    Measure(
        "events", "trigger", "Same characters of the trigger, whatever the type.",
        "ACE trigger identification (Ji and Grishman 2008)", find=events.find_triggers, groups=(),
    ),
    Measure(
        "events", "trigger and type", "Same characters of the trigger and same type.",
        "ACE trigger classification (Ji and Grishman 2008)", find=events.find_events, listed=True, overlapping=True,
        calibrated=True,
    ),
    Measure(
        "events", "type by sentence", "The sentence has an event of this type; sentences are those of the gold text.",
        "Event detection without triggers (Liu et al. 2019)", find=events.find_sentence_types, listed=True,
    ),
    Measure(
        "events", "roles", "Same event type, same role, same characters of the mention, whatever the trigger.", _ACE,
        find=events.find_roles, listed=True, calibrated=True,
    ),
    Measure(
        "events", "roles with trigger", "As roles, and the trigger has the same characters.",
        "Stricter variant of ACE argument scoring", find=events.find_roles_with_trigger,
    ),
    Measure(
        "facts", "facts", "Same type and the same characters in every slot; facts are read off the edges by one rule.",
        "Exact match of whole tuples", find=facts.find_facts, listed=True,
    ),
)  # fmt: skip

PAGE_MEASURES: tuple[Measure, ...] = (
    Measure("pages", "line roles", "The line has the gold role.", "Accuracy, as F1 over labels", listed=True),
    Measure("pages", "same article", "Two lines stand in one article.", "Pairwise F1 of two partitions", groups=()),
    Measure("pages", "articles", "The article has exactly the gold lines.", "Exact match of sets of lines", groups=()),
    Measure("pages", "joins", "The line goes on from the one before.", "F1 of a binary label", groups=()),
    Measure("pages", "texts", "The text composed of the lines is the gold text.", "Exact match of texts", groups=()),
)  # fmt: skip
