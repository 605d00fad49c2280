"""Augmentation changes the text and keeps every span on a name."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.training.augment import Augmentation, Names, augment, collect_names
from pipeline.training.corpora import Example

EXAMPLE = Example("云州市市长赵敏说，\n北岭市好。", ((0, 3, "LOC"), (3, 5, "TITLE"), (5, 7, "PER"), (10, 13, "LOC")))
NAMES = Names([("青河市", "LOC"), ("石桥镇", "LOC"), ("钱学军", "PER")])


def changed(**how: float) -> tuple[str, list[tuple[str, str]]]:
    example = augment(EXAMPLE, how=Augmentation(**how), names=NAMES, random=np.random.default_rng(1))
    return example.text, [(example.text[start:end], label) for start, end, label in example.spans]


def test_nothing_asked_for_changes_nothing() -> None:
    assert augment(EXAMPLE, how=Augmentation(), names=NAMES, random=np.random.default_rng(1)) == EXAMPLE


def test_names_are_swapped_for_names_of_their_label_and_ending_and_posts_are_not() -> None:
    text, spans = changed(swap=1.0)
    assert spans == [("青河市", "LOC"), ("市长", "TITLE"), ("钱学军", "PER"), ("青河市", "LOC")]
    assert text == "青河市市长钱学军说，\n青河市好。"


def test_a_name_without_a_like_stays() -> None:
    example = Example("恒远集团", ((0, 4, "ORG"),))
    assert augment(example, how=Augmentation(swap=1.0), names=NAMES, random=np.random.default_rng(1)) == example


def test_a_blank_is_put_into_short_names_of_people_only() -> None:
    _, spans = changed(blank=1.0)
    assert next(surface for surface, label in spans if label == "PER").split() == ["赵", "敏"]
    assert spans[0] == ("云州市", "LOC")
    example = Example("钱学军", ((0, 3, "PER"),))
    assert augment(example, how=Augmentation(blank=1.0), names=NAMES, random=np.random.default_rng(1)) == example


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ({"bare": 1.0}, "云州市市长赵敏说\n北岭市好"),
        ({"join": 1.0}, "云州市市长赵敏说，北岭市好。"),
        ({"drop": 1.0}, "云州市市长赵敏说\n北岭市好"),
    ],
)
def test_signs_go_and_spans_follow(how: dict[str, float], text: str) -> None:
    assert changed(**how) == (text, [("云州市", "LOC"), ("市长", "TITLE"), ("赵敏", "PER"), ("北岭市", "LOC")])


def test_names_come_from_annotated_text_and_from_words_of_one_kind() -> None:
    names = collect_names([EXAMPLE], {"石桥市": ("place",), "和平市": ("noun", "place"), "赵市": ("noun",)})
    drawn = {names.draw("甲市", "LOC", np.random.default_rng(seed)) for seed in range(40)}
    assert drawn == {"云州市", "北岭市", "石桥市"}


def test_edges_and_triggers_stay_on_their_words() -> None:
    example = Example(
        "云州市，赵敏主持会议，\n云州市市长。",
        ((0, 3, "LOC"), (4, 6, "PER"), (12, 15, "LOC"), (15, 17, "TITLE")),
        triggers=((8, 10, "meeting"),), relations=((1, 3, "position_held"),), roles=((0, 1, "agent"),),
        strays=((10, 11, "DATE"),),
    )  # fmt: skip
    how = Augmentation(swap=1.0, join=1.0, drop=1.0)
    changed = augment(example, how=how, names=NAMES, random=np.random.default_rng(1))
    assert changed.text in {"青河市钱学军主持会议青河市市长", "石桥镇钱学军主持会议石桥镇市长"}
    assert [changed.text[s:e] for s, e, _ in changed.spans][1::2] == ["钱学军", "市长"]
    assert [(changed.text[s:e], label) for s, e, label in changed.triggers] == [("会议", "meeting")]
    assert (changed.relations, changed.roles) == (example.relations, example.roles)


def test_names_that_an_alias_ties_or_that_hold_a_trigger_stay() -> None:
    example = Example(
        "云州市（简称云州）扩建北岭市", ((0, 3, "LOC"), (6, 8, "LOC"), (9, 14, "LOC")),
        triggers=((9, 11, "construction"),), relations=((1, 0, "alias_of"),),
    )  # fmt: skip
    how = Augmentation(swap=1.0)
    assert augment(example, how=how, names=NAMES, random=np.random.default_rng(1)) == example
