from __future__ import annotations

import shutil

import pytest
from entity_stages import LEXICON, check, make_stage
from spacy.language import Language

from pipeline.errors import RulesError


@pytest.fixture(scope="module")
def suffixes() -> Language:
    return make_stage("suffixes", lexicon=LEXICON)


@pytest.mark.parametrize(
    "marked",
    [
        "记者从[绵阳市应急管理局|ORG]获悉",
        "[省自然资源厅|ORG]和[省文化和旅游厅|ORG]联合发文",
        "[四川恒远新材料科技有限公司|ORG]成立",
        "由[绵阳市发展和改革委员会|ORG]组织",
        "走进[滑县青峰镇|LOC]调研",
        "有关部门和上市公司",
        "餐厅和音乐厅",
        "当前格局下的结局",
        "绵阳市乡镇",
        "《四川省自然资源厅志》",
    ],
)
def test_endings_with_a_place_before_them_are_names(suffixes, marked):
    check(suffixes, marked)


@pytest.mark.parametrize(("line", "says"), [("局\tloose", "unknown mark"), ("村", "LOC here and ORG|ORG here and LOC")])
def test_a_bad_ending_names_file_and_line(tmp_path, line, says):
    folder = tmp_path / "lexicon"
    shutil.copytree(LEXICON, folder)
    path = folder / "endings_bodies.txt"
    path.write_text(f"# 来源\n{line}\n", encoding="utf-8")
    with pytest.raises(RulesError, match=rf"endings_\w+\.txt:\d+: .*({says})"):
        make_stage("suffixes", lexicon=folder)
