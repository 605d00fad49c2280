"""In the real page: wide and narrow, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import Window
from made_newspaper import make_reader
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.xdist_group("reader")
ARTICLE, PAGE = ".pane.article mark.lit", ".pane.page mark.lit"


@pytest.fixture(scope="module")
def reader(folder: Path) -> Path:
    return make_reader(folder)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("view", ["read/003-7/0", "posts", "money", "timeline", "ties"])
def test_nothing_sticks_out_sideways(window: Window, reader: Path, view: str, width: int, dark: bool) -> None:
    window.look(width=width, height=844, dark=dark)
    window.open(reader, f"#{view}")
    assert window.run("return document.documentElement.scrollWidth") == width
    box = window.run("const b = document.querySelector('main').getBoundingClientRect(); return [b.left, b.right]")
    assert box == [0, width]


def test_on_a_narrow_screen_one_pane_is_seen_and_a_fact_leads_to_the_article_and_the_page(
    window: Window, reader: Path
) -> None:
    window.look(width=390, height=844)
    window.open(reader, "#read/003-7")
    assert [pane.get_attribute("data-pane") for pane in window.seen(".pane")] == ["article"]
    window.click(".switch button", 2)
    window.click(".item.fact")
    assert [pane.get_attribute("data-pane") for pane in window.seen(".pane")] == ["article"] and window.seen(ARTICLE)
    window.driver.find_element(By.CSS_SELECTOR, ".evidence").find_element(
        By.XPATH, ".//button[text()='on the page']"
    ).click()
    assert [pane.get_attribute("data-pane") for pane in window.seen(".pane")] == ["page"] and window.seen(PAGE)
    window.click("#filter-button")
    assert len(window.seen(".filters label")) == 6


def test_light_and_dark_are_told_apart(window: Window, reader: Path) -> None:
    ground = []
    for dark in (False, True):
        window.look(width=1280, dark=dark)
        window.open(reader)
        ground.append(window.run("return getComputedStyle(document.querySelector('.pane.article')).backgroundColor"))
    assert ground[0] == "rgb(255, 255, 255)" and ground[1] != ground[0]
