"""Text generation: what goes over the wire, and what becomes of what comes back, with a scripted server on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cases import CONFIGS
from scripted import Answer, Server
from spacy.language import Language

from pipeline.backends.answers import read_dropped
from pipeline.backends.endpoint import EndpointError
from pipeline.build import load
from pipeline.doc import read
from pipeline.errors import ConfigError

pytest.importorskip("httpx", reason="httpx is not installed: pip install -e '.[generation]' -c constraints.txt")

TEXT = "恒远集团董事长赵 敏12月3日,在云州市会见华岳公司客人。\n恒远集团投资5亿元。"


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def load_generation(server: Server, **settings: object) -> Language:
    overrides: dict[str, object] = {"generation.endpoint": server.url, "generation.model": "small"}
    overrides |= {f"components.{stage}.retries": 0 for stage in ("generation", "relations", "events")}
    return load(CONFIGS / "generation.cfg", {**overrides, **settings})


def mention(line: int, text: str, label: str) -> dict[str, Any]:
    return {"line": line, "text": text, "label": label}


def by_kind(answers: dict[str, Any]) -> Callable[[dict[str, Any]], Answer]:
    return lambda body: answers.get(body["response_format"]["json_schema"]["name"], {"relations": [], "events": []})


MENTIONS = [
    mention(1, "恒远集团", "ORG"), mention(1, "董事长", "TITLE"), mention(1, "赵敏", "PER"),
    mention(1, "云州市", "LOC"), mention(2, "恒远集团", "ORG"),
]  # fmt: skip


def surfaces(doc: Any, source: str = "generation") -> list[tuple[str, int, str]]:
    return [(doc.text[m.start : m.end], m.start, m.label) for m in read(doc, "mentions", source)]


def test_it_is_off_until_an_endpoint_is_set() -> None:
    with pytest.raises(ConfigError, match=r"text generation is off: endpoint is empty"):
        load(CONFIGS / "generation.cfg")


def test_the_wire_format_is_that_of_chat_completions(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOZHI_API_KEY", "sesame")
    server.script = by_kind({"mentions": {"mentions": MENTIONS}})
    load_generation(server)(TEXT)
    assert set(server.paths) == {"/v1/chat/completions"}
    assert all(headers["Authorization"] == "Bearer sesame" for headers in server.headers)
    body = server.names("mentions")[0]
    assert body["model"] == "small" and body["temperature"] == 0
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"].startswith("[1] 恒远集团董事长")
    assert "\n[2] 恒远集团投资" in body["messages"][1]["content"]
    schema = body["response_format"]["json_schema"]
    assert body["response_format"]["type"] == "json_schema" and schema["strict"] is True
    assert "TITLE" in schema["schema"]["properties"]["mentions"]["items"]["properties"]["label"]["enum"]
    marked = server.names("relations")[0]["messages"][1]["content"]
    assert "<m1 ORG>恒远集团</m1><m2 TITLE>董事长</m2><m3 PER>赵 敏</m3>" in marked
    assert json.dumps(server.asked).count("sesame") == 0


def test_without_a_key_nothing_is_sent_for_one(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAOZHI_API_KEY", raising=False)
    load_generation(server)(TEXT)
    assert all("Authorization" not in headers for headers in server.headers)


def test_a_server_elsewhere_needs_a_key_in_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAOZHI_API_KEY", raising=False)
    with pytest.raises(ConfigError, match=r"BAOZHI_API_KEY with the key for models.example is not set"):
        load_generation(server, **{"generation.endpoint": "https://models.example/v1"})


def test_answers_are_found_at_exact_offsets_whatever_their_width_and_blanks(server: Server) -> None:
    date = mention(1, "12月3日，", "DATE")
    server.script = by_kind({"mentions": {"mentions": [*MENTIONS, date]}})
    doc = load_generation(server)(TEXT)
    assert surfaces(doc) == [
        ("恒远集团", 0, "ORG"), ("董事长", 4, "TITLE"), ("赵 敏", 7, "PER"), ("12月3日,", 10, "DATE"),
        ("云州市", 17, "LOC"), ("恒远集团", TEXT.index("恒远", 5), "ORG"),
    ]  # fmt: skip
    assert read_dropped(doc)["generation"] == {}


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (mention(1, "恒大集团", "ORG"), "not in the text"),
        (mention(2, "云州市", "LOC"), "not in the text"),
        (mention(9, "云州市", "LOC"), "line that is not there"),
        (mention(0, "云州市", "LOC"), "line that is not there"),
        (mention(1, "云州市", "CITY"), "unknown label"),
        (mention(1, "", "LOC"), "not in the text"),
        (mention(1, "团董事", "ORG"), "overlap or one too many"),
        (mention(1, "恒远集团", "ORG"), "overlap or one too many"),
        ({"line": "1", "text": "云州市", "label": "LOC"}, "malformed item"),
        ({"text": "云州市", "label": "LOC"}, "malformed item"),
        ("云州市", "malformed item"),
    ],
)
def test_what_cannot_be_placed_is_dropped_and_counted(server: Server, item: object, reason: str) -> None:
    kept = [mention(1, "恒远集团", "ORG"), mention(1, "董事长", "TITLE")]
    server.script = by_kind({"mentions": {"mentions": [*kept, item]}})
    doc = load_generation(server)(TEXT)
    assert surfaces(doc) == [("恒远集团", 0, "ORG"), ("董事长", 4, "TITLE")]
    assert read_dropped(doc)["generation"] == {reason: 1}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("对不起，我不能", "answer that is no JSON"),
        ('{"mentions": [{"line": 1', "answer that is no JSON"),
        ("", "answer that is no JSON"),
        ("[]", "answer without mentions"),
        ('{"entities": []}', "answer without mentions"),
        ('{"mentions": {}}', "answer without mentions"),
    ],
)
def test_an_answer_that_is_no_list_is_dropped_and_counted(server: Server, answer: str, reason: str) -> None:
    server.script = lambda body: answer
    doc = load_generation(server)(TEXT)
    assert surfaces(doc) == []
    assert read_dropped(doc)["generation"] == {reason: 1}


def test_an_answer_in_a_code_fence_is_read(server: Server) -> None:
    server.script = lambda body: "```json\n" + json.dumps({"mentions": MENTIONS[:1]}) + "\n```"
    assert surfaces(load_generation(server)(TEXT)) == [("恒远集团", 0, "ORG")]


def test_relations_and_events_join_the_mentions_that_were_marked(server: Server) -> None:
    edges = [
        {"type": "position_held", "from": "m3", "to": "m2"},
        {"type": "position_held", "from": "m2", "to": "m3"},
        {"type": "married_to", "from": "m3", "to": "m2"},
        {"type": "position_held", "from": "m3", "to": "m99"},
    ]
    roles = [{"role": "agent", "mention": "m3"}, {"role": "time", "mention": "m1"}, {"role": "agent", "mention": "m99"}]
    events = [
        {"line": 1, "trigger": "会见", "type": "meeting", "status": "done", "roles": roles},
        {"line": 1, "trigger": "开会", "type": "meeting", "status": "done", "roles": []},
        {"line": 2, "trigger": "投资", "type": "gift", "status": "done", "roles": []},
    ]
    server.script = by_kind(
        {"mentions": {"mentions": MENTIONS}, "relations": {"relations": edges}, "events": {"events": events}}
    )
    doc = load_generation(server)(TEXT)
    assert [(r.head, r.type, r.tail, r.source) for r in read(doc, "relations")] == [
        ((7, 10), "position_held", (4, 7), "relations")
    ]
    assert read_dropped(doc)["relations"] == {
        "against the scheme": 1,
        "mention that is not there": 1,
        "unknown relation": 1,
    }
    (event,) = read(doc, "events")
    assert (doc.text[event.start : event.end], event.type, [(r.role, r.mention) for r in event.roles]) == (
        "会见",
        "meeting",
        [("agent", (7, 10))],
    )
    assert read_dropped(doc)["events"] == {
        "against the scheme": 1, "mention that is not there": 1, "not in the text": 1, "unknown event": 1
    }  # fmt: skip


def test_a_long_article_is_asked_in_passages_and_offsets_still_hold(server: Server) -> None:
    def script(body: dict[str, Any]) -> Answer:
        lines = body["messages"][1]["content"].split("\n")
        if body["response_format"]["json_schema"]["name"] != "mentions":
            return {"relations": [], "events": []}
        return {"mentions": [mention(n, "恒远集团", "ORG") for n, line in enumerate(lines, 1) if "恒远集团" in line]}

    server.script = script
    text = "会议强调安全生产，落实责任。\n恒远集团𠮷林分公司参加。🙂\n" * 700
    assert len(text) > 19_000
    doc = load_generation(server)(text)
    assert len(server.names("mentions")) > 10
    assert len(surfaces(doc)) == 700 and all(surface == "恒远集团" for surface, _, _ in surfaces(doc))


def test_an_empty_text_asks_nothing(server: Server) -> None:
    nlp = load_generation(server)
    for text in ("", "\n\u3000"):
        assert nlp(text).text == text
    assert server.asked == []


def test_a_busy_server_is_asked_again_and_a_refusal_is_not(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.backends.endpoint.time.sleep", lambda seconds: None)
    answers = iter([503, 429])
    server.script = lambda body: next(answers, {"mentions": MENTIONS[:1], "relations": [], "events": []})
    retrying = {"components.generation.retries": 2, "components.generation.concurrent": 1}
    assert len(surfaces(load_generation(server, **retrying)("恒远集团成立。"))) == 1
    assert len(server.names("mentions")) == 3
    server.asked.clear()
    server.script = lambda body: 401
    with pytest.raises(EndpointError, match=r"answers 401: .*scripted"):
        load_generation(server, **retrying)("恒远集团成立。")
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_named(server: Server) -> None:
    nlp = load_generation(server)
    server.close()
    with pytest.raises(EndpointError, match=r"127.0.0.1.*cannot be reached.*\(1 tries\)"):
        nlp("恒远集团成立。")


def test_an_answer_in_the_cache_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    server.script = by_kind({"mentions": {"mentions": MENTIONS}})
    settings = {"components.generation.cache": str(tmp_path / "answers")}
    first = surfaces(load_generation(server, **settings)(TEXT))
    assert surfaces(load_generation(server, **settings)(TEXT)) == first
    assert len(server.names("mentions")) == 1
    load_generation(server, **settings, **{"generation.model": "other"})(TEXT)
    assert len(server.names("mentions")) == 2


def test_two_processes_ask_as_one_does(server: Server) -> None:
    server.script = by_kind({"mentions": {"mentions": MENTIONS}})
    nlp = load_generation(server)
    alone = surfaces(nlp(TEXT))
    docs = list(nlp.pipe([TEXT] * 4, n_process=2, batch_size=1))
    assert [surfaces(doc) for doc in docs] == [alone] * 4
    assert all(read_dropped(doc)["generation"] == {} for doc in docs)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"generation.endpoint": "127.0.0.1:8000"}, "no http address|endpoint = "),
        ({"generation.model": ""}, "model is empty"),
        ({"components.generation.response_format": "yaml"}, "known: json_schema, json_object, text"),
        ({"components.generation.timeout": 0.0}, "timeout"),
        ({"components.generation.instructions": "no/such/file"}, "instructions cannot be read"),
        ({"components.generation.longest": 1}, "longest = 1"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(server: Server, settings: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load_generation(server, **settings)
