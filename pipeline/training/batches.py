"""Rows for training heads: augmented, cut, packed, encoded; without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from msgspec import Struct

from pipeline.encoder.candidates import FAMILIES, describe_pairs, find_pairs, make_spans
from pipeline.encoder.characters import PAD, UNKNOWN, Vocabulary, pad
from pipeline.encoder.matches import Dictionary
from pipeline.records import EVENT_TYPES
from pipeline.training.augment import Augmentation, Names, augment
from pipeline.training.corpora import Edge, Example, tag
from pipeline.training.pieces import cut, pack

NO_TAG = -100
_CHUNK = 400  # pieces that are packed together, and shuffled again
_SHORTEST = 32  # characters of the first piece of a text that is cut


class Pairs(Struct, frozen=True):
    """The pairs of one family of edges in a batch.

    `spans` (spans, 2) are offsets into the rows laid end to end, `pairs` (pairs, 2) places in it, `features`
    (pairs, FEATURES), `wanted` and `allowed` (pairs, labels): what an edge is, and what one could be.
    """

    spans: torch.Tensor
    pairs: torch.Tensor
    features: torch.Tensor
    wanted: torch.Tensor
    allowed: torch.Tensor


class Rows(Struct, frozen=True):
    """A batch, (batch, length) each, features (batch, length, FEATURES); tags are NO_TAG at padding.

    `triggers` are tags, `edges` pairs by family; both are empty for a corpus that has none.
    """

    characters: torch.Tensor
    bigrams: torch.Tensor
    features: torch.Tensor
    tags: torch.Tensor
    triggers: torch.Tensor | None
    edges: dict[str, Pairs]


class Sampling(Struct, frozen=True, kw_only=True):
    """How rows are made: their longest length, how many of that length a batch may have, the seed, the augmentation."""

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
    edges: bool = False,
    unseen: float = 0.0,
    unmatched: float = 0.0,
    random: np.random.Generator | None = None,
) -> Rows:
    """Encode texts, padded to the longest; a share of characters as `unseen`, of rows without dictionary matches."""
    longest = max(len(example.text) for example in examples)
    characters = pad([vocabulary.encode(example.text) for example in examples], length=longest, fill=PAD)
    features = pad([dictionary.mark(example.text) for example in examples], length=longest, fill=0)
    if random is not None:
        hidden = (random.random(characters.shape) < unseen) & (characters != PAD)
        characters = np.where(hidden, UNKNOWN, characters)
        features = features * (random.random((len(examples), 1, 1)) >= unmatched).astype(np.uint8)

    def send(array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array).to(device)

    def tags(spans: str, known: Sequence[str]) -> torch.Tensor:
        rows = [tag(len(example.text), getattr(example, spans), known) for example in examples]
        return send(pad(rows, length=longest, fill=NO_TAG))

    return Rows(
        send(characters), send(vocabulary.pair(characters)), send(features), tags("spans", labels),
        triggers=tags("triggers", EVENT_TYPES) if edges else None,
        edges={family: encode_pairs(examples, family, longest=longest, device=device) for family in FAMILIES}
        if edges else {},
    )  # fmt: skip


def encode_pairs(examples: Sequence[Example], family: str, *, longest: int, device: torch.device) -> Pairs:
    """Encode every pair of spans that a family of edges may join; a stray mention is a span that no edge wants."""
    labels = FAMILIES[family].labels
    rows: list[tuple[np.ndarray, ...]] = []
    count = 0
    for number, example in enumerate(examples):
        ordered, edges = _lay_out(example, family)
        spans = make_spans(ordered)
        pairs = find_pairs(spans, FAMILIES[family])
        wanted = np.zeros((len(pairs), len(labels)), dtype=np.float32)
        rank = {(head, tail): row for row, (head, tail) in enumerate(pairs.tolist())}
        for head, tail, label in edges:
            if (head, tail) in rank:  # else too far apart to be asked
                wanted[rank[head, tail], labels.index(label)] = 1.0
        allowed = FAMILIES[family].allowed[spans.kinds[pairs[:, 0]], spans.kinds[pairs[:, 1]]]
        places = np.stack((spans.starts, spans.ends), axis=1) + number * longest
        rows.append((places, pairs + count, describe_pairs(example.text, spans, pairs), wanted, allowed))
        count += len(spans)
    return Pairs(*(torch.from_numpy(np.concatenate(column)).to(device) for column in zip(*rows, strict=True)))


def _lay_out(example: Example, family: str) -> tuple[list[tuple[int, int, str]], list[Edge]]:
    """Give the spans of a family in the order of the text, and its edges between places in them."""
    mentions = [(*span, ("m", place)) for place, span in enumerate(example.spans)]
    strays = [(*span, ("s", place)) for place, span in enumerate(example.strays)]
    triggers = [(*span, ("t", place)) for place, span in enumerate(example.triggers)] if family == "roles" else []
    ordered = sorted((*mentions, *strays, *triggers))
    places = {key: place for place, (*_, key) in enumerate(ordered)}
    edges, head = (example.relations, "m") if family == "relations" else (example.roles, "t")
    return [(start, end, kind) for start, end, kind, _ in ordered], [
        (places[head, first], places["m", second], label) for first, second, label in edges
    ]


def stream_rows(
    corpora: Mapping[str, Sequence[Example]], shares: Mapping[str, float], *, sampling: Sampling, names: Names
) -> Iterator[tuple[str, list[Example]]]:
    """Give batches without end, each of one corpus, chosen by the corpora's shares."""
    random = np.random.default_rng([sampling.seed, 5])
    parts = np.array([shares[name] for name in corpora])
    streams = {name: _stream(examples, sampling, names, random) for name, examples in corpora.items()}
    while True:
        name = list(corpora)[int(random.choice(len(parts), p=parts / parts.sum()))]
        yield name, next(streams[name])


def _stream(
    examples: Sequence[Example], sampling: Sampling, names: Names, random: np.random.Generator
) -> Iterator[list[Example]]:
    shortest = min(_SHORTEST, sampling.length - 1)
    while True:
        pieces: list[Example] = []
        for index in random.permutation(len(examples)):
            example = augment(examples[index], how=sampling.how, names=names, random=random)
            if example.text:
                shift = int(random.integers(shortest, sampling.length))
                pieces += cut(example, length=sampling.length, shift=shift)
        for start in range(0, len(pieces), _CHUNK):
            batches = _group(pack(pieces[start : start + _CHUNK], length=sampling.length), sampling)
            for index in random.permutation(len(batches)):
                yield batches[index]


def _group(rows: Sequence[Example], sampling: Sampling) -> list[list[Example]]:
    """Group rows of like length, as many as fit into a batch with their padding."""
    batches: list[list[Example]] = []
    for row in sorted(rows, key=lambda row: -len(row.text)):
        if batches and (len(batches[-1]) + 1) * len(batches[-1][0].text) <= sampling.batch * sampling.length:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches
