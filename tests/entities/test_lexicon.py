from __future__ import annotations

import pytest
from entity_stages import LEXICON, check, lexicon_settings, make_stage
from spacy.language import Language

from pipeline.errors import ConfigError, RulesError
from pipeline.rulefiles import read_words


@pytest.fixture(scope="module")
def lexicon() -> Language:
    return make_stage("lexicon", **lexicon_settings())


@pytest.mark.parametrize(
    "marked",
    [
        "[中国|LOC]与[法国|LOC]",
        "[四川省绵阳市|LOC]的一个村",
        "[四川|LOC]、[贵州|LOC]两省",
        "[国家发展改革委|ORG]和[财政部|ORG]",
        "[京津冀|LOC]协同发展",
        "[中国|LOC]式现代化",
        "其中[山东|LOC]",
        "世界大同，长治久安",
        "北京时间8时",
        "公安部门负责人",
        "不是平安无事，也不是新华字典",
        "小说《北京人》在[北京|LOC]重印",
        "兰州供电公司",
    ],
)
def test_the_shipped_lists_find_names_and_leave_common_words(lexicon, marked):
    check(lexicon, marked)


def test_neighbours_are_joined_only_where_that_is_set(tmp_path):
    (tmp_path / "places.txt").write_text("云州\n青峰镇\n", encoding="utf-8")
    lists = {"LOC": [tmp_path / "places.txt"]}
    check(make_stage("lexicon", lists=lists), "[云州青峰镇|LOC]、[云州|LOC]")
    check(make_stage("lexicon", lists=lists, joined=[]), "[云州|LOC][青峰镇|LOC]、[云州|LOC]")


def test_decoys_crossings_and_tails_keep_entries_out(tmp_path):
    for name, words in {
        "places": "中山\n云州市\n",
        "decoys": "其中\n",
        "crossings": "市场\n",
        "tails": "供电\n",
    }.items():
        (tmp_path / f"{name}.txt").write_text(words, encoding="utf-8")
    nlp = make_stage(
        "lexicon",
        lists={"LOC": [tmp_path / "places.txt"]},
        decoys=[tmp_path / "decoys.txt"],
        crossings=[tmp_path / "crossings.txt"],
        tails=[tmp_path / "tails.txt"],
    )
    check(nlp, "其中山东云州市场、云州市供电，[云州市|LOC]的[中山|LOC]")


def test_a_word_with_two_labels_names_the_line(tmp_path):
    (tmp_path / "a.txt").write_text("云州\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("海州\n云州\n", encoding="utf-8")
    with pytest.raises(RulesError, match=r"b\.txt:2: .*ORG here and LOC"):
        make_stage("lexicon", lists={"LOC": [tmp_path / "a.txt"], "ORG": [tmp_path / "b.txt"]})


@pytest.mark.parametrize(
    "settings", [{"lists": {"PLACE": []}}, {"lists": {}}, {"lists": {"LOC": []}, "joined": ["PLACE"]}]
)
def test_unknown_labels_and_empty_lexicons_are_refused(settings):
    with pytest.raises(ConfigError):
        make_stage("lexicon", **settings)


def test_every_shipped_list_is_well_formed_names_its_licence_and_all_are_small():
    paths = sorted(LEXICON.glob("*.txt*"))
    assert paths
    for path in paths:
        assert read_words(path), path
        data = path.read_bytes()
        text = __import__("gzip").decompress(data).decode() if path.suffix == ".gz" else data.decode()
        assert text.startswith("# ") and "# Licence: " in text, path
    assert sum(path.stat().st_size for path in paths) < 3_000_000
