"""Train heads for mentions, triggers and edges on a shared, pre-trained encoder.

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

from pipeline.encoder.characters import load_vocabulary, save_vocabulary
from pipeline.encoder.matches import Dictionary, load_words, save_words
from pipeline.encoder.network import Tagger
from pipeline.errors import ConfigError, unknown
from pipeline.evaluation.counts import Counts
from pipeline.registries import trainers
from pipeline.training.augment import Augmentation, collect_names
from pipeline.training.batches import Rows, Sampling, encode_rows, stream_rows
from pipeline.training.calibrate import calibrate
from pipeline.training.corpora import Corpus, Example, read_corpus
from pipeline.training.export import export_model
from pipeline.training.holding_out import hold_out
from pipeline.training.losses import add_losses
from pipeline.training.runs import Trainer, choose_device, load_shape, schedule
from pipeline.training.scoring import NAMES, Reading, add, everywhere, overall, score
from pipeline.training.strays import add_strays
from pipeline.training.taggers import PairShape, Plan, build_tagger, save_plan
from pipeline.training.word_lists import build_words

_HELD_OUT = 8


class TrainSettings(Struct, frozen=True, kw_only=True):
    """What `configs/train/train.cfg` says."""

    corpora: dict[str, Corpus]
    ships: str
    dev: Path | None
    pretrained: Path
    from_scratch: bool
    edges: bool
    strays: Path | None
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
    encoder_rate: float
    decay: float
    dropout: float
    trigger_weight: float
    edge_weight: float
    pairs: PairShape
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
    pretrained: Path,
    output: Path,
    model: Path,
    dev: Path | None = None,
    augmentation: dict[str, float],
    pairs: dict[str, int] | None = None,
    lexicon: Path = Path("data/lexicon"),
    from_scratch: bool = False,
    edges: bool = True,
    strays: Path | None = None,
    part_of_train: float = 1.0,
    length: int = 460,
    batch: int = 4,
    minutes: float = 30.0,
    steps: int = 0,
    rounds: int = 10,
    warm_up: float = 0.05,
    rate: float = 0.0015,
    encoder_rate: float = 1.0,
    decay: float = 0.01,
    dropout: float = 0.15,
    trigger_weight: float = 1.0,
    edge_weight: float = 0.2,
    unseen: float = 0.02,
    unmatched: float = 0.1,
    average: float = 0.995,
    seed: int = 7,
    threads: int = 1,
    device: str = "auto",
) -> Trainer:
    """Make the run: `minutes` of wall clock or, if not 0, `steps`; `rounds` development scores are taken on the way.

    `ships` names the corpus whose head ships; with `edges` its triggers, relations and roles are learned too. What the
    stages of the config `strays` find in it and nobody marked stands for mentions that no edge leads to.
    Without `dev`, every eighth text of that corpus is held out for it. `encoder_rate` is the part of the learning
    `rate` that the encoder's own weights learn by, `unseen` the share of characters hidden as unknown, `unmatched` that
    of rows without dictionary matches, `average` the decay of the moving average of the weights. `pretrained` is a
    pre-trained encoder's folder, or a model folder, whose dictionary then counts instead of `lexicon`. `model` is the
    folder that a config of stages can name.
    """
    settings = make_settings(**dict(locals()))
    return lambda: finish(settings)


def finish(settings: TrainSettings) -> Path:
    """Train, export the best weights to the model folder, int8, and calibrate it on the development set."""
    settings = _hold_out_dev(settings)
    trained = train_tagger(settings)
    assert settings.dev is not None
    model = export_model(trained, settings.model, name=settings.model.name)
    calibrate(model, settings.dev, strays=settings.strays)
    return model


def make_settings(**arguments: Any) -> TrainSettings:
    """Check the arguments of `make_tagger`, and fill in its defaults.

    Raises:
        ConfigError: the corpus that ships is not among the corpora.
    """
    filled = {**(make_tagger.__kwdefaults__ or {}), **arguments}
    filled["pairs"] = filled["pairs"] or {}
    settings = msgspec.convert(
        {key: _plain(value) for key, value in filled.items()}, TrainSettings, strict=False, dec_hook=_read_path
    )
    if settings.ships not in settings.corpora:
        raise ConfigError(f"ships: {unknown('corpus', settings.ships, settings.corpora)}")
    return settings


def _hold_out_dev(settings: TrainSettings) -> TrainSettings:
    if settings.dev is not None:
        return settings
    corpus = settings.corpora[settings.ships]
    train, dev = hold_out(corpus.paths, settings.output, every=_HELD_OUT)
    corpora = {**settings.corpora, settings.ships: msgspec.structs.replace(corpus, paths=[train])}
    return msgspec.structs.replace(settings, corpora=corpora, dev=dev)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _read_path(kind: type[Path], value: str) -> Path:
    return kind(value)


def train_tagger(settings: TrainSettings) -> Path:
    """Train until the minutes or steps are used up; keep the averaged weights of the best round; give the folder."""
    assert settings.dev is not None
    settings.output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    device = choose_device(settings.device)
    vocabulary = load_vocabulary(settings.pretrained / "vocabulary.json")
    words = _find_words(settings)
    reading = Reading(vocabulary, Dictionary(words), device)
    plan = Plan(
        ships=settings.ships, labels={name: corpus.labels for name, corpus in settings.corpora.items()},
        shape=load_shape(settings.pretrained / "shape.json"), pairs=settings.pairs if settings.edges else None,
    )  # fmt: skip
    save_plan(plan, settings.output)
    save_vocabulary(vocabulary, settings.output / "vocabulary.json")
    save_words(words, settings.output / "words.txt.gz")
    corpora = {name: _read(corpus, name == settings.ships, settings) for name, corpus in settings.corpora.items()}
    dev = _with_strays(read_corpus(settings.dev, plan.labels[settings.ships], edges=settings.edges), settings)
    names = collect_names(corpora[settings.ships], words)
    sampling = Sampling(length=settings.length, batch=settings.batch, seed=settings.seed, how=settings.augmentation)
    shares = {name: corpus.share for name, corpus in settings.corpora.items()}
    rows = stream_rows(corpora, shares, sampling=sampling, names=names)
    start = None if settings.from_scratch else settings.pretrained
    model = build_tagger(plan, vocabulary, dropout=settings.dropout, start=start).to(device)
    averaged = deepcopy(model).eval()
    optimizer = _make_optimizer(model, settings)
    begun, done, step, best = time.monotonic(), 0, 0, -1.0
    losses: list[float] = []
    model.train()
    while done < settings.rounds:
        clock = (time.monotonic() - begun) / 60
        gone = step / settings.steps if settings.steps else clock / settings.minutes
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * group["part"] * schedule(min(gone, 1.0), settings.warm_up)
        name, examples = next(rows)
        batch = encode_rows(
            examples, plan.labels[name], vocabulary=vocabulary, dictionary=reading.dictionary, device=device,
            edges=settings.edges and name == settings.ships, unseen=settings.unseen, unmatched=settings.unmatched,
            random=np.random.default_rng([settings.seed, step, 3]),
        )  # fmt: skip
        losses.append(_step(model, averaged, optimizer, batch=batch, head=name, settings=settings, step=step))
        step += 1
        if gone >= (done + 1) / settings.rounds:
            done += 1
            counts = score(averaged, dev, settings.ships, plan.labels[settings.ships], reading)
            _log(settings, f"{clock:.1f} min, step {step}, loss {sum(losses) / len(losses):.4f}", counts)
            losses = []
            if overall(counts) > best or done == 1:
                best = overall(counts)
                torch.save(averaged.state_dict(), settings.output / "best.rough")
                (settings.output / "best.rough").replace(settings.output / "model.pt")
    return settings.output


def _make_optimizer(model: Tagger, settings: TrainSettings) -> torch.optim.Optimizer:
    """Let the encoder learn by a part of the rate; `part` of a group is kept beside its rate."""
    encoder = list(model.encoder.parameters())
    own = {id(weights) for weights in encoder}
    heads = [weights for weights in model.parameters() if id(weights) not in own]
    groups = [{"params": encoder, "part": settings.encoder_rate}, {"params": heads, "part": 1.0}]
    return torch.optim.AdamW(groups, lr=settings.rate, weight_decay=settings.decay, fused=True)


def _step(
    model: Tagger, averaged: Tagger, optimizer: torch.optim.Optimizer, *, batch: Rows, head: str,
    settings: TrainSettings, step: int,
) -> float:  # fmt: skip
    """Take a step, and move the averaged weights a little towards the new ones; give the loss."""
    loss = add_losses(model, batch, head, trigger_weight=settings.trigger_weight, edge_weight=settings.edge_weight)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)  # kept: fresh pages cost more than clearing
    kept = min(settings.average, (2 + step) / (11 + step))  # early weights are forgotten soon
    with torch.no_grad():
        torch._foreach_lerp_(list(averaged.parameters()), list(model.parameters()), 1 - kept)
    return float(loss.item())


def _find_words(settings: TrainSettings) -> dict[str, tuple[str, ...]]:
    listed = settings.pretrained / "words.txt.gz"  # a shipped model brings its dictionary
    return load_words(listed) if listed.exists() else build_words(settings.lexicon)


def _read(corpus: Corpus, shipped: bool, settings: TrainSettings) -> list[Example]:
    edges = shipped and settings.edges
    examples = [example for path in corpus.paths for example in read_corpus(path, corpus.labels, edges=edges)]
    examples = [example for example in examples if len(example.text) >= max(corpus.least_characters, 1)]
    if shipped and settings.part_of_train < 1:
        chosen = np.random.default_rng([settings.seed, 4]).permutation(len(examples))
        examples = [examples[index] for index in sorted(chosen[: round(len(examples) * settings.part_of_train)])]
    return _with_strays(examples, settings) if edges else examples


def _with_strays(examples: Sequence[Example], settings: TrainSettings) -> list[Example]:
    return add_strays(examples, settings.strays) if settings.strays and settings.edges else list(examples)


def _log(settings: TrainSettings, begin: str, counts: Mapping[str, Counts]) -> None:
    each = ", ".join(f"{label} {own.f1:.3f}" for label, own in counts.items())
    names, marked = add(counts, NAMES).f1, add(counts, everywhere(counts)).f1
    sums = f"names {names:.4f}, marked everywhere {marked:.4f}, all {overall(counts):.4f}"
    with (settings.output / "log.txt").open("a", encoding="utf-8") as log:
        log.write(f"{begin}, {sums}, {each}\n")
