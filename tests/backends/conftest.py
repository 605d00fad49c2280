"""The small models of the backend tests, made once for all workers of a run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny

MAKERS: dict[str, tuple[str, Callable[[Path, Callable[[str], Path]], object]]] = {
    "bert": ("transformers", lambda folder, get: tiny.save_bert(folder)),
    "entities": ("transformers", lambda folder, get: tiny.save_token_classifier(folder)),
    "relations": ("transformers", lambda folder, get: tiny.save_pair_classifier(folder)),
    "spacy": ("spacy", lambda folder, get: tiny.save_spacy_ner(folder)),
    "hanlp_entities": ("hanlp", lambda folder, get: tiny.save_hanlp_entities(folder, get("bert"), _corpora(folder))),
    "hanlp_words": ("hanlp", lambda folder, get: tiny.save_hanlp_words(folder, get("bert"), _corpora(folder))),
    "hanlp_joint": ("hanlp", lambda folder, get: tiny.save_hanlp_joint(folder, get("bert"), _corpora(folder))),
}


PACKAGES = {"spacy": (), "transformers": ("torch", "transformers"), "hanlp": ("torch", "transformers", "hanlp")}


def _corpora(folder: Path) -> dict[str, str]:
    return tiny.write_corpora(folder.with_suffix(".corpora"))


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the folder of a small model by its name; skips where the backend's extra is not installed."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "models"

    def get(name: str) -> Path:
        extra, make = MAKERS[name]
        require_extra(extra)
        shared.mkdir(exist_ok=True)
        if extra == "hanlp":
            get("bert")
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one worker makes it, the others wait
            if not (shared / f"{name}.done").exists():
                make(shared / name, get)
                (shared / f"{name}.done").touch()
        return shared / name

    return get


def require_extra(extra: str) -> None:
    """Skip a test whose extra is not installed."""
    for package in PACKAGES[extra]:
        reason = f"{package} is not installed: pip install -e '.[{extra}]' -c constraints.txt"
        pytest.importorskip(package, reason=reason)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing reach beyond this machine: nothing is fetched unless a config says so."""
    import socket

    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            pytest.fail(f"something asked for the network: {address}")
        connect(self, address)

    def look_up(host: object, *rest: object, **settings: object) -> list[object]:
        if host not in {"127.0.0.1", "::1", "localhost", None}:
            pytest.fail(f"something asked for the network: {host}")
        return found(host, *rest, **settings)

    found = socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", connect_nearby)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
