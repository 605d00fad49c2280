from __future__ import annotations

from pathlib import Path

import pytest
from markup import parse

from pipeline.errors import RulesError
from pipeline.events.statuses import load_cues, mask, statuses
from pipeline.records import Mention, Offsets

CUES = Path(__file__).resolve().parents[2] / "configs" / "rules" / "events" / "statuses.toml"
SHIPPED = load_cues(CUES)


def read_marked(marked: str) -> tuple[str, list[Mention], Offsets]:
    """Read `[云河集团|ORG]拟<收购>…`: the trigger stands in angle brackets."""
    text, mentions = parse(marked)
    start, end = text.index("<"), text.index(">") - 1
    plain = text.replace("<", "").replace(">", "")

    def shift(offset: int) -> int:
        return offset - (offset > start) - (offset > end + 1)

    return plain, [Mention(shift(m.start), shift(m.end), m.label) for m in mentions], (start, end)


def status_of(marked: str) -> str:
    text, mentions, trigger = read_marked(marked)
    return statuses(SHIPPED, text, mentions, [trigger])[0]


@pytest.mark.parametrize(
    "marked",
    [
        "[云河集团|ORG]拟<收购>[海州水务|ORG]。",
        "[云河集团|ORG]拟以[3亿元|MONEY]现金<收购>[海州水务|ORG]51%的股权。",
        "公司拟出资[2亿元|MONEY]，<收购>[海州水务|ORG]。",
        "[海州市|LOC]将于明年<启动>老城改造。",
        "[北江大桥|LOC]即将<通车>。",
        "第三届青石文化节将在[海州|LOC]<开幕>。",
        "双方将<签署>合作协议。",
        "[云河集团|ORG]还将<投资>[5亿元|MONEY]扩建二期。",
        "新校区计划9月<启用>。",
        "集团计划<投资>[5亿元|MONEY]。",
        "项目预计2026年底<投产>。",
        "这条高速公路有望年内<通车>。",
        "企业力争三季度<并网>发电。",
        "大会定于10月8日<举行>。",
        "公司正在筹划<重组>。",
        "他打算在家乡<投资>办厂。",
        "明年，厂里将把两条旧线全部<改造>。",
        "[海州市|LOC]明年<开工>建设三座水厂。",
        "全长40公里的环湖路年底前<建成>。",
        "到2035年<建成>现代化水网。",
        "<座谈会>将于本周五召开。",
        "二期<投运>定在明年春天。",
        "<开工>仪式定于下月初举行。",
        "[海州水务|ORG]披露股东<减持>计划。",
        "[云河集团|ORG]公布<重组>预案。",
        "[海州港务|ORG]将对[青石码头|LOC]进行<扩建>。",
        "[海州市政府|ORG]将与[云河集团|ORG]<签约>。",
        "[林海|PER]将<出任>总经理。",
        "[林海|PER]将赴[北江省|LOC]<调研>。",
        "展览也将<开展>巡回演出。",
        "后续将分期<建设>三座冷库。",
        "会议通过决议，公司将向银行<融资>[8000万元|MONEY]。",
        "这家企业准备明年<上市>。",
        "未来三年，全县<改造>管网200公里。",
        "拟将其持有的[海州水务|ORG]股权<转让>给[云河集团|ORG]。",
        "公司计划在[海州|LOC]租地，并<建设>仓库。",
    ],
)
def test_what_is_to_come_is_planned(marked):
    assert status_of(marked) == "planned"


@pytest.mark.parametrize(
    "marked",
    [
        "[云河集团|ORG]<收购>[海州水务|ORG]。",
        "[云河集团|ORG]将[海州水务|ORG]51%的股权<转让>给[青石控股|ORG]。",
        "县里将项目<移交>给运营公司。",
        "公司将其持有的股份<质押>给银行。",
        "警方将犯罪嫌疑人<逮捕>。",
        "他已将全部股份<出售>。",
        "局里将资金[300万元|MONEY]<发放>到户。",
        "集团将该矿<划转>至[云河集团|ORG]。",
        "法院将两名被告人<判处>有期徒刑。",
        "预计年产值[5亿元|MONEY]的项目昨天已<开工>。",
        "计划总投资[9亿元|MONEY]的产业园<开工>。",
        "拟投资[9亿元|MONEY]的产业园在[海州|LOC]<奠基>。",
        "按照计划<完成>了首批交付。",
        "按计划<开工>的12个项目进展顺利。",
        "根据计划，<改造>工程于3月收尾。",
        "[中国计划出版社|ORG]<举办>读者见面会。",
        "《城市更新计划》昨天<发布>。",
        "全市<发布>五年计划。",
        "减持计划实施完毕，股东共<减持>60万股。",
        "股东<减持>计划实施完毕。",
        "计划生育协会<慰问>了老人。",
        "未来科技城昨天<揭牌>。",
        "未来产业研究院<成立>。",
        "未经批准<建设>的厂房有三栋。",
        "未按规定<处罚>的案件有两起。",
        "将军山隧道<贯通>。",
        "上将[林海|PER]<会见>来宾。",
        "一批干将<获奖>。",
        "模拟<演练>昨天举行。",
        "虚拟电厂<投运>。",
        "没收违法所得后，该局又<处罚>了三家门店。",
        "台风过后，被淹没的泵站<启用>备用电源。",
        "取消两道审批后<签约>的企业多了一倍。",
        "谈判一度中止，双方昨天<签署>协议。",
        "去年停止施工，今年又<开工>。",
        "活动没有铺张，村里<举办>了一场晚会。",
        "不再犹豫，他<收购>了老茶厂。",
        "目前已经<建成>三座水厂。",
        "[海州市|LOC]去年<出台>了人才办法。",
        "当天，<座谈会>在[海州|LOC]召开。",
        "规划局<公布>了名单。",
        "[林海|PER]<任命>为局长后，厂里有了变化。",
        "银行暂停了该业务，随后<发布>公告。",
        "去年年底前后，三家企业<签约>。",
        "明年的预算通过后，三家企业<签约>。",
        "岸防部队未能阻止<袭击>。",
    ],
)
def test_what_has_happened_is_done(marked):
    assert status_of(marked) == "done"


@pytest.mark.parametrize(
    "marked",
    [
        "双方尚未<签约>。",
        "项目至今未<开工>。",
        "这座大桥未能按期<通车>。",
        "[云河集团|ORG]否认<收购>[海州水务|ORG]。",
        "公司宣布终止<收购>[海州水务|ORG]。",
        "主办方取消了<比赛>。",
        "[海州市|LOC]决定推迟<举行>马拉松。",
        "双方没有<达成>协议。",
        "[云河集团|ORG]放弃<增持>。",
        "股东会否决<重组>方案。",
        "[云河集团|ORG]表示不会<减持>。",
        "原定周六的<演唱会>因故取消。",
        "<开幕>仪式推迟。",
        "<收购>事项终止。",
        "<演练>活动暂停。",
        "工程从未<验收>。",
        "受暴雨影响，景区暂停<开放>。",
        "公司不再<收购>该矿。",
        "审批部门不予<批准>。",
        "这笔款并未<发放>。",
    ],
)
def test_what_did_not_or_will_not_happen_is_denied(marked):
    assert status_of(marked) == "denied"


def test_a_cue_inside_a_name_is_no_cue_and_the_name_is_one_character_of_reach():
    assert mask("中国计划出版社将", [Mention(0, 7, "ORG")]) == "■" + "\ufffc" * 6 + "将"


def test_dates_are_read_as_text():
    assert mask("将12月", [Mention(1, 4, "DATE")]) == "将12月"


CUE = "carry = '并'\n[[cue]]\nname = 'a'\nstatus = 'planned'\nwithin = 3\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (CUE + "cue = '拟('\n", 2, "no regular expression"),
        (CUE + "cue = '拟*'\n", 2, "empty string"),
        (CUE.replace("planned", "plan") + "cue = '拟'\n", 2, "known: denied, done, planned"),
        (CUE.replace("3", "-1") + "cue = '拟'\n", 2, "within = -1"),
        (CUE + "cue = '拟'\nwhere = 'behind'\n", 2, "behind"),
        (CUE + "cue = '拟'\nwhere = 'after'\ncarries = true\n", 2, "take them out"),
        (CUE + "cue = '拟'\n\n" + CUE.split("\n", 1)[1] + "cue = '将'\n", 8, "line 2 already"),
        (CUE.replace("'并'", "'并('") + "cue = '拟'\n", 1, "no regular expression"),
        (CUE.replace("'并'", "3") + "cue = '拟'\n", 1, "carry"),
        (CUE + "cue = '拟'\nwithn = 3\n", 2, "withn"),
    ],
)
def test_a_bad_cue_names_file_and_line(tmp_path, text, line, says):
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=rf"(?s)s\.toml:{line}: .*{says}"):
        load_cues(path)
