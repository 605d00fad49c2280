"""Run extract in forked children and kill each at a line of its own choice of the package's batch folder.

Run as a script, since a process that holds threads must not be forked: ROOT INPUT FOLDER SEED COUNT. Prints one JSON
object a trial: at which line it was killed of how many, and whether what the next run left is that of a whole run.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from functools import partial
from pathlib import Path

from pipeline import build
from pipeline.batch import extract as job
from pipeline.batch import journal

OUTPUTS = ("records.jsonl", "pages.jsonl", "summary.json")


class Tracer:
    """Count the lines that run in pipeline/batch, and kill the process at one of them."""

    def __init__(self, kill_at: int) -> None:
        self.seen = 0
        self.kill_at = kill_at

    def __call__(self, frame, event, _):
        if "pipeline/batch/" not in frame.f_code.co_filename:
            return None
        if event == "line":
            self.seen += 1
            if self.seen == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def in_child(work) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def main(root: Path, source: Path, folder: Path, seed: int, count: int) -> None:
    config = root / "configs" / "char.cfg"
    nlp, reader = build.load(config), build.load_page_reader(config)
    reads = reader.read
    job.load, job.load_page_reader = lambda _: nlp, lambda _: reader

    def extract(output: Path, kill_at: int = -1) -> None:
        tracer = Tracer(kill_at)
        read: list[str] = []
        reader.read = lambda path, **given: (read.append(path.name), reads(path, **given))[1]
        sys.settrace(tracer)
        job.extract([source], config=config, output=output)
        sys.settrace(None)
        (folder / "told").write_text(json.dumps([tracer.seen, len(read)]))

    def content(output: Path) -> list[bytes]:
        return [(output / name).read_bytes() for name in OUTPUTS]

    def told() -> list[int]:
        return json.loads((folder / "told").read_text())

    assert in_child(lambda: extract(folder / "whole")) == 0
    whole, lines = content(folder / "whole"), told()[0]
    draw = random.Random(seed)
    for trial in range(count):
        output = folder / str(trial)
        journal._SAVE_EVERY = draw.choice((0.0, 0.0, 0.02, 1.0))
        kills = sorted(draw.randrange(1, lines) for _ in range(draw.choice((1, 1, 2))))
        killed = [os.WIFSIGNALED(in_child(partial(extract, output, kill))) for kill in reversed(kills)]
        status = in_child(partial(extract, output))
        left = sorted(path.name for path in (output / ".baozhi" / "parts").iterdir())
        trial_told = {
            "killed_at": kills, "of": lines, "killed": killed, "status": status, "equal": content(output) == whole,
            "read": told()[1], "left": left,
            "names": sorted(path.name for path in output.iterdir()),
        }  # fmt: skip
        print(json.dumps(trial_told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
