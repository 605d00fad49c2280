"""The words are those of jieba, to the last one."""

from __future__ import annotations

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tokens import jieba_routes
from pipeline.tokens.aligning import pieces
from pipeline.tokens.jieba_routes import cut_words
from pipeline.tokens.jieba_tables import load_words
from pipeline.tries import code_points

NEWS = (
    "本报讯（记者 赵一鸣）12月3日，云州市人民政府召开新闻发布会，副市长欧阳慕青介绍了今年1-11月全市工业经济运行情况。",
    "他来到了网易杭研大厦，南京市长江大桥下的乒乓球拍卖完了！研究生命的起源，结婚的和尚未结婚的都来了。",
    "恒远集团股份有限公司拟投资5.7亿元建设年产3.5万吨PVC项目，其中AT&T占12%，c#与B超、C++、No.1_x-y一并验收。",
    "喀什噶尔、乌兰察布、阿不都热西提·买买提江；“蒐集”龘靐齉爩，繁體字𠮷野家\r\n\r\n\u3000　第二段\t①②",
    "一二三四五六七八九十百千万亿兆京垓秭穰沟涧正载极恒河沙阿僧祇那由他不可思议无量大数",
)
MIXED = st.text(
    st.sampled_from("太原市人民政府发布会长江大桥，。,.%“（\n\r\t Aa１1-_+&#*𠮷é龥鿕鿖㐀一二月日的和尚未结婚"),
    max_size=80,
)


JIEBA = jieba.Tokenizer()
JIEBA.FREQ, JIEBA.total = JIEBA.gen_pfdict(JIEBA.get_dict_file())  # its own `initialize` writes a cache and a log
JIEBA.initialized = True


def cut_by_jieba(text: str, hmm: bool) -> list[str]:
    return [word for piece in pieces(text) for word in JIEBA.cut(piece, HMM=hmm)]


@pytest.mark.parametrize("hmm", [True, False])
@pytest.mark.parametrize("text", NEWS)
def test_news_is_cut_as_jieba_cuts_it(text: str, hmm: bool) -> None:
    assert list(cut_words(text, hmm=hmm)) == cut_by_jieba(text, hmm)


@settings(max_examples=300, deadline=None)
@given(text=MIXED | st.text(st.characters(exclude_categories=["Cs"]), max_size=40), hmm=st.booleans())
def test_any_text_is_cut_as_jieba_cuts_it(text: str, hmm: bool) -> None:
    assert list(cut_words(text, hmm=hmm)) == cut_by_jieba(text, hmm)


def test_a_text_of_many_stretches_is_cut_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(NEWS) * 3
    whole = list(cut_words(text, hmm=True))
    monkeypatch.setattr(jieba_routes, "_STRETCH", 20)
    assert list(cut_words(text, hmm=True)) == whole
    assert "".join(whole) == text


def test_the_dictionary_is_that_of_jieba() -> None:
    words = [word for word, count in JIEBA.FREQ.items() if count]
    trie = load_words().trie
    assert len(trie) == len(words)
    for word in words[::997]:
        assert (len(word), [0]) in [(length, starts[:1].tolist()) for length, starts, _ in trie.find(code_points(word))]
