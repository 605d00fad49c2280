"""Unlabelled news as training rows: shuffled items, cut into windows, with words and their parts of speech."""

from __future__ import annotations

import lzma
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

import jieba
import numpy as np
from msgspec import Struct

from pipeline.encoder.characters import MASK, SPECIALS, Ids, Vocabulary, fold
from pipeline.errors import InputError

jieba.setLogLevel("WARNING")

NAMES = ("nr", "ns", "nt", "nz")  # parts of speech that say what a name names; of the rest the first letter is kept
PARTS = (*NAMES, *"abcdefghijklmnopqrstuvxyz")
PLACES = "BMES"  # begin, middle, end, single: where in its word a character stands
NO_TAG = -100


class Window(Struct, frozen=True):
    """A stretch of running text: character ids, the number of each character's word, its tag or NO_TAG."""

    ids: Ids
    words: Ids
    tags: Ids


class Masked(Struct, frozen=True):
    """A batch with holes in it: what is read, what stood there, and where to ask (all batch x length)."""

    inputs: Ids
    bigrams: Ids
    targets: Ids
    tags: Ids
    asked: np.ndarray


def read_items(paths: Sequence[Path]) -> list[str]:
    """Read xz-packed text files whose items are separated by a blank line.

    Raises:
        InputError: a file is missing or is not xz.
    """
    items = []
    for path in paths:
        try:
            text = lzma.decompress(path.read_bytes()).decode("utf-8")
        except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
            raise InputError(
                f"cannot read unlabelled text: {error}", where=path, remedy="check [paths] in the config"
            ) from error
        items += [item.strip() for item in text.split("\n\n") if item.strip()]
    return items


@lru_cache(maxsize=1)
def parts_of_speech() -> Mapping[str, int]:
    """Give each word of jieba's dictionary the index of its part of speech in PARTS."""
    index = {part: number for number, part in enumerate(PARTS)}
    words = {}
    with jieba.get_dict_file() as lines:
        for line in lines:
            word, _, part = line.decode("utf-8").split()
            words[word] = index[part[:2]] if part[:2] in NAMES else index[part[0]]
    return words


def cut_windows(items: Sequence[str], *, vocabulary: Vocabulary, length: int) -> list[Window]:
    """Join items by an empty line and cut them into windows of `length` characters; a shorter rest is left out."""
    parts = parts_of_speech()
    number = PARTS.index("m")
    ids: list[Ids] = []
    sizes: list[int] = []
    marks: list[int] = []  # part of speech of each word, or -1
    for item in items:
        folded = fold(item) + "\n\n"
        ids.append(vocabulary.encode(folded))
        for word in jieba.cut(folded):
            sizes.append(len(word))
            marks.append(parts.get(word, number if word.isdecimal() else -1))
    if not ids:
        return []
    lengths = np.array(sizes)
    words = np.repeat(np.arange(len(sizes)), lengths)
    columns = np.concatenate(ids), words, _tag_characters(np.array(marks), lengths)
    starts = range(0, len(columns[0]) - length + 1, length)
    return [Window(*(column[start : start + length] for column in columns)) for start in starts]


def _tag_characters(marks: Ids, lengths: Ids) -> Ids:
    parts, sizes = np.repeat(marks, lengths), np.repeat(lengths, lengths)
    ends = np.cumsum(lengths)
    inside = np.arange(len(parts)) - np.repeat(ends - lengths, lengths)
    place = np.where(sizes == 1, 3, np.where(inside == 0, 0, np.where(inside == sizes - 1, 2, 1)))
    return np.where(parts < 0, NO_TAG, parts * len(PLACES) + place)


def mask_words(
    windows: Sequence[Window], *, vocabulary: Vocabulary, share: float, random: np.random.Generator
) -> Masked:
    """Hide `share` of the words whole (Cui et al. 2021): 80 % masked, 10 % replaced, 10 % left, all asked for."""
    ids = np.stack([window.ids for window in windows])
    words = np.stack([window.words - window.words[0] for window in windows])
    rows = np.arange(len(windows))[:, None]
    drawn = random.random((len(windows), int(words.max()) + 1))
    chosen = (drawn < share)[rows, words]
    fate = random.random(drawn.shape)[rows, words]
    inputs = np.where(chosen & (fate < 0.8), MASK, ids)
    stray = random.integers(len(SPECIALS), len(vocabulary.characters), ids.shape)
    inputs = np.where(chosen & (fate >= 0.9), stray, inputs)
    asked = chosen & (ids >= len(SPECIALS))
    tags = np.stack([window.tags for window in windows])
    return Masked(inputs=inputs, bigrams=vocabulary.pair(inputs), targets=ids[asked], tags=tags, asked=asked)


def stream_batches(
    items: Sequence[str],
    *,
    vocabulary: Vocabulary,
    length: int,
    batch: int,
    share: float,
    seed: int,
    chunk: int,
    start: tuple[int, int] = (0, 0),
    workers: int = 0,
) -> Iterator[tuple[tuple[int, int], Masked]]:
    """Give masked batches without end, each with the position (chunk, batch in it) at which the next one starts.

    What stands at a position depends on the seed alone, so that a run that stopped goes on exactly where it was.
    `workers` processes find the words of the chunks to come; a GPU needs them.
    """
    chunks = -(-len(items) // chunk)
    first = start[1]

    def choose(number: int) -> list[str]:
        epoch, place = divmod(number, chunks)
        order = np.random.default_rng([seed, epoch]).permutation(len(items))[place * chunk : (place + 1) * chunk]
        return [items[index] for index in order]

    cut = partial(cut_windows, vocabulary=vocabulary, length=length)
    chosen = map(choose, count(start[0]))
    for number, windows in zip(count(start[0]), _work_ahead(cut, chosen, workers), strict=False):
        shuffled = np.random.default_rng([seed, number, 1]).permutation(len(windows))
        batches = len(windows) // batch
        for index in range(first, batches):
            rows = [windows[row] for row in shuffled[index * batch : (index + 1) * batch]]
            random = np.random.default_rng([seed, number, index, 2])
            following = (number, index + 1) if index + 1 < batches else (number + 1, 0)
            yield following, mask_words(rows, vocabulary=vocabulary, share=share, random=random)
        first = 0


def _work_ahead(
    cut: Callable[[list[str]], list[Window]], chosen: Iterator[list[str]], workers: int
) -> Iterator[list[Window]]:
    """Map without end in the order given, some chunks ahead in other processes if there are workers."""
    if not workers:
        yield from map(cut, chosen)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = deque(pool.submit(cut, items) for items in islice(chosen, 2 * workers))
        while True:
            yield waiting.popleft().result()
            waiting.append(pool.submit(cut, next(chosen)))
