"""Give dates, amounts of money and shares their normal values.

Reads the merged mentions and the article's date; writes their `value`, in the layer "mentions" under the source "merge".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.doc import MERGED, read, text_of, write
from pipeline.normalize.contexts import Context
from pipeline.normalize.date_rules import load_date_rules
from pipeline.normalize.dates import DateReader
from pipeline.normalize.money import load_money_rules, read_money
from pipeline.normalize.periods import YEARS, Period, Point
from pipeline.normalize.shares import read_share
from pipeline.records import Mention

AROUND = 6  # characters in which a word such as 不超过 can stand beside a number
_CLAUSE = re.compile(r"[，,。；;：:！!？?\n]")
_SENTENCE = re.compile(r"[。！!？?；;\n]")


@Language.factory("values", requires=["doc.ents"], assigns=["doc.spans"])
def make_values(nlp: Language, name: str, *, rules: Path) -> Values:
    """Build the stage; `rules` is a folder with dates.toml and money.toml."""
    return Values(name=name, rules=rules)


class Values:
    """Normalize the mentions that count; a mention that cannot be read has no value."""

    def __init__(self, *, name: str, rules: Path) -> None:
        self.name = name
        self.dates = DateReader(load_date_rules(Path(rules) / "dates.toml"))
        self.money = load_money_rules(Path(rules) / "money.toml")

    def find(self, doc: Doc) -> Iterator[Mention]:
        """Give the merged mentions with their values: 12月3日 is `2024-12-03` in a newspaper of 4 December 2024."""
        text = text_of(doc)
        reference = read_day(doc._.article.date)
        anchor: tuple[int, Point] | None = None
        for mention in read(doc, "mentions", MERGED):
            if mention.label == "DATE":
                period = self._date(text, mention, reference, anchor)
                point = period.point if period is not None else None
                if point is not None and point.month:
                    anchor = (
                        None if point.about else (mention.start, point)
                    )  # 近日 … 当天: of that day nothing is known
                yield replace(mention, value=period.write() if period is not None else None)
            else:
                yield replace(mention, value=self._quantity(text, mention))

    def __call__(self, doc: Doc) -> Doc:
        """Write what `find` finds."""
        return write(doc, "mentions", MERGED, self.find(doc))

    def _date(
        self, text: str, mention: Mention, reference: datetime.date | None, anchor: tuple[int, Point] | None
    ) -> Period | None:
        before = text[: mention.start]
        clause = before[_last_end(_CLAUSE, before) :]
        sentence = before[_last_end(_SENTENCE, before) :]
        context = Context(
            reference=reference, anchor=anchor[1] if anchor else None,
            near=anchor is not None and "\n" not in text[anchor[0] : mention.start],
            future=self.dates.says_future(clause, text[mention.end : mention.end + AROUND]),
        )  # fmt: skip
        context = replace(context, year=self.dates.year_named(sentence, context))
        return self.dates.read(text[mention.start : mention.end], context)

    def _quantity(self, text: str, mention: Mention) -> dict[str, Any] | None:
        surface = text[mention.start : mention.end]
        before, after = text[max(0, mention.start - AROUND) : mention.start], text[mention.end : mention.end + AROUND]
        if mention.label == "MONEY":
            return read_money(surface, self.money, before=before, after=after)
        if mention.label == "PERCENT":
            return read_share(surface, self.money, before=before, after=after)
        return None


def read_day(date: str | None) -> datetime.date | None:
    """Read an article's date; None where it is no full day of a newspaper's calendar."""
    try:
        day = datetime.date.fromisoformat(date or "")
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """Give where the last match ends; 0 where there is none. Looks at the last paragraph alone, so that it stays fast."""
    start = text.rfind("\n") + 1
    ends = [match.end() for match in pattern.finditer(text, start)]
    return ends[-1] if ends else start
