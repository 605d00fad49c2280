"""Relations and events by the character encoder, with a tiny model of random weights and the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from pipeline.doc import read
from pipeline.errors import ConfigError
from pipeline.events.encoder import EncoderEvents
from pipeline.records import EVENT_TYPES, RELATION_TYPES
from pipeline.relations.encoder import EncoderRelations
from pipeline.scheme import ROLE_FILLERS, allows

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "encoder" / "tiny"
TEXT = "太原市市长赵敏会见恒远集团董事长钱军。恒远集团投资5.7亿元。"
MENTIONS = [(0, 3, "LOC"), (3, 5, "TITLE"), (5, 7, "PER"), (9, 13, "ORG"), (13, 16, "TITLE"), (16, 18, "PER"),
            (19, 23, "ORG"), (25, 30, "MONEY")]  # fmt: skip


def make(text: str = TEXT, mentions: list[tuple[int, int, str]] = MENTIONS) -> Doc:
    doc = spacy.blank("zh").make_doc(text)
    doc.ents = [span for s, e, label in mentions if (span := doc.char_span(s, e, label=label)) is not None]
    return doc


def relations(**settings: object) -> EncoderRelations:
    return EncoderRelations(
        **{"name": "r", "model": TINY, "types": list(RELATION_TYPES), "threshold": 0.0, "threads": 1, **settings}
    )


def events(**settings: object) -> EncoderEvents:
    return EncoderEvents(
        **{
            "name": "v", "model": TINY, "types": list(EVENT_TYPES), "threshold": 0.0, "role_threshold": 0.0,
            "threads": 1, **settings,
        }
    )  # fmt: skip


def test_every_relation_joins_what_the_scheme_allows() -> None:
    doc = relations()(make())
    labels = {(s, e): label for s, e, label in MENTIONS}
    found = read(doc, "relations", "r")
    assert found
    assert all(allows(r.type, labels[r.head], labels[r.tail]) for r in found)


def test_every_role_leads_to_a_mention_that_may_fill_it() -> None:
    doc = events()(make())
    labels = {(s, e): label for s, e, label in MENTIONS}
    found = read(doc, "events", "v")
    assert any(event.roles for event in found)
    assert all(labels[role.mention] in ROLE_FILLERS[role.role] for event in found for role in event.roles)


@pytest.mark.parametrize("mentions", [[], MENTIONS[:1]])
def test_fewer_than_two_mentions_have_no_relation(mentions: list[tuple[int, int, str]]) -> None:
    assert read(relations()(make(mentions=mentions)), "relations") == ()


def test_batches_and_single_docs_give_the_same() -> None:
    texts = ["", "\n", TEXT, "。", TEXT * 30]
    docs = [make(text, MENTIONS if text else []) for text in texts]
    again = [make(text, MENTIONS if text else []) for text in texts]
    for stage, layer in ((relations(), "relations"), (events(), "events")):
        for piped, doc in zip(stage.pipe(docs, batch_size=2), again, strict=True):
            assert read(piped, layer) == read(stage(doc), layer)


def test_thresholds_and_types_leave_out() -> None:
    everything = read(relations()(make()), "relations")
    sure = read(relations(threshold=0.9)(make()), "relations")
    assert {(r.head, r.tail, r.type) for r in sure} == {
        (r.head, r.tail, r.type) for r in everything if r.probability >= 0.9
    }
    posts = read(relations(types=["position_held"])(make()), "relations")
    assert {r.type for r in posts} <= {"position_held"}
    assert read(events(threshold=1.0)(make()), "events") == ()


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"types": ["holds_post"]}, "position_held"), ({"threshold": 2.0}, "0 to 1"), ({"threads": 0}, "1 or more")],
)
def test_settings_that_cannot_work_are_refused(settings: dict, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        relations(**settings)


def test_an_unknown_event_type_is_refused() -> None:
    with pytest.raises(ConfigError, match="inspection"):
        events(types=["inspektion"])
