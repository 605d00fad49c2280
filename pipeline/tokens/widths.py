"""Half- and full-width forms as one, for models that learnt only one of them."""

from __future__ import annotations

import re

_TO_HALF = {
    0xFEE0 + code: code for code in (*b"0123456789%", *range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))
}
_TO_FULL = {ord(mark): ord(mark) + 0xFEE0 for mark in ",;:!?()"}
_MARK = re.compile(r"(?<![0-9A-Za-z])[,;:!?()]|[,;:!?()](?![0-9A-Za-z])")  # not in 3,000 or 12:30


def fold_widths(text: str) -> str:
    """Write letters, digits and ％ half-width and punctuation full-width, character by character.

    >>> fold_widths("Ａ股涨３%,成交1,200亿元(昨日)")
    'A股涨3%，成交1,200亿元（昨日）'
    """
    return _MARK.sub(lambda match: match[0].translate(_TO_FULL), text.translate(_TO_HALF))
