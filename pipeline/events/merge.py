"""The stage `merge_events`: the sources' events become one set that keeps the scheme, each with its status.

Reads `doc.ents`, the sentences and the layer "events" of every source; writes that layer under the source "merge",
which is what `doc._.events` gives from then on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, read, sources, text_of, write
from pipeline.errors import ConfigError, unknown
from pipeline.events.statuses import Cues, load_cues, mask
from pipeline.records import EVENT_TYPES, Event, Mention, Offsets, Role
from pipeline.scheme import ROLE_FILLERS


@Language.factory(
    "merge_events",
    requires=["doc.ents", "doc._.events"],
    assigns=["doc._.events"],
    default_config={"threshold": 0.0, "thresholds": {}},
)
def make_merge_events(
    nlp: Language, name: str, *, precedence: list[str], statuses: Path, threshold: float, thresholds: dict[str, float]
) -> MergeEvents:
    """Build the stage; `precedence` names every source once, the one that wins first; `statuses` is a file of cues.

    Events less probable than `threshold`, or than that of their type in `thresholds`, are left out.
    """
    return MergeEvents(
        name=name, precedence=precedence, cues=load_cues(Path(statuses)), threshold=threshold, thresholds=thresholds
    )


class MergeEvents:
    """Choose between the sources' events; each survivor keeps the name of the source that found it.

    Triggers do not overlap. Of two sources' events of one type in one sentence only that of the first counts, since both
    mean one happening; one source may find several. A source that tells statuses itself is believed: cues change `done`.
    """

    def __init__(
        self, *, name: str, precedence: Sequence[str], cues: Cues, threshold: float, thresholds: Mapping[str, float]
    ) -> None:
        where = f"[components.{name}]"
        if not precedence or len(set(precedence)) != len(precedence):
            raise ConfigError(
                f"{where} precedence = {list(precedence)}", remedy="name at least one source, and each one once"
            )
        for kind in thresholds:
            if kind not in EVENT_TYPES:
                raise ConfigError(f"{where} thresholds: {unknown('event type', kind, EVENT_TYPES)}")
        for value in (threshold, *thresholds.values()):
            if not 0 <= value <= 1:
                raise ConfigError(f"{where} a threshold is {value}", remedy="give thresholds from 0 to 1")
        self.name = name
        self.precedence = tuple(precedence)
        self.cues = cues
        self.threshold = threshold
        self.thresholds = dict(thresholds)

    def find(self, doc: Doc) -> Iterator[Event]:
        """Find the events that count.

        Raises:
            ConfigError: the precedence names a source that has not run, or leaves one out that has.
        """
        self._check_sources(doc)
        mentions = [Mention(span.start_char, span.end_char, span.label_) for span in doc.ents]
        labels = {(mention.start, mention.end): mention.label for mention in mentions}
        masked = mask(text_of(doc), mentions)
        for event in self._choose(doc):
            status = event.status if event.status != "done" else self.cues.status_of(masked, (event.start, event.end))
            yield msgspec.structs.replace(event, status=status, roles=_keep_roles(event.roles, labels))

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "events", MERGED, self.find(doc))

    def _choose(self, doc: Doc) -> list[Event]:
        starts = [0]
        if doc.has_annotation("SENT_START"):
            starts = [sentence.start_char for sentence in doc.sents] or [0]
        chosen: list[Event] = []
        said: dict[tuple[int, str], str] = {}  # sentence and type → the source that speaks of it
        for source in self.precedence:
            found = [
                event
                for event in read(doc, "events", source)
                if event.probability >= self.thresholds.get(event.type, self.threshold)
            ]
            for event in sorted(found, key=lambda e: (-e.probability, e.start, e.end, e.type)):
                place = (bisect_right(starts, event.start), event.type)
                if said.setdefault(place, source) == source and not any(_overlap(event, other) for other in chosen):
                    chosen.append(event)
        return chosen

    def _check_sources(self, doc: Doc) -> None:
        written = [source for source in sources(doc, "events") if source != MERGED]
        for source in self.precedence:
            if source not in written:
                raise ConfigError(
                    f"[components.{self.name}] precedence: {unknown('source of events', source, written)}",
                    remedy="put its stage before this one, or take it out of the precedence",
                )
        for source in written:
            if source not in self.precedence:
                raise ConfigError(
                    f"[components.{self.name}] precedence leaves out {source!r}; named: {', '.join(self.precedence)}",
                    remedy="give it a place in the precedence",
                )


def _overlap(one: Event, other: Event) -> bool:
    return one.start < other.end and other.start < one.end


def _keep_roles(roles: Sequence[Role], labels: Mapping[Offsets, str]) -> tuple[Role, ...]:
    """Keep the roles whose filler is a mention that counts and may fill it; one mention fills one role, the surest."""
    fitting = [role for role in roles if role.mention in labels and labels[role.mention] in ROLE_FILLERS[role.role]]
    surest: dict[Offsets, Role] = {}
    for role in sorted(fitting, key=lambda r: (-r.probability, r.role)):
        surest.setdefault(role.mention, role)
    return tuple(sorted(surest.values(), key=lambda r: (r.mention, r.role)))
