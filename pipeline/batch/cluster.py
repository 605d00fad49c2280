"""Extract records on many cores or machines, by Ray Data: an actor holds the model and takes shard after shard.

Reads what `extract` reads, and addresses that fsspec knows; writes `records/part-*.jsonl`, `pages/part-*.jsonl` and
`summary.json`. Put one after the other, the parts are the files that `extract` writes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.backends.installed import require
from pipeline.batch.fingerprint import fingerprint
from pipeline.batch.inputs import find_inputs
from pipeline.batch.shards import Item, Shard, ShardWriter, cut_shards, file_system, find_remote, is_remote
from pipeline.batch.summary import Summary
from pipeline.build import load, load_page_reader, read_config
from pipeline.errors import InputError


class Extractor:
    """What each actor is made of: it loads the pipeline once."""

    def __init__(
        self, *, config: str, overrides: dict[str, Any], output: str, name: str, fresh: bool, memory: int | None
    ) -> None:  # fmt: skip
        settings = read_config(config, overrides)
        self._writer = ShardWriter(
            load_page_reader(settings), load(settings), output=output, fingerprint=name, fresh=fresh
        )  # fmt: skip
        if memory is not None:
            _limit_memory(memory)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Extract one shard."""
        shard = msgspec.msgpack.decode(row["shard"], type=Shard, dec_hook=_to_path)
        summary = self._writer.write(shard)
        return {"number": shard.number, "summary": msgspec.json.encode(summary)}


def extract_on_ray(
    inputs: Sequence[str], *, config: str | Path, output: str, workers: int, cores: float, shard_size: int,
    address: str | None = None, memory: int | None = None, overrides: Mapping[str, Any] | None = None, fresh: bool = False,
    advance: Callable[[int, int], None] | None = None,
) -> Summary:  # fmt: skip
    """Extract into shards of `shard_size` pages or articles, with `workers` actors that take `cores` cores each.

    Without an `address` of a cluster, one is started on this machine for the run. A worker may use `memory` bytes beyond
    the pipeline: a page that needs more is listed as a failure. A page on which two workers have died is listed, too.

    Raises:
        ConfigError: the config cannot work, or Ray is not installed.
        InputError: nothing can be written there.
    """
    ray = require("ray", extra="ray", where="--engine ray")
    data = require("ray.data", extra="ray", where="--engine ray")
    settings = read_config(config, overrides)
    load(settings)  # what is wrong with the config is said here, once, and not by every worker
    items, failures = _find(inputs)
    summary = Summary(files=len(items) + len(failures), failures=[str(failure) for failure in failures])
    shards = list(cut_shards(items, size=shard_size))
    if not shards:
        return summary
    with _cluster(ray, address, workers, cores):
        data.DataContext.get_current().enable_progress_bars = False
        rows = [{"shard": msgspec.msgpack.encode(shard, enc_hook=str)} for shard in shards]
        given = {
            "config": str(Path(config).resolve()), "overrides": dict(overrides or {}), "output": _absolute(output),
            "name": fingerprint(settings), "fresh": fresh, "memory": memory,
        }  # fmt: skip
        done = data.from_items(rows, override_num_blocks=len(rows)).map(
            Extractor, fn_constructor_kwargs=given, compute=data.ActorPoolStrategy(size=workers), num_cpus=cores,
            max_restarts=-1, max_task_retries=-1,
        )  # fmt: skip
        parts: dict[int, Summary] = {}
        for row in done.iter_rows():
            parts[row["number"]] = msgspec.json.decode(row["summary"], type=Summary)
            if advance:
                advance(len(parts), len(shards))
    for _, part in sorted(parts.items()):
        summary.merge(part)
        summary.notes += part.notes
        summary.failures += part.failures
        summary.reused += part.reused
    _finish(_absolute(output), summary, len(shards))
    return summary


def _find(inputs: Sequence[str]) -> tuple[list[tuple[Item, str]], list[InputError]]:
    items: list[tuple[Item, str]] = []
    failures: list[InputError] = []
    local = [Path(place).resolve() for place in inputs if not is_remote(place)]
    found, wrong = find_inputs(local)
    items += [(item, "") for item in found]
    failures += wrong
    taken = {item.id for item in found if hasattr(item, "id")}
    for place in inputs:
        if is_remote(place):
            try:
                remote = find_remote(place)
            except InputError as error:
                failures.append(error)
                continue
            for item, url in remote:
                if getattr(item, "id", None) in taken:
                    failures.append(
                        InputError("has the page id of another input", where=url, remedy="give the common folder")
                    )
                else:
                    items.append((item, url))
                    taken |= {item.id} if hasattr(item, "id") else set()
    return items, failures


def _finish(output: str, summary: Summary, shards: int) -> None:
    """Remove the shards of a longer run before this one, then write the summary."""
    system, root = file_system(output)
    for kind, ending in (("records", ".jsonl"), ("pages", ".jsonl"), (".baozhi/shards", ".json")):
        for path in system.glob(f"{root}/{kind}/*{ending}"):
            digits = path.rpartition("/")[2].removesuffix(ending).removeprefix("part-")
            if digits.isdigit() and int(digits) >= shards:
                system.rm_file(path)
    if summary.pages or summary.articles:
        system.pipe_file(f"{root}/summary.json", summary.to_json())


@contextlib.contextmanager
def _cluster(ray: Any, address: str | None, workers: int, cores: float) -> Any:
    running = ray.is_initialized()
    if not running:
        local = {} if address else {"num_cpus": max(1, round(workers * cores)) + 1, "include_dashboard": False}
        ray.init(
            address=address, log_to_driver=False, logging_level="ERROR", **local
        )  # one core more: to feed the actors
    try:
        yield
    finally:
        if not running:
            ray.shutdown()


def _absolute(place: str) -> str:
    return place if is_remote(place) else str(Path(place).resolve())


def _to_path(kind: type, value: Any) -> Any:
    return Path(value) if kind is Path else value


def _limit_memory(memory: int) -> None:
    """Let an allocation beyond the limit fail as a MemoryError, where the kernel would kill the worker."""
    import resource  # noqa: PLC0415 - there is none on Windows

    used = next(
        int(line.split()[1]) * 1024 for line in Path("/proc/self/status").read_text().splitlines() if "VmData" in line
    )
    resource.setrlimit(resource.RLIMIT_DATA, (used + memory, used + memory))
