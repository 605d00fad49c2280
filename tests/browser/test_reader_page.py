"""In the real page, in a real browser: what a person sees and does."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import Window
from made_newspaper import HOSTILE_BODY, HOSTILE_PERSON, RECORDS, make_reader
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.xdist_group("reader")
ARTICLE, PAGE = ".pane.article mark.lit", ".pane.page mark.lit"


@pytest.fixture(scope="module")
def reader(folder: Path) -> Path:
    return make_reader(folder)


def titles(window: Window) -> list[str]:
    return window.texts(".pane.list li button b")


@pytest.fixture
def posts(window: Window, reader: Path) -> Window:
    """The reader at the article whose names stand behind characters of two units."""
    window.open(reader, "#read/003-7")
    return window


def test_the_page_of_the_article_is_there_with_its_lines_in_ink_and_the_rest_soft(posts: Window) -> None:
    assert posts.texts(".pane.article h2") == ["云州换届"]
    assert posts.texts(".line.own")[0] == "## 😀𠮷云州换届"
    assert posts.texts(".line.loose") == ["# 第三版😀要闻", "责编：𠮷田"]


@pytest.mark.parametrize(
    ("item", "lit"),
    [
        (".item.fact[data-item='0']", ["云州市", "市长", "钱立"]),
        (".item.fact[data-item='1']", ["𠮷野银行", "行长", "孙𠮷"]),
        (".item.event", ["钱立", "会见", "孙𠮷"]),
        (".item.relation[data-item='4']", ["市长", "钱立"]),
    ],
)
def test_a_choice_lights_its_evidence_in_the_article_and_on_the_page(posts: Window, item: str, lit: list[str]) -> None:
    posts.click(item)
    assert posts.texts(ARTICLE) == lit
    assert "".join(posts.texts(PAGE)) == "".join(lit)  # a column break may cut a name in two
    assert posts.seen(ARTICLE) and posts.seen(PAGE)
    posts.click(item)
    assert posts.texts(ARTICLE) == posts.texts(PAGE) == []


def test_the_lights_say_which_part_each_word_plays(posts: Window) -> None:
    posts.click(".item.event")
    shown = "return [...document.querySelectorAll(arguments[0])].map(e => e.dataset.role)"
    assert posts.run(shown, ARTICLE) == ["agent", "trigger", "participant"]


def test_labels_colour_mentions_and_can_be_put_out(posts: Window) -> None:
    colours = "return [...document.querySelectorAll(arguments[0])].map(e => getComputedStyle(e).backgroundColor)"
    person, place = ".pane.article .mention.PER", ".pane.article .mention.LOC"
    assert posts.texts(person) == ["钱立", "孙𠮷", "老钱"]
    assert len({*posts.run(colours, person), *posts.run(colours, place)}) == 2
    posts.click(".legend .chip.PER")
    assert posts.texts(person) == [] and posts.texts(place) == ["云州市"]


def test_a_name_lights_all_its_mentions_also_short_ones(posts: Window) -> None:
    posts.click(".chip.name.PER")
    assert posts.texts(ARTICLE) == ["钱立", "老钱"]
    assert "".join(posts.texts(PAGE)) == "钱立老钱"


def test_what_stands_before_a_title_on_the_page_does_not_move_the_light(window: Window, reader: Path) -> None:
    window.open(reader, "#read/003-2")
    window.click(".chip.name.ORG")
    assert window.texts(ARTICLE) == ["恒远集团", "恒远重型机械集团有限公司", "恒远集团"]
    assert "".join(window.texts(PAGE)) == "恒远集团恒远重型机械集团有限公司恒远集团"


def test_a_click_on_a_mention_tells_of_it(posts: Window) -> None:
    posts.click(".pane.article .mention.PER", 2)
    assert posts.texts(".inspector b") == ["老钱"] and "= 钱立" in posts.texts(".inspector")[0]
    assert posts.texts(PAGE) == ["老钱"]


def test_no_input_becomes_markup(window: Window, reader: Path) -> None:
    window.open(reader)
    window.run("window.hack = () => { window.hacked = true; }")
    for view in ("posts", "money", "timeline", "ties", "read"):
        window.click(f"#tab-{view}")
    window.write("#text", "script")
    window.click(".pane.list li button")
    window.click(".item.fact")
    window.click(".chip.name")
    assert window.texts(".pane.article p:not(.soft)")[0] == f"{HOSTILE_BODY}的经理{HOSTILE_PERSON}签约<b>粗</b>&amp;。"
    assert not window.all("img, main script, .pane b b, iframe, object") and window.run("return !window.hacked")
    assert len(window.all("script")) == 2
    assert {HOSTILE_PERSON, HOSTILE_BODY} <= set(
        window.run("return [...document.querySelectorAll('option')].map(o => o.value)")
    )


@pytest.mark.parametrize(
    ("field", "value", "left"),
    [
        ("#person", "钱立", ["云州换届"]),
        ("#person", "老钱", ["云州换届"]),  # another form of the name
        ("#person", "云州市", []),  # no person
        ("#body", "云州", ["云州换届"]),
        ("#company", "𠮷野银行", ["云州换届"]),
        ("#company", "恒远集团", ["恒远集团扩建"]),
        ("#text", "出资 电池", ["恒远集团扩建"]),
        ("#text", "(空)", ["空"]),  # as （空）
        ("#text", "没有的词", []),
    ],
)
def test_fields_narrow_down_the_articles(window: Window, reader: Path, field: str, value: str, left: list[str]) -> None:
    window.open(reader)
    assert len(titles(window)) == len(RECORDS)
    window.write(field, value)
    assert titles(window) == left
    assert window.texts("#count") == [f"{len(left)} of 4 articles"]
    window.click(".filters [type=reset]")
    window.until(lambda: len(titles(window)) == len(RECORDS))


def test_event_types_sources_and_probabilities_narrow_down_articles_and_tables(window: Window, reader: Path) -> None:
    window.open(reader)
    window.run(
        "const f = document.getElementById('event'); f.value = 'meeting'; f.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert titles(window) == ["云州换届"]
    window.click(".filters [type=reset]")
    window.until(lambda: len(titles(window)) == len(RECORDS))
    options = window.run("return [...document.querySelectorAll('#source option')].map(o => o.value)")
    assert {"", "模型", "规则", "facts"} <= set(options)
    window.run(
        "const f = document.getElementById('source'); f.value = 'facts'; f.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert titles(window) == ["云州换届"]
    window.run(
        "const f = document.getElementById('minimum'); f.value = '0.6'; f.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    window.click("#tab-posts")
    assert window.texts("#table-official_post tbody .PER") == ["钱立"]


def test_search_marks_its_hits_and_shows_them_in_the_list(window: Window, reader: Path) -> None:
    window.open(reader, "#read/003-7")
    window.press("/")
    window.press("会见")
    assert window.texts(".snippet em") == ["会见"]
    assert window.texts(".pane.article .hit") == ["会见"]


def test_the_table_of_posts_says_who_where_as_of_when_and_leads_to_the_evidence(window: Window, reader: Path) -> None:
    window.open(reader, "#posts")
    rows = [row.text.split() for row in window.seen("#table-official_post tbody tr")]
    assert [row for row in rows if row[0] == "钱立"] == [
        ["钱立", "市长", "云州市", "current", "2024-12-03", "0.90", "云州换届", "003-7"]
    ]
    window.click("#table-official_post tbody tr .PER", [row[0] for row in rows].index("钱立"))
    assert window.texts(ARTICLE) == ["云州市", "市长", "钱立"]
    assert window.seen(PAGE)


def test_a_table_is_sorted_by_any_column_both_ways(window: Window, reader: Path) -> None:
    window.open(reader, "#posts")
    column = "#table-official_post td[data-column=probability]"
    for _ in range(2):
        window.click("#table-official_post th button", 5)
        shown = [text for text in window.texts(column) if text]
        direction = window.run(
            "return document.querySelectorAll('#table-official_post th')[5].getAttribute('aria-sort')"
        )
        assert shown == sorted(shown, reverse=direction == "descending") and len(set(shown)) == 2
    assert window.texts(column)[-1] == ""  # what has none comes last, both ways


def test_the_table_of_investments_and_the_timeline_lead_to_their_evidence(window: Window, reader: Path) -> None:
    window.open(reader, "#money")
    assert window.texts("#table-investment tbody tr td[data-column=amount] .filler") == ["5亿元"]
    assert "500,000,000 CNY" in window.texts("#table-investment tbody tr")[0]
    window.click("#table-investment .to")
    assert "5亿元" in window.texts(ARTICLE)
    window.click("#tab-timeline")
    assert window.texts(".timeline .day h3") == ["5 March 2024", "3 December 2024"]
    window.click(".timeline .event button")
    assert "出资" in window.texts(ARTICLE)


def test_ties_join_a_person_to_the_body_of_the_post_and_lead_to_the_evidence(window: Window, reader: Path) -> None:
    window.open(reader, "#ties")
    drawn = window.run("return [...document.querySelectorAll('.tie title')].map(t => t.textContent)")
    assert any({"钱立", "云州市"} <= set(tie.split(":")[0].split(" – ")) and "市长" in tie for tie in drawn)
    points = window.run(
        "return [...document.querySelectorAll('.point')].map(p => p.getAttribute('aria-label').split(',')[0])"
    )
    assert len(points) == len(set(points)) and "市长" not in points
    window.run(
        "[...document.querySelectorAll('.point')].find(p => p.getAttribute('aria-label').startsWith('钱立')).focus()"
    )
    window.press(Keys.ENTER)
    assert "云州市" in window.texts(".tied")[0]
    window.click(".tied .to")
    assert "钱立" in window.texts(ARTICLE)


def test_the_same_ties_are_drawn_in_the_same_place_each_time(window: Window, reader: Path) -> None:
    drawings = []
    for _ in range(2):
        window.open(reader, "#ties")
        drawings.append(window.run("return document.querySelector('.board svg').outerHTML"))
    assert drawings[0] == drawings[1]


def test_everything_goes_by_keys(posts: Window) -> None:
    assert posts.run("return document.activeElement.tagName") == "BODY"
    posts.press("j", "j")
    assert posts.texts(".item[aria-pressed=true] b") == ["official post"] and "孙𠮷" in posts.texts(ARTICLE)
    assert "孙𠮷" in posts.texts("#said")[0]
    posts.press("k")
    assert "钱立" in posts.texts(ARTICLE)
    posts.press(Keys.ESCAPE)
    assert posts.texts(ARTICLE) == []
    posts.press("m", "m")
    assert posts.texts(".inspector b") == ["市长"]
    posts.press("p")
    assert posts.texts(".pane.list [aria-current=true] b") == ["恒远集团扩建"]
    posts.press("p")  # there is none before the first
    assert posts.texts(".pane.list [aria-current=true] b") == ["恒远集团扩建"]
    posts.press("n", "n", "n")
    assert posts.texts(".pane.list [aria-current=true] b") == ["空"]
    posts.press("2")
    assert posts.seen("#view-posts") and not posts.seen("#view-read")
    posts.press("?")
    assert posts.seen("#help")
    posts.press(Keys.ESCAPE)
    assert not posts.seen("#help")
    posts.press("/")
    posts.press("j")  # in a field, keys are letters
    assert posts.run("return document.getElementById('text').value") == "j"


def test_tabs_go_by_arrows_and_say_which_is_chosen(window: Window, reader: Path) -> None:
    window.open(reader)
    window.click("#tab-read")
    window.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    chosen = window.all("[role=tab][aria-selected=true]")
    assert [tab.get_attribute("id") for tab in chosen] == ["tab-money"]
    window.press(Keys.END)
    assert window.seen("#view-ties")


def test_controls_and_regions_have_names(window: Window, reader: Path) -> None:
    for view in ("read", "posts", "money", "timeline", "ties"):
        window.open(reader, f"#{view}")
        window.until(lambda view=view: window.seen(f"#view-{view}"))
        assert window.nameless() == []
    window.run(
        "document.getElementById('help-button').removeAttribute('aria-label'); document.getElementById('help-button').textContent = ''"
    )
    assert window.nameless() == ["button"]  # it would be found


def test_the_address_leads_back_to_a_fact(posts: Window, reader: Path) -> None:
    posts.click(".item.fact", 1)
    address = posts.run("return location.hash")
    posts.open(reader, address)
    assert "孙𠮷" in posts.texts(ARTICLE)


@pytest.mark.parametrize("address", ["#read/none", "#read/003-7/99", "#read/%E0%A4%A", "#nothing", "#read/003-7/x"])
def test_a_broken_address_opens_an_article(window: Window, reader: Path, address: str) -> None:
    window.open(reader, address)
    assert window.seen(".pane.article .text") and window.texts(ARTICLE) == []


def test_a_line_of_another_article_opens_it(posts: Window) -> None:
    posts.click(".line.title:not(.own)")
    assert posts.texts(".pane.list [aria-current=true] b") == ["恒远集团扩建"]


def test_without_a_page_the_pane_says_so(window: Window, tmp_path: Path) -> None:
    window.open(make_reader(tmp_path, pages=False), "#read/003-7/0")
    assert "not at hand" in window.texts(".pane.page .nothing")[0]
    assert window.texts(ARTICLE) == ["云州市", "市长", "钱立"]
