"""Take the pictures of docs/: python tests/browser/take_pictures.py RECORDS FOLDER, from the repository's root.

The reader is shown with the hand annotations of the seeds as its records, the evaluation report with RECORDS against them.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import spacy
from chromium import Window
from msgspec.structs import replace

from pipeline.annotation.articles import article_of, read_articles
from pipeline.batch.extract import PAGES
from pipeline.doc import MERGED, make_doc, write
from pipeline.evaluation.evaluate import ALL, evaluate
from pipeline.evaluation.html import as_html as report_as_html
from pipeline.export.records import record_of
from pipeline.normalize.facts import Facts
from pipeline.normalize.values import Values
from pipeline.reader.html import as_html
from pipeline.reader.show import show
from pipeline.records import Event, Mention, Record, Relation, Role, encode_line

ANNOTATIONS, SEEDS, RULES, HAND = Path("annotations/articles.jsonl"), Path("seeds"), Path("configs/rules"), "hand"
ENDS = "。！？\n"
WIDE, NARROW = (1280, 860), (390, 844)


def annotated_records() -> Iterator[Record]:
    """Give the hand annotations as records, with values and facts as the pipeline reads them."""
    nlp = spacy.blank("zh")
    stages = (Values(name="values", rules=RULES / "normalize"), Facts(name="facts", rules=RULES / "facts"))
    for _, annotated in read_articles(ANNOTATIONS):
        doc = make_doc(nlp, replace(article_of(annotated), title=annotated.text.partition("\n")[0]))
        for token in doc:
            token.is_sent_start = token.i == 0 or doc.text[token.idx - 1] in ENDS
        write(doc, "mentions", MERGED, [Mention(m.start, m.end, m.label, source=HAND) for m in annotated.mentions])
        write(doc, "relations", HAND, [Relation(r.head, r.tail, r.type) for r in annotated.relations])
        write(doc, "events", HAND, [
            Event(e.start, e.end, e.type, roles=tuple(Role(role.role, role.mention) for role in e.roles)) for e in annotated.events
        ])  # fmt: skip
        for stage in stages:
            doc = stage(doc)
        yield record_of(doc)


def main() -> None:
    """Write the pictures into a folder."""
    predicted, docs = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = folder / "records.jsonl"
        records.write_bytes(b"".join(map(encode_line, annotated_records())))
        (folder / PAGES).write_bytes(predicted.with_name(PAGES).read_bytes())
        reader, report = folder / "reader.html", folder / "report.html"
        reader.write_text(as_html(show(records, pages=SEEDS)), encoding="utf-8")
        report.write_text(
            report_as_html(evaluate(ANNOTATIONS, predicted, layers=[ALL], by_source=False, pages=SEEDS)),
            encoding="utf-8",
        )
        window = Window(folder / "profile")
        try:
            for file, page, address, size, dark in (
                ("reader-1280.png", reader, "#read/000-1/1", WIDE, False),
                ("reader-1280-dark.png", reader, "#read/000-1/1", WIDE, True),
                ("reader-390.png", reader, "#read/000-1/1", NARROW, False),
                ("reader-390-dark.png", reader, "#read/000-1/1", NARROW, True),
                ("reader-posts-1280.png", reader, "#posts", WIDE, False),
                ("reader-investments-390.png", reader, "#money", NARROW, False),
                ("reader-timeline-1280.png", reader, "#timeline", WIDE, False),
                ("reader-ties-1280.png", reader, "#ties", WIDE, False),
                ("report-1280.png", report, "", WIDE, False),
                ("report-390.png", report, "", NARROW, False),
            ):
                window.look(width=size[0], height=size[1], dark=dark)
                window.open(page, address)
                window.photograph(docs / file)
        finally:
            window.close()


if __name__ == "__main__":
    main()
