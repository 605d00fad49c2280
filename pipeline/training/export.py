"""Turn trained weights into a model folder that runs without torch: ONNX and plain files.

Reads a folder of `baozhi train`; writes model.onnx (int8), relations.onnx and roles.onnx (fp32, small), model.json,
vocabulary.json, words.txt.gz.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from pipeline.encoder.candidates import FAMILIES
from pipeline.encoder.candidates import FEATURES as PAIR_FEATURES
from pipeline.encoder.characters import load_vocabulary
from pipeline.encoder.matches import FEATURES
from pipeline.encoder.model import Card, Head, write_card
from pipeline.encoder.network import Tagger
from pipeline.records import EVENT_TYPES
from pipeline.training.losses import TRIGGERS
from pipeline.training.taggers import Plan, build_tagger, load_plan

Axes = Mapping[str, Mapping[int, str]]


class Product(nn.Module):
    """A Linear whose weight is stored as it is multiplied, so that the graph keeps its name and can be read back."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.weight = nn.Parameter(linear.weight.detach().t().contiguous())
        self.bias = None if linear.bias is None else nn.Parameter(linear.bias.detach())

    def forward(self, states: Tensor) -> Tensor:
        """Multiply, and add the bias."""
        product = torch.matmul(states, self.weight)
        return product if self.bias is None else product + self.bias


class Graph(nn.Module):
    """The part of a tagger that reads characters: the heads that ship, and the states that pairs are scored on."""

    def __init__(self, tagger: Tagger, head: str) -> None:
        super().__init__()
        self.encoder = tagger.encoder
        self.mentions = tagger.heads[head]
        if tagger.pairs is not None:
            self.triggers = tagger.heads[TRIGGERS]
            self.pairs = tagger.pairs
        self.outputs = ["mentions", *(["triggers", "pairs"] if tagger.pairs is not None else [])]
        _store_products(self)

    def forward(self, characters: Tensor, bigrams: Tensor, features: Tensor) -> tuple[Tensor, ...]:
        """Give the scores of the heads."""
        states = self.encoder(characters, bigrams, features)
        return tuple(getattr(self, name)(states) for name in self.outputs)


class PairGraph(nn.Module):
    """The scorer of one family of edges, under its name."""

    def __init__(self, scorer: nn.Module, family: str) -> None:
        super().__init__()
        self.family = family
        setattr(self, family, scorer)
        _store_products(self)

    def forward(self, states: Tensor, spans: Tensor, pairs: Tensor, features: Tensor) -> Tensor:
        """Give the scores of the pairs."""
        scores: Tensor = getattr(self, self.family)(states, spans, pairs, features)
        return scores


def _store_products(module: nn.Module) -> None:
    for part in list(module.modules()):
        for name, child in list(part.named_children()):
            if isinstance(child, nn.Linear):
                setattr(part, name, Product(child))


def load_tagger(folder: Path) -> tuple[Tagger, Plan]:
    """Build the tagger of a training folder, with its plan."""
    plan = load_plan(folder)
    tagger = build_tagger(plan, load_vocabulary(folder / "vocabulary.json"), dropout=0.0)
    tagger.load_state_dict(torch.load(folder / "model.pt", map_location="cpu", weights_only=True))
    return tagger.eval(), plan


def export_model(trained: Path, output: Path, *, name: str, quantized: bool = True) -> Path:
    """Write the model folder, without thresholds and calibration; `quantized` is int8, else fp32."""
    tagger, plan = load_tagger(trained)
    output.mkdir(parents=True, exist_ok=True)
    heads = {"mentions": Head(plan.labels[plan.ships], {}, {})}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.onnx"
        graph = Graph(tagger, plan.ships)
        write_graph(graph, plain)
        if quantized:
            quantize_dynamic(
                plain,
                output / "model.onnx",
                weight_type=QuantType.QInt8,
                per_channel=True,
                op_types_to_quantize=["MatMul", "Gather"],
            )
        else:
            shutil.copyfile(plain, output / "model.onnx")
    if plan.pairs is not None:
        heads[TRIGGERS] = Head(list(EVENT_TYPES), {}, {})
        for family, edges in FAMILIES.items():
            write_pair_graph(PairGraph(tagger.scorers[family], family), output / f"{family}.onnx", plan.pairs.width)
            heads[family] = Head(list(edges.labels), {}, {})
    for file in ("vocabulary.json", "words.txt.gz", "shape.json"):
        shutil.copyfile(trained / file, output / file)
    write_card(Card(name=name, reach=sum(plan.shape.dilations) + 1, heads=heads), output)
    return output


def write_graph(graph: nn.Module, path: Path) -> None:
    """Export a graph of characters, bigrams and features with free batch and length."""
    ids = torch.ones(2, 9, dtype=torch.long)
    features = torch.zeros(2, 9, FEATURES, dtype=torch.uint8)
    outputs = getattr(graph, "outputs", ["mentions"])
    inputs = ["characters", "bigrams", "features"]
    free = {name: {0: "batch", 1: "length"} for name in (*inputs, *outputs)}
    _export(graph, (ids, ids, features), path, inputs=inputs, outputs=outputs, axes=free)


def write_pair_graph(graph: nn.Module, path: Path, width: int) -> None:
    """Export a scorer with free numbers of characters, spans and pairs."""
    spans = torch.tensor([[0, 1], [2, 4], [5, 6]])
    pairs = torch.tensor([[0, 1], [2, 0]])
    inputs = ["states", "spans", "pairs", "features"]
    axes = {"states": {0: "characters"}, "spans": {0: "spans"}}
    axes |= {name: {0: "pairs"} for name in ("pairs", "features", "scores")}
    example = (torch.zeros(9, width), spans, pairs, torch.zeros(2, PAIR_FEATURES))
    _export(graph, example, path, inputs=inputs, outputs=["scores"], axes=axes)


def _export(
    graph: nn.Module, example: tuple[Tensor, ...], path: Path, *, inputs: list[str], outputs: list[str], axes: Axes
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter in use needs no further package; torch announces its end
        torch.onnx.export(
            graph.eval(), example, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
