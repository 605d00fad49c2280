"""A doccano server of the tests' own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import time
from pathlib import Path

from pipeline.annotation.client import Doccano, Login
from pipeline.annotation.server import Running, running_pid, start_server
from pipeline.annotation.setup import set_up

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER_PYTHON = ROOT / ".venv-doccano" / "bin" / "python"
CLIENT_PYTHON = ROOT / ".venv-doccano-client" / "bin" / "python"


class Site:
    """A server of the tests' own, which they may also kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._own: Doccano | None = None
        self.running: Running = self.start()
        self._passwords = {self.running.user: self.running.password}
        self._projects = 0

    def start(self) -> Running:
        if self._own is not None:  # it was logged in to what was killed
            self._own.close()
            self._own = None
        return start_server(self.folder, port=self.port, python=SERVER_PYTHON)

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        pid = running_pid(self.folder)
        assert pid is not None
        os.killpg(pid, signal.SIGKILL)
        while running_pid(self.folder) is not None:
            time.sleep(0.05)

    def login(self, user: str | None = None, password: str | None = None) -> Doccano:
        user = user or self.running.user
        return Doccano(Login(self.running.url, user, password or self._passwords[user], CLIENT_PYTHON))

    @property
    def own(self) -> Doccano:
        """The account that pushes, logged in once for all tests; after a kill, anew."""
        if self._own is None:
            self._own = self.login()
        return self._own

    def password(self, user: str) -> str:
        return self._passwords[user]

    def project(self, *people: str) -> str:
        """Make a new empty project and give its name; people get an account where they have none."""
        self._projects += 1
        name = f"项目 {self._projects}"
        _, passwords = set_up(self.own, name, people, shared_only=True)
        self._passwords |= passwords
        return name

    def count(self, question: str) -> int:
        """Ask the server's database behind its back."""
        with sqlite3.connect(f"file:{self.folder / 'db.sqlite3'}?mode=ro", uri=True, timeout=30) as database:
            return int(database.execute(question).fetchone()[0])
