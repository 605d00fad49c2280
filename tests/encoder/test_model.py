"""Running a model folder: windows without edge damage, equal texts equal numbers, broken folders refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoder import model as running
from pipeline.encoder.decoding import tag_count
from pipeline.encoder.model import Model, cut_windows, load_model, read_card
from pipeline.errors import ConfigError

TINY = Path(__file__).parent / "tiny"
LONG = "太原市市长赵敏会见恒远集团董事长，投资5.7亿元。𠮷\r\n记者在云州获悉：" * 30


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(path=TINY, threads=1)


@given(length=st.integers(1, 3000), reach=st.integers(0, 100))
def test_windows_cover_a_text_once_and_see_its_surroundings(length: int, reach: int) -> None:
    windows = list(cut_windows(length, reach))
    assert [window.start for window in windows] == [0, *(window.end for window in windows[:-1])]
    assert windows[-1].end == length
    for window in windows:
        assert window.low == max(window.start - reach, 0)
        assert window.high == min(window.end + reach, length)


def test_a_long_text_gives_in_windows_what_it_gives_whole(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Model(path=TINY, threads=1)
    monkeypatch.setattr(running, "WINDOW", 10**6)
    expected = whole.run([LONG])[0]["mentions"]
    monkeypatch.setattr(running, "WINDOW", 50)
    np.testing.assert_allclose(model.run([LONG])[0]["mentions"], expected, atol=1e-4)


def test_windows_without_surroundings_would_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WINDOW", 50)
    right = Model(path=TINY, threads=1).run([LONG])[0]["mentions"]
    blind = Model(path=TINY, threads=1)
    monkeypatch.setattr(running, "cut_windows", lambda length, reach: cut_windows(length, 0))
    assert np.abs(blind.run([LONG])[0]["mentions"] - right).max() > 1e-3


@pytest.mark.parametrize("text", ["", "\n", "\r\n\t", "𠮷🙂", "\ud800", "龘" * 500])
def test_any_text_gives_a_row_a_code_point(model: Model, text: str) -> None:
    scores = model.run([text])[0]["mentions"]
    assert scores.shape == (len(text), tag_count(model.head("mentions").labels))
    assert np.isfinite(scores).all()


def test_neighbours_in_a_batch_and_threads_change_nothing() -> None:
    texts = ["太原", LONG, "记者赵敏", LONG[:77]]
    together = Model(path=TINY, threads=2).run(texts)
    for text, outputs in zip(texts, together, strict=True):
        np.testing.assert_array_equal(Model(path=TINY, threads=1).run([text])[0]["mentions"], outputs["mentions"])


def test_a_text_is_run_once_for_all_that_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(path=TINY, threads=1)
    ran: list[str] = []
    run_window = model._run_window
    monkeypatch.setattr(model, "_run_window", lambda piece: (ran.append(piece[0]), run_window(piece))[1])
    first = model.run(["太原", "云州"])
    second = model.run(["云州", "太原"])
    assert sorted(ran) == ["云州", "太原"]
    np.testing.assert_array_equal(first[0]["mentions"], second[1]["mentions"])


def test_punctuation_of_either_width_is_read_alike(model: Model) -> None:
    half, full = model.run(["太原,云州", "太原，云州"])
    np.testing.assert_array_equal(half["mentions"], full["mentions"])
    other = model.run(["太原。云州"])[0]
    assert np.abs(other["mentions"] - full["mentions"]).max() > 1e-3


def test_stages_share_one_loaded_model() -> None:
    assert load_model(TINY, 1) is load_model(TINY, 1)


def test_an_unknown_head_is_an_error_that_lists_the_known(model: Model) -> None:
    with pytest.raises(ConfigError, match="mentions"):
        model.head("words")


@pytest.mark.parametrize("file", ["model.json", "model.onnx", "vocabulary.json", "words.txt.gz"])
def test_a_folder_that_lacks_a_file_is_refused(tmp_path: Path, file: str) -> None:
    folder = shutil.copytree(TINY, tmp_path / "m")
    (folder / file).unlink()
    with pytest.raises(ConfigError, match="m"):
        Model(path=folder, threads=1)


@pytest.mark.parametrize("file", ["model.json", "model.onnx", "vocabulary.json", "words.txt.gz"])
def test_a_folder_with_a_broken_file_is_refused(tmp_path: Path, file: str) -> None:
    folder = shutil.copytree(TINY, tmp_path / "m")
    (folder / file).write_bytes(b"{")
    with pytest.raises(ConfigError):
        Model(path=folder, threads=1)


def test_no_folder_is_an_error_that_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="news-small"):
        read_card(tmp_path / "none")
