from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy
from markup import parse

from pipeline.doc import read, write
from pipeline.errors import ConfigError
from pipeline.events.merge import MergeEvents
from pipeline.events.statuses import load_cues
from pipeline.records import Event, Role

CUES = load_cues(Path(__file__).resolve().parents[2] / "configs" / "rules" / "events" / "statuses.toml")
TEXT = "[恒远集团|ORG]拟收购[青石水务|ORG]并签约。[云州市|LOC]印发通知。"


def make(**settings: Any) -> MergeEvents:
    defaults = {"precedence": ["first", "second"], "cues": CUES, "threshold": 0.0, "thresholds": {}}
    return MergeEvents(name="merge_events", **{**defaults, **settings})


def merge(first: list[Event], second: list[Event], marked: str = TEXT, **settings: Any) -> list[Event]:
    text, mentions = parse(marked)
    doc = spacy.blank("zh").make_doc(text)
    for token in doc:
        token.is_sent_start = token.i == 0 or doc[token.i - 1].text == "。"
    doc.ents = [doc.char_span(m.start, m.end, label=m.label) for m in mentions]
    write(doc, "events", "first", first)
    write(doc, "events", "second", second)
    make(**settings)(doc)
    assert read(doc, "events", "first") == tuple(Event(**{**as_dict(e), "source": "first"}) for e in first)
    return list(doc._.events)


def as_dict(event: Event) -> dict[str, Any]:
    return {field: getattr(event, field) for field in event.__struct_fields__}


def brief(events: list[Event]) -> list[tuple[int, int, str, str]]:
    return [(e.start, e.end, e.type, e.source) for e in events]


def test_triggers_do_not_overlap_and_the_first_source_wins():
    wide, narrow = Event(4, 7, "equity_change", 0.9), Event(5, 7, "investment", 0.4)
    assert brief(merge([narrow], [wide])) == [(5, 7, "investment", "first")]


def test_of_one_source_the_surer_of_two_overlapping_triggers_stays():
    assert brief(merge([Event(4, 7, "investment", 0.6), Event(5, 7, "equity_change", 0.9)], [])) == [
        (5, 7, "equity_change", "first")
    ]


def test_two_sources_speak_of_one_happening_of_a_type_in_a_sentence():
    assert brief(merge([Event(5, 7, "agreement")], [Event(12, 14, "agreement")])) == [(5, 7, "agreement", "first")]
    other_type = merge([Event(5, 7, "equity_change")], [Event(12, 14, "agreement")])
    assert brief(other_type) == [(5, 7, "equity_change", "first"), (12, 14, "agreement", "second")]
    other_sentence = merge([Event(5, 7, "agreement")], [Event(18, 20, "agreement")])
    assert len(other_sentence) == 2


def test_one_source_may_tell_two_happenings_of_a_type_in_a_sentence():
    assert len(merge([Event(5, 7, "agreement"), Event(12, 14, "agreement")], [])) == 2


def test_cues_give_the_status_but_a_source_that_tells_one_is_believed():
    found = merge([Event(5, 7, "equity_change"), Event(18, 20, "policy_release", status="denied")], [])
    assert [e.status for e in found] == ["planned", "denied"]


def test_a_mention_fills_one_role_and_only_one_that_the_scheme_allows():
    roles = (
        Role("agent", (0, 4), 0.6), Role("theme", (0, 4), 0.7), Role("time", (7, 11), 0.9), Role("theme", (1, 3), 0.9),
        Role("participant", (7, 11), 0.5),
    )  # fmt: skip
    (event,) = merge([Event(5, 7, "equity_change", roles=roles)], [])
    assert [(r.role, r.mention) for r in event.roles] == [("theme", (0, 4)), ("participant", (7, 11))]


@pytest.mark.parametrize(("thresholds", "kept"), [({}, 0), ({"agreement": 0.4}, 1)])
def test_a_type_has_its_own_threshold_or_that_of_all(thresholds, kept):
    assert len(merge([Event(12, 14, "agreement", 0.45)], [], threshold=0.5, thresholds=thresholds)) == kept


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"precedence": []}, "at least one source"),
        ({"thresholds": {"party": 0.5}}, "unknown event type 'party'; known: .*agreement"),
        ({"threshold": 2.0}, "a threshold is 2.0"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings, says):
    with pytest.raises(ConfigError, match=says):
        make(**settings)


@pytest.mark.parametrize(("precedence", "says"), [(["first"], "leaves out 'second'"), (["first", "second", "third"], "unknown source of events 'third'")])  # fmt: skip
def test_the_precedence_names_every_source_that_ran(precedence, says):
    with pytest.raises(ConfigError, match=says):
        merge([], [], precedence=precedence)
