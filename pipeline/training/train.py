"""Train heads for mentions and words on a shared, pre-trained encoder.

Reads corpora, a folder of `baozhi pretrain` or a model folder; writes the weights that did best on the development set,
and the model folder made of them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from msgspec import Struct
from torch.nn import functional

from pipeline.encoder.characters import Vocabulary, load_vocabulary, save_vocabulary
from pipeline.encoder.decoding import decode, tag_count
from pipeline.encoder.matches import FEATURES, Dictionary, load_words, save_words
from pipeline.encoder.model import read_card
from pipeline.encoder.network import Tagger
from pipeline.errors import ConfigError, unknown
from pipeline.evaluation.counts import Counts, count
from pipeline.registries import trainers
from pipeline.training.augment import Augmentation, collect_names
from pipeline.training.batches import NO_TAG, Rows, Sampling, encode_rows, stream_rows
from pipeline.training.calibrate import calibrate
from pipeline.training.corpora import Corpus, Example, read_corpus
from pipeline.training.export import export_model
from pipeline.training.runs import Shape, Trainer, build_encoder, choose_device, load_shape, save_shape, schedule
from pipeline.training.weights import read_weights
from pipeline.training.word_lists import build_words

NAMES = ("PER", "ORG", "LOC")
CHOSEN_BY = (*NAMES, "TITLE", "MONEY")  # the labels that are annotated everywhere: their F1 chooses the round


class TrainSettings(Struct, frozen=True, kw_only=True):
    """What `configs/train/train.cfg` says."""

    corpora: dict[str, Corpus]
    ships: str
    dev: Path
    pretrained: Path
    from_scratch: bool
    lexicon: Path
    output: Path
    model: Path
    augmentation: Augmentation
    part_of_train: float
    length: int
    batch: int
    minutes: float
    steps: int
    rounds: int
    warm_up: float
    rate: float
    decay: float
    dropout: float
    unseen: float
    unmatched: float
    average: float
    seed: int
    threads: int
    device: str


@trainers("tagger")
def make_tagger(
    *,
    corpora: dict[str, dict[str, Any]],
    ships: str,
    dev: Path,
    pretrained: Path,
    output: Path,
    model: Path,
    augmentation: dict[str, float],
    lexicon: Path = Path("data/lexicon"),
    from_scratch: bool = False,
    part_of_train: float = 1.0,
    length: int = 256,
    batch: int = 8,
    minutes: float = 30.0,
    steps: int = 0,
    rounds: int = 10,
    warm_up: float = 0.05,
    rate: float = 0.0015,
    decay: float = 0.01,
    dropout: float = 0.15,
    unseen: float = 0.02,
    unmatched: float = 0.1,
    average: float = 0.995,
    seed: int = 7,
    threads: int = 1,
    device: str = "auto",
) -> Trainer:
    """Make the run: `minutes` of wall clock or, if not 0, `steps`; `rounds` development scores are taken on the way.

    `unseen` is the share of characters hidden as unknown, `unmatched` that of rows without dictionary matches,
    `average` the decay of the moving average of the weights. `pretrained` is a folder of `baozhi pretrain`, or a model
    folder, whose dictionary then counts instead of `lexicon`. `model` is the folder that a config of stages can name.
    """
    arguments = dict(locals())
    settings = msgspec.convert(
        {key: _plain(value) for key, value in arguments.items()}, TrainSettings, strict=False, dec_hook=_read_path
    )
    if ships not in settings.corpora:
        raise ConfigError(f"ships: {unknown('corpus', ships, settings.corpora)}")
    return lambda: finish(train_tagger(settings), settings)


def finish(trained: Path, settings: TrainSettings) -> Path:
    """Export the weights to the model folder, int8, and calibrate it on the development set."""
    model = export_model(trained, settings.model, name=settings.model.name)
    calibrate(model, settings.dev)
    return model


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _read_path(kind: type[Path], value: str) -> Path:
    return kind(value)


class Reading(Struct, frozen=True):
    """What turns text into the network's input: vocabulary, dictionary, and the device it goes to."""

    vocabulary: Vocabulary
    dictionary: Dictionary
    device: torch.device

    def encode(self, examples: Sequence[Example], labels: Sequence[str]) -> Rows:
        """Encode whole texts as they are."""
        return encode_rows(examples, labels, vocabulary=self.vocabulary, dictionary=self.dictionary, device=self.device)


def train_tagger(settings: TrainSettings) -> Path:
    """Train until the minutes or steps are used up; keep the averaged weights of the best round; give the folder."""
    settings.output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    device = choose_device(settings.device)
    vocabulary = load_vocabulary(settings.pretrained / "vocabulary.json")
    shape = load_shape(settings.pretrained / "shape.json")
    words = _find_words(settings)
    reading = Reading(vocabulary, Dictionary(words), device)
    labels = {name: corpus.labels for name, corpus in settings.corpora.items()}
    _describe(settings, vocabulary, shape, words, labels)
    corpora = {name: _read(corpus, name == settings.ships, settings) for name, corpus in settings.corpora.items()}
    dev = read_corpus(settings.dev, labels[settings.ships])
    names = collect_names(corpora[settings.ships], words)
    sampling = Sampling(length=settings.length, batch=settings.batch, seed=settings.seed, how=settings.augmentation)
    shares = {name: corpus.share for name, corpus in settings.corpora.items()}
    rows = stream_rows(corpora, shares, sampling=sampling, names=names)
    model = _build(settings, shape, vocabulary, labels).to(device)
    averaged = deepcopy(model).eval()
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=settings.decay, fused=True)
    begun, done, step, best = time.monotonic(), 0, 0, -1.0
    losses: list[float] = []
    model.train()
    while done < settings.rounds:
        clock = (time.monotonic() - begun) / 60
        gone = step / settings.steps if settings.steps else clock / settings.minutes
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * schedule(min(gone, 1.0), settings.warm_up)
        name, examples = next(rows)
        batch = encode_rows(
            examples, labels[name], vocabulary=vocabulary, dictionary=reading.dictionary, device=device,
            unseen=settings.unseen, unmatched=settings.unmatched,
            random=np.random.default_rng([settings.seed, step, 3]),
        )  # fmt: skip
        losses.append(_step(model, averaged, optimizer, batch=batch, head=name, part=1 - _decay(settings, step)))
        step += 1
        if gone >= (done + 1) / settings.rounds:
            done += 1
            counts = score(averaged, dev, settings.ships, labels[settings.ships], reading)
            _log(settings, f"{clock:.1f} min, step {step}, loss {sum(losses) / len(losses):.4f}", counts)
            losses = []
            if add(counts, CHOSEN_BY).f1 > best or done == 1:
                best = add(counts, CHOSEN_BY).f1
                torch.save(averaged.state_dict(), settings.output / "best.rough")
                (settings.output / "best.rough").replace(settings.output / "model.pt")
    return settings.output


def score(
    model: Tagger, examples: Sequence[Example], head: str, labels: Sequence[str], reading: Reading
) -> dict[str, Counts]:
    """Count right mentions by label, in whole texts."""
    counts = {label: Counts() for label in labels}
    ordered = sorted(examples, key=lambda example: len(example.text))
    for start in range(0, len(ordered), 8):
        batch = ordered[start : start + 8]
        rows = reading.encode(batch, labels)
        with torch.no_grad():
            scores = model(rows.characters, rows.bigrams, rows.features, head).float().cpu().numpy()
        for example, row in zip(batch, scores, strict=True):
            found = {(f.start, f.end, f.label) for f in decode(row[: len(example.text)], labels)}
            for label in labels:
                right = {span for span in example.spans if span[2] == label}
                counts[label] += count({span for span in found if span[2] == label}, right)
    return counts


def add(counts: Mapping[str, Counts], labels: Sequence[str]) -> Counts:
    """Add the counts of some labels; of those that are not there, nothing."""
    return sum((counts[label] for label in labels if label in counts), Counts())


def _step(
    model: Tagger, averaged: Tagger, optimizer: torch.optim.Optimizer, *, batch: Rows, head: str, part: float
) -> float:
    """Take a step, and move the averaged weights by `part` towards the new ones; give the loss."""
    scores = model(batch.characters, batch.bigrams, batch.features, head)
    loss = functional.cross_entropy(scores.flatten(0, 1), batch.tags.flatten(), ignore_index=NO_TAG)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)  # kept: fresh pages cost more than clearing
    with torch.no_grad():
        torch._foreach_lerp_(list(averaged.parameters()), list(model.parameters()), part)
    return float(loss.item())


def _decay(settings: TrainSettings, step: int) -> float:
    return min(settings.average, (2 + step) / (11 + step))  # early weights are forgotten soon


def _build(
    settings: TrainSettings, shape: Shape, vocabulary: Vocabulary, labels: Mapping[str, Sequence[str]]
) -> Tagger:
    """Build the network; its encoder is what `baozhi pretrain` left, or a shipped model together with its head."""
    encoder = build_encoder(shape, vocabulary, dropout=settings.dropout, features=FEATURES)
    tagger = Tagger(encoder, heads={name: tag_count(own) for name, own in labels.items()}, dropout=settings.dropout)
    if settings.from_scratch:
        return tagger
    saved = settings.pretrained / "encoder.pt"
    if saved.exists():
        weights = torch.load(saved, map_location="cpu", weights_only=True)["encoder"]
    else:
        saved = settings.pretrained / "model.onnx"
        weights, head = read_weights(saved)
        if list(labels[settings.ships]) == read_card(settings.pretrained).heads["mentions"].labels:
            tagger.heads[settings.ships].load_state_dict(head)
    missing, unexpected = encoder.load_state_dict(weights, strict=False)
    if unexpected or set(missing) - {"match.weight"}:
        raise ConfigError(f"the weights do not fit: {missing}, {unexpected}", where=saved)
    return tagger


def _find_words(settings: TrainSettings) -> dict[str, tuple[str, ...]]:
    listed = settings.pretrained / "words.txt.gz"  # a shipped model brings its dictionary
    return load_words(listed) if listed.exists() else build_words(settings.lexicon)


def _read(corpus: Corpus, shipped: bool, settings: TrainSettings) -> list[Example]:
    examples = [example for path in corpus.paths for example in read_corpus(path, corpus.labels)]
    examples = [example for example in examples if len(example.text) >= max(corpus.least_characters, 1)]
    if shipped and settings.part_of_train < 1:
        chosen = np.random.default_rng([settings.seed, 4]).permutation(len(examples))
        examples = [examples[index] for index in sorted(chosen[: round(len(examples) * settings.part_of_train)])]
    return examples


def _describe(
    settings: TrainSettings, vocabulary: Vocabulary, shape: Shape, words: Mapping[str, Sequence[str]],
    labels: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    """Write down beside the weights what they need to be read."""
    save_vocabulary(vocabulary, settings.output / "vocabulary.json")
    save_shape(shape, settings.output / "shape.json")
    save_words(words, settings.output / "words.txt.gz")
    (settings.output / "labels.json").write_bytes(msgspec.json.encode({"ships": settings.ships, "labels": labels}))


def _log(settings: TrainSettings, begin: str, counts: Mapping[str, Counts]) -> None:
    each = ", ".join(f"{label} {own.f1:.3f}" for label, own in counts.items())
    sums = f"names {add(counts, NAMES).f1:.4f}, five {add(counts, CHOSEN_BY).f1:.4f}"
    with (settings.output / "log.txt").open("a", encoding="utf-8") as log:
        log.write(f"{begin}, {sums}, {each}\n")
