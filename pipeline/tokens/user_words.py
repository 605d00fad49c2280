"""The user's own words, which a segmenter is to keep whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.errors import ConfigError, RulesError
from pipeline.rulefiles import read_words


def read_user_words(path: Path | None, *, setting: str) -> tuple[str, ...]:
    """Read a word list, one word a line; no path, no words.

    Raises:
        ConfigError: there is no such file.
        RulesError: a word stands twice, or has a blank in it.
    """
    if path is None:
        return ()
    if not path.is_file():
        raise ConfigError(
            f"{setting} names no file", where=path, remedy="give a UTF-8 file with one word a line, or leave it out"
        )
    entries = read_words(path)
    for entry in entries:
        if re.search(r"\s", entry.word):
            raise RulesError(f"{entry.word!r} has a blank in it", where=path, line=entry.line, remedy="remove it")
    return tuple(entry.word for entry in entries)


class UserWords:
    """Cut a text at the user's words: the leftmost first, and there the longest."""

    def __init__(self, words: Sequence[str]) -> None:
        self._finder = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """Give the parts of a text in order, each with whether it is one of the words.

        >>> list(UserWords(["维斯特·洛夫"]).parts("见维斯特·洛夫时"))
        [('见', False), ('维斯特·洛夫', True), ('时', False)]
        """
        position = 0
        for _, start, end in self._finder.find_matches_as_indexes(text):
            if position < start:
                yield text[position:start], False
            yield text[start:end], True
            position = end
        if position < len(text):
            yield text[position:], False
