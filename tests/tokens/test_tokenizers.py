"""What every word segmenter keeps: the text, its settings, and its senses in another process."""

from __future__ import annotations

import multiprocessing
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import DocBin

from pipeline.errors import BaozhiError, ConfigError, RulesError
from pipeline.tokens import char as _char  # noqa: F401  (registers it)
from pipeline.tokens import jieba as _jieba  # noqa: F401
from pipeline.tokens import jieba_tables as _jieba_tables
from pipeline.tokens import pkuseg as _pkuseg  # noqa: F401
from pipeline.tokens import sentences as _sentences  # noqa: F401

MODEL = Path(__file__).resolve().parents[2] / "models" / "pkuseg-news"

TOKENIZERS: dict[str, dict[str, Any]] = {
    "char": {"@tokenizers": "char_words"},
    "jieba": {"@tokenizers": "jieba_words"},
    "jieba_without_hmm": {"@tokenizers": "jieba_words", "hmm": False},
    "pkuseg": {"@tokenizers": "pkuseg_words", "model": str(MODEL)},
}
TEXTS = [
    "",
    " ",
    "\u3000\u3000本报讯\t１２月３日,太原重工股份有限公司发布公告。\r\n\r\n会议强调",
    "𠮷林𠀀公司🙂👨‍👩‍👧e\u0301\ufeff\u200b\x00\x1f\x85\u2028ﬁ①㈱",
    "No.1 3.5% 12:30 3,000元 A股 COVID-19 http://a.cn/?id=3&x=_",
    "字" * 3000,
    "Ａ" * 1500 + "，" + " " * 1500,
]


def make_nlp(tokenizer: dict[str, Any]) -> Language:
    return spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})


def words(nlp: Language, text: str) -> list[str]:
    return [token.text for token in nlp(text)]


NLPS = {name: make_nlp(tokenizer) for name, tokenizer in TOKENIZERS.items()}
every_segmenter = pytest.mark.parametrize("nlp", NLPS.values(), ids=NLPS.keys())

MIXED = st.text(
    alphabet=st.sampled_from("太原市人民政府发布会，。,.%“”（）\n\r\t \u3000Aa１1A-_+&#/*:|𠮷é\u200b一二月日"),
    max_size=80,
)
ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)


@every_segmenter
@pytest.mark.parametrize("text", TEXTS)
def test_the_text_stays(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


@every_segmenter
@settings(max_examples=60, deadline=None)
@given(text=MIXED | ANY)
def test_any_text_stays(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert [token.idx for token in doc] == [sum(len(t) for t in doc[: token.i]) for token in doc]


@every_segmenter
@settings(max_examples=30, deadline=None)
@given(text=MIXED)
def test_the_text_stays_in_a_doc_bin(nlp: Language, text: str) -> None:
    doc = nlp(text)
    (stored,) = DocBin(docs=[doc]).get_docs(nlp.vocab)
    assert [(t.text, t.idx) for t in stored] == [(t.text, t.idx) for t in doc]


def test_char_words_makes_token_i_of_character_i() -> None:
    text = TEXTS[2] + TEXTS[3] + TEXTS[4]
    assert words(NLPS["char"], text) == list(text)


@pytest.mark.parametrize("name", ["jieba", "pkuseg"])
def test_words_of_the_news_are_found(name: str) -> None:
    assert words(NLPS[name], "会议强调，要加强安全生产工作。")[:3] == ["会议", "强调", "，"]


def test_hmm_guesses_words_that_are_not_in_the_dictionary() -> None:
    text = "他来到了网易杭研大厦"  # the example of jieba's own readme
    assert "杭研" in words(NLPS["jieba"], text)
    assert "杭研" not in words(NLPS["jieba_without_hmm"], text)


def test_pkuseg_reads_both_widths_alike() -> None:
    full, half = "会议（昨日）强调，投资１２亿元！", "会议(昨日)强调,投资12亿元!"
    assert [len(word) for word in words(NLPS["pkuseg"], full)] == [len(word) for word in words(NLPS["pkuseg"], half)]
    assert "".join(words(NLPS["pkuseg"], half)) == half


@every_segmenter
def test_a_copy_on_disk_or_in_bytes_segments_alike(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "nlp")
    assert words(spacy.load(tmp_path / "nlp"), TEXTS[2]) == words(nlp, TEXTS[2])
    assert words(make_nlp(nlp.config["nlp"]["tokenizer"]).from_bytes(nlp.to_bytes()), TEXTS[2]) == words(nlp, TEXTS[2])


@every_segmenter
def test_a_pickled_copy_segments_alike(nlp: Language) -> None:
    assert words(pickle.loads(pickle.dumps(nlp)), TEXTS[2]) == words(nlp, TEXTS[2])


@pytest.fixture(params=["fork", "spawn"])
def start_method(request: pytest.FixtureRequest) -> Any:
    if request.param not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {request.param} on this system")
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(request.param, force=True)
    yield request.param
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.parametrize("name", ["char", "jieba", "pkuseg"])
def test_two_processes_segment_as_one(name: str, start_method: str) -> None:
    nlp = make_nlp(TOKENIZERS[name])
    nlp.add_pipe("sentences")
    texts = [text for text in TEXTS if text] * 2
    expected = [[(t.text, t.is_sent_start) for t in doc] for doc in nlp.pipe(texts)]
    assert [[(t.text, t.is_sent_start) for t in doc] for doc in nlp.pipe(texts, n_process=2, batch_size=3)] == expected


# ---------------------------------------------------------------- the user's words


@pytest.fixture
def word_list(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "words.txt"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize("name", ["jieba", "pkuseg"])
def test_user_words_stay_whole(name: str, word_list: Callable[[str], str]) -> None:
    text = "云岚绿谷科创走廊开工，维斯特·洛夫到场"
    assert not {"云岚绿谷科创走廊", "维斯特·洛夫"} & set(words(NLPS[name], text))
    nlp = make_nlp({**TOKENIZERS[name], "user_words": word_list("# 我的词\n云岚绿谷科创走廊\n维斯特·洛夫\n")})
    assert {"云岚绿谷科创走廊", "维斯特·洛夫"} <= set(words(nlp, text))
    assert nlp(text).text == text
    assert words(pickle.loads(pickle.dumps(nlp)), text) == words(nlp, text)


def test_the_longest_user_word_wins(word_list: Callable[[str], str]) -> None:
    nlp = make_nlp({**TOKENIZERS["pkuseg"], "user_words": word_list("甲乙\n甲乙丙丁\n")})
    assert words(nlp, "甲乙丙丁")[0] == "甲乙丙丁"
    assert words(nlp, "甲乙丙")[0] == "甲乙"  # the longer one that is begun but not there does not spoil the shorter


def test_user_words_of_one_jieba_are_not_those_of_another(word_list: Callable[[str], str]) -> None:
    before = words(make_nlp(TOKENIZERS["jieba"]), "云岚绿谷科创走廊")
    make_nlp({**TOKENIZERS["jieba"], "user_words": word_list("云岚绿谷科创走廊\n")})
    assert words(make_nlp(TOKENIZERS["jieba"]), "云岚绿谷科创走廊") == before
    assert words(NLPS["jieba"], "云岚绿谷科创走廊") == before


@pytest.mark.parametrize(
    ("text", "line"),
    [("太原 重工\n", 1), ("太原\n太原\n", 2), ("太原\n 重工\n", 2)],
    ids=["blank", "twice", "indented"],
)
@pytest.mark.parametrize("name", ["jieba", "pkuseg"])
def test_a_bad_user_word_is_refused_with_its_line(
    name: str, text: str, line: int, word_list: Callable[[str], str]
) -> None:
    with pytest.raises(RulesError, match=rf"words\.txt:{line}: "):
        make_nlp({**TOKENIZERS[name], "user_words": word_list(text)})


@pytest.mark.parametrize("name", ["jieba", "pkuseg"])
def test_a_user_word_list_that_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="user_words names no file"):
        make_nlp({**TOKENIZERS[name], "user_words": str(tmp_path / "none.txt")})


# ---------------------------------------------------------------- jieba and pkuseg leave nothing behind


def test_jieba_writes_no_cache_and_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _jieba_tables.load_words.cache_clear()
    _jieba_tables._load_chances.cache_clear()
    assert words(make_nlp(TOKENIZERS["jieba"]), "会议强调") == ["会议", "强调"]
    assert list(tmp_path.iterdir()) == []
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_two_pkuseg_models_work_side_by_side(tmp_path: Path) -> None:
    other = write_model(tmp_path, {"B": -1.0, "B_single": 1.0, "I_first": -1.0, "I": -1.0, "I_end": -1.0})
    before = words(NLPS["pkuseg"], "会议强调")
    singles = make_nlp({"@tokenizers": "pkuseg_words", "model": str(other)})
    assert words(singles, "会议强调") == ["会", "议", "强", "调"]
    assert words(NLPS["pkuseg"], "会议强调") == before == ["会议", "强调"]


def write_model(folder: Path, weights: dict[str, float]) -> Path:
    """Write a pkuseg model that knows one feature, which every character has."""
    import msgspec
    import numpy as np

    tags = {tag: number for number, tag in enumerate(sorted(weights))}
    data = {"unigram": [], "bigram": [], "feature_to_idx": {"$$": 0}, "tag_to_idx": tags}
    (folder / "features.msgpack").write_bytes(msgspec.msgpack.encode(data))
    nodes = [weights[tag] for tag in tags]
    np.savez(folder / "weights.npz", sizes=np.array([len(tags), 1]), w=np.array(nodes + [0.0] * len(tags) ** 2))
    return folder


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "tokenizer",
    [
        {"@tokenizers": "char_words", "size": 1},
        {"@tokenizers": "jieba_words", "hm": True},
        {"@tokenizers": "jieba_words", "hmm": "perhaps"},
        {"@tokenizers": "jieba_words", "user_words": 3},
        {"@tokenizers": "pkuseg_words"},
        {"@tokenizers": "pkuseg_words", "model": 3},
        {"@tokenizers": "pkuseg_words", "modell": "models/pkuseg-news"},
    ],
    ids=str,
)
def test_misspelt_and_mistyped_settings_are_refused(tokenizer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Config error"):
        make_nlp(tokenizer)


def test_an_unknown_segmenter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Exception, match="jieba_words"):
        make_nlp({"@tokenizers": "jeiba_words"})


@pytest.mark.parametrize(
    "damage", ["no folder", "no weights", "no features", "cut features", "cut weights", "no msgpack"]
)
def test_a_folder_that_is_no_model_is_refused_with_what_to_do(tmp_path: Path, damage: str) -> None:
    model = tmp_path / "model"
    if damage != "no folder":
        model.mkdir()
        write_model(model, {"B": 0.0, "I": 0.0})
    if damage == "no weights":
        (model / "weights.npz").unlink()
    elif damage == "no features":
        (model / "features.msgpack").unlink()
    elif damage == "no msgpack":
        (model / "features.msgpack").write_bytes(b"\xc1")
    elif damage.startswith("cut"):
        path = model / ("features.msgpack" if damage.endswith("features") else "weights.npz")
        path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(BaozhiError, match=r"model: .*baozhi train"):
        make_nlp({"@tokenizers": "pkuseg_words", "model": str(model)})
