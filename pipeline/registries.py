"""The registries from which a config chooses functions that spaCy has no registry for."""

from __future__ import annotations

import catalogue
from spacy.util import registry

page_readers: catalogue.Registry = catalogue.create("baozhi", "page_readers", entry_points=True)
registry.page_readers = page_readers  # type: ignore[attr-defined]  # so that a config can say `@page_readers = "newspaper"`

mention_choosers: catalogue.Registry = catalogue.create("baozhi", "mention_choosers", entry_points=True)
registry.mention_choosers = mention_choosers  # type: ignore[attr-defined]  # `@mention_choosers = "precedence"`: how `merge` settles overlaps

trainers: catalogue.Registry = catalogue.create("baozhi", "trainers", entry_points=True)
registry.trainers = trainers  # type: ignore[attr-defined]  # `@trainers = "masked_language"` in configs/train/*.cfg: what `baozhi train` runs

export_formats: catalogue.Registry = catalogue.create("baozhi", "export_formats", entry_points=True)
registry.export_formats = export_formats  # type: ignore[attr-defined]  # what `baozhi export --format NAME` writes
