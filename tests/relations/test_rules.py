from __future__ import annotations

from pathlib import Path

import pytest
from markup import parse

from pipeline.errors import ConfigError, RulesError
from pipeline.records import Mention
from pipeline.relations.passages import mark
from pipeline.relations.patterns import load_rules
from pipeline.relations.rules import RelationRules, find_relations, make_relation_rules

FOLDER = Path(__file__).resolve().parents[2] / "configs" / "rules" / "relations"
SHIPPED = [rule for path in sorted(FOLDER.glob("*.toml")) for rule in load_rules(path)]


def found_in(marked: str) -> set[str]:
    """Give the relations of a marked sentence as `刘建国 position_held 主任`."""
    text, mentions = parse(marked)
    return {f"{text[slice(*r.head)]} {r.type} {text[slice(*r.tail)]}" for r in find_relations(SHIPPED, text, mentions)}


POSTS = [
    (
        "[云州市委宣传部|ORG][副部长|TITLE]、[市政府新闻办|ORG][主任|TITLE][刘建国|PER]说",
        "刘建国 position_held 副部长; 刘建国 position_held 主任; 副部长 position_in 云州市委宣传部; 主任 position_in 市政府新闻办",
    ),
    (
        "[恒远集团|ORG][党委书记|TITLE]、[董事长|TITLE][赵敏|PER]",
        "赵敏 position_held 党委书记; 赵敏 position_held 董事长; 党委书记 position_in 恒远集团; 董事长 position_in 恒远集团",
    ),
    (
        "[青石县委|ORG][副书记|TITLE]、[县长|TITLE][陈明|PER]",
        "陈明 position_held 副书记; 陈明 position_held 县长; 副书记 position_in 青石县委",
    ),
    (
        "[青石县委|ORG][常委|TITLE]、[宣传部长|TITLE][陈明|PER]",
        "陈明 position_held 常委; 陈明 position_held 宣传部长; 常委 position_in 青石县委; 宣传部长 position_in 青石县委",
    ),
    ("（[记者|TITLE] [赵敏|PER] [通讯员|TITLE] [陈明|PER]）", "赵敏 position_held 记者; 陈明 position_held 通讯员"),
    ("([记者|TITLE]：[赵敏|PER]、[陈明|PER])", "赵敏 position_held 记者; 陈明 position_held 记者"),
    ("[赵敏|PER][教授|TITLE]说", "赵敏 position_held 教授"),
    ("[北江国|LOC]前[总统|TITLE][安德森|PER]", "安德森 position_held 总统; 总统 position_in 北江国"),
    (
        "[赵敏|PER]任[恒远集团|ORG][总经理|TITLE]，[副总经理|TITLE][陈明|PER]出席",
        "赵敏 position_held 总经理; 总经理 position_in 恒远集团; 陈明 position_held 副总经理",
    ),
    ("会议选举[赵敏|PER]同志为[理事长|TITLE]。", "赵敏 position_held 理事长"),
    ("[赵敏|PER]（女）当选[云州市|LOC][市长|TITLE]。", "赵敏 position_held 市长; 市长 position_in 云州市"),
    ("[总经理|TITLE]由[赵敏|PER]担任。", "赵敏 position_held 总经理"),
    ("免去[陈明|PER]的[云州水务局|ORG][局长|TITLE]职务", "陈明 position_held 局长; 局长 position_in 云州水务局"),
    (
        "[陈明|PER]，男，1980年生，现任[云州水务局|ORG][科长|TITLE]。",
        "陈明 position_held 科长; 科长 position_in 云州水务局",
    ),
    (
        "[云州晨报|ORG]讯（[记者|TITLE] [赵敏|PER]）",
        "赵敏 position_held 记者; 记者 position_in 云州晨报",
    ),
    ("[赵敏|PER]是[云州师范学院|ORG]的[教授|TITLE]。", "教授 position_in 云州师范学院"),
    # near misses: another's post, a list that ends, an occupation of no place, a sentence that ends
    ("[主任|TITLE]说。[刘建国|PER]来了", ""),
    ("[赵敏|PER]、[主任|TITLE][刘建国|PER]", "刘建国 position_held 主任"),
    ("[北江省|LOC][农民|TITLE][陈明|PER]", "陈明 position_held 农民"),
    ("[中共云州市委|ORG]、[国家主席|TITLE][赵敏|PER]", "赵敏 position_held 国家主席"),
    ("[恒远集团|ORG]，[赵敏|PER]出席", ""),
    ("[陈明|PER]认为[局长|TITLE]是对的", ""),
]

MONEY = [
    (
        "总投资[5亿元|MONEY]的[青石水库工程|PROJECT]开工",
        "青石水库工程 project_amount 5亿元",
    ),
    (
        "[青石水库工程|PROJECT]位于[云州|LOC],总投资约[5亿元|MONEY]",
        "青石水库工程 project_amount 5亿元; 青石水库工程 located_in 云州",
    ),
    (
        "[恒远集团|ORG]计划投资[5亿元|MONEY]建设[青石产业园项目|PROJECT]",
        "恒远集团 invests_amount 5亿元; 恒远集团 invests_in 青石产业园项目; 青石产业园项目 project_amount 5亿元",
    ),
    (
        "[青石产业园项目|PROJECT]由[恒远集团|ORG]投资建设。",
        "恒远集团 invests_in 青石产业园项目",
    ),
    ("[云州市财政局|ORG]出资[300万元|MONEY]", "云州市财政局 invests_amount 300万元"),
    ("[恒远集团|ORG]向[云州水务|ORG]增资[2亿元|MONEY]", "恒远集团 invests_amount 2亿元"),
    # near misses
    ("[青石水库工程|PROJECT]已完成前期投资[1亿元|MONEY]", ""),
    ("[恒远集团|ORG]的年产值[5亿元|MONEY]", ""),
    ("[恒远集团|ORG]位于[云州|LOC]，总投资[5亿元|MONEY]", "恒远集团 located_in 云州"),
    ("[恒远集团|ORG]出资[3亿元|MONEY]收购[青石水务|ORG]", "恒远集团 acquires 青石水务"),
]

COMPANIES = [
    ("[恒远集团|ORG]旗下的[青石水务|ORG]", "青石水务 part_of 恒远集团"),
    (
        "[恒远集团|ORG]的全资子公司[青石水务|ORG]",
        "青石水务 part_of 恒远集团; 恒远集团 owns_share_in 青石水务",
    ),
    (
        "[恒远股份|ORG](600000)公告,公司控股子公司[青石水务|ORG]停产",
        "青石水务 part_of 恒远股份; 恒远股份 owns_share_in 青石水务",
    ),
    ("[青石水务|ORG]隶属于[恒远集团|ORG]。", "青石水务 part_of 恒远集团"),
    ("[恒远集团|ORG]下辖[青石水务|ORG]、[云州燃气|ORG]", "青石水务 part_of 恒远集团; 云州燃气 part_of 恒远集团"),
    ("[恒远集团|ORG]控股的[青石水务|ORG]", "恒远集团 owns_share_in 青石水务"),
    ("[青石水务|ORG]的控股股东[陈明|PER]", "陈明 owns_share_in 青石水务"),
    ("[恒远集团|ORG]以[3亿元|MONEY]收购[青石水务|ORG]51%的股权", "恒远集团 acquires 青石水务"),
    ("[青石水务|ORG]被[恒远集团|ORG]收购", "恒远集团 acquires 青石水务"),
    ("[恒远集团|ORG]与[云州大学|ORG]签署合作协议", "恒远集团 cooperates_with 云州大学"),
    (
        "[恒远集团|ORG]与[云州大学|ORG]、[青石水务|ORG]签约",
        "恒远集团 cooperates_with 云州大学; 恒远集团 cooperates_with 青石水务",
    ),
    ("位于[云州|LOC]的[青石博物馆|ORG]", "青石博物馆 located_in 云州"),
    # near misses
    ("[恒远集团|ORG]与[云州大学|ORG]联合主办晚会", ""),
    ("[恒远集团|ORG]位于[云州|LOC]的办事处", ""),
    ("[恒远集团|ORG]每年收购[青石合作社|ORG]的粮食", ""),
    ("[恒远集团|ORG]、[云州大学|ORG]出席", ""),
    ("[恒远集团|ORG]终止收购[青石水务|ORG]", ""),
    ("[恒远集团|ORG]的股权。[青石水务|ORG]", ""),
]


@pytest.mark.parametrize(("marked", "expected"), [*POSTS, *MONEY, *COMPANIES])
def test_a_sentence_has_exactly_these_relations(marked, expected):
    assert found_in(marked) == {edge for edge in expected.split("; ") if edge}


@pytest.mark.parametrize("marked", [marked for marked, expected in [*POSTS, *MONEY, *COMPANIES] if expected])
def test_half_and_full_width_punctuation_are_read_alike(marked):
    full = marked.replace(",", "，").replace("(", "（").replace(")", "）")
    half = marked.replace("，", ",").replace("（", "(").replace("）", ")").replace("：", ":")
    assert found_in(full) == found_in(half)


def test_every_edge_has_the_probability_of_the_surest_rule_that_made_it():
    text, mentions = parse("[恒远集团|ORG][总经理|TITLE][赵敏|PER]")
    sure = {r.name: edge.probability for r in SHIPPED for edge in r.edges}
    probabilities = {r.type: r.probability for r in find_relations(SHIPPED, text, mentions)}
    assert probabilities == {"position_held": sure["posts_before_names"], "position_in": sure["body_before_post"]}


def test_private_characters_of_a_page_do_not_look_like_marks():
    assert found_in("[赵敏|PER]\ue000\ue004[主任|TITLE]") == set()
    passage = mark("\ue000\ue001甲", [Mention(2, 3, "PER")])
    assert passage.marked == "\ufffd\ufffd\ue001甲\ue000"


def test_labels_that_no_edge_ends_at_stay_plain_text():
    assert found_in("[恒远集团|ORG][12月3日|DATE]与[云州大学|ORG]签约") == {"恒远集团 cooperates_with 云州大学"}


EDGE = '\nedges = [{ type = "position_held", from = "a", to = "b", probability = 0.9 }]\n'
HEAD = "[[rule]]\nname = 'x'\npattern = '(?P<a><PER>)(?P<b><TITLE>)'"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD.replace("<TITLE>)", "<TITLE>") + EDGE, 1, "no regular expression"),
        (HEAD.replace("PER", "PERSON") + EDGE, 1, "unknown label 'PERSON'; known: .*TITLE"),
        (HEAD.replace("(?P<b>", ".(?P<b>") + EDGE, 1, "would run into a mention"),
        (HEAD.replace("(?P<b>", "[^，](?P<b>") + EDGE, 1, "would run into a mention"),
        (HEAD.replace("(?P<b>", "{sep}(?P<b>") + EDGE, 1, "unknown part 'sep'"),
        (HEAD + EDGE.replace("position_held", "holds"), 1, "unknown relation 'holds'; known: .*position_held"),
        (HEAD + EDGE.replace('"b"', '"c"'), 1, "unknown group 'c'; known: a, b"),
        (HEAD + EDGE.replace("0.9", "1.9"), 1, "probability = 1.9"),
        (HEAD + "\nedges = []\n", 1, "makes no edge"),
        (HEAD + EDGE + HEAD + EDGE, 5, "line 1 already"),
        ("[parts]\nx = 3\n" + HEAD + EDGE, 2, "part 'x' is no pattern"),
        (HEAD + EDGE.replace("from", "form"), 1, "form"),
    ],
)
def test_a_bad_rule_names_file_and_line(tmp_path, text, line, says):
    path = tmp_path / "r.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=rf"(?s)r\.toml:{line}: .*{says}"):
        load_rules(path)


def test_a_stage_without_rule_files_is_refused():
    with pytest.raises(ConfigError, match="at least one rule file"):
        make_relation_rules(None, "relation_rules", rules=[])


def test_no_mentions_no_relations():
    assert list(find_relations(RelationRules(name="r", rules=SHIPPED).rules, "今天开会。", [])) == []
