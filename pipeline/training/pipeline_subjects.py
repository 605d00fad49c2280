"""What `baozhi benchmark pipeline` measures, each in a process of its own: `python -m pipeline.training.pipeline_subjects TASK`.

Reads a task; prints a line when the first text is done, and a line of JSON at the end: seconds by step, peak memory.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct

READY = "ready"
_KIBIBYTE = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


class Task(Struct, frozen=True):
    """A subject, the config of the pipeline, and the texts of the pages."""

    subject: str
    config: str
    texts: list[str]


class Figures(Struct, frozen=True):
    """What a child tells: seconds by step, seconds of all cores until the first result and behind it, peak memory."""

    seconds: dict[str, float]
    start_cpu: float
    cpu: float
    peak_bytes: int


class Clock:
    """Add up the seconds of named steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.start_cpu = 0.0
        self._since = time.perf_counter()

    def restart(self) -> None:
        """Forget what was added up: it was loading."""
        self.seconds = dict.fromkeys(self.seconds, 0.0)
        self.start_cpu = time.process_time()
        self._since = time.perf_counter()

    def lap(self, step: str) -> None:
        """Count the time since the last call for a step."""
        now = time.perf_counter()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._since
        self._since = now


def run_pipeline(task: Task, clock: Clock) -> None:
    """Run the pages through the reader, the tokenizer and each stage into lines of JSON."""
    from pipeline.build import load, load_page_reader, read_config  # noqa: PLC0415  (its time is start-up)
    from pipeline.doc import make_doc  # noqa: PLC0415
    from pipeline.export.records import record_of  # noqa: PLC0415
    from pipeline.records import encode_line  # noqa: PLC0415

    settings = read_config(task.config)
    reader, nlp = load_page_reader(settings), load(settings)

    def run(texts: Sequence[str], first: int) -> None:
        pages = (reader.read_text(text, name=f"{n}.txt", id=str(n)) for n, text in enumerate(texts, first))
        articles = (article for page in pages for article in page.articles)
        while batch := list(islice(articles, nlp.batch_size)):
            clock.lap("pages")
            docs = [make_doc(nlp, article) for article in batch]
            clock.lap("tokenizer")
            for name, stage in nlp.pipeline:
                docs = (
                    list(stage.pipe(docs, batch_size=nlp.batch_size))
                    if hasattr(stage, "pipe")
                    else list(map(stage, docs))
                )
                clock.lap(name)
            for doc in docs:
                encode_line(record_of(doc))
            clock.lap("records")

    run(task.texts[:1], 0)
    _say_ready(clock)
    run(task.texts, 1)


def run_jieba(task: Task, clock: Clock) -> None:
    """Cut the texts with jieba itself."""
    import jieba  # noqa: PLC0415

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True  # without its cache file
    _run_each(task, clock, lambda text: list(tokenizer.cut(text)))


def run_characters(task: Task, clock: Clock) -> None:
    """Make a spaCy Doc of each text, a token a character."""
    import spacy  # noqa: PLC0415

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "char"}}})
    _run_each(task, clock, nlp)


def run_shape(task: Task, clock: Clock) -> None:
    """Run the texts, in pieces of the length of a sentence or two, through a transformer of the subject's shape."""
    from pipeline.training.speed import SHAPES, measure_shape  # noqa: PLC0415

    pieces = [text[low : low + 128] for text in task.texts for low in range(0, len(text), 128)]
    (shape,) = (shape for shape in SHAPES if shape.name == task.subject)
    _say_ready(clock)
    rate = measure_shape(shape, pieces, threads=2, batch=32)
    clock.seconds = {"network": sum(map(len, pieces)) / rate}


SUBJECTS: dict[str, Callable[[Task, Clock], None]] = {
    "pipeline": run_pipeline,
    "jieba": run_jieba,
    "spaCy char": run_characters,
    "ELECTRA-small": run_shape,
    "BERT-base": run_shape,
}


def _run_each(task: Task, clock: Clock, read: Callable[[str], object]) -> None:
    read(task.texts[0])
    _say_ready(clock)
    for text in task.texts:
        read(text)
    clock.lap("tokenizer")


def _say_ready(clock: Clock) -> None:
    print(READY, flush=True)
    clock.restart()


def main() -> None:
    """Measure the subject of the task whose file is the one argument."""
    task = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Task)
    clock = Clock()
    SUBJECTS[task.subject](task, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIBIBYTE
    cpu = time.process_time() - clock.start_cpu
    print(msgspec.json.encode(Figures(clock.seconds, clock.start_cpu, cpu, peak)).decode())


if __name__ == "__main__":
    main()
