"""Measure the whole pipeline: characters a second by stage, start-up, peak memory, beside other programs in one run.

Reads a config and pages; writes nothing that stays. Each subject runs in a process of its own, one after another.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import BaozhiError, ConfigError, InputError
from pipeline.training.pipeline_subjects import READY, SUBJECTS, Figures, Task

_SENTENCE = re.compile(r"[^。\n]*。")
_TINY = 1e-9
_SLOW = frozenset({"BERT-base", "ELECTRA-small"})
_SLOW_CHARACTERS = 6_000  # enough for a subject that reads a few thousand characters a second


class Measurement(Struct, frozen=True):
    """What a subject did; `start` is from nothing to the first result, in seconds."""

    subject: str
    characters: int
    start: float
    figures: Figures

    @property
    def characters_per_second(self) -> float:
        """Give the characters a second of all steps together."""
        return self.characters / max(sum(self.figures.seconds.values()), _TINY)

    @property
    def characters_per_cpu_second(self) -> float:
        """Give the characters a second of one core: on a machine that others use too, the steadier figure."""
        return self.characters / max(self.figures.cpu, _TINY)


def measure_pipeline(
    config: Path, pages: Sequence[Path], *, characters: int, subjects: Sequence[str] = tuple(SUBJECTS)
) -> Iterator[Measurement]:
    """Measure the pipeline of a config and the other subjects on pages made of the sentences of some pages.

    Raises:
        InputError: the pages hold no text to make others of.
        ConfigError: a subject cannot run, as where torch is missing.
    """
    texts = list(make_pages([path.read_text(encoding="utf-8") for path in pages], characters=characters))
    few = list(make_pages(texts[:1], characters=min(characters, _SLOW_CHARACTERS)))
    for subject in subjects:
        yield _measure(subject, config, few if subject in _SLOW else texts)


def make_pages(pages: Sequence[str], *, characters: int) -> Iterator[str]:
    """Make new pages in the shape of some, their sentences exchanged for others of them, until `characters` are there.

    No page is like another: what a model keeps of a text that it has seen must not count.

    Raises:
        InputError: no page has a sentence.
    """
    sentences = [sentence for page in pages for sentence in _SENTENCE.findall(page)]
    if not sentences:
        raise InputError("the pages hold no sentence that ends in 。", remedy="give pages of news")
    chance = random.Random(0)
    made = 0
    while made < characters:
        for page in pages:
            text = _SENTENCE.sub(lambda _: chance.choice(sentences), page)
            yield text
            made += len(text)
            if made >= characters:
                return


def _measure(subject: str, config: Path, texts: Sequence[str]) -> Measurement:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "task.json"
        path.write_bytes(msgspec.json.encode(Task(subject, str(config), list(texts))))
        begin = time.perf_counter()
        command = [sys.executable, "-m", "pipeline.training.pipeline_subjects", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            assert child.stdout is not None and child.stderr is not None
            ready = child.stdout.readline()
            start = time.perf_counter() - begin
            said, complaint = child.communicate()
    if child.returncode or ready.strip() != READY.encode():
        last = (complaint.decode("utf-8", "replace").strip().splitlines() or ["it says nothing"])[-1]
        raise ConfigError(f"{subject!r} cannot be measured: {last}", where=config, remedy="see baozhi doctor")
    try:
        figures = msgspec.json.decode(said.splitlines()[-1], type=Figures)
    except (msgspec.DecodeError, IndexError) as error:
        raise BaozhiError(f"{subject!r} gave no figures: {error}") from error
    return Measurement(subject, sum(map(len, texts)), start, figures)
