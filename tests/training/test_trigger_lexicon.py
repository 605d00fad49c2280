from __future__ import annotations

import json
from pathlib import Path

from pipeline.events.contexts import load_contexts
from pipeline.events.triggers import load_roles, load_triggers
from pipeline.training.triggers import make_event_triggers

CONTEXTS = Path(__file__).resolve().parents[2] / "configs" / "rules" / "events" / "contexts.toml"


def line(number: int, text: str, events: list[dict]) -> str:
    mentions = [{"start": 0, "end": 3, "label": "ORG"}]
    return json.dumps({"id": str(number), "text": text, "mentions": mentions, "relations": [], "events": events})


def test_words_that_are_triggers_often_enough_are_learned_with_their_contexts(tmp_path: Path) -> None:
    event = {"type": "agreement", "start": 3, "end": 5, "roles": [{"role": "agent", "mention": [0, 3]}]}
    lines = [line(n, "恒远社签约。", [event]) for n in range(8)]
    lines += [line(n, "恒远社的签约的路", []) for n in range(8, 16)]
    lines += [line(20, "恒远社揭牌。", [{**event, "type": "launch", "roles": []}])]
    annotated = tmp_path / "a.jsonl"
    annotated.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "contexts.toml").write_bytes(CONTEXTS.read_bytes())
    assert make_event_triggers(annotated=annotated, rules=rules)() == rules
    triggers = load_triggers(rules / "triggers.txt")
    assert set(triggers) == {"签约"}  # 揭牌 stands there once
    sure = triggers["签约"].probability(("acted", "before:name", "after:opens"))
    unsure = triggers["签约"].probability(("acted", "before:other", "after:of"))
    assert triggers["签约"].type == "agreement" and sure > 0.7 and unsure < 0.3
    assert load_roles(rules / "roles.txt")["agreement", "ORG before clause"] == ("agent", 0.83)
    assert load_contexts(rules / "contexts.toml") == load_contexts(CONTEXTS)
