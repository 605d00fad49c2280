"""The annotator's page in a headless Chromium from the system's packages: what a person does with the mouse."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 60
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1500,1000",
)  # fmt: skip

# the box around characters of the text, by their offsets as the page counts them: in UTF-16 code units
BOX = """
for (const line of document.querySelectorAll('#container svg text[id]')) {
  const [first, last] = line.id.split(':').map(Number);
  if (first <= arguments[0] && arguments[1] <= last) {
    const range = document.createRange();
    range.setStart(line.firstChild, arguments[0] - first);
    range.setEnd(line.firstChild, arguments[1] - first);
    const box = range.getBoundingClientRect();
    return {left: box.left, right: box.right, middle: (box.top + box.bottom) / 2, text: range.toString()};
  }
}
return null;
"""


class Annotator:
    """A person at the page."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        service = webdriver.ChromeService(shutil.which("chromedriver") or "/usr/bin/chromedriver")
        self.driver = webdriver.Chrome(options=options, service=service)

    def until(self, ask: Callable[[], Any]) -> Any:
        """Wait until something is there."""
        return WebDriverWait(self.driver, PATIENCE).until(lambda _: ask())

    def log_in(self, url: str, user: str, password: str) -> None:
        self.driver.get(f"{url}/auth")
        self.until(lambda: self.driver.find_elements(By.NAME, "username"))[0].send_keys(user)
        self.driver.find_element(By.NAME, "password").send_keys(password + "\n")
        self.until(lambda: "/projects" in self.driver.current_url)

    def open(self, address: str, labels: int) -> None:
        """Open an article and wait until so many labels are drawn."""
        self.driver.get(address)
        self.until(lambda: len(self.labels()) >= labels)

    def labels(self) -> list[WebElement]:
        """Give the names under the marked stretches, in the order in which they are drawn."""
        return self.driver.find_elements(By.CSS_SELECTOR, "#container svg circle + text")

    def names(self) -> list[str]:
        return self.driver.execute_script(
            "return [...document.querySelectorAll('#container svg circle + text')].map(e => e.textContent)"
        )

    def edges(self) -> list[str]:
        """Give the names on the lines; long ones are cut short, and one over a line's end is there twice."""
        return self.driver.execute_script(
            "return [...document.querySelectorAll('#container svg rect + text')].map(e => e.textContent)"
        )

    def mark(self, start: int, end: int, label: str) -> str:
        """Drag over characters and choose a label; gives the text that was dragged over."""
        before = len(self.labels())
        box = self.until(lambda: self.driver.execute_script(BOX, start, end))
        action = ActionBuilder(self.driver)
        y = round(box["middle"])
        action.pointer_action.move_to_location(round(box["left"] + 1), y).pointer_down()
        action.pointer_action.move_to_location(round((box["left"] + box["right"]) / 2), y)
        action.pointer_action.move_to_location(round(box["right"] - 1), y).pointer_up()
        action.perform()
        self._choose(label)
        self.until(lambda: len(self.labels()) > before)
        return str(box["text"])

    def relabel(self, number: int, label: str) -> None:
        """Click the name of a marked stretch and choose another."""
        self.labels()[number].click()
        self._choose(label)
        self.until(lambda: self.names()[number] == label)

    def join(self, head: int, tail: int, label: str) -> None:
        """Turn the switch to relations, click two names, and choose what joins them."""
        before = len(self.edges())
        switch = self.driver.find_element(By.CSS_SELECTOR, ".v-input--switch .v-input--selection-controls__ripple")
        switch.click()
        self.labels()[head].click()
        self.labels()[tail].click()
        self._choose(label)
        self.until(lambda: len(self.edges()) > before)
        switch.click()

    def erase(self, number: int) -> None:
        """Click the name of a marked stretch and then the cross on it."""
        before = len(self.labels())
        self._cross_out(self.labels()[number])
        self.until(lambda: len(self.labels()) < before)

    def erase_edge(self, label: str) -> None:
        """Click the name on a line and then the cross on it."""
        before = len(self.edges())
        lines = self.driver.find_elements(By.CSS_SELECTOR, "#container svg rect + text")
        self._cross_out(next(line for line in lines if line.text == label))
        self.until(lambda: len(self.edges()) < before)

    def _cross_out(self, name: WebElement) -> None:
        name.click()
        cross = ".v-menu__content.menuable__content__active .v-chip__close"
        self.until(lambda: self._visible(self.driver.find_elements(By.CSS_SELECTOR, cross)))[0].click()

    def confirm(self) -> None:
        """Click the cross at the top left, which then becomes a tick."""
        self.driver.find_element(By.CSS_SELECTOR, ".toolbar-control button").click()
        self.until(lambda: "100%" in self.driver.find_element(By.TAG_NAME, "main").text)

    def close(self) -> None:
        self.driver.quit()

    def photograph(self, name: str) -> None:
        """Keep a picture of the page in the folder that BAOZHI_SCREENSHOTS names."""
        if folder := os.environ.get("BAOZHI_SCREENSHOTS"):
            assert self.driver.save_screenshot(str(Path(folder) / name))

    def _choose(self, label: str) -> None:
        entries = ".v-menu__content.menuable__content__active .v-list-item"

        def entry() -> WebElement | None:
            found = self._visible(self.driver.find_elements(By.CSS_SELECTOR, entries))
            return next((one for one in found if one.text.split()[-1:] == [label]), None)

        self.until(entry).click()

    @staticmethod
    def _visible(found: Sequence[WebElement]) -> list[WebElement]:
        return [one for one in found if one.is_displayed()]
