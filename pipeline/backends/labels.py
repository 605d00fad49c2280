"""Label maps: what the labels of somebody else's model are in our scheme. They are data, in configs/labels.

[labels]
PERSON = "PER"
"Employer(e2,e1)" = {label = "position_in", reversed = true}   # of relations only
[ignored]
labels = ["NORP"]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import ConfigError, RulesError, unknown
from pipeline.rulefiles import key_line, read_toml


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of our labels; with `reversed` the edge goes from the second mention to the first."""

    label: str
    reversed: bool = False


class LabelMap(msgspec.Struct, frozen=True):
    """A checked label map."""

    path: Path
    targets: dict[str, Target]
    ignored: frozenset[str]

    def __getitem__(self, label: str) -> Target | None:
        """Give what a label means here; None where it is ignored."""
        return self.targets.get(label)

    def check_model(self, labels: Iterable[str], *, where: str) -> None:
        """Check that the map says of each label of a model what becomes of it, and names no others only.

        Raises:
            ConfigError: a label of the model is not in the map, or none of the map's is in the model.
        """
        model = sorted(set(labels))
        missing = [label for label in model if label not in self.targets and label not in self.ignored]
        if missing or not any(label in self.targets for label in model):
            raise ConfigError(
                f"the model's labels do not fit the map: {', '.join(missing) or 'none of them is mapped'}; "
                f"it has {', '.join(model)}; mapped are {', '.join(sorted(self.targets))}",
                where=where, remedy=f"name another file of configs/labels, or add the labels to {self.path}",
            )  # fmt: skip


def read_labels(path: Path, *, known: Collection[str], kind: str) -> LabelMap:
    """Read a label map; `known` are our labels, `kind` is what they are called.

    Raises:
        RulesError: the file is not of the form above, or maps to a label that the scheme does not have.
    """
    path = Path(path)  # a config gives factories strings
    source = read_toml(path)
    for table in source:
        if table not in ("labels", "ignored"):
            raise RulesError(unknown("table", table, ("labels", "ignored")), where=path, line=1)
    pairs = source.get("labels")
    if not isinstance(pairs, dict) or not pairs:
        raise RulesError(
            "no [labels] table", where=path, line=1, remedy='write [labels] and lines such as PERSON = "PER"'
        )
    targets = {str(label): _read_target(path, str(label), value, known, kind) for label, value in pairs.items()}
    ignored = source.get("ignored", {}).get("labels", [])
    if not isinstance(ignored, list) or not all(isinstance(label, str) for label in ignored):
        raise RulesError("[ignored] labels is no list of names", where=path, line=key_line(path, "labels"))
    for label in ignored:
        if label in targets:
            raise RulesError(f"{label!r} is both mapped and ignored", where=path, line=key_line(path, label))
    return LabelMap(path, targets, frozenset(ignored))


def _read_target(path: Path, label: str, value: Any, known: Collection[str], kind: str) -> Target:
    line = key_line(path, label)
    try:
        target = Target(value) if isinstance(value, str) else msgspec.convert(value, Target)
    except msgspec.ValidationError as error:
        raise RulesError(
            f"{label}: {error}", where=path, line=line, remedy='write "…" or {label = "…", reversed = true}'
        ) from error
    if target.label not in known:
        raise RulesError(unknown(kind, target.label, known), where=path, line=line)
    return target
