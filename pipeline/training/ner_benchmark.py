"""Train the tagger on public sets of names, each alone, and score their tests beside published figures.

Reads a list of sets (configs/benchmark/ner.toml), their files, and a pre-trained encoder; writes training folders that
are never shipped.
"""

from __future__ import annotations

from pathlib import Path

import torch
from msgspec import Struct

from pipeline.encoder.characters import load_vocabulary
from pipeline.encoder.matches import Dictionary, load_words
from pipeline.errors import ConfigError, unknown
from pipeline.evaluation.counts import Counts
from pipeline.evaluation.intervals import Interval, bootstrap_interval
from pipeline.rulefiles import read_tables
from pipeline.training.corpora import Example, read_corpus
from pipeline.training.export import load_tagger
from pipeline.training.holding_out import hold_out
from pipeline.training.scoring import Reading, add, score
from pipeline.training.train import make_settings, train_tagger

_HELD_OUT = 20  # of a set without a dev part, every so many'th text of train picks the round


class NamedSet(Struct, frozen=True, forbid_unknown_fields=True):
    """One set: its files under the data folder, its labels, and published F1 in percent by system."""

    name: str
    train: str
    test: str
    labels: list[str]
    published: dict[str, float]
    dev: str = ""


class Result(Struct, frozen=True):
    """The counts on the test part, and the interval of F1 over its texts."""

    set: NamedSet
    counts: Counts
    interval: Interval


def read_sets(path: Path, names: list[str]) -> list[NamedSet]:
    """Read the list of sets; all of them, or those named.

    Raises:
        ConfigError: the list is not well formed, or a name is not in it.
    """
    sets = [each for _, each in read_tables(path, "set", NamedSet)]
    known = {each.name: each for each in sets}
    for name in names:
        if name not in known:
            raise ConfigError(unknown("set", name, known), where=path)
    return [known[name] for name in names] if names else sets


def benchmark_set(
    each: NamedSet, data: Path, *, pretrained: Path, lexicon: Path, output: Path, threads: int, minutes: float,
    steps: int = 0, rate: float = 0.0015,
) -> Result:  # fmt: skip
    """Train on one set for `minutes` or, if not 0, `steps`, pick the round on its dev part, and score its test part once.

    Raises:
        InputError: a file of the set is missing or not well formed.
    """
    folder = output / each.name.lower()
    folder.mkdir(parents=True, exist_ok=True)
    train, dev = data / each.train, data / each.dev
    if not each.dev:
        train, dev = hold_out([train], folder, every=_HELD_OUT)
    settings = make_settings(
        corpora={"set": {"paths": [str(train)], "labels": each.labels, "share": 1.0}}, ships="set", dev=dev,
        pretrained=pretrained, lexicon=lexicon, output=folder, model=folder / "model", edges=False, minutes=minutes,
        steps=steps, rate=rate, threads=threads, augmentation={}, length=256, batch=8,
    )  # fmt: skip
    train_tagger(settings)
    tagger, _plan = load_tagger(folder)
    reading = Reading(
        load_vocabulary(folder / "vocabulary.json"), Dictionary(load_words(folder / "words.txt.gz")),
        torch.device("cpu"),
    )  # fmt: skip
    examples = read_corpus(data / each.test, each.labels)
    rows = [_score_one(tagger, example, each.labels, reading) for example in examples]
    return Result(each, sum(rows, Counts()), bootstrap_interval(rows))


def _score_one(tagger: torch.nn.Module, example: Example, labels: list[str], reading: Reading) -> Counts:
    return add(score(tagger, [example], "set", labels, reading), labels)  # type: ignore[arg-type]
