"""Read pages of Chinese newspapers and write knowledge records.

`pipeline.extract` reads, `pipeline.load` builds a pipeline once for many calls. Both are imported when they are first used,
so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.library import extract as extract
    from pipeline.library import load as load
    from pipeline.records import Article as Article
    from pipeline.records import Record as Record

__version__ = "0.1.0"

_HOMES = {
    "Article": "pipeline.records",
    "Record": "pipeline.records",
    "extract": "pipeline.library",
    "load": "pipeline.library",
}
__all__ = ["Article", "Record", "__version__", "extract", "load"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has: {', '.join(__all__)}")
    value = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
