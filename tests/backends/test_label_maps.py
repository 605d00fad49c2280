"""Label maps: every shipped one is read; a wrong one is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import CONFIGS

from pipeline.backends.labels import Target, read_labels
from pipeline.errors import ConfigError, RulesError
from pipeline.records import MENTION_LABELS, RELATION_TYPES


def read(path: Path) -> object:
    return read_labels(path, known=MENTION_LABELS, kind="label")


@pytest.mark.parametrize("path", sorted((CONFIGS / "labels").glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_map_is_well_formed(path: Path) -> None:
    known = RELATION_TYPES if path.name == "relations.toml" else MENTION_LABELS
    assert read_labels(path, known=known, kind="label").targets


def test_a_relation_can_be_reversed(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('[labels]\nheld = "position_held"\n"held(e2,e1)" = {label = "position_held", reversed = true}\n')
    labels = read_labels(path, known=RELATION_TYPES, kind="relation")
    assert labels["held"] == Target("position_held")
    assert labels["held(e2,e1)"] == Target("position_held", reversed=True)
    assert labels["other"] is None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('[labels]\nNR = "PERSON"\n', r":2: unknown label 'PERSON'; known: DATE, DOCUMENT"),
        ("[labels]\nNR = 3\n", r":2: NR"),
        ('[labels]\nNR = {label = "PER", upside_down = true}\n', r":2: NR.*upside_down"),
        ('[label]\nNR = "PER"\n', r"unknown table 'label'"),
        ("[labels]\n", r"no \[labels\] table"),
        ('[labels]\nNR = "PER"\n[ignored]\nlabels = ["NR"]\n', r":2: 'NR' is both mapped and ignored"),
        ('[labels]\nNR = "PER"\n[ignored]\nlabels = "NS"\n', r"no list of names"),
        ("[labels\n", r"no TOML"),
    ],
)
def test_a_wrong_map_is_refused_with_its_line(source: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(source)
    with pytest.raises(RulesError, match=says):
        read(path)


@pytest.mark.parametrize("labels", [["NR", "XX"], ["NS"], []])
def test_a_model_whose_labels_the_map_does_not_know_is_refused(labels: list[str], tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('[labels]\nNR = "PER"\n[ignored]\nlabels = ["NS"]\n')
    with pytest.raises(ConfigError, match="do not fit the map"):
        read(path).check_model(labels, where="[components.hanlp]")
    read(path).check_model(["NR", "NS"], where="[components.hanlp]")
