"""A headless Chromium from the system's packages, as wide as asked and light or dark; it may reach no network."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 10
NAMED_ROLES = frozenset({
    "button", "link", "tab", "tabpanel", "region", "navigation", "dialog", "textbox", "searchbox", "combobox", "slider",
})  # fmt: skip
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--force-device-scale-factor=1",
)  # fmt: skip


def is_installed() -> bool:
    """Say whether Chromium and its driver are on this machine."""
    return bool(shutil.which("chromium") and shutil.which("chromedriver"))


class Window:
    """A person at a page."""

    def __init__(self, profile: Path, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(shutil.which("chromedriver") or "/usr/bin/chromedriver")
        self.driver = webdriver.Chrome(options=options, service=service)
        self.look(width=width, height=height, dark=dark)

    def look(self, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Give the window a size in CSS pixels, narrower than a window of the system can be, and its colours."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, page: Path, address: str = "") -> None:
        """Open a file, at a place within it."""
        self.driver.get("about:blank")
        self.driver.get(page.resolve().as_uri() + address)

    def all(self, selector: str) -> list[WebElement]:
        """Give what a selector finds, in sight or not."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def seen(self, selector: str) -> list[WebElement]:
        """Give what a selector finds and a person sees."""
        return [element for element in self.all(selector) if element.is_displayed()]

    def texts(self, selector: str) -> list[str]:
        """Give the texts of what a selector finds, as they stand in the document."""
        return self.run("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)

    def click(self, selector: str, number: int = 0) -> None:
        """Click what a person sees."""
        self.until(lambda: len(self.seen(selector)) > number)
        self.seen(selector)[number].click()

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def write(self, selector: str, text: str) -> None:
        """Replace what stands in a field."""
        field = self.seen(selector)[0]
        field.clear()
        field.send_keys(text or Keys.BACKSPACE)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def until(self, ask: Callable[[], Any]) -> Any:
        """Wait until something is there."""
        return WebDriverWait(self.driver, PATIENCE).until(lambda _: ask())

    def nameless(self) -> list[str]:
        """List the controls and regions of the page, as a screen reader is given them, that have no name."""
        nodes = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        return [
            node["role"]["value"] for node in nodes
            if not node["ignored"] and node["role"]["value"] in NAMED_ROLES and not node.get("name", {}).get("value")
        ]  # fmt: skip

    def complaints(self) -> list[str]:
        """Give what the browser has complained of since it was last asked: errors, and what a policy forbade."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def photograph(self, path: Path) -> None:
        """Keep a picture of what is in sight."""
        assert self.driver.save_screenshot(str(path))

    def close(self) -> None:
        """Close the window."""
        self.driver.quit()
