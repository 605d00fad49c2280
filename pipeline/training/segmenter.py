"""Train the word segmenter: a conditional random field over characters, by spacy-pkuseg's own trainer.

Reads segmented sentences (`.seg`, `.seg.gz`); writes a model folder for the tokenizer `pkuseg_words`.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import tempfile
import traceback
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from spacy_pkuseg import train as train_pkuseg
from spacy_pkuseg.config import config as pkuseg_config

from pipeline.errors import ConfigError
from pipeline.evaluation.words import read_segmented
from pipeline.registries import trainers
from pipeline.tokens.widths import fold_widths
from pipeline.training.compact_segmenter import compact_segmenter

LOG = "train.log"
HELD_OUT = "held_out.seg"
LEAST_SENTENCES = 10  # the trainer updates its rates ten times in an iteration

Sentence = list[str]


@trainers("word_segmenter")  # type: ignore[untyped-decorator]  # catalogue has no types
def make_word_segmenter(
    *,
    corpora: list[str],
    dev: list[str],
    output: str,
    sizes: list[int],
    set_aside: int,
    iterations: int,
    least_count: int,
    seed: int,
) -> Callable[[], Path]:
    """Make the training run that `configs/train/segmenter.cfg` describes."""
    return lambda: train_segmenter(
        [Path(path) for path in corpora], [Path(path) for path in dev], Path(output),
        sizes=sizes, set_aside=set_aside, iterations=iterations, least_count=least_count, seed=seed,
    )  # fmt: skip


def train_segmenter(
    corpora: Sequence[Path],
    dev: Sequence[Path],
    output: Path,
    *,
    sizes: Sequence[int] = (),
    set_aside: int = 1000,
    iterations: int = 4,
    least_count: int = 2,
    seed: int = 0,
) -> Path:
    """Train a segmenter in a process of its own, and write it, made small, into `output`.

    `sizes` says how many sentences, drawn by chance, to take of each corpus, of which `set_aside` others are then
    written to `held_out.seg`, to measure on; 0, or no sizes, takes all. A feature seen less than `least_count` times is
    left out. What the trainer says of each iteration stands in `train.log`; `dev` is there measured on, and no sentence
    of it trained on.

    Raises:
        ConfigError: the sizes do not fit the corpora, there are too few sentences, or the trainer failed.
    """
    if len(sizes) not in (0, len(corpora)) or not corpora or not dev:
        raise ConfigError(
            f"{len(corpora)} corpora, {len(sizes)} sizes, {len(dev)} dev files",
            remedy="name a corpus and a dev file at least, and a size for each corpus or none",
        )
    dev_sentences = [words for path in dev for words in read_folded(path)]
    sentences: list[Sentence] = []
    aside: list[Sentence] = []
    for path, size in zip(corpora, sizes or [0] * len(corpora), strict=True):
        corpus = read_folded(path)
        if size:
            random.Random(seed).shuffle(corpus)
            aside += corpus[:set_aside]
            corpus = corpus[set_aside:]
        held_out = {"".join(words) for words in dev_sentences + aside}
        sentences += [words for words in corpus if "".join(words) not in held_out][: size or None]
    if len(sentences) < LEAST_SENTENCES:
        raise ConfigError(
            f"{len(sentences)} sentences to train on", remedy=f"give at least {LEAST_SENTENCES} that are not in dev"
        )
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        train_file, dev_file, raw = Path(folder, "train.txt"), Path(folder, "dev.txt"), Path(folder, "model")
        _write(train_file, sentences)
        _write(dev_file, dev_sentences)
        _write(output / HELD_OUT, aside)
        # spacy-pkuseg trains by changing its one global configuration: never in a process that also segments
        process = multiprocessing.get_context("spawn").Process(
            target=_train,
            args=(train_file, dev_file, raw, output / LOG),
            kwargs={"iterations": iterations, "least_count": least_count, "seed": seed},
        )
        process.start()
        process.join()
        if process.exitcode:
            raise ConfigError(
                f"the trainer ended with status {process.exitcode}", where=output / LOG, remedy="see there"
            )
        compact_segmenter(raw, output)
    return output


def read_folded(path: Path) -> list[Sentence]:
    """Read segmented sentences, letters and marks folded to one width: `Ａ股 , 涨` gives `A股`, `，`, `涨`."""
    sentences = []
    for words in read_segmented(path):
        folded = fold_widths("".join(words))
        ends = list(accumulate(map(len, words)))
        sentences.append([folded[start:end] for start, end in zip([0, *ends], ends, strict=False)])
    return sentences


def _write(path: Path, sentences: Sequence[Sentence]) -> None:
    path.write_text("".join(" ".join(words) + "\n" for words in sentences), encoding="utf-8")


def _train(train: Path, dev: Path, output: Path, log: Path, *, iterations: int, least_count: int, seed: int) -> None:
    random.seed(seed)
    pkuseg_config.featureTrim = least_count - 1
    with log.open("w", encoding="utf-8", buffering=1) as lines, contextlib.redirect_stdout(lines):
        try:
            train_pkuseg(str(train), str(dev), str(output), train_iter=iterations)
        except Exception as error:
            traceback.print_exc(file=lines)
            raise SystemExit(1) from error
