"""Ask a doccano server: each call goes to doccano-client, which runs in an environment of its own.

See `doccano_worker.py` for the calls.
"""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from msgspec import Struct

from pipeline.errors import BaozhiError

WORKER = Path(__file__).with_name("doccano_worker.py")
CLIENT_PYTHON = Path(".venv-doccano-client/bin/python")


class DoccanoError(BaozhiError):
    """The server, or the way to it, does not do what was asked."""


class Login(Struct, frozen=True):
    """Where and as whom to log in, and which interpreter has doccano-client."""

    url: str
    user: str
    password: str
    python: Path = CLIENT_PYTHON

    def __repr__(self) -> str:
        return f"Login({self.url!r}, {self.user!r})"


class Doccano:
    """One login to one server, to be used in a `with` block.

    Raises:
        DoccanoError: there is no such interpreter or server, or the password is wrong.
    """

    def __init__(self, login: Login) -> None:
        self.url = login.url.rstrip("/")
        self.user = login.user
        if not login.python.exists():
            raise DoccanoError(
                "there is no environment with doccano-client here", where=login.python,
                remedy="make it with: python -m venv .venv-doccano-client && .venv-doccano-client/bin/pip install "
                "doccano-client==1.2.8 'urllib3<2'; or name its python with --client",
            )  # fmt: skip
        self._process = subprocess.Popen(
            [str(login.python), "-I", str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            encoding="utf-8",
        )  # fmt: skip
        try:
            self._ask({"with": {"url": self.url, "user": login.user, "password": login.password}})
            self.id: int = self.call("profile")["id"]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Doccano:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the interpreter that talks to the server."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # it may have ended by itself
                    pipe.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Ask for one thing; see `doccano_worker.py`.

        Raises:
            DoccanoError: the server refuses, or cannot be reached.
        """
        return self._ask({"call": name, "with": arguments})

    def project(self, name: str) -> int:
        """Give the id of the project of this name, which must be set up as ours are.

        Raises:
            DoccanoError: there is none, there are several, or it would drop labels.
        """
        found = self.call("find_projects", name=name)
        if len(found) != 1:
            raise DoccanoError(
                f"{self.user} finds {len(found) or 'no'} projects {name!r}", where=self.url,
                remedy="rename all but one" if found else "make it with baozhi annotate setup",
            )  # fmt: skip
        check_project(found[0], self.url)
        return int(found[0]["id"])

    def address(self, project: int, place: int | None = None) -> str:
        """Give the address of a project, or of its example at a place counted from 1."""
        address = f"{self.url}/projects/{project}"
        return address if place is None else f"{address}/sequence-labeling?page={place}"

    def _ask(self, request: dict[str, Any]) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise DoccanoError(
                "doccano-client ended without an answer", where=self.url,
                remedy="see its message above; its environment needs doccano-client==1.2.8 and urllib3<2",
            )  # fmt: skip
        answer = json.loads(line)
        if "error" in answer:
            raise _explain(answer, self.url, request.get("call", "login"))
        return answer["result"]


def check_project(project: dict[str, Any], url: str) -> None:
    """Refuse a project that would drop labels, hide them from people, or count characters in another way."""
    wanted = {
        "project_type": "SequenceLabeling", "collaborative_annotation": True, "allow_overlapping": True,
        "grapheme_mode": False, "use_relation": True,
    }  # fmt: skip
    wrong = [f"{name} is {project[name]}, not {value}" for name, value in wanted.items() if project[name] != value]
    if wrong:
        raise DoccanoError(
            f"the project {project['name']!r} would lose labels: {', '.join(wrong)}", where=url,
            remedy="take another name, and let baozhi annotate setup make the project",
        )  # fmt: skip


def _explain(answer: dict[str, Any], url: str, call: str) -> DoccanoError:
    status, error = answer.get("status"), answer["error"]
    if call == "login" and status in (400, 401, 403):
        return DoccanoError("the user or the password is wrong", where=url, remedy="check --user and the password")
    if error.startswith(("ConnectionError", "ConnectTimeout", "ReadTimeout")):
        return DoccanoError(f"the server does not answer ({call})", where=url, remedy="start it, then run this again")
    if error.startswith("ModuleNotFoundError"):
        return DoccanoError(error, where=url, remedy="name the python that has doccano-client with --client")
    said = f"; the server says {answer['said']}" if answer.get("said") else ""
    return DoccanoError(f"{call}: {error}{said}", where=url, remedy="see the log of the server")
