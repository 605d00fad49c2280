"""Date a page and its articles; where the text does not tell, say nothing: a wrong date is worse than none.

Reads labelled lines; writes ISO dates. The day of a page is, in this order: the one that is given; the full date of its
masthead; the latest of its datelines and signatures, in a year that a full date on the page tells. `本报讯 3月21日`
tells no year: it takes that of the latest full date which it can follow within the limits. An article has the day of its
own signature or dateline, else the page's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from pipeline.pages.rules import Rules
from pipeline.records import Line

HEAD = 90  # code points of a line of body in which its dateline stands
TEXT = 4000  # code points of a line in which dates are looked for
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_CHINESE = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "o": 0,
    "O": 0,
}

MonthDay = tuple[int, int]


class Dates:
    """The patterns by which pages are dated."""

    def __init__(self, path: Path) -> None:
        rules = Rules(path)
        self.full = [rules.pattern("patterns", name) for name in ("full", "dotted", "chinese")]
        self.month_day = rules.pattern("patterns", "month_day")
        self.dateline = rules.pattern("patterns", "dateline")
        self.plan_before = rules.pattern("patterns", "plan_before")
        self.plan_behind = rules.pattern("patterns", "plan_behind")
        self.no_dateline = rules.pattern("patterns", "no_dateline")
        limits = rules.numbers("limits")
        for name in ("ahead", "behind"):
            if name not in limits:
                raise rules.error(f"limits.{name} is missing", "limits", remedy=f"add {name} = a number of days")
        self.ahead, self.behind = limits["ahead"], limits["behind"]

    def full_dates(self, text: str, *, plans: bool = False) -> list[date]:
        """Give the full dates in a text, those of plans and deadlines only if asked for.

        >>> dates.full_dates("二〇二四年三月二十日")
        [datetime.date(2024, 3, 20)]
        """
        text = text[:TEXT].translate(_DIGITS)
        found = []
        for pattern in self.full:
            for match in pattern.finditer(text):
                planned = self.plan_before.search(
                    text[max(0, match.start() - 12) : match.start()]
                ) or self.plan_behind.match(text, match.end())
                day = _day(*(_number(match[name]) for name in ("year", "month", "day")))
                if day and (plans or not planned):
                    found.append(day)
        return found

    def dateline_of(self, line: str) -> date | MonthDay | None:
        """Give the date at the start of running text: a full one, or month and day."""
        head = line[:HEAD].translate(_DIGITS)
        lead = self.dateline.match(head)
        start = lead.end() if lead else 0
        if self.no_dateline.search(head[:start]):
            return None
        for pattern in self.full:
            match = pattern.match(head, start)
            if match and not self.plan_behind.match(head, match.end()):
                return _day(*(_number(match[name]) for name in ("year", "month", "day")))
        match = self.month_day.match(head, start)
        if match and not self.plan_behind.match(head, match.end()):
            month, day = int(match["month"]), int(match["day"])
            return (month, day) if _day(2024, month, day) else None
        return None

    def of_page(self, text: str, lines: Sequence[Line]) -> date | None:
        """Give the page's date: its masthead's, else the latest of its datelines in the year that a full date tells."""
        for line in lines:
            if line.role in ("section", "credit") and line.end - line.start <= 80:
                found = self.full_dates(text[line.start : line.end], plans=True)
                if found:
                    return found[0]
        told = [day for line in lines if line.role == "signature" for day in self.full_dates(_content(text, line))]
        months: list[MonthDay] = []
        for line in lines:
            if line.role in ("body", "caption"):
                dateline = self.dateline_of(_content(text, line))
                if isinstance(dateline, date):
                    told.append(dateline)
                elif dateline:
                    months.append(dateline)
        mentioned = [day for line in lines if line.role == "body" for day in self.full_dates(_content(text, line))]
        return self._latest(told, mentioned, months)

    def _latest(self, told: list[date], mentioned: list[date], months: list[MonthDay]) -> date | None:
        """Set the datelines without a year into the year of the latest full date that they can follow."""
        if not months:
            return max(told, default=None)
        anchor = max((*told, *mentioned), default=None)
        if anchor is None:
            return None
        dated = [day for month in months if (day := self._fit(month, anchor))]
        if len(dated) < len(set(months)) * 0.5:  # most datelines do not fit: the full date is of another time
            return None
        return max((*dated, *told))

    def _fit(self, month_day: MonthDay, anchor: date) -> date | None:
        """Give the day nearest to a full date, in its year or one beside it, if it lies within the limits."""
        near = [day for year in (anchor.year - 1, anchor.year, anchor.year + 1) if (day := _day(year, *month_day))]
        best = min(near, key=lambda day: abs((day - anchor).days), default=None)
        return best if best and abs((best - anchor).days) <= self.behind else None

    def of_article(self, text: str, lines: Iterable[Line], page: date | None) -> date | None:
        """Give an article's date: its signature's, its own dateline's in the page's year, else the page's."""
        lines = list(lines)
        for line in lines:
            if line.role == "signature":
                found = self.full_dates(_content(text, line))
                if found and (page is None or found[-1] <= page):
                    return found[-1]
        first = next((line for line in lines if line.role == "body"), None) or next(
            (line for line in lines if line.role == "caption"), None
        )
        dateline = self.dateline_of(_content(text, first)) if first else None
        if isinstance(dateline, date):
            return dateline if page is None or -self.behind <= (dateline - page).days <= self.ahead else page
        if dateline and page:
            day = self._fit(dateline, page)
            return day if day and (day - page).days <= self.ahead else page
        return page


def _content(text: str, line: Line) -> str:
    return text[line.start : min(line.end, line.start + TEXT)]


def _number(digits: str) -> int:
    """Read 2024, 二〇二四 or 二十一."""
    if digits.isdecimal() and digits.isascii():
        return int(digits)
    if len(digits) == 4:
        return int("".join(str(_CHINESE[character]) for character in digits))
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return _CHINESE.get(digits, 0)
    return (_CHINESE.get(tens, 0) if tens else 1) * 10 + (_CHINESE.get(ones, 0) if ones else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
