"""Commands are listed together and imported one by one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pipeline.cli.commands import COMMANDS
from pipeline.cli.main import app

RUNNER = CliRunner()


def test_help_lists_every_command_with_what_it_does() -> None:
    shown = RUNNER.invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    lines = [line.strip("│ ").split(maxsplit=1) for line in shown.splitlines()]
    described = {parts[0]: parts[1] for parts in lines if len(parts) == 2}
    assert [name for name in described if name in COMMANDS] == list(COMMANDS)
    assert all(len(described[name]) > 20 for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_of_its_own(name: str) -> None:
    result = RUNNER.invoke(app, [name, "--help"])
    assert result.exit_code == 0 and name in result.output.splitlines()[1]


def test_a_misspelt_command_is_refused_with_the_right_one() -> None:
    result = RUNNER.invoke(app, ["extrct"])
    assert result.exit_code == 2 and "extract" in result.output


@pytest.mark.parametrize(("arguments", "heavy"), [(["schema"], False), (["describe", "--help"], True)])
def test_a_command_waits_only_for_what_it_needs(arguments: list[str], heavy: bool) -> None:
    code = (
        "import sys; from pipeline.cli.main import app; app(sys.argv[1:], standalone_mode=False);"
        "print([name for name in ('spacy', 'krippendorff', 'onnxruntime') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert ("spacy" in done.stderr) == heavy
    assert "krippendorff" not in done.stderr
