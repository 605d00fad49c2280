"""No regular expression of the package runs away: found by reading it, and by strings of its own alphabet."""

from __future__ import annotations

import itertools
import json
import math
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    from re import _constants as constants
    from re import _parser as parser
else:
    import sre_constants as constants
    import sre_parse as parser

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ("rules.cfg", "default.cfg", "pkuseg.cfg")
LENGTH, TIMES_LONGER = 400, 8
SLACK = 4.0  # linear is 1, quadratic 8
AT_ONCE = 0.05  # seconds for a text of LENGTH that need no comparison
FLOOR = 0.002  # seconds below which a timer says nothing
LETTERS = 3  # of an alphabet, taken evenly
CUBIC = 3  # regexploit's degree from which a string of some thousand characters takes minutes


@pytest.fixture(scope="module")
def regexes() -> list[dict]:
    script = Path(__file__).with_name("list_regexes.py")
    command = [sys.executable, "-W", "ignore", str(script), *(str(ROOT / "configs" / name) for name in CONFIGS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


def letters_of(tree) -> set[str]:
    """Give one or two characters for each thing that a parsed expression can match."""
    found: set[str] = set()
    for operation, value in tree:
        if operation in (constants.LITERAL, constants.NOT_LITERAL):
            found.add(chr(value))
        elif operation is constants.RANGE:
            found.add(chr(value[0]))
        elif operation is constants.CATEGORY:
            found.update({constants.CATEGORY_SPACE: " ", constants.CATEGORY_DIGIT: "1"}.get(value, "甲"))
        elif operation is constants.IN:
            found |= letters_of(value)
        elif operation is constants.BRANCH:
            for branch in value[1]:
                found |= letters_of(branch)
        elif isinstance(value, tuple):
            for part in value:
                if isinstance(part, parser.SubPattern):
                    found |= letters_of(part)
    return found


def repeated(tree) -> list:
    """Give the parts of a parsed expression that may be matched many times, in order."""
    found = []
    for operation, value in tree:
        if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            found += [value[2], *repeated(value[2])] if value[1] > 9 else repeated(value[2])
        elif operation is constants.BRANCH:
            for branch in value[1]:
                found += repeated(branch)
        elif isinstance(value, tuple):
            for part in value:
                if isinstance(part, parser.SubPattern):
                    found += repeated(part)
    return found


def adversaries(source: str) -> list[str]:
    """Give pieces that, repeated, an expression may match in many ways; the end of a text is what spoils each match."""
    tree = parser.parse(source)
    loops = [sorted(letters_of(part)) for part in repeated(tree)]
    letters = sorted(set(itertools.chain.from_iterable(loop[:2] + loop[-1:] for loop in loops)) or letters_of(tree))
    letters = letters[:: max(1, len(letters) // LETTERS)][:LETTERS]
    return letters + ["".join(pair) for pair in itertools.permutations(letters, 2)]


class Enough(Exception):
    """A match has taken so long that nothing more need be known."""


def seconds(match: Callable[[str], object], text: str) -> float:
    """Give the time of one match; for ever, where it is cut off."""

    def stop(*_: object) -> None:
        raise Enough

    before = signal.signal(signal.SIGVTALRM, stop)
    begin = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, 1.0)
    try:
        match(text)
    except Enough:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begin


def runs_away(regex: re.Pattern[str], piece: str) -> bool:
    """Say whether one match takes longer than the text is long; how often it is tried is for test_pages.py to see."""
    long = piece * (LENGTH * TIMES_LONGER // len(piece)) + "\0"
    short = long[-LENGTH:]
    return any(
        seconds(match, short) > AT_ONCE
        or all(
            seconds(match, long) > SLACK * TIMES_LONGER * max(seconds(match, short), FLOOR / TIMES_LONGER)
            for _ in range(4)  # a timer is noisy: once in bounds is enough
        )
        for match in (regex.match, regex.fullmatch)
    )


def test_the_list_holds_expressions_of_rules_of_code_and_of_word_lists(regexes: list[dict]) -> None:
    assert len(regexes) > 150
    places = {regex["where"].partition(":")[0] for regex in regexes}
    assert {
        "pages/rules.py",
        "entities/patterns.py",
        "pages/lines.py",
        "entities/names.py",
        "tokens/sentences.py",
    } <= places


@pytest.mark.parametrize(
    ("source", "piece"),
    [("(?:a+)+b", "a"), ("甲*甲*甲*乙", "甲"), (r"(?:\s*[，、]?\s*)+$", " "), ("(?:甲|甲乙|乙甲)+丙", "甲乙")],
)
def test_the_measure_knows_what_runs_away(source: str, piece: str) -> None:
    assert piece in adversaries(source)
    assert runs_away(re.compile(source), piece)
    assert not runs_away(re.compile("甲{1,9}乙"), "甲")


PAGES = pytest.param(
    "pages/",
    marks=pytest.mark.xfail(
        strict=True,
        reason="rules/pages: byline, jump, folio, dateline and crowd expressions are cubic in a run of blanks",
    ),
)
WHERE = pytest.mark.parametrize("folder", [PAGES, ""], ids=["pages", "the rest"])


def chosen(regexes: list[dict], folder: str) -> list[dict]:
    return [regex for regex in regexes if regex["where"].startswith("pages/") == bool(folder)]


@WHERE
def test_no_expression_takes_longer_than_proportionally(regexes: list[dict], folder: str) -> None:
    bad = []
    for regex in chosen(regexes, folder):
        compiled = re.compile(regex["source"], regex["flags"])
        piece = next((piece for piece in adversaries(regex["source"]) if runs_away(compiled, piece)), None)
        if piece is not None:
            bad.append((regex["where"], piece, regex["source"]))
            if folder:  # one will do for those that are known to be bad, and each takes its time
                break
    assert bad == []


@WHERE
def test_no_expression_is_cubic_or_worse_to_read(regexes: list[dict], folder: str) -> None:
    bad = []
    for regex in chosen(regexes, folder):
        tree = SreOpParser().parse_sre(regex["source"], regex["flags"])
        degree = max((weakness.starriness for weakness in find(tree)), default=0)
        if degree >= CUBIC:
            bad.append((regex["where"], degree, regex["source"]))
    assert bad == []
