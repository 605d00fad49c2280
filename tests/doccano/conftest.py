"""A real doccano server for the tests of this folder, started by them and stopped by them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sites import CLIENT_PYTHON, ROOT, SERVER_PYTHON, Site

from pipeline.annotation.articles import read_articles
from pipeline.annotation.client import Doccano
from pipeline.annotation.outgoing import read_versions
from pipeline.annotation.server import running_pid, stop_server
from pipeline.annotation.snapshots import Pushed, Snapshots
from pipeline.marks import AnnotatedArticle

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "doccano: needs a doccano server, from the environment .venv-doccano")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [str(python.relative_to(ROOT)) for python in (SERVER_PYTHON, CLIENT_PYTHON) if not python.exists()]
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.doccano)
            item.add_marker(pytest.mark.xdist_group("doccano"))
            if missing and not os.environ.get("BAOZHI_REQUIRE_DOCCANO"):
                item.add_marker(pytest.mark.skip(reason=f"{' and '.join(missing)} missing; make setup-doccano"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("doccano") / "server")
    yield site
    site.own.close()
    stop_server(site.folder)
    assert running_pid(site.folder) is None


@pytest.fixture
def doccano(site: Site) -> Doccano:
    return site.own


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "annotations" / "passes" / "a.jsonl"


@pytest.fixture(scope="session")
def versions(seeds: Path) -> list[Pushed]:
    return read_versions(seeds, order="given")


@pytest.fixture(scope="session")
def articles(seeds: Path) -> dict[str, AnnotatedArticle]:
    return {article.id: article for _, article in read_articles(seeds)}


@pytest.fixture
def snapshots(tmp_path: Path) -> Callable[[str], Snapshots]:
    return lambda project: Snapshots(tmp_path / "state", project)
