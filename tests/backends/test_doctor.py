"""The doctor: what is installed, what is found, what to do."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from cases import CONFIGS, NEED_MODELS

from pipeline.doctor import examine_config, examine_extras
from pipeline.errors import ConfigError

REQUIREMENTS = [
    "spacy>=3.8",
    "msgspec>=0.0.1 ; extra == 'hanlp'",
    "msgspec<0.0.1 ; extra == 'transformers'",
    "no-such-package==1 ; extra == 'hanlp'",
    "pytest>=1 ; extra == 'test'",
]


def test_each_requirement_of_an_extra_is_compared_with_what_is_installed() -> None:
    found = examine_extras(("hanlp", "transformers"), REQUIREMENTS)
    assert [(p.extra, p.requirement, bool(p.installed), p.fits) for p in found] == [
        ("hanlp", "msgspec>=0.0.1", True, True),
        ("hanlp", "no-such-package==1", False, False),
        ("transformers", "msgspec<0.0.1", True, False),
    ]


@pytest.mark.parametrize("config", NEED_MODELS)
def test_every_backend_config_lacks_what_the_doctor_says_it_lacks(
    config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    needs = examine_config(CONFIGS / config)
    assert needs and all(need.wants or need.factory.startswith("generation") for need in needs)
    for need in needs:
        assert not need.found and need.problem
        if need.factory.startswith("hanlp") and importlib.util.find_spec("hanlp"):
            assert "https://file.hankcs.com" in need.problem


def test_a_config_without_models_needs_nothing() -> None:
    assert examine_config(CONFIGS / "jieba.cfg") == []


def test_a_model_that_is_there_is_found(tmp_path: Path) -> None:
    source = (CONFIGS / "transformers.cfg").read_text(encoding="utf-8")
    (tmp_path / "model").mkdir()
    for name in ("config.json", "model.safetensors"):
        (tmp_path / "model" / name).write_text("{}")
    config = tmp_path / "own.cfg"
    config.write_text(
        source.replace("uer/roberta-base-finetuned-cluener2020-chinese", str(tmp_path / "model")), encoding="utf-8"
    )
    (need,) = examine_config(config)
    assert (need.stage, need.found, need.problem) == ("transformers", str(tmp_path / "model"), "")
    (tmp_path / "model" / "model.safetensors").unlink()
    (need,) = examine_config(config)
    assert not need.found and "model.safetensors" in need.problem


def test_a_config_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no such config"):
        examine_config(CONFIGS / "none.cfg")
