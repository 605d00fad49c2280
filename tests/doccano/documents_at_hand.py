"""Articles for the round trip: with characters that are hard to keep, and with other labels."""

from __future__ import annotations

import json

from pipeline.annotation.client import Doccano
from pipeline.annotation.snapshots import Pushed
from pipeline.export.doccano import decode_row
from pipeline.export.documents import Document, Edge, Span, document

HARD = {
    "emoji": "😀 恒远集团👨\u200d👩\u200d👧赵敏\u0301在云州",
    "astral": "𠮷野家在𠀋市开业，𠮷野家𠮷野家",
    "lines": "恒远\r\n集团\n\n\n赵敏\r云州\u2028钢厂\u2029投产\x0b\x0c\x85",
    "blanks": " \t\u3000恒远集团\t赵敏\u00a0\ufeff云州  \n\t ",
    "quotes": '"恒远", \\n {集团}: \\u4e91 <b>&amp; 赵敏\x1f\x7f',
}


def version(id: str, text: str, spans: list[Span], edges: list[Edge] = []) -> Pushed:  # noqa: B006
    made = document(id, None, text, spans, edges)
    return Pushed(made.fingerprint, made, ())


def everywhere(id: str, text: str) -> Pushed:
    """Label every stretch of one and of three characters, and join neighbours."""
    spans = [Span(n, n + 1, "ORG" if n % 2 else "meeting") for n in range(len(text))]
    spans += [Span(n, n + 3, "launch") for n in range(len(text) - 2)]
    pairs = [(spans[n], spans[n + 1]) for n in range(0, len(text) - 1, 2)]
    return version(id, text, spans, [Edge(trigger, mention, "agent") for trigger, mention in pairs])


HARD_VERSIONS = [everywhere(id, text) for id, text in HARD.items()]


def stored(doccano: Doccano, project: str) -> list[Document]:
    """Give what the server's own export says, in its order."""
    lines = doccano.call("download", project=doccano.project(project)).split("\n")
    return [decode_row(json.loads(line)) for line in lines if line]


def relabel(one: Pushed, label: str = "PERCENT") -> Pushed:
    """Give the same article with other labels: its first mention is a `label`, all edges are gone."""
    spans = [span for span in one.document.spans if span.label.isupper()]
    changed = document(
        one.document.id, one.document.page, one.document.text, [Span(*_ends(spans[0]), label), *spans[1:]], []
    )
    return Pushed(changed.fingerprint, changed, one.page_map)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end
