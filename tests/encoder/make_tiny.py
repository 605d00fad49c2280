"""Make the model of tests/encoder/tiny, random weights: `python tests/encoder/make_tiny.py`; needs torch."""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path

import torch

from pipeline.encoder.characters import build_vocabulary, save_vocabulary
from pipeline.encoder.matches import save_words
from pipeline.training.export import export_model
from pipeline.training.runs import Shape
from pipeline.training.taggers import PairShape, Plan, build_tagger, save_plan

TEXT = "太原市市长赵敏会见恒远集团董事长，投资5.7亿元。记者在云州获悉：“好”\n"
LABELS = ["PER", "ORG", "LOC", "TITLE"]
SHAPE = Shape(width=8, bigram_width=4, dilations=[1, 3], expansion=1)
PAIRS = PairShape(width=6, between=4, hidden=8)


def make_tiny(folder: Path) -> Path:
    """Write the folder."""
    torch.manual_seed(3)
    vocabulary = build_vocabulary([TEXT], least=1, bigrams=8)
    plan = Plan(ships="news", labels={"news": LABELS}, shape=SHAPE, pairs=PAIRS)
    tagger = build_tagger(plan, vocabulary, dropout=0.0)
    with torch.no_grad():
        for weights in tagger.parameters():
            weights.copy_(torch.randn_like(weights))
    trained = Path(tempfile.mkdtemp())
    try:
        save_vocabulary(vocabulary, trained / "vocabulary.json")
        save_plan(plan, trained)
        save_words({"太原": ("place",), "董事长": ("post",)}, trained / "words.txt.gz")
        torch.save(tagger.state_dict(), trained / "model.pt")
        return export_model(trained, folder, name="tiny", quantized=False)
    finally:
        shutil.rmtree(trained)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(make_tiny(Path(__file__).parent / "tiny"))
