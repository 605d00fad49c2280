"""Extract records from pages and articles on one machine: the main job.

Reads files; writes `records.jsonl`, `pages.jsonl` and `summary.json`, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.batch.fingerprint import fingerprint
from pipeline.batch.inputs import ArticleFile, PageFile, find_inputs
from pipeline.batch.journal import PAGES, RECORDS, SUMMARY, Journal
from pipeline.batch.orphans import end_with_parent
from pipeline.batch.run import run
from pipeline.batch.summary import Summary
from pipeline.batch.units import count_in, read_units
from pipeline.build import load, load_page_reader, read_config

__all__ = ["PAGES", "RECORDS", "SUMMARY", "Summary", "extract"]


def extract(
    inputs: Sequence[Path], *, config: str | Path, output: Path, n_process: int = 1,
    overrides: Mapping[str, Any] | None = None, advance: Callable[[int, int], None] | None = None, fresh: bool = False,
) -> Summary:  # fmt: skip
    """Read pages and articles, run the pipeline of a config over them, and write the records.

    `advance(done, total)` is called with counts of input files as the work goes on. What cannot be read is listed in
    the summary's `failures` and does not stop the rest; where nothing could be read, nothing is written. What an earlier
    run into the same folder has extracted from the same content with the same pipeline is taken over, also where that
    run was cut off, unless `fresh`.

    Raises:
        ConfigError: the config cannot work.
        InputError: the output folder cannot be written, or another run writes into it.
    """
    settings = read_config(config, overrides)
    reader, nlp = load_page_reader(settings), load(settings)
    items, failures = find_inputs(inputs)
    items = [item for item in items if not _is_own(item, output)]
    summary = Summary(files=len(items) + len(failures), failures=[str(failure) for failure in failures])
    if not items:
        return summary
    with Journal(output, fingerprint=fingerprint(settings), fresh=fresh) as journal, end_with_parent():
        units = read_units(items, reader, find=journal.find, advance=advance)
        for unit in run(nlp, units, n_process=n_process):
            if unit.failure is None and not unit.reused:
                journal.add(unit.key, unit.place, unit.page, b"".join(unit.records), unit.counts)
            count_in(summary, unit)
        if summary.articles or summary.pages:
            journal.finish(summary.to_json())
    return summary


def _is_own(item: PageFile | ArticleFile, output: Path) -> bool:
    """Say whether an input is what an earlier run has written: the output folder may lie inside the input folder."""
    return item.path.name in (RECORDS, PAGES) and item.path.parent.resolve() == output.resolve()
