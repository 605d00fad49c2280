"""Pre-train the character encoder on unlabelled news: masked words, and every word's part of speech.

Reads xz-packed text; writes checkpoints and a log into a folder of its own, and the encoder into a model folder.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from msgspec import Struct
from torch.nn import functional

from pipeline.encoder.characters import Vocabulary, build_vocabulary, load_vocabulary, save_vocabulary
from pipeline.encoder.network import Pretraining
from pipeline.registries import trainers
from pipeline.training.pretrained import ship_encoder
from pipeline.training.runs import Shape, Trainer, build_encoder, choose_device, save_shape, schedule
from pipeline.training.unlabelled import NO_TAG, PARTS, PLACES, Masked, read_items, stream_batches


class PretrainSettings(Struct, frozen=True, kw_only=True):
    """What `configs/train/pretrain.cfg` says."""

    texts: list[Path]
    output: Path
    model: Path
    shape: Shape
    characters_least: int
    bigrams: int
    length: int
    batch: int
    share: float
    tag_weight: float
    minutes: float
    warm_up: float
    rate: float
    decay: float
    dropout: float
    seed: int
    threads: int
    workers: int
    device: str
    bfloat16: bool
    save_every: float


@trainers("masked_language")
def make_masked_language(
    *,
    texts: list[Path],
    output: Path,
    model: Path,
    width: int = 128,
    bigram_width: int = 64,
    dilations: Sequence[int] = (1, 2, 4, 8, 1, 2),
    expansion: int = 2,
    characters_least: int = 3,
    bigrams: int = 24000,
    length: int = 256,
    batch: int = 8,
    share: float = 0.18,
    tag_weight: float = 1.0,
    minutes: float = 60.0,
    warm_up: float = 0.03,
    rate: float = 0.002,
    decay: float = 0.01,
    dropout: float = 0.0,
    seed: int = 7,
    threads: int = 1,
    workers: int = 0,
    device: str = "auto",
    bfloat16: bool = False,
    save_every: float = 4.0,
) -> Trainer:
    """Make the pre-training run; `minutes` is wall clock, and the rate follows the part of it that has gone.

    Checkpoints and the log go to `output`; `model` gets the encoder in half precision, to train from.

    `workers` processes prepare text ahead: none are needed on a CPU, most cores' worth on a GPU.
    """
    arguments = dict(locals())
    shape = Shape(
        width=arguments.pop("width"), bigram_width=arguments.pop("bigram_width"),
        dilations=list(arguments.pop("dilations")), expansion=arguments.pop("expansion"),
    )  # fmt: skip
    arguments["texts"] = [Path(text) for text in texts]  # a config gives strings
    arguments["output"], arguments["model"] = Path(output), Path(model)
    settings = PretrainSettings(shape=shape, **arguments)
    return lambda: ship_encoder(pretrain_encoder(settings), settings.model)


def pretrain_encoder(settings: PretrainSettings) -> Path:
    """Train until the minutes are used up, going on from the folder's checkpoint if it has one; give the folder."""
    settings.output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    device = choose_device(settings.device)
    items = read_items(settings.texts)
    vocabulary = _find_vocabulary(items, settings)
    model = Pretraining(
        build_encoder(settings.shape, vocabulary, dropout=settings.dropout), tags=len(PARTS) * len(PLACES)
    )
    model.to(device)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings.rate, weight_decay=settings.decay, betas=(0.9, 0.98), fused=True
    )
    state: dict[str, Any] = {"step": 0, "seconds": 0.0, "position": (0, 0)}
    checkpoint = settings.output / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        state = saved["state"]
    batches = stream_batches(
        items, vocabulary=vocabulary, length=settings.length, batch=settings.batch, share=settings.share,
        seed=settings.seed, chunk=1000, start=tuple(state["position"]), workers=settings.workers,
    )  # fmt: skip
    begun = time.monotonic() - state["seconds"]
    logged = saved_at = time.monotonic()
    sums = torch.zeros(3)
    while (gone := (time.monotonic() - begun) / (60 * settings.minutes)) < 1.0:
        state["position"], batch = next(batches)
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * schedule(gone, settings.warm_up)
        with torch.autocast(device.type, torch.bfloat16, enabled=settings.bfloat16):
            losses = _losses(model, batch, device)
        (losses[0] + settings.tag_weight * losses[1]).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)  # kept: fresh pages cost more than clearing
        state["step"] += 1
        state["seconds"] = time.monotonic() - begun
        sums += torch.tensor([losses[0].item(), losses[1].item(), 1.0])
        if time.monotonic() - logged > 60:
            _log(settings, state, sums)
            logged, sums = time.monotonic(), torch.zeros(3)
        if time.monotonic() - saved_at > 60 * settings.save_every:
            _save(settings, model, optimizer, state)
            saved_at = time.monotonic()
    _save(settings, model, optimizer, state)
    return settings.output


def _losses(model: Pretraining, batch: Masked, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    scores, tags = model(
        torch.from_numpy(batch.inputs).to(device), torch.from_numpy(batch.bigrams).to(device),
        torch.from_numpy(batch.asked).to(device),
    )  # fmt: skip
    masked = functional.cross_entropy(scores.float(), torch.from_numpy(batch.targets).to(device))
    wanted = torch.from_numpy(batch.tags).to(device).flatten()
    return masked, functional.cross_entropy(tags.float().flatten(0, 1), wanted, ignore_index=NO_TAG)


def _find_vocabulary(items: Sequence[str], settings: PretrainSettings) -> Vocabulary:
    path = settings.output / "vocabulary.json"
    if not path.exists():
        save_vocabulary(build_vocabulary(items, least=settings.characters_least, bigrams=settings.bigrams), path)
    return load_vocabulary(path)


def _log(settings: PretrainSettings, state: dict[str, Any], sums: torch.Tensor) -> None:
    masked, tags = (sums[:2] / sums[2]).tolist()
    seen = state["step"] * settings.batch * settings.length
    place = f"{state['seconds'] / 60:.1f} min, step {state['step']}, {seen / 1e6:.2f}M characters"
    line = f"{place}, masked {masked:.3f}, tags {tags:.3f}"
    with (settings.output / "log.txt").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _save(
    settings: PretrainSettings, model: Pretraining, optimizer: torch.optim.Optimizer, state: dict[str, Any]
) -> None:
    """Write a checkpoint whole or not at all."""
    rough = settings.output / "checkpoint.rough"
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "state": dict(state)}, rough)
    rough.replace(settings.output / "checkpoint.pt")
    torch.save(
        {"encoder": model.encoder.state_dict(), "tags": model.tags.state_dict()}, settings.output / "encoder.rough"
    )
    (settings.output / "encoder.rough").replace(settings.output / "encoder.pt")
    save_shape(settings.shape, settings.output / "shape.json")
