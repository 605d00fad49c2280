"""Mentions that a source finds and that nobody marked: at run time they stand among the others, and no edge leads to them.

DATE, PERCENT, PROJECT and DOCUMENT are annotated only where an edge uses them; a model that has seen no others would
tie every date to an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.build import load
from pipeline.doc import read
from pipeline.training.corpora import Example


def add_strays(examples: Sequence[Example], config: Path, *, stage: str = "patterns") -> list[Example]:
    """Add what one stage of a config finds beside the annotated spans, where it overlaps none of them."""
    nlp = load(config, {"nlp.pipeline": [stage]})
    found = []
    for example, doc in zip(examples, nlp.pipe(example.text for example in examples), strict=True):
        strays = tuple(
            (mention.start, mention.end, mention.label)
            for mention in read(doc, "mentions", stage)
            if not any(start < mention.end and mention.start < end for start, end, _ in example.spans)
        )
        found.append(Example(
            example.text, example.spans, example.triggers, example.relations, example.roles, strays
        ))  # fmt: skip
    return found
