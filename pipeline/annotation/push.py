"""Push articles with their labels to a doccano project, so that people revise instead of starting from nothing.

Reads documents; writes examples. Every example carries the id of its article, the fingerprint of the labels it should
hold, and whether they were seen to have arrived; so a push that was broken off is completed by the next one, nothing is
there twice, and what a person has touched stays as it is. Labels that nobody has touched are replaced with their
example: one upload for many articles, where single labels would be a request each.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pipeline.annotation.client import Doccano, DoccanoError
from pipeline.annotation.examples import Example, ProjectReader
from pipeline.annotation.snapshots import Pushed, Snapshots
from pipeline.export.doccano import WRITTEN, encode_line, meta_of
from pipeline.export.documents import Document


class Kept(Struct, frozen=True):
    """An article that was left as it stands on the server, and why."""

    article: str
    address: str
    why: str


class PushReport(Struct, frozen=True):
    """What became of each article: its id stands in one of these."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    finished: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[Kept, ...]
    strangers: int

    def __str__(self) -> str:
        told = [
            f"{len(self.added)} new", f"{len(self.updated)} updated", f"{len(self.finished)} finished",
            f"{len(self.unchanged)} unchanged", f"{len(self.kept)} kept as people left them",
        ]  # fmt: skip
        return ", ".join(told) + (f"; {self.strangers} others in the project" if self.strangers else "")


def push(
    doccano: Doccano, project: str, versions: Sequence[Pushed], snapshots: Snapshots, *, batch: int = 50
) -> PushReport:
    """Bring a project to the given versions of articles, new ones in the given order, `batch` articles an upload.

    Raises:
        DoccanoError: the server refuses something, or holds other labels than were sent.
    """
    id = doccano.project(project)
    reader = ProjectReader(doccano, id)
    snapshots.add(versions)
    wanted = {version.document.id: version.document for version in versions}
    groups: dict[str, list[Example]] = {article: [] for article in wanted}
    strangers = 0
    for found in reader.examples():
        if found.article in groups:
            groups[found.article].append(found)
        else:
            strangers += 1
    kept: list[Kept] = []
    added: list[str] = []
    updated: list[str] = []
    finished: list[str] = []
    unchanged: list[str] = []
    obsolete: list[int] = []
    for article, document in wanted.items():
        example, spare = _choose(groups[article], reader)
        obsolete += [one.id for one in spare]
        if example is None:
            added.append(article)
        elif example.is_written and example.pushed == document.fingerprint and example.text == document.text:
            unchanged.append(article)
        elif why := reader.touched(example):
            kept.append(Kept(article, reader.address(example), why))
        else:
            (updated if example.is_written else finished).append(article)
            obsolete.append(example.id)
    sent = {article: wanted[article] for article in wanted if article in {*added, *updated, *finished}}
    doccano.call("delete_examples", project=id, examples=obsolete)
    _upload(doccano, id, list(sent.values()), batch)
    _finish(doccano, id, sent)
    return PushReport(tuple(added), tuple(updated), tuple(finished), tuple(unchanged), tuple(kept), strangers)


def _choose(examples: Sequence[Example], reader: ProjectReader) -> tuple[Example | None, list[Example]]:
    """Of several examples of one article keep the one that a person has touched; give those nobody needs.

    Raises:
        DoccanoError: people have touched several.
    """
    if len(examples) < 2:
        return (examples[0] if examples else None), []
    touched = [example for example in examples if reader.touched(example)]
    if len(touched) > 1:
        places = " and ".join(reader.address(example) for example in touched)
        raise DoccanoError(
            f"the article {examples[0].article!r} is there twice, and people have worked on both", where=places,
            remedy="delete one of them in doccano",
        )  # fmt: skip
    best = touched[0] if touched else examples[0]
    return best, [example for example in examples if example is not best]


def _upload(doccano: Doccano, project: int, documents: Sequence[Document], batch: int) -> None:
    for start in range(0, len(documents), batch):
        lines = b"".join(map(encode_line, documents[start : start + batch]))
        complaints = doccano.call("upload", project=project, lines=lines.decode("ascii"))
        if complaints:
            raise DoccanoError(
                f"the server does not take all articles: {complaints}", where=doccano.url,
                remedy="mend what it names, then push again: what it has taken stays",
            )  # fmt: skip


def _finish(doccano: Doccano, project: int, sent: dict[str, Document]) -> None:
    """See that each article is there once with exactly its text and labels, and mark it as done."""
    if not sent:
        return
    reader = ProjectReader(doccano, project)
    missing = set(sent)
    for example in reader.examples():
        document = sent.get(example.article)
        if document is None or example.is_written:
            continue
        if document.id not in missing or reader.document(example) != document:
            raise DoccanoError(
                f"the server holds something else of {document.id!r} than was sent", where=reader.address(example),
                remedy="push again",
            )  # fmt: skip
        doccano.call("set_meta", project=project, example=example.id, meta=meta_of(document, WRITTEN))
        missing.discard(document.id)
    if missing:
        raise DoccanoError(
            f"{len(missing)} articles have not arrived: {', '.join(sorted(missing)[:5])}", where=doccano.url,
            remedy="push again",
        )  # fmt: skip
