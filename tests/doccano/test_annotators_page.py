"""In the real page, with a real mouse: what a person marks is what comes back, also behind characters of two units."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Annotator
from sites import Site

from pipeline.annotation.changes import summarize
from pipeline.annotation.outgoing import read_versions
from pipeline.annotation.pull import pull
from pipeline.annotation.push import push
from pipeline.annotation.snapshots import Snapshots
from pipeline.export.utf16 import CodeUnits

TEXT = "😀𠮷山股份出资\r\n昨日，\t恒远集团董事长赵敏在云州会见𠮷野家代表。"
PERSON = "xiaoli"


def at(surface: str) -> tuple[int, int]:
    start = TEXT.index(surface)
    return start, start + len(surface)


def mention(surface: str, label: str) -> dict[str, object]:
    start, end = at(surface)
    return {"start": start, "end": end, "label": label}


MARKED = {
    "id": "样-1",
    "text": TEXT,
    "mentions": [
        mention("恒远集团", "LOC"),
        mention("赵敏", "PER"),
        mention("昨日", "DATE"),
        mention("董事长", "TITLE"),
    ],
    "relations": [{"type": "position_held", "from": at("赵敏"), "to": at("董事长")}],
    "events": [
        {
            "type": "meeting",
            "start": at("会见")[0],
            "end": at("会见")[1],
            "roles": [{"role": "agent", "mention": at("赵敏")}, {"role": "time", "mention": at("昨日")}],
        }
    ],
}


@pytest.fixture
def annotator(tmp_path: Path) -> Iterator[Annotator]:
    annotator = Annotator(tmp_path / "profile")
    yield annotator
    annotator.close()


def test_what_a_person_does_in_the_page_comes_back(
    site: Site, annotator: Annotator, tmp_path: Path, snapshots: Callable[[str], Snapshots]
) -> None:
    project = site.project(PERSON)
    (tmp_path / "a.jsonl").write_text(json.dumps(MARKED), encoding="utf-8")
    push(site.own, project, read_versions(tmp_path / "a.jsonl", order="given"), snapshots(project))
    annotator.log_in(site.running.url, PERSON, site.password(PERSON))
    annotator.open(site.own.address(site.own.project(project), 1), labels=5)
    assert sorted(annotator.names()) == ["DATE", "LOC", "PER", "TITLE", "meeting"]

    names = annotator.names()
    annotator.join(names.index("TITLE"), names.index("LOC"), "position_in")  # 董事长 → 恒远集团
    units = CodeUnits(TEXT)
    for surface, label in (("𠮷山股份", "ORG"), ("云州", "LOC"), ("𠮷野家", "ORG")):
        start, end = at(surface)
        assert annotator.mark(units.of(start), units.of(end), label) == surface
    annotator.relabel(annotator.names().index("LOC"), "ORG")  # 恒远集团
    annotator.erase(annotator.names().index("DATE"))  # 昨日, with the edge to it
    annotator.erase_edge("agent")
    annotator.confirm()

    back = pull(site.own, project, snapshots(project), take="confirmed")
    assert back.problems == ()
    (pulled,) = back.taken
    assert pulled.article.text == TEXT
    assert {(TEXT[m.start : m.end], m.label) for m in pulled.article.mentions} == {
        *(("𠮷山股份", "ORG"), ("恒远集团", "ORG"), ("𠮷野家", "ORG")),
        *(("董事长", "TITLE"), ("赵敏", "PER"), ("云州", "LOC")),
    }
    assert [(event.type, event.roles) for event in pulled.article.events] == [("meeting", ())]
    assert summarize(told.change for told in pulled.told) == "+3 mentions, -1, 1 relabelled; +1 relations; -2 roles"
    added = [told for told in pulled.told if told.change.layer == "relations"]
    assert [told.change.now for told in added] == [("position_in", at("董事长"), at("恒远集团"))]
    assert {told.by for told in pulled.told if told.change.kind == "added"} == {PERSON}
    assert pulled.confirmed is not None and pulled.confirmed.by == PERSON


ARTICLE = "\n".join((
    "恒远集团五亿元建设云州钢厂",
    "本报讯 12月3日，恒远集团董事长赵敏在云州市宣布，集团将出资5亿元建设年产30万吨的云州钢厂扩建项目。",
    "云州市市长钱立出席签约仪式。恒远集团与云州银行当日签署《融资合作协议》。",
))  # fmt: skip
MENTIONS = (
    ("恒远集团", "ORG", 1),
    ("12月3日", "DATE", 1),
    ("恒远集团", "ORG", 2),
    ("董事长", "TITLE", 1),
    ("赵敏", "PER", 1),
    ("云州市", "LOC", 1),
    ("5亿元", "MONEY", 1),
    ("云州钢厂扩建项目", "PROJECT", 1),
    ("云州市", "LOC", 2),
    ("市长", "TITLE", 1),
    ("钱立", "PER", 1),
    ("恒远集团", "ORG", 3),
    ("云州银行", "ORG", 1),
    ("《融资合作协议》", "DOCUMENT", 1),
)
MANAGER, BANK, DEAL = ("赵敏", 1), ("云州银行", 1), ("《融资合作协议》", 1)
GROUP, MILL, MAYOR = ("恒远集团", 2), ("云州钢厂扩建项目", 1), ("钱立", 1)


def nth(surface: str, number: int) -> tuple[int, int]:
    start = -1
    for _ in range(number):
        start = ARTICLE.index(surface, start + 1)
    return start, start + len(surface)


def made_up_article() -> dict[str, object]:
    mentions = [dict(zip(("start", "end", "label"), (*nth(s, n), label), strict=True)) for s, label, n in MENTIONS]
    edges = (
        ("position_held", MANAGER, ("董事长", 1)),
        ("position_in", ("董事长", 1), GROUP),
        ("invests_in", GROUP, MILL),
        ("project_amount", MILL, ("5亿元", 1)),
        ("position_held", MAYOR, ("市长", 1)),
        ("position_in", ("市长", 1), ("云州市", 2)),
        ("cooperates_with", ("恒远集团", 3), BANK),
    )
    paid = (("agent", GROUP), ("amount", ("5亿元", 1)), ("time", ("12月3日", 1)))
    signed = (("agent", ("恒远集团", 3)), ("participant", BANK), ("theme", DEAL))
    events = (("investment", ("出资", 1), paid), ("agreement", ("签署", 1), signed))
    return {
        "id": "样-2", "text": ARTICLE, "mentions": mentions,
        "relations": [{"type": kind, "from": nth(*head), "to": nth(*tail)} for kind, head, tail in edges],
        "events": [
            {"type": kind, "start": nth(*trigger)[0], "end": nth(*trigger)[1],
             "roles": [{"role": role, "mention": nth(*mention)} for role, mention in roles]}
            for kind, trigger, roles in events
        ],
    }  # fmt: skip


def test_the_page_draws_every_label_and_edge(
    site: Site, annotator: Annotator, tmp_path: Path, snapshots: Callable[[str], Snapshots]
) -> None:
    project = site.project(PERSON)
    (tmp_path / "a.jsonl").write_text(json.dumps(made_up_article()), encoding="utf-8")
    (version,) = read_versions(tmp_path / "a.jsonl", order="given")
    push(site.own, project, [version], snapshots(project))
    annotator.log_in(site.running.url, PERSON, site.password(PERSON))
    annotator.open(site.own.address(site.own.project(project), 1), labels=len(version.document.spans))
    assert sorted(annotator.names()) == sorted(span.label for span in version.document.spans)
    drawn = set(annotator.edges())
    assert all(any(edge.label.startswith(name.rstrip(".")) for name in drawn) for edge in version.document.edges)
    annotator.photograph("annotators-page.png")
