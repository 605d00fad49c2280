"""A comparison of two runs says what came, went and changed, and nothing of what is the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from made_records import INVESTMENT, make_record, write_records
from typer.testing import CliRunner

from pipeline.cli.diff import diff_command
from pipeline.diff.changes import LAYERS, Change, Differences
from pipeline.diff.compare import compare_runs
from pipeline.diff.places import Alignment
from pipeline.errors import ConfigError
from pipeline.records import Record

replace = msgspec.structs.replace


def changes(old: Record, new: Record, **settings: Any) -> list[Change]:
    return [change for article in compare_runs([old], [new], **settings).articles for change in article.changes]


def said(found: list[Change]) -> list[tuple[str, str, str, str]]:
    return [(change.outcome, change.layer, change.type, change.text) for change in found]


def swapped(record: Record, layer: str, number: int, **parts: Any) -> Record:
    items = list(getattr(record, layer))
    items[number] = replace(items[number], **parts)
    return replace(record, **{layer: tuple(items)})


def test_a_run_and_itself_do_not_differ() -> None:
    found = compare_runs([INVESTMENT], [INVESTMENT], tolerance=0)
    assert not found
    assert {layer: tally.same for layer, tally in found.tallies.items()} == {
        "articles": 1, "mentions": 7, "entities": 1, "relations": 2, "events": 1, "facts": 2,
    }  # fmt: skip


PERSON = next(number for number, mention in enumerate(INVESTMENT.mentions) if mention.label == "PER")


@pytest.mark.parametrize(
    ("new", "layer", "fields"),
    [
        (swapped(INVESTMENT, "mentions", PERSON, label="ORG"), "mentions", {"label": ("PER", "ORG")}),
        (swapped(INVESTMENT, "mentions", PERSON, value="赵"), "mentions", {"value": (None, "赵")}),
        (swapped(INVESTMENT, "mentions", PERSON, probability=0.5), "mentions", {"probability": (0.9, 0.5)}),
        (swapped(INVESTMENT, "relations", 1, probability=0.5), "relations", {"probability": (0.9, 0.5)}),
        (swapped(INVESTMENT, "relations", 1, type="cooperates_with"), "relations", {"type": ("invests_in", "cooperates_with")}),
        (swapped(INVESTMENT, "events", 0, status="done"), "events", {"status": ("planned", "done")}),
        (swapped(INVESTMENT, "events", 0, type="construction"), "events", {"type": ("investment", "construction")}),
        (
            swapped(INVESTMENT, "events", 0, roles=INVESTMENT.events[0].roles[:1]), "events",
            {"roles": (["agent 恒远集团", "amount 5亿元", "time 3月5日"], ["agent 恒远集团"])},
        ),
        (swapped(INVESTMENT, "entities", 0, name="恒远"), "entities", {"name": ("恒远重型机械集团有限公司", "恒远")}),
        (replace(INVESTMENT, facts=({**INVESTMENT.facts[0], "stage": "started"}, INVESTMENT.facts[1])), "facts", {"stage": ("planned", "started")}),
        (replace(INVESTMENT, facts=({**INVESTMENT.facts[0], "target": "m4-6"}, INVESTMENT.facts[1])), "facts", {"target": ("年产3万吨电池项目", "m4-6")}),
        (replace(INVESTMENT, title="别题"), "articles", {"title": ("恒远集团扩建", "别题")}),
    ],
)  # fmt: skip
def test_what_changed_is_said_with_both_values(new: Record, layer: str, fields: dict[str, tuple[Any, Any]]) -> None:
    found = [change for change in changes(INVESTMENT, new) if change.layer == layer]
    assert len(found) == (3 if layer == "mentions" and "name" in fields else 1)
    assert found[0].outcome == "changed"
    assert {field.name: (field.old, field.new) for field in found[0].fields} == fields


def test_a_probability_within_the_tolerance_has_not_changed() -> None:
    new = swapped(INVESTMENT, "mentions", PERSON, probability=0.86)
    assert changes(INVESTMENT, new) == []
    assert len(changes(INVESTMENT, new, tolerance=0.03)) == 1


@pytest.mark.parametrize("layer", ["mentions", "relations", "events", "facts"])
def test_what_is_only_in_one_run_is_lost_or_gained_with_its_sentence(layer: str) -> None:
    whole = replace(INVESTMENT, entities=())
    whole = replace(whole, mentions=tuple(replace(m, entity=None) for m in whole.mentions))
    if layer == "mentions":
        whole = replace(whole, relations=(), events=(), facts=())
    less = replace(whole, **{layer: getattr(whole, layer)[1:]})
    for old, new, outcome in ((whole, less, "lost"), (less, whole, "gained")):
        (change,) = changes(old, new)
        assert (change.outcome, change.layer) == (outcome, layer)
        assert change.sentence and whole.text[change.start : change.end]


def test_an_edge_whose_type_and_end_changed_is_lost_and_gained() -> None:
    other = next(m.id for m in INVESTMENT.mentions if m.label == "PER")
    new = swapped(INVESTMENT, "relations", 1, type="cooperates_with", tail=other)
    assert said(changes(INVESTMENT, new)) == [
        ("lost", "relations", "invests_in", "恒远集团 → 年产3万吨电池项目"),
        ("gained", "relations", "cooperates_with", "恒远集团 → 赵敏"),
    ]


def test_articles_are_matched_by_id_in_whatever_order_they_come() -> None:
    old = [replace(INVESTMENT, id=id) for id in "abcd"]
    new = [replace(INVESTMENT, id=id) for id in "edca"]
    found = compare_runs(old, new)
    assert [(a.article, a.changes[0].outcome) for a in found.articles] == [("b", "lost"), ("e", "gained")]
    tally = found.tallies["articles"]
    assert (tally.gained, tally.lost, tally.changed, tally.same) == (1, 1, 0, 3)
    assert found.tallies["mentions"].same == 21


def test_a_rewritten_text_is_told_and_what_stands_in_it_is_matched_by_its_words() -> None:
    old = make_record(
        "[赵敏|PER]任[恒远集团|ORG]经理。[李强|PER]到[太原|LOC]。", relations=[("owns_share_in", "赵敏", "恒远集团")]
    )
    new = make_record(
        "本报讯。[赵敏|PER]昨任[恒远集团|ORG]经理。[李强|PER]离[太原|LOC]。[太原|LOC]",
        relations=[("owns_share_in", "赵敏", "恒远集团")],
    )
    assert said(changes(old, new)) == [
        ("changed", "articles", "article", "本报讯。赵敏昨任恒远集团经理。李强离太原。太原"),
        ("gained", "mentions", "LOC", "太原"),
    ]
    (article, _) = changes(old, new)
    assert [(field.name, field.old[:2], field.new[:3]) for field in article.fields] == [("text", "赵敏", "本报讯")]


def test_a_name_in_a_stretch_that_was_rewritten_is_matched_by_its_surface() -> None:
    old, new = make_record("昨天[赵敏|PER]来了。"), make_record("[王丹|PER]与[赵敏|PER]走。")
    assert said(changes(old, new))[1:] == [("gained", "mentions", "PER", "王丹")]


def test_a_sentence_that_moved_takes_each_of_its_mentions_with_it_once() -> None:
    moved, rest = "[赵敏|PER]来，[赵敏|PER]走。", "天气一直很好。各地一直很忙。"
    assert [change.layer for change in changes(make_record(moved + rest), make_record(rest + moved))] == ["articles"]


def test_a_long_sentence_is_shown_around_what_it_is_about(tmp_path: Path) -> None:
    old = make_record("长" * 200 + "[赵敏|PER]" + "文" * 200)
    output = run(write_records(tmp_path / "a", old), write_records(tmp_path / "b", replace(old, mentions=())))
    assert "…" + "长" * 40 + "赵敏" + "文" * 40 + "…" in output


@given(st.text("甲乙丙。\n", max_size=30), st.text("甲乙丙。\n", max_size=30))
def test_what_an_alignment_finds_are_the_same_words_in_the_same_order(old: str, new: str) -> None:
    alignment = Alignment(old, new)
    found = [(i, alignment.translate(i, i + 1)) for i in range(len(old))]
    places = [place for _, place in found if place]
    assert all(place is None or new[slice(*place)] == old[i] for i, place in found)
    assert places == sorted(set(places))
    assert old != new or len(places) == len(old)


def run(*arguments: object, code: int = 0) -> str:
    app = typer.Typer()
    app.command()(diff_command)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(name="files")
def files_(tmp_path: Path) -> tuple[Path, Path]:
    new = swapped(swapped(INVESTMENT, "events", 0, status="done"), "mentions", PERSON, probability=0.5)
    return write_records(tmp_path / "old.jsonl", INVESTMENT), write_records(tmp_path / "new.jsonl", new)


def test_the_command_shows_changes_with_their_sentences_and_counts(files: tuple[Path, Path]) -> None:
    output = run(*files)
    assert "003-2 恒远集团扩建" in output
    assert " ~ events investment 出资  status: planned → done" in output
    assert "3月5日，恒远集团出资5亿元建设年产3万吨电池项目。" in output
    assert " ~ mentions PER 赵敏  probability: 0.9 → 0.5" in output
    assert "出资" not in run(*files, "--counts")
    assert "events" not in run(*files, "--layer", "mentions")


def test_the_json_says_the_same(files: tuple[Path, Path]) -> None:
    found = json.loads(run(*files, "--json"))
    assert found["counts"]["events"] == {"gained": 0, "lost": 0, "changed": 1, "same": 0}
    assert [(c["layer"], c["fields"][0]["name"]) for c in found["changes"]] == [
        ("mentions", "probability"),
        ("events", "status"),
    ]
    assert set(found["counts"]) == set(LAYERS)


def test_the_exit_code_tells_a_difference_only_where_it_is_asked_to(files: tuple[Path, Path]) -> None:
    run(*files, code=0)
    run(*files, "--exit-code", code=1)
    run(files[0], files[0], "--exit-code", code=0)
    run(*files, "--exit-code", "--layer", "relations", code=0)


@pytest.mark.parametrize(
    "wrong", [lambda: compare_runs([], [], layers=["word"]), lambda: compare_runs([], [], tolerance=-1)]
)
def test_an_unknown_layer_or_an_impossible_tolerance_is_refused(wrong: Callable[[], Differences]) -> None:
    with pytest.raises(ConfigError, match=r"unknown layer 'word'; known: articles|is not between 0 and 1"):
        wrong()


def test_text_that_looks_like_markup_or_control_is_shown_as_it_is(tmp_path: Path) -> None:
    old = make_record("[张三|PER]说\x1b。", title="[red]题\x1b[31m")
    new = replace(old, mentions=(), facts=({"type": "membership", "part": "[/]"},))
    output = run(write_records(tmp_path / "a", old), write_records(tmp_path / "b", new))
    assert "[red]题" in output and "part [/]" in output
    assert "\x1b" not in output
