"""Start and stop a doccano of one's own: one process on the loopback, SQLite, everything it writes in one folder.

Reads nothing of ours; writes the server's folder. Tasks run inside the request, so no second process is needed. The
secret key and the password are drawn at random, and lie in files that only their owner can read.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from msgspec import Struct

from pipeline.annotation.client import DoccanoError

SERVER_PYTHON = Path(".venv-doccano/bin/python")
USER = "baozhi"  # the account that pushes; people have their own
HOST = "127.0.0.1"
PATIENCE = 90.0  # seconds after which a server that does not answer counts as failed

_SETTINGS = """\
from pathlib import Path

from config.settings.production import *  # noqa: F403

CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_STORE_EAGER_RESULT = True
DJANGO_DRF_FILEPOND_UPLOAD_TMP = str(Path(__file__).parent / "uploads")
DJANGO_DRF_FILEPOND_ALLOW_EXTERNAL_UPLOAD_DIR = True
"""
_FIND = "import backend, importlib.metadata as m; print(backend.__path__[0]); print(m.version('doccano'))"
_PREPARE = """\
import os, django
from django.core.management import call_command
django.setup()
call_command("migrate", "--no-input", verbosity=0)
call_command("create_roles")
from django.contrib.auth import get_user_model
users, name = get_user_model().objects, os.environ["BAOZHI_USER"]
if not users.filter(username=name).exists():
    users.create_superuser(name, f"{name}@localhost", os.environ["BAOZHI_PASSWORD"])
"""


class Running(Struct, frozen=True):
    """A server that answers, and where its password lies."""

    url: str
    user: str
    password_file: Path
    pid: int

    @property
    def password(self) -> str:
        """Read the password."""
        return self.password_file.read_text(encoding="ascii").strip()


def start_server(folder: Path, *, port: int, python: Path = SERVER_PYTHON) -> Running:
    """Start a server whose state is in `folder`, or find it running there.

    Raises:
        DoccanoError: there is no such environment, the port is taken, or the server does not come up.
    """
    if not python.exists():
        raise DoccanoError(
            "there is no environment with the doccano server here", where=python,
            remedy="make it with: python3.11 -m venv .venv-doccano && .venv-doccano/bin/pip install "
            "-r requirements/doccano-server.txt; or name its python with --server",
        )  # fmt: skip
    folder, python = folder.resolve(), python.absolute()
    url = f"http://{HOST}:{port}"
    pid = running_pid(folder)
    if _answers(url) != bool(pid):
        raise DoccanoError(
            f"process {pid} is there, but does not answer" if pid else "another server answers there", where=url,
            remedy="stop it with baozhi annotate stop" if pid else "take another --port",
        )  # fmt: skip
    if pid:
        return Running(url, USER, folder / "password", pid)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    environment = _environment(folder)
    backend, version = _run([python, "-c", _FIND], folder, environment).splitlines()
    environment["PYTHONPATH"] = f"{folder}{os.pathsep}{backend}"
    prepared = folder / "prepared"
    if not prepared.exists() or prepared.read_text(encoding="ascii") != version:
        _run([python, "-c", _PREPARE], folder, {**environment, "BAOZHI_PASSWORD": _secret(folder / "password")})
        prepared.write_text(version, encoding="ascii")
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            [
                python, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "1", "--threads", "4",
                "--timeout", "600", "--pid", str(folder / "web.pid"), "--worker-tmp-dir", str(folder),
                "--chdir", backend, "config.wsgi",
            ],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            umask=0o077,
        )  # fmt: skip
    _wait(url, process, folder)
    return Running(url, USER, folder / "password", process.pid)


def stop_server(folder: Path) -> bool:
    """Stop the server of a folder; say whether one was running."""
    pid = running_pid(folder)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while running_pid(folder) is not None:
        if time.monotonic() > end:
            raise DoccanoError(f"process {pid} does not end", where=folder, remedy="end it yourself")
        time.sleep(0.1)
    return True


def running_pid(folder: Path) -> int | None:
    """Give the process of the server of a folder; None where it is not running."""
    try:
        pid = int((folder / "web.pid").read_text(encoding="ascii"))
        os.waitpid(pid, os.WNOHANG)  # a child that has ended is still listed until it is asked
    except ChildProcessError:
        pass
    except (OSError, ValueError):
        return None
    try:
        os.kill(pid, 0)
    except OSError:
        return None
    return pid


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    settings = folder / "baozhi_doccano_settings.py"
    settings.write_text(_SETTINGS, encoding="ascii")
    return {
        **kept, "DJANGO_SETTINGS_MODULE": settings.stem, "SECRET_KEY": _secret(folder / "secret_key"),
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "MEDIA_ROOT": str(folder / "media"), "STANDALONE": "True",
        "DOCCANO_HOME": str(folder), "PYTHONPATH": str(folder), "BAOZHI_USER": USER,
    }  # fmt: skip


def _secret(path: Path) -> str:
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    return path.read_text(encoding="ascii").strip()


def _run(command: list[str | Path], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, umask=0o077
    )
    if done.returncode:
        raise DoccanoError(
            f"the server cannot be set up: {done.stderr.strip().splitlines()[-1:]}", where=folder,
            remedy="its environment needs requirements/doccano-server.txt on Python 3.11",
        )  # fmt: skip
    return done.stdout


def _wait(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise DoccanoError("the server does not come up", where=folder / "web.log", remedy="its last lines say why")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/auth", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
