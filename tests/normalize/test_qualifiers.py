"""What the text says of a post and of an investment."""

from __future__ import annotations

from pathlib import Path

import pytest
from markup import parse
from rules_at_hand import CUES, RULES

from pipeline.errors import RulesError
from pipeline.normalize.fact_cues import load_cues
from pipeline.normalize.qualifiers import investment_stage, post_status


@pytest.mark.parametrize(
    ("marked", "statuses"),
    [
        ("[云州市|LOC][市长|TITLE][刘建国|PER]", ["current"]),
        ("原[云州市|LOC][市长|TITLE][刘建国|PER]", ["former"]),
        ("[云州市|LOC]原[市长|TITLE][刘建国|PER]", ["former"]),
        ("时任[市长|TITLE][刘建国|PER]", ["former"]),
        ("原[市委|ORG][副书记|TITLE]、[市长|TITLE][刘建国|PER]", ["former", "former"]),
        ("前[总统|TITLE]、现任[党首|TITLE][安德森|PER]", ["former", "current"]),
        ("日前[市长|TITLE][刘建国|PER]", ["current"]),
        ("在太原[市长|TITLE][刘建国|PER]说", ["current"]),
        ("[刘建国|PER]任[院长|TITLE]，同时任[书记|TITLE]", ["current", "current"]),
        ("免去[刘建国|PER]的[局长|TITLE]职务", ["former"]),
        ("免去[刘建国|PER]的[局长|TITLE]职务；任命[王伟|PER]为[局长|TITLE]", ["former", "current"]),
        ("[王伟|PER]，现任[科长|TITLE]，拟任[副局长|TITLE]", ["current", "proposed"]),
        ("[代市长|TITLE][王伟|PER]", ["acting"]),
        ("[代表|TITLE][王伟|PER]", ["current"]),
        ("[前锋|TITLE][王伟|PER]", ["current"]),
    ],
)
def test_the_words_before_a_post_tell_whether_it_is_held(marked: str, statuses: list[str]) -> None:
    text, mentions = parse(marked)
    found = []
    for before, mention in zip([None, *mentions], mentions, strict=False):
        if mention.label == "TITLE":
            body = (before.start, before.end) if before and before.label in ("ORG", "LOC") else None
            found.append(post_status(text, (mention.start, mention.end), body, mentions, CUES))
    assert found == statuses


@pytest.mark.parametrize(
    ("marked", "stage"),
    [
        ("恒远公司拟投资[5亿元|MONEY]扩产", "proposed"),
        ("恒远公司与云州市签约，投资[5亿元|MONEY]", "signed"),
        ("总投资[5亿元|MONEY]的项目昨日开工", "started"),
        ("总投资[5亿元|MONEY]的项目开工，去年签约", "started"),
        ("总投资[5亿元|MONEY]的项目建成投产", "producing"),
        ("总投资[5亿元|MONEY]的项目开工，预计明年投产", "started"),
        ("项目投产后，可创收[5亿元|MONEY]", None),
        ("投资[5亿元|MONEY]建厂", None),
        ("投资[5亿元|MONEY]建厂；另一项目投产", None),
        ("投资[5亿元|MONEY]建厂。另一项目投产", None),
    ],
)
def test_the_furthest_stage_that_the_sentence_tells_counts(marked: str, stage: str | None) -> None:
    text, mentions = parse(marked)
    assert investment_stage(text, [(m.start, m.end) for m in mentions], CUES) == stage


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("posts.toml", 'name = "former"', 'name = "late"', "unknown status 'late'"),
        ("investments.toml", 'name = "signed"', 'name = "sealed"', "unknown stage 'sealed'"),
        ("shares.toml", '"收购", ', '"收购", "出售", ', "stands under seller and buyer"),
    ],
)
def test_a_broken_rule_is_refused_with_file_and_line(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    for path in (RULES / "facts").iterdir():
        source = path.read_text(encoding="utf-8")
        if path.name == file:
            assert old in source
            source = source.replace(old, new, 1)
        (tmp_path / path.name).write_text(source, encoding="utf-8")
    with pytest.raises(RulesError, match=rf"{file}:\d+: .*{said}"):
        load_cues(tmp_path)
