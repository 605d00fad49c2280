"""Sentence boundaries, marked with `|` in the text; a near miss stands beside every hit."""

from __future__ import annotations

import time

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import ConfigError
from pipeline.tokens import char as _char  # noqa: F401  (registers it)
from pipeline.tokens import sentences as _sentences  # noqa: F401

LONG = "山西省太原市迎泽区今年新建了三座公园"  # longer than a short quotation


def make_nlp(**settings: object) -> Language:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "char_words"}}})
    nlp.add_pipe("sentences", config=settings)
    return nlp


NLP = make_nlp()


def marked(doc: Doc) -> str:
    return "|".join(doc.text[s.start_char : s.end_char] for s in doc.sents)


MARKED = [
    # end marks
    "会议结束。|大家离开。",
    "谁来种地？|怎么种地？！|真好！！|记者走访。",
    "结束｡|大家离开",
    "太原、晋城；大同，朔州：都去；会议结束",
    "会议结束。",
    "！会议",
    # what goes on
    "“走吧！”，他说。",
    "他问“走吗？”、“来吗？”。|没有人答。",
    "走吧！——他喊",
    # closing marks stay
    f"“{LONG}。”|会议强调",
    f"「{LONG}！」|会议强调",
    f"（{LONG}。）|会议强调",
    f"【{LONG}。】|会议强调",
    f"“‘{LONG}。’”|会议强调",
    "会议结束。 ” |大家离开",
    "会议结束。 |“大家离开”",
    # a short quotation is a part of its sentence, unless a full stop makes it one of its own
    "他说：“好！”然后走了。",
    "他说：“好。”|然后走了。",
    "他说：“来了？坐。别客气！”然后走了。",
    "“奋斗吧，青春！”主题团日活动",
    '他说:"好!"然后走了。|"好"是真的。',
    "（鼓掌！）大家坐下。",
    "（记者甲。）|大家坐下。",
    # a long one has sentences of its own
    f"他说：“{LONG}。|{LONG}！”|然后走了。",
    f"“{LONG}！”|会议强调",
    # titles
    "《谁来养老？》播出了。|大家爱看。",
    "谁来养老？|《养老》播出了。",
    f"《{LONG}？{LONG}！》播出了。",
    # quotations that are not closed, or not opened
    "他说：“好。|大家走了。|会议结束。",
    "“他说“好！”然后走了。|大家离开",
    "好。”|他说",
    "《好。|他说",
    # line feeds
    "标题\n|正文",
    "标题\n\n \n|正文。\n|第二段\n",
    "标题\r\n|正文\r|正文\u2028|正文\x85|正文",
    "“上段\n|下段”",
    "\n \n标题\n|正文",
    "\u3000\u3000会议结束。\u3000|大家离开。 ",
    # points
    "同比增长3.5%，位列No.1，由约翰.史密斯任C.E.O.一职",
    "１０．５万元",
    "会议圆满结束. |大家离开．（完）",
    "一. 总则",
    "（公告全文.）|大家离开",
    "It ended. Then they left",
    # half-width marks
    "会议结束!|大家离开?|好",
    "见http://a.cn/?id=3",
    # omission
    "焊花飞溅，机器轰鸣……|走进车间",
    "桃、李、杏……都开了。",
    "他说，这……不行。",
    "……第二天",
    "焊花飞溅，机器轰鸣……，走进车间",
    f"“{LONG}……”|走进车间",
    "“好……”他说。",
    "焊花飞溅，机器轰鸣......|走进车间",
]


@pytest.mark.parametrize("text", MARKED)
def test_sentences_begin_where_marked(text: str) -> None:
    assert marked(NLP(text.replace("|", ""))) == text


def test_a_boundary_inside_a_token_splits_it() -> None:
    doc = Doc(NLP.vocab, words=["结束", "。大家", "离开"], spaces=[False] * 3)
    doc = NLP.get_pipe("sentences")(doc)
    assert [token.text for token in doc] == ["结束", "。", "大家", "离开"]
    assert marked(doc) == "结束。|大家离开"


def test_marks_are_settings() -> None:
    text = "太原；晋城。大同"
    assert marked(make_nlp(end_marks="；")(text)) == "太原；|晋城。大同"
    assert marked(make_nlp(end_marks="。；")(text)) == "太原；|晋城。|大同"


def test_the_length_of_a_short_quotation_is_a_setting() -> None:
    text = "他说：“来了？坐！”然后走了。"
    assert marked(make_nlp(short_quote=5)(text)) == text
    assert marked(make_nlp(short_quote=4)(text)) == "他说：“来了？|坐！”|然后走了。"


@given(st.text(alphabet='好。！？…“”（）《》\n 3.,，、\r"', max_size=60))
def test_sentences_cover_the_text_and_begin_with_no_blank(text: str) -> None:
    doc = NLP(text)
    assert "".join(sentence.text for sentence in doc.sents) == text
    assert all(sentence.text.strip() for sentence in doc.sents) or not text.strip()
    assert all(not sentence[0].is_space for sentence in list(doc.sents)[1:])


@given(
    st.text(alphabet='好。！？…“”（）《》 3.,，、"', max_size=60),
    st.text(alphabet='好。！？…“”（）《》 3.,，、"', max_size=60),
)
def test_what_stands_on_one_line_does_not_change_another(first: str, second: str) -> None:
    both = [s.text.strip() for s in NLP(f"{first}\n{second}").sents if s.text.strip()]
    each = [s.text.strip() for text in (first, second) for s in NLP(text).sents if s.text.strip()]
    assert both == each


@pytest.mark.parametrize("unit", ["字", "“", "“好。", "好。", "…", "字……", "3.5", " \n", "（”", "《好！", '"好！'])
def test_time_is_linear(unit: str) -> None:
    find = NLP.get_pipe("sentences").find

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        list(find(text))
        return time.process_time() - started

    small = min(seconds(20_000) for _ in range(3))
    assert seconds(200_000) < 10 * small * 4 + 0.05  # ten times the text; quadratic would take a hundred times


@pytest.mark.parametrize(
    "settings",
    [
        {"end_marks": ""},
        {"end_marks": "。 "},
        {"pairs": "“”（"},
        {"pairs": "“”“”"},
        {"short_quote": -1},
        {"longest_title": -1},
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        make_nlp(**settings)


@pytest.mark.parametrize("settings", [{"end_mark": "。"}, {"end_marks": 3}, {"short_quote": "many"}])
def test_misspelt_and_mistyped_settings_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Config error"):
        make_nlp(**settings)
