"""From config to checked pipeline: unknown, mistyped and misordered things are refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.build import describe, load, load_page_reader, read_config
from pipeline.errors import ConfigError

DEFAULT = Path(__file__).resolve().parent.parent / "configs" / "default.cfg"


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"nlp.tokenizer": {"@tokenizers": "jieba_word"}}, "jieba_words"),
        ({"components.sentences.factory": "sentence"}, "sentence"),
        ({"nlp.pipeline": ["sentences", "persons"]}, "persons"),
        ({"nlp.tokenizer.user_word": "a.txt"}, "user_word"),
        ({"nlp.lang": "xx-none"}, "xx-none"),
    ],
)
def test_an_unknown_name_is_refused(overrides: dict, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load(DEFAULT, overrides)


def test_a_stage_before_what_it_reads_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"stage 'merge' reads doc\.spans, which no stage before it writes"):
        load(DEFAULT, {"nlp.pipeline": ["sentences", "merge", "patterns", "encoder", "suffixes"]})


def test_a_missing_config_and_a_broken_one_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no\.cfg: there is no such config"):
        read_config(tmp_path / "no.cfg")
    (tmp_path / "broken.cfg").write_text("[nlp\nlang = zh")
    with pytest.raises(ConfigError, match=r"broken\.cfg"):
        read_config(tmp_path / "broken.cfg")


def test_a_config_without_pages_and_one_with_an_unknown_reader_are_refused(tmp_path: Path) -> None:
    config = tmp_path / "a.cfg"
    config.write_text('[nlp]\nlang = "zh"\n')
    with pytest.raises(ConfigError, match=r"no \[pages\] block"):
        load_page_reader(config)
    with pytest.raises(ConfigError, match="newspaper"):
        load_page_reader(DEFAULT, {"pages.@page_readers": "magazine"})


def test_paths_in_a_config_are_relative_to_its_root_wherever_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Path(read_config(DEFAULT)["pages"]["rules"]).is_dir()


def test_describe_names_what_each_stage_reads_and_writes() -> None:
    rows = {row["stage"]: row for row in describe(load(DEFAULT))}
    assert next(iter(rows)) == "tokenizer"
    assert rows["tokenizer"]["factory"] == "jieba_words"
    assert rows["merge"]["reads"] == ["doc.spans"]
    assert "doc.ents" in rows["merge"]["writes"]
    assert rows["merge"]["settings"]["precedence"]
