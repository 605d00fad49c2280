from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from markup import parse

from pipeline.doc import read
from pipeline.errors import ConfigError, RulesError
from pipeline.events.contexts import Surroundings, load_contexts
from pipeline.events.triggers import EventRules, load_roles, load_triggers, make_event_rules

RULES = Path(__file__).resolve().parents[2] / "configs" / "rules" / "events"
CONTEXTS = load_contexts(RULES / "contexts.toml")


@pytest.fixture(scope="module")
def stage() -> EventRules:
    return make_event_rules(None, "event_rules", rules=RULES, threshold=0.45)


def find(stage: EventRules, marked: str) -> list[tuple[str, str, dict[str, str]]]:
    """Give trigger, type and roles of each event of a marked sentence."""
    text, mentions = parse(marked)
    doc = spacy.blank("zh").make_doc(text)
    doc.ents = [doc.char_span(m.start, m.end, label=m.label) for m in mentions]
    return [
        (text[e.start : e.end], e.type, {r.role: text[slice(*r.mention)] for r in e.roles})
        for e in read(stage(doc), "events", "event_rules")
    ]


@pytest.mark.parametrize(
    ("marked", "trigger", "kind", "roles"),
    [
        (
            "[近日|DATE]，[云州市财政局|ORG]印发[《资金管理办法》|DOCUMENT]。",
            "印发", "policy_release", {"agent": "云州市财政局", "theme": "《资金管理办法》", "time": "近日"},
        ),
        (
            "[12月3日|DATE]，[恒远集团|ORG]与[云州大学|ORG]在[云州|LOC]签署[合作协议|DOCUMENT]。",
            "签署", "agreement", {"agent": "云州大学", "theme": "合作协议", "time": "12月3日"},
        ),
        ("[恒远集团|ORG]出资[3亿元|MONEY]。", "出资", "investment", {"agent": "恒远集团", "amount": "3亿元"}),
        ("[昨天|DATE]，[青石大桥|PROJECT]通车。", "通车", "construction", {"theme": "青石大桥", "time": "昨天"}),
    ],
)  # fmt: skip
def test_a_trigger_word_in_its_context_has_a_type_and_near_mentions_as_roles(stage, marked, trigger, kind, roles):
    found = {event[0]: event for event in find(stage, marked)}
    assert found[trigger][1] == kind
    assert {role: found[trigger][2].get(role) for role in roles} == roles


@pytest.mark.parametrize(
    "marked",
    [
        "要多检查身体",
        "建设者的故事",
        "投资的眼光要放远",
        "[云州检查站|LOC]在山下",
        "[人民政治协商会议|ORG]",
        "天气很好",
        "",
    ],
)
def test_the_same_words_as_names_or_in_general_are_no_triggers(stage, marked):
    assert find(stage, marked) == []


def test_the_surer_context_gives_the_higher_probability():
    trigger = load_triggers(RULES / "triggers.txt")["签约"]
    assert trigger.probability(("dated+acted", "after:opens")) > trigger.probability(("neither", "after:of"))


def test_the_surroundings_of_a_word_are_named():
    text, mentions = parse("天晴。[12月3日|DATE]，[云州市|LOC]召开[座谈会|ORG]的人")
    around = Surroundings(text, mentions, CONTEXTS)
    start = text.index("召开")
    assert around.of(start, start + 2) == ("dated+acted", "before:name", "after:name")
    assert dict(around.nearest(start, start + 2)).keys() == {
        "DATE before sentence", "LOC before clause", "ORG after clause",
    }  # fmt: skip
    assert around.of(0, 1) == ("neither", "before:leads", "after:other")


@pytest.mark.parametrize(
    ("load", "text", "says"),
    [
        (load_triggers, "签约\tagreement\n", "type and log-odds"),
        (load_triggers, "签约\tparty\t0.1\n", "unknown event type 'party'; known: .*agreement"),
        (load_triggers, "签约\tagreement\tmuch\n", "'much' is no number"),
        (load_triggers, "签约\tagreement\t0.1\tdatd=0.2\n", "unknown context 'datd'"),
        (load_roles, "agreement ORG near clause\tagent\t0.9\n", "write agreement ORG before clause"),
        (load_roles, "agreement ORG before clause\tagent\n", "write agreement ORG before clause"),
        (load_roles, "agreement ORG before clause\tagnt\t0.9\n", "unknown role 'agnt'"),
        (load_roles, "agreement ORG before clause\ttime\t0.9\n", "against the scheme"),
    ],
)
def test_a_bad_line_names_file_and_line(tmp_path, load, text, says):
    path = tmp_path / "words.txt"
    path.write_text("# 来源\n" + text, encoding="utf-8")
    with pytest.raises(RulesError, match=rf"(?s)words\.txt:2: .*{says}"):
        load(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[context]]\nname = 'dated'\npattern = '年'\n", "there is no context 'opens'"),
        ("[[context]]\nname = 'day'\npattern = '年'\n", r":1: unknown context 'day'; known: dated, leads, opens"),
        ("[[context]]\nname = 'dated'\npattern = '年*'\n", ":1: matches the empty string"),
    ],
)
def test_a_bad_context_file_is_refused(tmp_path, text, says):
    path = tmp_path / "contexts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=says):
        load_contexts(path)


def test_a_threshold_is_a_probability():
    with pytest.raises(ConfigError, match=r"threshold = 1\.4"):
        make_event_rules(None, "event_rules", rules=RULES, threshold=1.4)
