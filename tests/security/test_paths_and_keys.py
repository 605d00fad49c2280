"""Nothing is written outside the output folder, and no key or password is shown."""

from __future__ import annotations

import json
import logging
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipeline.annotation.client import Doccano, DoccanoError, Login
from pipeline.backends.endpoint import Endpoint, EndpointError, Question, Settings
from pipeline.batch.extract import extract
from pipeline.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
PAGE = "# 云州市召开会议\n\n本报讯 市长刘建国说，投资5亿元。\n"
IDS = [
    "../../escaped",
    "/etc/escaped",
    "a/../../b",
    "..",
    "~root",
    "甲\u202e乙",
    "x" * 5000,
    "a\0b",
    "\n",
    "CON",
    "%2e%2e%2f",
]
SECRET = "s3cret-9f8e7d6c5b4a"


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_ids_of_any_kind_stay_inside_the_output_folder(tmp_path: Path) -> None:
    work = tmp_path / "deep" / "in"
    work.mkdir(parents=True)
    lines = [json.dumps({"id": name, "text": "市长刘建国说，投资5亿元。"}) for name in IDS]
    (work / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    manifest = [{"file": f"{n}.txt", "id": name} for n, name in enumerate(IDS)]
    for n in range(len(IDS)):
        (work / f"{n}.txt").write_text(PAGE, encoding="utf-8")
    (work / "manifest.jsonl").write_text("\n".join(map(json.dumps, manifest)), encoding="utf-8")
    before = files(tmp_path)
    summary = extract([work], config=ROOT / "configs" / "char.cfg", output=tmp_path / "deep" / "out")
    assert summary.failures == []
    made = files(tmp_path) - before
    assert {name for name in made if "/.baozhi/" not in name} == {
        "deep/out/records.jsonl", "deep/out/pages.jsonl", "deep/out/summary.json",
    }  # fmt: skip
    assert all(name.startswith("deep/out/") for name in made)
    records = [json.loads(line) for line in (tmp_path / "deep/out/records.jsonl").read_text("utf-8").splitlines()]
    assert [record["id"] for record in records[-len(IDS) :]] == IDS


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "a/../../outside.txt"])
def test_a_manifest_reads_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.txt").write_text(PAGE, encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(PAGE, encoding="utf-8")
    (folder / "manifest.jsonl").write_text(json.dumps({"file": name, "id": "x"}), encoding="utf-8")
    summary = extract([folder], config=ROOT / "configs" / "char.cfg", output=tmp_path / "out")
    assert ["which is not in the folder" in failure for failure in summary.failures] == [True]


def test_a_path_with_nul_is_a_failure_and_no_crash(tmp_path: Path) -> None:
    summary = extract([Path("a\0b.txt")], config=ROOT / "configs" / "char.cfg", output=tmp_path / "out")
    assert len(summary.failures) == 1


class Server(BaseHTTPRequestHandler):
    """A text-generation server that refuses, breaks, or answers nonsense, and repeats no header."""

    answers = iter(())

    def do_POST(self) -> None:
        status, body = next(self.answers)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server():
    running = HTTPServer(("127.0.0.1", 0), Server)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/v1"
    running.shutdown()


def endpoint(address: str) -> Endpoint:
    return Endpoint(Settings(address, "m", "BAOZHI_TEST_KEY", "text", 5.0, 0, 1, None, "here"))


@pytest.mark.parametrize("answer", [(401, b"no"), (500, b"broken"), (200, b"[]"), (200, b"\xff")])
def test_the_key_of_a_generation_server_is_in_no_error_and_no_log(
    server: str, answer: tuple[int, bytes], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pytest.importorskip("httpx")
    monkeypatch.setenv("BAOZHI_TEST_KEY", SECRET)
    caplog.set_level(logging.DEBUG)
    Server.answers = iter([answer])
    asked = endpoint(server)
    with pytest.raises(EndpointError) as raised:
        asked.ask([Question("do", "正文", "x", {})])
    told = [str(raised.value), repr(raised.value), repr(asked), repr(asked.settings), caplog.text, *capfd.readouterr()]
    assert not any(SECRET in text for text in told)
    assert "HTTP" in caplog.text  # something was logged


def test_a_missing_key_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("httpx")
    monkeypatch.delenv("BAOZHI_TEST_KEY", raising=False)
    with pytest.raises(ConfigError, match="BAOZHI_TEST_KEY"):
        endpoint("http://example.org/v1")


CLIENT = """\
#!{python}
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({answer}), flush=True)
"""


@pytest.mark.parametrize(
    "answer",
    [
        '{"error": "HTTPError: 400 Bad Request", "status": 400, "said": "no"}',
        '{"error": "HTTPError: 500 Server Error", "status": 500, "said": "broken"}',
        '{"error": "ConnectionError: refused", "status": None, "said": ""}',
        "[] if sys.exit(3) else 0",
    ],
)
def test_the_password_of_doccano_is_in_no_error_no_log_and_no_argument(
    tmp_path: Path, answer: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    python = tmp_path / "python"
    python.write_text(CLIENT.format(python=sys.executable, answer=answer), encoding="utf-8")
    python.chmod(0o755)
    caplog.set_level(logging.DEBUG)
    started: list[str] = []
    from pipeline.annotation import client

    real = client.subprocess.Popen
    monkeypatch.setattr(
        client.subprocess, "Popen", lambda args, **kw: (started.extend(map(str, args)), real(args, **kw))[1]
    )
    login = Login("http://127.0.0.1:9", "annotator", SECRET, python)
    with pytest.raises(DoccanoError) as raised:
        Doccano(login)
    told = [str(raised.value), repr(raised.value), repr(login), str(login), caplog.text, *capfd.readouterr(), *started]
    assert started and not any(SECRET in text for text in told)
