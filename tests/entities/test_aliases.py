"""Short forms of names, and which mentions are one."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from markup import parse
from spacy.tokens import Doc

from pipeline.doc import MERGED, make_doc, read, write
from pipeline.entities.alias_forms import load_forms, load_kinds
from pipeline.entities.alias_kinds import KINDS, kind_between, kind_of
from pipeline.entities.aliases import Aliases
from pipeline.errors import ConfigError, RulesError
from pipeline.records import Article
from pipeline.scheme import allows

ROOT = Path(__file__).resolve().parents[2] / "configs"
RULES, PLACES = ROOT / "rules" / "aliases", [ROOT / "lexicon" / "places.txt.gz"]
NLP = spacy.blank("zh")
STAGE = Aliases(name="aliases", rules=RULES, places=PLACES, threshold=0.5)


def doc_of(marked: str) -> Doc:
    text, mentions = parse(marked)
    doc = make_doc(NLP, Article("x", None, "article", None, None, (), text, ()))
    return STAGE(write(doc, "mentions", MERGED, mentions))


def aliases(marked: str) -> list[tuple[str, str]]:
    doc = doc_of(marked)
    return [(doc.text[slice(*r.head)], doc.text[slice(*r.tail)]) for r in read(doc, "relations")]


def clusters(marked: str) -> list[list[str]]:
    doc = doc_of(marked)
    return [[f"{doc.text[a:b]}@{a}" for a, b in entity.mentions] for entity in read(doc, "entities")]


@pytest.mark.parametrize(
    ("label", "short", "full"),
    [
        ("LOC", "山西", "山西省"), ("LOC", "香港", "香港特别行政区"), ("LOC", "阜平县", "河北省阜平县"), ("LOC", "松江", "上海市松江区"),
        ("LOC", "印尼", "印度尼西亚"), ("LOC", "海南自贸港", "海南自由贸易港"),
        ("ORG", "恒远集团", "恒远集团有限公司"), ("ORG", "恒远铝业", "河北恒远铝业股份有限公司"), ("ORG", "恒远", "恒远集团"),
        ("ORG", "恒远轴承", "襄阳恒远轴承制造股份有限公司"), ("ORG", "襄阳恒远", "襄阳恒远救生装备有限公司"),
        ("ORG", "恒远集团", "太原恒远重型机械集团有限公司"), ("ORG", "市场监管局", "市场监督管理局"), ("ORG", "县政府", "陇西县政府"),
        ("ORG", "榆林五院", "榆林市第五医院"), ("ORG", "央行", "中国人民银行"), ("ORG", "国家发展改革委", "国家发展和改革委员会"),
        ("PER", "福克斯", "戴维·福克斯"), ("PER", "戴维", "戴维·福克斯"), ("PER", "王", "王小明"), ("PER", "老王", "王小明"),
        ("DOCUMENT", "《办法》", "《云州市垃圾分类管理办法》"), ("PROJECT", "恒远电站", "恒远电站项目"),
    ],
)  # fmt: skip
def test_a_short_form_is_known_by_what_it_leaves_out(label: str, short: str, full: str) -> None:
    assert aliases(f"[{full}|{label}]公布，[{short}|{label}]也公布") == [(short, full)]


@pytest.mark.parametrize(
    ("label", "short", "full"),
    [
        ("LOC", "山西", "山西太原"), ("LOC", "中亚", "中亚地区"), ("LOC", "北京", "北京人民大会堂"), ("LOC", "长江", "长江经济带"),
        ("ORG", "国务院", "国务院办公厅"), ("ORG", "全国人大", "全国人大常委会"), ("ORG", "市委", "云州市国资委"),
        ("ORG", "中国银行股份有限公司", "中国农业银行股份有限公司"), ("ORG", "省政府", "市政府"), ("ORG", "云州市公安局", "奉节县公安局"),
        ("ORG", "北京大学", "北京大学首钢医院"), ("PER", "李一", "李一鸣"), ("PER", "陈元", "陈奎元"), ("PER", "王", "李小明"),
        ("DOCUMENT", "《意见》", "《云州市垃圾分类管理办法》"), ("DOCUMENT", "方案", "具体方案"),
    ],
)  # fmt: skip
def test_a_name_that_only_resembles_a_short_form_is_none(label: str, short: str, full: str) -> None:
    assert aliases(f"[{full}|{label}]公布，[{short}|{label}]也公布") == []


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        ("[云州机电研究院|ORG]（以下简称“[云机|ORG]”）成立", [("云机", "云州机电研究院")]),
        ("[北方联合|ORG]（[United North|ORG]）成立", [("United North", "北方联合")]),
        ("[云机|ORG]（[云州机电研究院|ORG]）成立", [("云机", "云州机电研究院")]),
        ("[云州机电研究院|ORG]（隶属[恒远|ORG]）成立", []),
        ("[云州机电研究院|ORG]和[恒远|ORG]成立", []),
        ("[宋江|PER]（[王伟|LOC]）", []),
    ],
)
def test_the_text_itself_defines_a_short_form(marked: str, found: list[tuple[str, str]]) -> None:
    assert aliases(marked) == found


def test_what_the_text_defines_goes_before_what_the_shape_says() -> None:
    marked = "[恒远铝业有限公司|ORG]与[云州恒远矿业集团|ORG]（下称“[恒远|ORG]”）签约，[恒远|ORG]出资"
    assert aliases(marked) == [("恒远", "云州恒远矿业集团")]


def test_a_short_form_of_two_bodies_is_bound_to_none() -> None:
    marked = "[云阳县政府|ORG]和[奉节县政府|ORG]签约，[县政府|ORG]表示"
    assert aliases(marked) == []
    assert aliases("[王小明|PER]和[王大海|PER]，[王|PER]局长说") == []
    assert aliases("[王小明|PER]和[李大海|PER]，[王|PER]局长说") == [("王", "王小明")]


def test_the_same_short_form_of_two_bodies_is_not_one_body() -> None:
    marked = "[云阳县公安局|ORG]，[公安局|ORG]。[奉节县公安局|ORG]，[公安局|ORG]，[公安局|ORG]"
    assert clusters(marked) == [["云阳县公安局@0"], ["公安局@7"], ["奉节县公安局@11"], ["公安局@18", "公安局@22"]]


def test_of_full_forms_of_one_family_the_fullest_counts_and_all_are_one() -> None:
    marked = "[河北恒远铝业股份有限公司|ORG]、[恒远铝业|ORG]、[恒远铝业股份有限公司|ORG]、[恒远铝业|ORG]"
    assert ("恒远铝业", "河北恒远铝业股份有限公司") in aliases(marked)
    doc = doc_of(marked)
    (entity,) = read(doc, "entities")
    assert (len(entity.mentions), entity.name) == (4, "河北恒远铝业股份有限公司")


def test_an_edge_joins_the_mentions_that_stand_nearest_and_there_is_one_for_each_two_names() -> None:
    doc = doc_of("[山西|LOC]等地。各地都有报道。[山西|LOC]（[山西省|LOC]）和[山西|LOC]")
    assert [(r.head, r.tail) for r in read(doc, "relations")] == [((12, 14), (15, 18))]


def test_edges_join_one_label_and_their_probability_is_that_of_their_kind() -> None:
    doc = doc_of("[山西省|LOC]、[山西|ORG]、[山西|LOC]、[戴维·福克斯|PER]、[福克斯|PER]")
    labels = {(m.start, m.end): m.label for m in read(doc, "mentions", MERGED)}
    edges = read(doc, "relations")
    kinds = load_kinds(RULES / "kinds.toml", KINDS)
    assert [edge.probability for edge in edges] == [kinds["LOC", "unit"], kinds["PER", "last_name"]]
    assert all(allows("alias_of", labels[edge.head], labels[edge.tail]) for edge in edges)


def test_other_labels_are_in_no_entity() -> None:
    assert clusters("[5亿元|MONEY]、[5亿元|MONEY]、[市长|TITLE]") == []


def test_the_threshold_leaves_less_sure_kinds_out() -> None:
    text, mentions = parse("[贵州遵义|LOC]、[遵义|LOC]、[山西省|LOC]、[山西|LOC]")
    doc = make_doc(NLP, Article("x", None, "article", None, None, (), text, ()))
    write(doc, "mentions", MERGED, mentions)
    strict = Aliases(name="aliases", rules=RULES, places=PLACES, threshold=0.7)
    assert len(list(STAGE.find(doc))) == 2 and len(list(strict.find(doc))) == 1


def test_a_threshold_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ConfigError, match="threshold = 2"):
        Aliases(name="aliases", rules=RULES, places=PLACES, threshold=2)


def test_kinds_are_named_by_shape() -> None:
    forms = load_forms(RULES, PLACES)
    assert kind_of("LOC", "山西", "山西省", forms) == "unit"
    assert kind_of("MONEY", "5亿", "5亿元", forms) is None
    assert (kind_between("（以下简称“", forms), kind_between("（", forms), kind_between("（属于", forms)) == (
        "defined", "bracketed", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("kinds.toml", 'name = "unit"', 'name = "units"', r":\d+: unknown kind 'units'"),
        ("kinds.toml", 'label = "LOC"', 'label = "PLACE"', r":\d+: unknown label 'PLACE'"),
        ("forms.toml", "legal = ", "legals = ", "legals"),
        ("known.txt", "央行\t", "央行", r":\d+: .*has no full form"),
    ],
)
def test_a_broken_rule_is_refused_with_its_file(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    for path in RULES.iterdir():
        source = path.read_text(encoding="utf-8")
        if path.name == file:
            assert old in source
            source = source.replace(old, new, 1)
        (tmp_path / path.name).write_text(source, encoding="utf-8")
    with pytest.raises(RulesError, match=said):
        Aliases(name="aliases", rules=tmp_path, places=PLACES, threshold=0.5)
