"""Turn trained weights into a model folder that runs without torch: int8 ONNX and plain files.

Reads a folder of `baozhi train`; writes model.onnx, model.json, vocabulary.json, words.txt.gz.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import msgspec
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from pipeline.encoder.characters import load_vocabulary
from pipeline.encoder.decoding import tag_count
from pipeline.encoder.matches import FEATURES
from pipeline.encoder.model import Card, Head, write_card
from pipeline.encoder.network import Tagger
from pipeline.training.runs import Shape, build_encoder, load_shape


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
    """The part of a tagger that ships: one head."""

    def __init__(self, tagger: Tagger, head: str) -> None:
        super().__init__()
        self.encoder = tagger.encoder
        self.mentions = tagger.heads[head]
        for module in list(self.modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, nn.Linear):
                    setattr(module, name, Product(child))

    def forward(self, characters: Tensor, bigrams: Tensor, features: Tensor) -> Tensor:
        """Give the scores of the head."""
        scores: Tensor = self.mentions(self.encoder(characters, bigrams, features))
        return scores


def load_tagger(folder: Path) -> tuple[Tagger, str, dict[str, list[str]], Shape]:
    """Build the tagger of a training folder, with the name of the head that ships, and all labels."""
    described: dict[str, Any] = msgspec.json.decode((folder / "labels.json").read_bytes())
    labels: dict[str, list[str]] = described["labels"]
    shape = load_shape(folder / "shape.json")
    encoder = build_encoder(shape, load_vocabulary(folder / "vocabulary.json"), dropout=0.0, features=FEATURES)
    tagger = Tagger(encoder, heads={name: tag_count(own) for name, own in labels.items()}, dropout=0.0)
    tagger.load_state_dict(torch.load(folder / "model.pt", map_location="cpu", weights_only=True))
    return tagger.eval(), described["ships"], labels, shape


def export_model(trained: Path, output: Path, *, name: str, quantized: bool = True) -> Path:
    """Write the model folder, without thresholds and calibration; `quantized` is int8, else fp32."""
    tagger, head, labels, shape = load_tagger(trained)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.onnx"
        write_graph(Graph(tagger, head).eval(), plain)
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
    for file in ("vocabulary.json", "words.txt.gz", "shape.json"):
        shutil.copyfile(trained / file, output / file)
    write_card(Card(name=name, reach=sum(shape.dilations) + 1, heads={"mentions": Head(labels[head], {}, {})}), output)
    return output


def write_graph(graph: nn.Module, path: Path) -> None:
    """Export a graph of characters, bigrams and features with free batch and length."""
    ids = torch.ones(2, 9, dtype=torch.long)
    features = torch.zeros(2, 9, FEATURES, dtype=torch.uint8)
    free = {name: {0: "batch", 1: "length"} for name in ("characters", "bigrams", "features", "mentions")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter in use needs no further package; torch announces its end
        torch.onnx.export(
            graph.eval(), (ids, ids, features), str(path), input_names=["characters", "bigrams", "features"],
            output_names=["mentions"], dynamic_axes=free, opset_version=17, dynamo=False,
        )  # fmt: skip
