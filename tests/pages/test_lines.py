"""Lines: how a page is cut, and what each line is read as."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from page_rules import roles_of

from pipeline.errors import RulesError
from pipeline.pages.chain import Chain
from pipeline.pages.lines import cut

LEAD = "本报讯（记者 祁克宁）昨天上午，岭川市白鹭湖大桥正式通车，全长三点二公里，连接新老城区，市民过湖的时间由四十分钟缩短到六分钟。"
MORE = "大桥由省路桥集团承建，历时三年，桥面双向六车道，两侧设有人行道和观景台，开通首日共有三万多辆车通过，沿线群众纷纷走上桥头拍照留念。"


def test_lines_are_cut_with_their_numbers_marks_and_blanks() -> None:
    text = "# 要闻\r\n\r\n  ## 大桥通车 \n正文"
    assert [(line.number, text[line.start : line.end], line.marks, line.blanks) for line in cut(text)] == [
        (1, "要闻", 1, 0), (3, "大桥通车", 2, 1), (4, "正文", 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("marks", ["", "# "])
def test_a_plain_article_is_read_with_and_without_marks(marks: str) -> None:
    text = f"2024年3月21日 星期四\n\n{marks}白鹭湖大桥昨天正式通车\n\n{LEAD}\n\n{MORE}\n\n（下转第三版）\n\n责编 林芳 校对 周宁"
    assert roles_of(text) == ["section", "title", "body", "body", "jump", "credit"]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("——写在白鹭湖大桥通车之际", "subtitle"),
        ("本报记者 祁克宁 通讯员 武咏梅", "byline"),
        ("祁克宁", "byline"),
    ],
)
def test_the_line_between_title_and_text_is_read_by_what_it_says(line: str, role: str) -> None:
    assert roles_of(f"# 一桥飞架白鹭湖\n\n{line}\n\n{MORE}\n\n{MORE}") == ["title", role, "body", "body"]


def test_a_notice_is_read_with_its_signatures() -> None:
    text = f"# 关于白鹭湖路段交通管制的通告\n\n{MORE}\n\n特此通告。\n\n岭川市公安局交通警察支队\n\n2024年3月20日"
    assert roles_of(text) == ["title", "body", "body", "signature", "signature"]


def test_a_caption_with_its_photographer_is_read() -> None:
    text = f"# 一桥飞架白鹭湖\n\n{LEAD}\n\n{MORE}\n\n图为大桥夜景。\n\n本报记者 柳如岸 摄"
    assert roles_of(text) == ["title", "body", "body", "caption", "byline"]


CHAIN = """
[states]
title = "title"
body = "body"
[transitions]
edge = { title = 1.0 }
[weights]
"long" = "body 2"
"short" = "title 0.5, body 0.4"
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "lines.toml"
    path.write_text(CHAIN, encoding="utf-8")
    return path


def test_the_best_path_weighs_features_and_order(rules: Path) -> None:
    chain = Chain.load(rules)
    assert chain.decode([["short"], ["long"], ["unknown", "short"]]) == ["title", "body", "title"]
    chain.transitions[1, 0] = -1.0  # no title behind a body
    assert chain.decode([["short"], ["long"], ["short"]]) == ["title", "body", "body"]
    assert chain.decode([]) == []


def test_the_best_path_is_the_best_of_all_paths() -> None:
    rng = np.random.default_rng(0)
    names = dict.fromkeys("abc", "body")
    chain = Chain(names, ["f", "g"], rng.normal(size=(2, 3)), rng.normal(size=(4, 4)))
    lines = [["f"], ["g"], ["f", "g"], []]
    scores, order = chain.emissions(lines), chain.transitions

    def weigh(path: tuple[int, ...]) -> float:
        inner = sum(order[a, b] for a, b in itertools.pairwise(path))
        return float(order[3, path[0]] + order[path[-1], 3] + inner + sum(scores[i, s] for i, s in enumerate(path)))

    best = max(np.ndindex(3, 3, 3, 3), key=weigh)
    assert chain.decode(lines) == ["abc"[state] for state in best]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('body = "body"', 'body = "text"', r"lines\.toml:4: .*text"),
        ("body 2", "boody 2", r"lines\.toml:8: .*boody"),
        ("body 2", "body much", r"lines\.toml:8: .*body much"),
        ("edge = { title", "edge = { tittle", r"lines\.toml:6: .*tittle"),
        ("[weights]", "[waits]", r"has no table \[weights\]"),
    ],
)
def test_broken_weights_are_named_by_line(rules: Path, old: str, new: str, message: str) -> None:
    rules.write_text(CHAIN.replace(old, new), encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        Chain.load(rules)
    assert re.search(message, str(caught.value))
