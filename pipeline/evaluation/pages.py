"""Score pages: line roles, which lines make an article, broken sentences, composed texts.

Reads gold and predicted lines; writes counts. Every ratio is a property of added counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from pipeline.errors import AnnotationError
from pipeline.evaluation.counts import Counts, count
from pipeline.evaluation.markup import GoldPage
from pipeline.pages.composing import compose
from pipeline.records import Line


class PagesScores(Struct, frozen=True):
    """Counts over pages: of lines by role, of pairs of lines in one article, of whole articles, joins and texts."""

    roles: dict[str, Counts] = {}
    pairs: Counts = Counts()
    articles: Counts = Counts()
    joins: Counts = Counts()
    texts: Counts = Counts()

    def __add__(self, other: PagesScores) -> PagesScores:
        names = sorted({*self.roles, *other.roles})
        return PagesScores(
            {name: self.roles.get(name, Counts()) + other.roles.get(name, Counts()) for name in names},
            self.pairs + other.pairs, self.articles + other.articles, self.joins + other.joins,
            self.texts + other.texts,
        )  # fmt: skip

    @property
    def lines(self) -> Counts:
        """Counts over lines of all roles: each has one gold and one predicted role, so F1 is the accuracy."""
        return sum(self.roles.values(), Counts())

    @property
    def role_accuracy(self) -> float:
        """Share of the lines whose role is right."""
        return self.lines.f1


class LineError(Struct, frozen=True):
    """A line that was read wrongly, with what it says and the line before it."""

    page: str
    line: int
    kind: str
    gold: str
    predicted: str
    text: str
    before: str


class PageResult(Struct, frozen=True):
    """The counts of one page, and its errors for the report."""

    page: str
    scores: PagesScores
    errors: tuple[LineError, ...]


def score_page(gold: GoldPage, predicted: Sequence[Line]) -> PageResult:
    """Score the lines found on one page against its gold lines.

    Raises:
        AnnotationError: the two do not have the same lines, so that counts would mean nothing.
    """
    if [(line.number, line.start, line.end) for line in gold.lines] != [(p.number, p.start, p.end) for p in predicted]:
        raise AnnotationError(
            "gold and prediction differ in their lines", where=gold.name, remedy="score the same file"
        )
    roles = {
        role: count({p.number for p in predicted if p.role == role}, {g.number for g in gold.lines if g.role == role})
        for role in sorted({line.role for line in (*gold.lines, *predicted)})
    }
    scores = PagesScores(
        roles, count_pairs(gold.lines, predicted), count(_articles(predicted), _articles(gold.lines)),
        count({p.number for p in predicted if p.joins}, {g.number for g in gold.lines if g.joins}),
        _count_texts(gold.text, gold.lines, predicted),
    )  # fmt: skip
    return PageResult(gold.name, scores, tuple(_errors(gold, predicted)))


def total(results: Iterable[PageResult]) -> PagesScores:
    """Add up the counts of pages."""
    return sum((result.scores for result in results), PagesScores())


def count_pairs(gold: Sequence[Line], predicted: Sequence[Line]) -> Counts:
    """Count the pairs of lines that stand in one article (pairwise F1 of two partitions), without listing pairs."""
    both = Counter(
        (g.article, p.article)
        for g, p in zip(gold, predicted, strict=True)
        if g.article is not None and p.article is not None
    )
    return Counts(*(_pairs(counted) for counted in (both, _sizes(predicted), _sizes(gold))))


def _sizes(lines: Sequence[Line]) -> Counter[int]:
    return Counter(line.article for line in lines if line.article is not None)


def _pairs(sizes: Counter[int] | Counter[tuple[int, int]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _articles(lines: Sequence[Line]) -> set[frozenset[int]]:
    members: dict[int, set[int]] = {}
    for line in lines:
        if line.article is not None:
            members.setdefault(line.article, set()).add(line.number)
    return {frozenset(numbers) for numbers in members.values()}


def _count_texts(text: str, gold: Sequence[Line], predicted: Sequence[Line]) -> Counts:
    def texts(lines: Sequence[Line]) -> Counter[str]:
        articles = compose(text, lines, page_id="", page_name=None, dates={}, bylines={})
        return Counter(article.text for article in articles)

    found, wanted = texts(predicted), texts(gold)
    return Counts((found & wanted).total(), found.total(), wanted.total())


def _errors(gold: GoldPage, predicted: Sequence[Line]) -> Iterable[LineError]:
    """List wrong roles and joins line by line, and the lines that stand with the wrong lines."""
    together_gold, together_found = _together(gold.lines), _together(predicted)
    before = ""
    for g, p in zip(gold.lines, predicted, strict=True):
        text = gold.text[g.start : g.end]
        for kind, wanted, found in (
            ("role", g.role, p.role),
            ("joins", str(g.joins), str(p.joins)),
            ("article", together_gold.get(g.number, "-"), together_found.get(p.number, "-")),
        ):
            if wanted != found:
                yield LineError(gold.name, g.number, kind, wanted, found, text[:80], before[-40:])
        before = text


def _together(lines: Sequence[Line]) -> dict[int, str]:
    """Name each line's article by its first line, which two readings of a page share."""
    first: dict[int, int] = {}
    named = {}
    for line in lines:
        if line.article is not None:
            named[line.number] = f"article of line {first.setdefault(line.article, line.number)}"
    return named
