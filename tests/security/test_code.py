"""The package opens nothing that could run as code, and talks to no network unless a config asks for it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "pipeline").rglob("*.py"))
MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
NAMES = {"eval", "exec", "compile", "__import__"}
CALLS = {"os.system", "os.popen", "yaml.load", "yaml.unsafe_load", "pandas.read_pickle"}


def dangers(source: str) -> list[str]:
    """Name what in a source could run what it reads."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            given = {word.arg: word.value for word in node.keywords}
            shell = given.get("shell")
            if name in NAMES or name in CALLS:
                found.append(name)
            elif name.endswith("torch.load") and ast.unparse(given.get("weights_only", ast.Constant(None))) != "True":
                found.append("torch.load without weights_only=True")
            elif name.endswith(("np.load", "numpy.load")) and "allow_pickle" in given:
                found.append("numpy.load with allow_pickle")
            elif shell is not None and ast.unparse(shell) != "False":
                found.append(f"{name} with shell")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_is_read_can_run(path: Path) -> None:
    assert dangers(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "from pickle import loads", "import torch\ntorch.load('x')", "torch.load('x', weights_only=False)",
        "eval('1')", "np.load('x', allow_pickle=True)", "subprocess.run('ls', shell=True)", "import cloudpickle as c",
    ],
)  # fmt: skip
def test_the_search_knows_what_it_looks_for(source: str) -> None:
    assert len(dangers(source)) == 1
    assert dangers("torch.load('x', map_location='cpu', weights_only=True); re.compile('x'); model.eval()") == []


GUARD = """
import socket, sys
def refuse(*args, **kw):
    print("NETWORK", args, file=sys.stderr)
    raise OSError("no network in this test")
for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = socket.gethostbyname = refuse
from pipeline.cli.main import main
sys.argv[1:] = {argv!r}
main()
"""


@pytest.mark.parametrize("config", ["default.cfg", "rules.cfg", "pkuseg.cfg"])
def test_the_default_run_needs_no_network(config: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# 云州市召开会议\n\n本报讯 市长刘建国说，投资5亿元。\n", encoding="utf-8")
    argv = [
        "extract",
        str(tmp_path / "a.txt"),
        "--config",
        str(ROOT / "configs" / config),
        "--output",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(
        [sys.executable, "-c", GUARD.format(argv=argv)], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, "NETWORK" in done.stderr) == (0, False), done.stderr
    assert (tmp_path / "out" / "records.jsonl").stat().st_size > 100


def test_the_guard_against_the_network_holds(tmp_path: Path) -> None:
    source = GUARD.partition("from pipeline")[0] + "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1 and "NETWORK" in done.stderr
