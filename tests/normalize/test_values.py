"""The stage `values`: what it reads of a text around its mentions, and what it leaves alone."""

from __future__ import annotations

import pytest
import spacy
from markup import parse
from rules_at_hand import RULES
from spacy.tokens import Doc

from pipeline.doc import MERGED, make_doc, read, write
from pipeline.normalize.values import Values
from pipeline.records import Article

NLP = spacy.blank("zh")
STAGE = Values(name="values", rules=RULES / "normalize")


def doc_of(marked: str, date: str | None = "2024-12-04") -> Doc:
    text, mentions = parse(marked)
    doc = make_doc(NLP, Article("x", None, "article", None, date, (), text, ()))
    return write(doc, "mentions", MERGED, mentions)


def values(marked: str, date: str | None = "2024-12-04") -> list[object]:
    return [mention.value for mention in STAGE.find(doc_of(marked, date))]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[12月3日|DATE]，[恒远公司|ORG]扩产。", ["2024-12-03", None]),
        ("会议将于[1月5日|DATE]召开。", ["2025-01-05"]),
        ("会议于[1月5日|DATE]召开。", ["2024-01-05"]),
        ("[25日|DATE]将举行比赛。", ["2024-12-25"]),
        ("[25日|DATE]将军到访。", ["2024-11-25"]),
        ("[11月30日|DATE]开幕，[次日|DATE]闭幕。", ["2024-11-30", "2024-12-01"]),
        ("[11月30日|DATE]开幕。\n[当天|DATE]有雨。", ["2024-11-30", "2024-11-30"]),
        ("[近日|DATE]开幕。[当天|DATE]有雨。", ["2024-12-04~", None]),
        ("[6月8日|DATE]开工，[20日|DATE]停工。", ["2024-06-08", "2024-06-20"]),
        ("[6月8日|DATE]开工。\n[2日|DATE]停工。", ["2024-06-08", "2024-12-02"]),
        ("2019年公司成立，[5月6日|DATE]开业。", ["2019-05-06"]),
        ("2019年以来公司扩张，[5月6日|DATE]开业。", ["2024-05-06"]),
        ("2019年公司成立。[5月6日|DATE]开业。", ["2024-05-06"]),
    ],
)
def test_a_date_is_read_by_its_clause_its_sentence_and_the_date_before_it(
    marked: str, expected: list[str | None]
) -> None:
    assert values(marked) == expected


def test_amounts_and_shares_are_read_with_the_words_around_them() -> None:
    assert values("投资突破[5亿元|MONEY]，持股不低于[51%|PERCENT]。每年节约[3万元|MONEY]。") == [
        {"amount": "500000000", "currency": "CNY", "bound": "above"},
        {"percent": "51", "bound": "above"},
        {"amount": "30000", "currency": "CNY", "bound": "exact"},
    ]


@pytest.mark.parametrize("date", [None, "", "2024", "2024-13-01", "0001-01-01"])
def test_an_article_without_a_day_of_its_own_leaves_the_year_unknown(date: str | None) -> None:
    assert values("[12月3日|DATE]、[昨天|DATE]", date) == ["XXXX-12-03", None]


def test_the_mentions_keep_all_else_and_a_second_run_changes_nothing() -> None:
    doc = doc_of("[12月3日|DATE]投资[5亿元|MONEY]")
    before = read(doc, "mentions", MERGED)
    once = read(STAGE(doc), "mentions", MERGED)
    assert [(m.start, m.end, m.label, m.source, m.probability) for m in once] == [
        (m.start, m.end, m.label, m.source, m.probability) for m in before
    ]
    assert read(STAGE(doc), "mentions", MERGED) == once
