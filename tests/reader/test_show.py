"""A view holds what the page shows: offsets as browsers count, the way to the page, names to choose by."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_pages import CREDIT, HEADING, lay_out
from made_records import HOSTILE, INVESTMENT, Plain, make_record, plain, write_records

from pipeline.errors import InputError
from pipeline.reader.show import show
from pipeline.reader.view import ArticleView, ItemView, PageView, View

ASTRAL = make_record(
    "😀𠮷山集团\n昨天，[𠮷山集团|ORG]董事长[赵敏|PER]在[云州市|LOC]出资[5亿元|MONEY]，[云州市|LOC][市长|TITLE][钱立|PER]与[云州市审计局|ORG]到场。",
    id="003-9",
    relations=[("position_held", "钱立", "市长"), ("position_in", "市长", "云州市")],
    events=[("investment", "出资", {"agent": "𠮷山集团", "amount": "5亿元"})],
    facts=[{"type": "official_post", "person": "钱立", "post": "市长", "body": "云州市", "status": Plain("current"), "evidence": []}],
)  # fmt: skip


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def cut(text: str, start: int, end: int) -> str:
    """Cut as JavaScript cuts."""
    return utf16(text)[2 * start : 2 * end].decode("utf-16-le")


def on_page(view: View, article: ArticleView, start: int, end: int) -> str:
    """Read a stretch of the article off the page, as the page's script does."""
    found = ""
    for place in article.places:
        low, high = max(start, place.start), min(end, place.start + place.length)
        if low < high:
            line = view.pages[article.page].lines[place.line].text
            found += cut(line, place.column + low - place.start, place.column + high - place.start)
    return found


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("record", [ASTRAL, INVESTMENT, HOSTILE], ids=lambda record: record.id)
def test_every_mention_and_trigger_is_found_in_the_text_and_on_the_page(
    tmp_path: Path, record: Any, whole: bool
) -> None:
    view = show(lay_out(tmp_path, record), pages=tmp_path if whole else None)
    (article,) = view.articles
    assert view.pages[0].whole is whole
    spans = [(mention.start, mention.end) for mention in article.mentions]
    spans += [(span.start, span.end) for item in article.items for span in item.spans]
    said = [mention.text for mention in record.mentions]
    assert [cut(article.text, start, end) for start, end in spans][: len(said)] == said
    for start, end in spans:
        assert on_page(view, article, start, end) == cut(article.text, start, end)


def test_offsets_are_utf16_units_where_code_points_would_miss(tmp_path: Path) -> None:
    view = show(lay_out(tmp_path, ASTRAL))
    mention, record = view.articles[0].mentions[1], ASTRAL.mentions[1]
    assert (mention.start, mention.end) == (record.start + 3, record.end + 3)  # 😀𠮷 and 𠮷 before it
    assert cut(view.articles[0].text, mention.start, mention.end) == "赵敏"


def test_a_whole_page_keeps_marks_blank_lines_and_what_belongs_to_no_article(tmp_path: Path) -> None:
    records = lay_out(tmp_path, INVESTMENT)
    whole, known = show(records, pages=tmp_path).pages[0], show(records).pages[0]
    assert whole.lines[0].text == f"# {HEADING}" and known.lines[0].text == HEADING
    assert whole.lines[1].text == "" and all(line.text for line in known.lines)
    assert [(line.role, line.article) for line in known.lines if line.article < 0] == [("section", -1), ("credit", -1)]
    assert [line for line in whole.lines if line.text == CREDIT] == [
        line for line in known.lines if line.text == CREDIT
    ]
    assert {line.article for line in known.lines[1:-1]} == {0}


def test_without_pages_the_articles_are_shown_and_the_page_has_no_lines(tmp_path: Path) -> None:
    records = lay_out(tmp_path, INVESTMENT)
    (tmp_path / "pages.jsonl").unlink()
    view = show(records)
    assert view.pages == (PageView(name="第3版/003.txt", date="2024-12-03", whole=False, lines=()),)
    assert view.articles[0].places == () and view.shown_pages == 0


def test_an_article_of_no_page_has_none(tmp_path: Path) -> None:
    view = show(write_records(tmp_path / "r.jsonl", make_record("[赵敏|PER]说。", page=None)))
    assert (view.pages, view.articles[0].page) == ((), -1)


def items(view: View, layer: str) -> list[ItemView]:
    return [item for article in view.articles for item in article.items if item.layer == layer]


def test_a_fact_lights_its_fillers_and_what_its_evidence_adds(tmp_path: Path) -> None:
    view = show(write_records(tmp_path / "r.jsonl", INVESTMENT))
    text, (invested, held) = view.articles[0].text, items(view, "fact")
    assert [(cut(text, span.start, span.end), span.role) for span in invested.spans] == [
        ("恒远集团", "investor"), ("年产3万吨电池项目", "target"), ("5亿元", "amount"), ("出资", "trigger"),
    ]  # fmt: skip
    assert (invested.status, invested.probability, invested.amount) == ("planned", 0.8, 500_000_000)
    assert (invested.day, invested.printed) == ("2024-03-05", False)  # of the event that is its evidence
    assert [(slot.name, slot.text) for slot in held.slots][1] == ("post", "总经理")
    assert [slot.mention for slot in held.slots][1] == -1


def test_relations_light_both_ends_and_events_their_trigger_first(tmp_path: Path) -> None:
    view = show(write_records(tmp_path / "r.jsonl", ASTRAL))
    text = view.articles[0].text
    said = {item.type: [cut(text, s.start, s.end) for s in item.spans] for item in view.articles[0].items}
    assert said["position_held"] == ["钱立", "市长"]
    assert said["investment"] == ["出资", "𠮷山集团", "5亿元"]
    assert [item.layer for item in view.articles[0].items] == ["fact", "event", "relation", "relation"]


def test_an_event_without_a_day_of_its_own_has_that_of_the_paper_and_says_so(tmp_path: Path) -> None:
    (event,) = items(show(write_records(tmp_path / "r.jsonl", ASTRAL)), "event")
    assert (event.day, event.printed) == ("2024-12-03", True)


def test_names_are_persons_bodies_companies_and_places_where_posts_are_held(tmp_path: Path) -> None:
    view = show(write_records(tmp_path / "r.jsonl", ASTRAL))
    assert {name.name: name.kinds for name in view.names} == {
        "𠮷山集团": ("company",), "赵敏": ("person",), "钱立": ("person",), "云州市": ("body",),
        "云州市审计局": ("body",),
    }  # fmt: skip


def test_a_place_without_a_post_is_nothing_to_choose_by(tmp_path: Path) -> None:
    view = show(write_records(tmp_path / "r.jsonl", make_record("[赵敏|PER]到[云州市|LOC]。")))
    assert [name.kinds for name in view.names] == [("person",), ()]


def test_one_name_in_two_articles_is_one_and_a_short_form_goes_by_the_full_one(tmp_path: Path) -> None:
    other = make_record("[恒远重型机械集团有限公司|ORG]停产。", id="004-1")
    view = show(write_records(tmp_path / "r.jsonl", INVESTMENT, other))
    first, second = (article.mentions[0].name for article in view.articles)
    assert first == second and view.names[first].name == "恒远重型机械集团有限公司"


def _change(number: int, change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        lines = (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines()
        value = json.loads(lines[number])
        change(value)
        lines[number] = json.dumps(value, ensure_ascii=False)
        (folder / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    return apply


def _break_pages(folder: Path) -> None:
    with (folder / "pages.jsonl").open("ab") as file:
        file.write(b'\n{"schema": "baozhi-page/1"\n')


def _other_page(folder: Path) -> None:
    file = folder / "第3版/003.txt"
    file.write_bytes(file.read_bytes().replace("恒远".encode(), "恒达".encode()))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_break_pages, "pages.jsonl:3: is no page of baozhi-page/1"),
        (_change(0, lambda page: page.update(schema="baozhi-page/9")), "pages.jsonl:1: is no page"),
        (_change(0, lambda page: page["lines"][1].update(end=99)), "does not stand at"),
        (lambda folder: (folder / "pages.jsonl").write_bytes(b"\n\n"), "has no line"),
        (_other_page, "003.txt: is not the page that"),
        (lambda folder: (folder / "第3版/003.txt").write_bytes(b"\xff\xfe\x00"), "003.txt: looks UTF-16"),
        (lambda folder: (folder / "第3版/003.txt").unlink(), "holds none of the 1 pages"),
    ],
)
def test_bad_pages_are_refused_with_their_file(tmp_path: Path, harm: Callable[[Path], None], says: str) -> None:
    records = lay_out(tmp_path, INVESTMENT)
    show(records, pages=tmp_path)
    harm(tmp_path)
    with pytest.raises(InputError, match=says):
        show(records, pages=tmp_path)


@pytest.mark.parametrize("whole", [True, False])
def test_a_page_that_says_something_else_than_the_article_is_refused(tmp_path: Path, whole: bool) -> None:
    records = lay_out(tmp_path, INVESTMENT)
    value = plain(INVESTMENT) | {"page": "第3版/003.txt", "page_map": [[0, 3, 5]]}
    records.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(InputError, match=r"records\.jsonl: 003-2 does not stand on the page"):
        show(records, pages=tmp_path if whole else None)


def test_a_page_name_that_leads_out_of_the_folder_reads_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("x" * 200, encoding="utf-8")
    (tmp_path / "in" / "page.txt").write_text("x" * 100 + "赵敏说。", encoding="utf-8")
    good = make_record("[赵敏|PER]说。", page="page.txt")
    bad = make_record("[赵敏|PER]说。", id="9-9", page="../secret.txt")
    view = show(write_records(tmp_path / "r.jsonl", good, bad), pages=tmp_path / "in")
    assert [bool(page.lines) for page in view.pages] == [True, False]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "has no record"), (b'{"schema": 1}\n', r"records\.jsonl:1: is no record"), (b"\xff", r"records\.jsonl:1: ")],
)
def test_bad_records_are_refused_with_file_and_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "records.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=says):
        show(tmp_path / "records.jsonl")
