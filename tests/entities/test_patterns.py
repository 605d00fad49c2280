from __future__ import annotations

from pathlib import Path

import pytest
from entity_stages import RULES, check, make_stage
from spacy.language import Language

from pipeline.entities.patterns import load_patterns
from pipeline.errors import ConfigError, RulesError


@pytest.fixture(scope="module")
def amounts() -> Language:
    return make_stage("patterns", rules=[RULES / "amounts.toml"], labels=["MONEY"])


@pytest.fixture(scope="module")
def shares() -> Language:
    return make_stage("patterns", rules=[RULES / "amounts.toml"], labels=["PERCENT"])


@pytest.fixture(scope="module")
def dates() -> Language:
    return make_stage("patterns", rules=[RULES / "dates.toml"])


@pytest.fixture(scope="module")
def periods() -> Language:
    return make_stage("patterns", rules=[RULES / "dates.toml", RULES / "periods.toml"])


@pytest.fixture(scope="module")
def documents() -> Language:
    return make_stage("patterns", rules=[RULES / "documents.toml"])


@pytest.mark.parametrize(
    "marked",
    [
        "总投资[近200亿元|MONEY]。",
        "投资[5.7亿元|MONEY],年产3万吨",
        "[7000多万元|MONEY]和[1亿余元|MONEY]",
        "[5亿—6亿元|MONEY]之间",
        "[数百万元|MONEY]、[上万元|MONEY]",
        "约合[100多万美元|MONEY]",
        "[14亿元人民币|MONEY]",
        "[三千五百万元|MONEY]",
        "[1,242.9亿元|MONEY]",
        "每人[2000元|MONEY]/年",
        "[１２００万元|MONEY]",
        "[人民币20元|MONEY]/股",
        "[10.64 亿元|MONEY]",
        "[1亿1千多万元|MONEY]",
        "总额达[逾3万亿元|MONEY]以上",
        "不超过[2亿元|MONEY]",
        "节约[8000万元|MONEY]",
        "[5000万元|MONEY]至[1亿元|MONEY]",
        "[€500|MONEY]",
        "一斤[四块五|MONEY]，",
        "三元前驱体材料",
        "一元硬币",
        "百元营业收入",
        "38个亿元以上项目",
        "万亿元级产业",
        "11个元素",
        "2万元老",
        "677万亩，增长20%，3千克，5万人次",
        "第1.2.3.4条",
    ],
)
def test_amounts_have_their_currency_and_what_belongs_to_the_number(amounts, marked):
    check(amounts, marked)


@pytest.mark.parametrize(
    "marked",
    [
        "转让[51%|PERCENT]的股权",
        "持股[39.782%|PERCENT]，",
        "占总股本的[5.01％|PERCENT]",
        "同比增长20%",
        "完成率90%，股份公司",
    ],
)
def test_shares_of_equity_are_no_growth_rates(shares, marked):
    check(shares, marked)


@pytest.mark.parametrize(
    "marked",
    [
        "[2024年12月5日|DATE]，",
        "[12月5日|DATE]召开",
        "[当地时间6月8日至9日|DATE]，",
        "[近日|DATE]，[日前|DATE]",
        "[6月25日上午|DATE]",
        "[去年11月|DATE]启动",
        "[今天（4月19日）|DATE]开幕",
        "[9日晚|DATE]",
        "[二〇二四年五月|DATE]",
        "工期30日内部分31日报到32日",
        "今年以来，近年来，目前",
        "第5期，3号楼，2月份",
        "12.5日元",
    ],
)
def test_days_and_months_are_dates(dates, marked):
    text = marked.replace("[二〇二四年五月|DATE]", "二〇二四年五月").replace("工期30日内部分31日报到32日", "工期三十日")
    check(dates, text)


@pytest.mark.parametrize(
    "marked", ["[2023年|DATE]建成", "[2025年底前|DATE]完成", "[今年前两个月|DATE]", "[3月底|DATE]前"]
)
def test_periods_are_dates_where_they_are_asked_for(periods, dates, marked):
    check(periods, marked)
    check(dates, marked.replace("[", "").replace("|DATE]", ""))


@pytest.mark.parametrize(
    "marked",
    [
        "印发[《海州市矿山整合实施方案》|DOCUMENT]，",
        "[《关于印发〈管理办法〉的通知》|DOCUMENT]",
        "[《中国实施《药品法》办法》|DOCUMENT]",
        "[《市场准入负面清单（2025年版）》|DOCUMENT]",
        "长篇小说《红高粱》",
        "“实施方案”已经通过",
        "《方案",
    ],
)
def test_documents_stand_in_title_brackets_with_what_is_inside(documents, marked):
    check(documents, marked)


def test_amounts_inside_a_title_are_not_marked(amounts):
    check(amounts, "纪录片《100万元的梦》花了[100万元|MONEY]")


def write(folder: Path, text: str) -> Path:
    path = folder / "r.toml"
    path.write_text(text, encoding="utf-8")
    return path


RULE = '[[rule]]\nname = "a"\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (RULE + 'label = "MONEY"\nregex = "["\n', 1, "no regular expression"),
        (RULE + 'label = "MONEY"\nregex = "元*"\n', 1, "empty string"),
        (RULE + 'label = "MONY"\nregex = "元"\n', 1, "known: .*MONEY"),
        (RULE + 'regex = "元"\n', 1, "label"),
        (RULE + 'regex = "(?P<post>元)"\n', 1, "post"),
        (RULE + 'regex = "(?P<PERS>元)"\n', 1, "known: .*PER"),
        (RULE + 'label = "MONEY"\nregex = "(?P<PER>元)"\n', 1, "either"),
        (RULE + 'label = "MONEY"\nregex = "{nothing}元"\n', 1, "unknown part"),
        (RULE + 'label = "PER"\nregex = "元"\nwithin = "（元）"\n', 1, "inside"),
        (RULE + 'label = "MONEY"\nregx = "元"\n', 1, "regx"),
        (RULE + 'label = "MONEY"\nregex = "元"\n\n' + RULE + 'label = "MONEY"\nregex = "角"\n', 6, "line 1 already"),
        ("[parts]\nx = '1'\nbad = 3\n" + RULE + 'label = "MONEY"\nregex = "元"\n', 3, "bad"),
    ],
)
def test_a_bad_rule_names_file_and_line(tmp_path, text, line, says):
    with pytest.raises(RulesError, match=rf"(?s)r\.toml:{line}: .*{says}"):
        load_patterns(write(tmp_path, text))


def test_groups_carry_labels_and_within_narrows_the_search(tmp_path):
    path = write(
        tmp_path,
        '[parts]\nname = "[甲乙丙][一二]"\n[[rule]]\nname = "byline"\nwithin = "（(?P<inside>[^（）]+)）"\n'
        'regex = "(?P<TITLE>记者)(?P<PER>{name})(?:、(?P<PER_2>{name}))?"\n',
    )
    check(make_stage("patterns", rules=[path]), "记者甲一（[记者|TITLE][乙二|PER]、[丙一|PER]）")


def test_a_word_list_can_be_a_part(tmp_path):
    (tmp_path / "posts.txt").write_text("# 来源\n市长\n副市长\n", encoding="utf-8")
    path = write(
        tmp_path, '[parts]\npost = {list = "posts.txt"}\n[[rule]]\nname = "p"\nlabel = "TITLE"\nregex = "{post}"\n'
    )
    check(make_stage("patterns", rules=[path]), "[副市长|TITLE]和[市长|TITLE]")


def test_an_unknown_label_in_the_settings_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"'MONY'; known: .*MONEY"):
        make_stage("patterns", rules=[RULES / "amounts.toml"], labels=["MONY"])
