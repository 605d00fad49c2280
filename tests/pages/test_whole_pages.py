"""Whole pages: nothing of a page is lost, every character maps back, and the corpora are read as well as they were."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build import load_page_reader
from pipeline.evaluation.markup import GoldPage, read_annotated_pages, read_marked_folder
from pipeline.evaluation.pages import PagesScores, score_page, total
from pipeline.pages.newspaper import NewspaperReader
from pipeline.records import LINE_ROLES, LOOSE_ROLES, Page

ROOT = Path(__file__).resolve().parent.parent.parent
READER = load_page_reader(ROOT / "configs" / "default.cfg")
assert isinstance(READER, NewspaperReader)
CORPUS = Path(__file__).parent / "corpus"

LINES = st.sampled_from(
    [
        "# 云州市召开防汛会议", "## 要闻", "本报讯（记者 陈明）7月3日，市政府召开防汛会议，要求各地压实责", "任，确保安全度汛。",
        "（卢 青）", "(上接第1版)", "图为抢险现场。 王磊 摄", "责编 林芳 校对 周宁", "特此通告。", "云州市水利局", "2024年7月3日", "### ", "#",
        "shuilixinwen", "——我市防汛工作观察", "一、总体要求", "“好！”", "各地要", "\u3000\u3000全市共投入\u3000", "🙂𠀀", "\t",
    ]
)  # fmt: skip
PAGES = st.lists(st.one_of(LINES, st.just(""), st.text(max_size=40)), max_size=30).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\n\n"]).map(lambda end: end.join(lines))
)


def check_whole(page: Page, text: str) -> None:
    numbers = [line.number for line in page.lines]
    assert numbers == sorted(set(numbers))
    told = {offset for line in page.lines for offset in range(line.start, line.end)}
    assert [c for offset, c in enumerate(text) if offset not in told and not c.isspace() and c != "#"] == []
    assert all(line.role in LINE_ROLES and (line.article is None) == (line.role in LOOSE_ROLES) for line in page.lines)
    mapped: set[int] = set()
    for article in page.articles:
        covered = 0
        for run in article.page_map:
            assert (
                article.text[run.text_start : run.text_start + run.length]
                == text[run.page_start : run.page_start + run.length]
            )
            assert set(article.text[covered : run.text_start]) <= {"\n"}
            covered = run.text_start + run.length
            span = set(range(run.page_start, run.page_start + run.length))
            assert not span & mapped
            mapped |= span
        assert covered == len(article.text)
    assert mapped == {o for line in page.lines if line.article is not None for o in range(line.start, line.end)}


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_nothing_of_any_page_is_lost_and_every_character_maps_back(text: str) -> None:
    check_whole(READER.read_text(text, name="p.txt", id="p"), text)


@pytest.mark.parametrize("text", ["", "\n\n", "甲", "# ", "###", "\r\n\r\n", "# 题\n# 题\n# 题", "。" * 5000])
def test_odd_pages_are_read(text: str) -> None:
    check_whole(READER.read_text(text, name="p.txt", id="p"), text)


def score(pages: list[GoldPage]) -> PagesScores:
    return total(score_page(page, READER.read_text(page.text, name=page.name, id=page.name).lines) for page in pages)


@pytest.mark.parametrize(
    ("name", "roles", "pairs", "joins"), [("dev", 0.98, 0.97, 0.93), ("test", 0.935, 0.92, 0.91)]
)  # floors, a little under what was measured
def test_the_corpora_are_read_no_worse_than_measured(name: str, roles: float, pairs: float, joins: float) -> None:
    scores = score(read_marked_folder(CORPUS / name))
    assert scores.role_accuracy >= roles
    assert scores.pairs.f1 >= pairs
    assert scores.joins.f1 >= joins


def test_line_ends_and_marks_of_the_file_do_not_change_what_is_read(tmp_path: Path) -> None:
    page = read_marked_folder(CORPUS / "dev")[0]
    plain = READER.read_text(page.text, name="p", id="p")
    (tmp_path / "p.txt").write_bytes(b"\xef\xbb\xbf" + page.text.replace("\n", "\r\n").encode())
    other = READER.read(tmp_path / "p.txt", name="p", id="p")
    assert [a.text for a in other.articles] == [a.text for a in plain.articles]
    assert [(x.number, x.role, x.article, x.joins) for x in other.lines] == [
        (x.number, x.role, x.article, x.joins) for x in plain.lines
    ]
    check_whole(other, page.text.replace("\n", "\r\n"))


def test_a_date_that_is_given_is_kept() -> None:
    page = READER.read_text(
        "# 云州市召开会议\n\n本报讯 3月21日，云州市召开会议，刘建国主持会议。", name="p", id="p", date="2024-03-22"
    )
    assert page.date == "2024-03-22"
    assert [article.date for article in page.articles] == ["2024-03-21"]
    unknown = READER.read_text("# 云州市召开会议\n\n本报讯 3月21日，云州市召开会议，刘建国主持会议。", name="p", id="p")
    assert (unknown.date, [article.date for article in unknown.articles]) == (None, [None])


def test_the_time_for_a_page_grows_with_its_length() -> None:
    line = "本报讯 7月3日，云州市召开防汛会议，要求各地压实责任。\n"

    def seconds(count: int) -> float:
        start = time.process_time()
        READER.read_text(line * count, name="p", id="p")
        return time.process_time() - start

    seconds(200)
    assert seconds(4000) < 12 * max(seconds(1000), 0.02)


def test_the_gold_of_the_seeds_is_complete_and_composes() -> None:
    pages = read_annotated_pages(ROOT / "annotations" / "pages.jsonl", ROOT / "seeds")
    assert [len(page.lines) for page in pages] == [32, 69, 59, 75, 79]
    assert all(score_page(page, page.lines).scores.role_accuracy == 1.0 for page in pages)
