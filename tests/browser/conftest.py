"""One window for all tests of a page: Chromium takes seconds to start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Window, is_installed


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    if not is_installed():
        if os.environ.get("BAOZHI_REQUIRE_BROWSER") or os.environ.get("BAOZHI_REQUIRE_DOCCANO"):
            pytest.fail("Chromium and its driver are not on this machine")
        pytest.skip("Chromium and its driver are not on this machine")
    window = Window(tmp_path_factory.mktemp("chromium"))
    yield window
    window.close()


@pytest.fixture
def window(started: Window) -> Iterator[Window]:
    """Give the window in its usual size; nothing in it may have gone wrong when a test ends."""
    started.look(width=1280)
    started.complaints()
    yield started
    assert started.complaints() == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")
