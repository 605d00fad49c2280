"""Learning the weights of lines: states from gold roles, and weights that read the pages they were learned from."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_rules import marked

from pipeline.pages.chain import Chain
from pipeline.training.page_lines import states_of, train_chain, write_chain

FEATURES = [frozenset({"short"}), frozenset({"long", "dated"}), frozenset({"long"}), frozenset({"staff"})]
GOLD = ["title", "lead", "body", "credit"]


def learn(penalty: float = 0.1, order: dict[str, dict[str, float]] | None = None) -> Chain:
    return train_chain(
        [FEATURES, FEATURES[:3]], [GOLD, GOLD[:3]], penalty=penalty, rounds=60, least=1, decimals=1,
        priors={"dated": {"lead": 1.0}}, order=order or {},
    )  # fmt: skip


def test_roles_are_split_by_their_place_in_the_article() -> None:
    page = marked(
        "title 1 大桥通车", "title 1+ 群众叫好", "byline 1 祁克宁", "body 1 大桥通", "body 1+ 车。", "body 1 群众叫好。",
        "byline 1 （卢青）", "caption 1 大桥夜景。", "byline 1 柳如岸 摄", "body 2 寒潮将至。",
    )  # fmt: skip
    assert states_of(page.lines) == [
        "title", "title_on", "byline_head", "lead", "body_on", "body", "byline_tail", "caption", "byline_photo", "opening",
    ]  # fmt: skip


def test_the_weights_read_what_they_were_learned_from() -> None:
    assert learn().decode(FEATURES) == GOLD


def test_a_strong_penalty_keeps_the_weights_at_what_was_known_before() -> None:
    chain = learn(penalty=1e5, order={"title": {"lead": 2.0}})
    assert chain.weights[chain.rows["dated"], chain.states.index("lead")] == pytest.approx(1.0)
    assert abs(chain.weights).sum() == pytest.approx(1.0, abs=0.3)
    assert chain.transitions[chain.states.index("title"), chain.states.index("lead")] == pytest.approx(2.0, abs=0.1)


def test_what_is_written_is_loaded_again_and_twice_the_same(tmp_path: Path) -> None:
    text = write_chain(learn())
    (tmp_path / "lines.toml").write_text(text, encoding="utf-8")
    loaded = Chain.load(tmp_path / "lines.toml")
    assert loaded.decode(FEATURES) == GOLD
    assert write_chain(loaded) == text == write_chain(learn())
