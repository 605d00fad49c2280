"""Rows for training heads: augmented, cut, packed, encoded; without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from msgspec import Struct

from pipeline.encoder.characters import PAD, UNKNOWN, Vocabulary, pad
from pipeline.encoder.matches import Dictionary
from pipeline.training.augment import Augmentation, Names, augment
from pipeline.training.corpora import Example, cut, pack, tag

NO_TAG = -100
_CHUNK = 400  # pieces that are packed together, and shuffled again
_SHORTEST = 32  # characters of the first piece of a text that is cut


class Rows(Struct, frozen=True):
    """A batch, (batch, length) each, features (batch, length, FEATURES); tags are NO_TAG at padding."""

    characters: torch.Tensor
    bigrams: torch.Tensor
    features: torch.Tensor
    tags: torch.Tensor


class Sampling(Struct, frozen=True, kw_only=True):
    """How rows are made: their longest length, how many a batch has, the seed, the augmentation."""

    length: int
    batch: int
    seed: int
    how: Augmentation


def encode_rows(
    examples: Sequence[Example],
    labels: Sequence[str],
    *,
    vocabulary: Vocabulary,
    dictionary: Dictionary,
    device: torch.device,
    unseen: float = 0.0,
    unmatched: float = 0.0,
    random: np.random.Generator | None = None,
) -> Rows:
    """Encode texts, padded to the longest; a share of characters as `unseen`, of rows without dictionary matches."""
    longest = max(len(example.text) for example in examples)
    characters = pad([vocabulary.encode(example.text) for example in examples], length=longest, fill=PAD)
    features = pad([dictionary.mark(example.text) for example in examples], length=longest, fill=0)
    tags = pad([tag(example, labels) for example in examples], length=longest, fill=NO_TAG)
    if random is not None:
        hidden = (random.random(characters.shape) < unseen) & (characters != PAD)
        characters = np.where(hidden, UNKNOWN, characters)
        features = features * (random.random((len(examples), 1, 1)) >= unmatched).astype(np.uint8)
    arrays = (characters, vocabulary.pair(characters), features, tags)
    return Rows(*(torch.from_numpy(array).to(device) for array in arrays))


def stream_rows(
    corpora: Mapping[str, Sequence[Example]], shares: Mapping[str, float], *, sampling: Sampling, names: Names
) -> Iterator[tuple[str, list[Example]]]:
    """Give batches without end, each of one corpus, chosen by the corpora's shares."""
    random = np.random.default_rng([sampling.seed, 5])
    parts = np.array([shares[name] for name in corpora])
    streams = {name: _stream(examples, sampling, names, random) for name, examples in corpora.items()}
    while True:
        name = list(corpora)[int(random.choice(len(parts), p=parts / parts.sum()))]
        yield name, [next(streams[name]) for _ in range(sampling.batch)]


def _stream(
    examples: Sequence[Example], sampling: Sampling, names: Names, random: np.random.Generator
) -> Iterator[Example]:
    shortest = min(_SHORTEST, sampling.length - 1)
    while True:
        pieces: list[Example] = []
        for index in random.permutation(len(examples)):
            example = augment(examples[index], how=sampling.how, names=names, random=random)
            if example.text:
                shift = int(random.integers(shortest, sampling.length))
                pieces += cut(example, length=sampling.length, shift=shift)
        for start in range(0, len(pieces), _CHUNK):
            rows = pack(pieces[start : start + _CHUNK], length=sampling.length)
            for index in random.permutation(len(rows)):
                yield rows[index]
