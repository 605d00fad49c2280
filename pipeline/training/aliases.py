"""Count on annotated texts how often each kind of short form is right: what kinds.toml holds.

python -m pipeline.training.aliases TRAIN.jsonl.gz > configs/rules/aliases/kinds.toml
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pipeline.entities.alias_forms import Forms, load_forms
from pipeline.entities.alias_kinds import KINDS
from pipeline.entities.alias_pairs import find_pairs
from pipeline.errors import InputError
from pipeline.marks import AnnotatedArticle
from pipeline.records import Mention

RULES = Path("configs/rules/aliases")
PLACES = (Path("configs/lexicon/places.txt.gz"), Path("configs/lexicon/places_general.txt"))
_HEADER = """\
# How often each kind of short form was right and wrong in our training texts, by `python -m pipeline.training.aliases`.
# Do not edit by hand: change what tells short forms (forms.toml, known.txt), and count again.
"""


def count_kinds(articles: Iterable[AnnotatedArticle], forms: Forms) -> Counter[tuple[str, str, bool]]:
    """Count (label, kind, is it marked as an alias) over all pairs of names that may be short forms."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    for article in articles:
        labels = {(mark.start, mark.end): mark.label for mark in article.mentions}
        gold = {
            (labels[mark.head], article.text[slice(*mark.head)], article.text[slice(*mark.tail)])
            for mark in article.relations
            if mark.type == "alias_of"
        }
        mentions = [Mention(mark.start, mark.end, mark.label) for mark in sorted(article.mentions)]
        for pair in find_pairs(article.text, mentions, forms):
            counts[pair.label, pair.kind, (pair.label, pair.short, pair.full) in gold] += 1
    return counts


def write_kinds(counts: Counter[tuple[str, str, bool]]) -> str:
    """Write the counts as the tables of kinds.toml, in the order of the kinds."""
    found = sorted({key[:2] for key in counts}, key=lambda key: (key[0], KINDS.index(key[1])))
    tables = [
        f'[[kind]]\nname = "{kind}"\nlabel = "{label}"\nright = {counts[label, kind, True]}\n'
        f"wrong = {counts[label, kind, False]}\n"
        for label, kind in found
    ]
    return "\n".join([_HEADER, *tables])


def read_articles(path: Path) -> list[AnnotatedArticle]:
    """Read gzipped annotated articles, one a line.

    Raises:
        InputError: the file cannot be read, or a line is no annotated article.
    """
    try:
        with gzip.open(path, "rb") as lines:
            return [msgspec.json.decode(line, type=AnnotatedArticle) for line in lines]
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise InputError(f"cannot be read: {error}", where=path, remedy="give gzipped JSONL of annotations") from error


if __name__ == "__main__":
    sys.stdout.write(write_kinds(count_kinds(read_articles(Path(sys.argv[1])), load_forms(RULES, PLACES))))
