"""Group a stream into batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")


def cut_batches(stream: Iterable[Value], size: int) -> Iterator[list[Value]]:
    """Give lists of `size` values, the last one shorter.

    >>> list(cut_batches("一二三", 2))
    [['一', '二'], ['三']]
    """
    values = iter(stream)
    while batch := list(islice(values, size)):
        yield batch
