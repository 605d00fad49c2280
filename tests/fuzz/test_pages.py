"""What the records promise holds on pages that nobody has thought of."""

from __future__ import annotations

import random
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.batch.fuzz import check_bytes, check_page, check_record, check_text, fuzz
from pipeline.batch.mutations import MUTATIONS, make_page, mutated_bytes, mutated_page
from pipeline.build import PageReader, load, load_page_reader
from pipeline.doc import make_doc
from pipeline.export.records import record_of
from pipeline.records import Line, Page, Run

ROOT = Path(__file__).resolve().parents[2]
Pipeline = tuple[PageReader, Language]
PIECES = [
    "甲",
    "一",
    "0",
    "1,",
    "、王",
    "《",
    "（",
    "》《",
    "”",
    "。",
    "，",
    "市",
    "公司",
    "#",
    "●",
    "·王",
    "年1月",
    "记者",
]
# blanks inside a line: six expressions of configs/rules/pages are cubic in them, see test_regexes.py
LENGTH, TIMES_LONGER = 1_500, 6
SLACK, FLOOR = 4.0, 0.02  # linear is 1; seconds below which a timer says nothing


@pytest.fixture(scope="module")
def rules() -> Pipeline:
    return load_page_reader(ROOT / "configs" / "rules.cfg"), load(ROOT / "configs" / "rules.cfg")


@pytest.fixture(scope="module")
def default(default_nlp: Language) -> Pipeline:
    return load_page_reader(ROOT / "configs" / "default.cfg"), default_nlp


def test_mutated_pages_keep_what_is_promised(rules: Pipeline, default: Pipeline) -> None:
    pipelines = [("rules", 1, *rules), ("default", 10, *default)]
    rounds = list(fuzz(pipelines, pages=100, seed=2))
    assert [finding for _, _, findings in rounds for finding in findings] == []
    assert sum(length for _, length, _ in rounds) > 20_000


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60)
        | st.text("本报讯记者市长刘建国，。《》（）()、1,5亿元年月日 \u3000#\r", max_size=80),
        min_size=1, max_size=12,
    ).map("\n".join).filter(str.strip)
)  # fmt: skip
@example("\ufeff#")
@example("\u2028\u2029\x85\x1c甲")
@example("# \r\r\n\u3000(\n" * 9)
def test_any_text_keeps_what_is_promised(rules: Pipeline, text: str) -> None:
    assert check_text(text, *rules) == []


@pytest.mark.parametrize("seed", range(3))
def test_bytes_are_decoded_without_loss_or_refused(seed: int) -> None:
    wrong = [(number, what) for number in range(150) for what in check_bytes(mutated_bytes(seed, number))]
    assert wrong == []


def test_a_seed_makes_the_same_page_and_every_mutation_changes_something() -> None:
    assert mutated_page(1, 2) == mutated_page(1, 2) != mutated_page(1, 3)
    for name, change in MUTATIONS.items():
        draws = [random.Random(number) for number in range(20)]
        pages = [make_page(draw) for draw in draws]
        assert any(change(page, draw) != page for page, draw in zip(pages, draws, strict=True)), name


TEXT = "# 云州市召开会议\n\n本报讯（记者 陈明）市长刘建国说，投资5亿元。\n"


def test_a_lost_line_a_wrong_map_and_overlapping_lines_are_found(rules: Pipeline) -> None:
    page = rules[0].read_text(TEXT, name="x", id="x")
    assert list(check_page(page)) == []
    article = page.articles[0]
    first = article.page_map[0]
    shifted = msgspec.structs.replace(
        article, page_map=(Run(first.text_start, first.page_start + 1, first.length), *article.page_map[1:])
    )

    def told(**changed: object) -> str:
        return " ".join(check_page(msgspec.structs.replace(page, **changed)))

    assert "characters are lost" in told(articles=())
    assert "does not lead to the text" in told(articles=(shifted,))
    assert "leaves out" in told(articles=(msgspec.structs.replace(article, page_map=article.page_map[1:]),))
    assert "overlap" in told(lines=(Line(1, 0, 9, "body", 1, False), Line(2, 5, 12, "body", 1, False)))
    assert "says ''" in told(lines=(Line(1, 3, 3, "body", 1, False),))
    assert isinstance(page, Page)


def test_wrong_offsets_and_ids_that_lead_nowhere_are_found(rules: Pipeline) -> None:
    reader, nlp = rules
    page = reader.read_text(TEXT, name="x", id="x")
    record = record_of(nlp(make_doc(nlp, page.articles[0])))
    assert list(check_record(record, TEXT)) == [] and record.mentions
    mention = record.mentions[0]

    def told(**changed: object) -> str:
        return " ".join(check_record(msgspec.structs.replace(record, **changed), TEXT))

    moved = msgspec.structs.replace(mention, start=mention.start + 1)
    assert f"{mention.id} is" in told(mentions=(moved,))
    assert "the page has" in told(page_map=())
    assert "tokens leave out" in told(tokens=record.tokens[1:])
    assert "sentences stand at" in told(sentences=(*record.sentences, record.sentences[0]))
    assert "sentences leave out" in told(sentences=())


def test_a_crash_is_a_finding(rules: Pipeline) -> None:
    assert check_text("甲", None, rules[1])[0].startswith("AttributeError in check_text (fuzz.py:")


def seconds(text: str, pipeline: Pipeline) -> float:
    reader, nlp = pipeline
    begin = time.process_time()
    for article in reader.read_text(text, name="x", id="x").articles:
        record_of(nlp(make_doc(nlp, article)))
    return time.process_time() - begin


@pytest.mark.parametrize("across", [10_000_000, 25], ids=["one line", "many lines"])
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_page_and_no_faster(rules: Pipeline, piece: str, across: int) -> None:
    text = piece * (LENGTH * TIMES_LONGER // len(piece))
    text = "\n".join(text[start : start + across] for start in range(0, len(text), across)) + "\n正文。"
    short = text[-LENGTH:]
    ratios = []
    for _ in range(3):  # a timer is noisy: once in bounds is enough
        ratios.append(seconds(text, rules) / max(seconds(short, rules), FLOOR))
        if ratios[-1] <= SLACK * TIMES_LONGER:
            return
    pytest.fail(f"{TIMES_LONGER} times the text takes {min(ratios):.0f} times as long")


def test_a_line_of_a_megabyte_is_read(rules: Pipeline) -> None:
    line = "云州市市长刘建国出资5.7亿元，" * (1_000_000 // 46)
    assert len(line.encode()) > 900_000
    page = rules[0].read_text(line, name="x", id="x")
    assert list(check_page(page)) == []
