"""Read sentences with mentions marked inline: `[范贺平|PER]表示` is the text 范贺平表示 and one mention."""

from __future__ import annotations

import re

from pipeline.errors import unknown
from pipeline.records import MENTION_LABELS, Mention

_PIECE = re.compile(r"\[(?P<surface>[^\[\]|]+)\|(?P<label>[^\[\]|]*)\]|(?P<plain>[^\[\]|]+)|(?P<stray>.)", re.DOTALL)


class MarkupError(ValueError):
    """A sentence whose marks are broken."""


def parse(marked: str) -> tuple[str, list[Mention]]:
    """Give the text without its marks, and the marked mentions in the order of the text.

    Raises:
        MarkupError: a bracket or bar stands alone, a mention is empty, or a label is unknown.
    """
    text = ""
    mentions = []
    for piece in _PIECE.finditer(marked):
        if piece["stray"] is not None:
            raise MarkupError(f"{piece['stray']!r} at {piece.start()} of {marked!r} belongs to no mark")
        if piece["plain"] is not None:
            text += piece["plain"]
            continue
        if piece["label"] not in MENTION_LABELS:
            raise MarkupError(unknown("label", piece["label"], MENTION_LABELS))
        mentions.append(Mention(len(text), len(text) + len(piece["surface"]), piece["label"]))
        text += piece["surface"]
    return text, mentions
