"""Hold out a part of labelled lines where nobody has split them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import InputError


def hold_out(paths: Sequence[Path], folder: Path, *, every: int) -> tuple[Path, Path]:
    """Write `train.jsonl` and, of every so many'th line, `dev.jsonl` into a folder; give both paths.

    Raises:
        InputError: a file cannot be read, or there are too few lines for both parts.
    """
    lines: list[str] = []
    for path in paths:
        try:
            packed = path.read_bytes()
            text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise InputError(
                f"cannot read a corpus: {error}", where=path, remedy="check [paths] in the config"
            ) from error
        lines += [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        raise InputError(
            f"{len(lines)} texts cannot be split", where=paths[0], remedy="give more texts, or a dev file of your own"
        )
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"dev.jsonl": lines[::every], "train.jsonl": [x for n, x in enumerate(lines) if n % every]}
    for name, own in parts.items():
        (folder / name).write_text("\n".join(own) + "\n", encoding="utf-8")
    return folder / "train.jsonl", folder / "dev.jsonl"
