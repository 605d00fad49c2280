"""Score word segmentation by the definition of the SIGHAN bakeoffs, and time it.

Reads `.seg` or `.seg.gz` files: one sentence a line, its words parted by blanks; where every word of a line carries a
part of speech behind a slash (`会议/n`), that is left out. A word is right if both its ends are
(Emerson 2005, The Second International Chinese Word Segmentation Bakeoff, https://aclanthology.org/I05-3017): recall
over the words of the file, precision over the words of the segmenter.
"""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from spacy.tokens import Doc

from pipeline.errors import InputError
from pipeline.evaluation.counts import Counts, count
from pipeline.evaluation.intervals import Interval, bootstrap_interval
from pipeline.records import Offsets

_TAGGED = re.compile(r"(.*)/[A-Za-z]*")

Tokenizer = Callable[[str], Doc]


class SegmenterScore(Struct, frozen=True):
    """How one segmenter fares on one file; the interval holds 95 % of the resamples over sentences."""

    segmenter: str
    file: str
    sentences: int
    counts: Counts
    f1_interval: Interval
    characters: int
    seconds: float

    @property
    def characters_per_second(self) -> float:
        """Give the speed of the segmenter, its Docs included, in one process."""
        return self.characters / self.seconds if self.seconds else 0.0


def read_segmented(path: Path) -> list[tuple[str, ...]]:
    """Read the sentences of a `.seg` or `.seg.gz` file; blank lines are left out.

    Raises:
        InputError: the file cannot be read, is not UTF-8, or has no sentence.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot be read: {error}", where=path, remedy="give a UTF-8 file with one segmented sentence a line"
        ) from error
    sentences = [_without_tags(line.split()) for line in text.split("\n") if line.strip()]
    if not sentences:
        raise InputError("there is no sentence in it", where=path, remedy="give one segmented sentence a line")
    return sentences


def _without_tags(words: list[str]) -> tuple[str, ...]:
    tagged = [_TAGGED.fullmatch(word) for word in words]
    return tuple(match[1] for match in tagged if match and match[1]) if all(tagged) else tuple(words)


def word_spans(words: Iterable[str]) -> set[Offsets]:
    """Give the offsets of words that stand one behind the other.

    >>> sorted(word_spans(["太原", "重工"]))
    [(0, 2), (2, 4)]
    """
    spans: set[Offsets] = set()
    start = 0
    for word in words:
        spans.add((start, start + len(word)))
        start += len(word)
    return spans


def score_words(predicted: Iterable[str], gold: Iterable[str]) -> Counts:
    """Count the words of one sentence that are right.

    >>> score_words(["太原", "重工", "发布"], ["太原", "重工发布"])
    Counts(true_positives=1, predicted=3, gold=2)
    """
    return count(word_spans(predicted), word_spans(gold))


def score_segmenter(name: str, tokenize: Tokenizer, path: Path, *, resamples: int = 1000) -> SegmenterScore:
    """Segment the sentences of a file anew, and score and time that."""
    sentences = read_segmented(path)
    texts = ["".join(words) for words in sentences]
    tokenize(texts[0])  # what is loaded at the first word is not timed
    start = time.perf_counter()
    docs = [tokenize(text) for text in texts]
    seconds = time.perf_counter() - start
    per_sentence = [
        score_words((token.text for token in doc), words) for doc, words in zip(docs, sentences, strict=True)
    ]
    return SegmenterScore(
        segmenter=name,
        file=path.name,
        sentences=len(sentences),
        counts=sum(per_sentence, Counts()),
        f1_interval=bootstrap_interval(per_sentence, resamples=resamples),
        characters=sum(map(len, texts)),
        seconds=seconds,
    )


def benchmark_segmenters(
    segmenters: Mapping[str, Tokenizer], files: Sequence[Path], *, resamples: int = 1000
) -> list[SegmenterScore]:
    """Score every segmenter on every file, file by file.

    A segmenter is the tokenizer of an `nlp`, such as `pipeline.build.load(config).tokenizer`, by the name it is to have
    in the table.
    """
    return [
        score_segmenter(name, tokenize, path, resamples=resamples)
        for path in files
        for name, tokenize in segmenters.items()
    ]


def relative_speed(scores: Sequence[SegmenterScore], *, to: str = "jieba") -> dict[str, float]:
    """Give the characters a second of every segmenter over all files as a multiple of one of them.

    Raises:
        InputError: that one is not among them.
    """
    speeds: dict[str, float] = {}
    for name in dict.fromkeys(score.segmenter for score in scores):
        own = [score for score in scores if score.segmenter == name]
        speeds[name] = sum(score.characters for score in own) / max(sum(score.seconds for score in own), 1e-9)
    if to not in speeds:
        raise InputError(
            f"no segmenter {to!r} to compare speeds with", remedy=f"choose from {', '.join(sorted(speeds))}"
        )
    return {name: speed / speeds[to] for name, speed in speeds.items()}
