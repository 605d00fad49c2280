"""Words of bodies' names are cut the leftmost first and there the longest."""

from __future__ import annotations

from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick, MatchKind
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities.bodies import Bodies, load_bodies
from pipeline.errors import RulesError

LEXICON = Path(__file__).resolve().parents[2] / "configs" / "lexicon"
SIGNS = st.sampled_from("云州市委宣传部")
WORDS = st.lists(st.text(SIGNS, min_size=1, max_size=5), min_size=1, unique=True, max_size=12)


@settings(deadline=None)
@given(words=WORDS, text=st.text(SIGNS, max_size=30), low=st.integers(0, 5), cut=st.integers(0, 5))
def test_a_window_is_cut_as_an_automaton_cuts_it(words: list[str], text: str, low: int, cut: int) -> None:
    end = max(low, len(text) - cut)
    low = min(low, end, len(text))
    end = min(end, len(text))
    bodies = Bodies(dict.fromkeys(words[::2], 7), frozenset(words[1::2]), frozenset(), ())
    found = [(word.start, word.end, word.place) for word in bodies._split(text, low, end) if word.weight]
    automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
    matches = automaton.find_matches_as_indexes(text[low:end])
    assert found == [(low + start, low + stop, index % 2 == 1) for index, start, stop in matches]


@pytest.mark.parametrize("line", ["宣传部", "宣传部\tx", "宣传部\t1\t2"])
def test_a_word_without_one_weight_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    for file in LEXICON.iterdir():
        if file.name != "body_words_general.txt":
            (tmp_path / file.name).symlink_to(file)
    (tmp_path / "body_words_general.txt").write_text(f"# weights\n市委\t20\n{line}\n", encoding="utf-8")
    with pytest.raises(RulesError, match=r"body_words_general\.txt:3: '宣传部' has no weight"):
        load_bodies(tmp_path)
