from __future__ import annotations

import pytest
from entity_stages import LEXICON, check, make_stage
from spacy.language import Language

from pipeline.errors import RulesError


@pytest.fixture(scope="module")
def posts() -> Language:
    return make_stage("posts", lexicon=LEXICON)


@pytest.mark.parametrize(
    "marked",
    [
        "[绵阳市委宣传部|ORG][副部长|TITLE]、[市政府新闻办|ORG][主任|TITLE][刘建国|PER]介绍",
        "[德阳市委|ORG][常委|TITLE]、[常务副市长|TITLE][赵志军|PER]主持",
        "[滑县县委|ORG][书记|TITLE][陈明|PER]说",
        "[滑县|LOC][副县长|TITLE][陈明|PER]说",
        "[市委常委|TITLE]、[副市长|TITLE][周建国|PER]调研",
        "[国务院|ORG][总理|TITLE][李强|PER]主持召开",
        "[中共中央|ORG][总书记|TITLE]、[国家主席|TITLE]、[中央军委|ORG][主席|TITLE][习近平|PER]",
        "（[记者|TITLE] [刘建国|PER] [通讯员|TITLE] [赵敏|PER]）",
        "本报[记者|TITLE] [王 丹|PER]、[刘思宇|PER]",
        "[习近平|PER][总书记|TITLE]强调",
        "。[刘建国|PER]表示，",
        "图为展品。[刘建国|PER] 摄\n",
        "正文。\n（[王 丹|PER]、[刘思宇|PER]）\n",
        "有关负责人表示，各部门主任要到场",
        "代表团成员和专家参加",
        "县长、书记齐上阵",
        "（张家口至北京）",
        "文章说，白皮书表示",
    ],
)
def test_chains_split_where_the_scheme_splits_them(posts, marked):
    check(posts, marked)


def test_a_name_found_once_is_found_again_only_where_that_is_set(posts):
    text = "[县长|TITLE][刘建国|PER]来到村里。村民都说[刘建国|PER]好"
    check(posts, text)
    once = make_stage("posts", lexicon=LEXICON, repeat=False)
    check(once, text.replace("说[刘建国|PER]", "说刘建国"))


def test_names_inside_titles_are_not_marked(posts):
    check(posts, "散文《记者刘建国》发表")


def test_a_folder_without_the_lists_is_refused(tmp_path):
    with pytest.raises(RulesError, match="cannot be read"):
        make_stage("posts", lexicon=tmp_path)
