"""Date a page and its articles; where the text does not tell, say nothing: a wrong date is worse than none.

Reads labelled lines; writes ISO dates. The day of a page is, in this order: the one that is given; the full date of its
masthead; that of a masthead without a year (3月21日 星期四) in the one year near those that the page names in which the
weekday is right; the latest of its datelines and signatures, in a year that the full dates on the page tell. `本报讯
3月21日` tells no year: it takes that of the latest full date near it, or of one up to half a year before it if the page
names no later year. An article has the day of its own signature or dateline, else the page's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from pipeline.pages.rules import Rules
from pipeline.records import LOOSE_ROLES, Line

HEAD = 90  # code points of a line of body in which its dateline stands
TEXT = 4000  # code points of a line in which dates are looked for
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_CHINESE = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "o": 0,
    "O": 0,
}

_WEEKDAYS = {name: number for number, name in enumerate("一二三四五六日")} | {"天": 6}

MonthDay = tuple[int, int]


class Evidence(Struct):
    """What the lines of a page tell of its day: full dates and days without a year, by how they are told."""

    told: list[date] = []  # of signatures and datelines
    mentioned: list[date] = []  # in running text, plans apart
    started: list[date] = []  # 从2024年8月1日起
    months: list[MonthDay] = []  # of datelines
    years: list[int] = []  # named anywhere, plans apart


class Dates:
    """The patterns by which pages are dated."""

    def __init__(self, path: Path) -> None:
        rules = Rules(path)
        self.full = [rules.pattern("patterns", name) for name in ("full", "dotted", "chinese")]
        self.month_day = rules.pattern("patterns", "month_day")
        self.weekday = rules.pattern("patterns", "weekday")
        self.year = rules.pattern("patterns", "year")
        lead = rules.pattern("patterns", "lead").pattern
        self.datelines = [
            rules.pattern("patterns", "dateline", {"lead": lead, "date": day.pattern})
            for day in (*self.full, self.month_day)
        ]
        self.bare_behind = rules.pattern("patterns", "bare_behind")
        self.second_day = rules.pattern("patterns", "second_day")
        self.plan_before = rules.pattern("patterns", "plan_before")
        self.plan_behind = rules.pattern("patterns", "plan_behind")
        self.coming_before = rules.pattern("patterns", "coming_before")
        self.coming_behind = rules.pattern("patterns", "coming_behind")
        self.future_before = rules.pattern("patterns", "future_before")
        self.future_behind = rules.pattern("patterns", "future_behind")
        self.started_before = rules.pattern("patterns", "started_before")
        limits = rules.numbers("limits")
        for name in ("ahead", "behind", "apart"):
            if name not in limits:
                raise rules.error(f"limits.{name} is missing", "limits", remedy=f"add {name} = a number of days")
        self.ahead, self.behind, self.apart = limits["ahead"], limits["behind"], limits["apart"]

    def full_dates(self, text: str, *, plans: bool = False) -> list[date]:
        """Give the full dates in a text, those of plans and deadlines only if asked for.

        >>> dates.full_dates("二〇二四年三月二十日")
        [datetime.date(2024, 3, 20)]
        """
        return [day for day, before, behind in self._full(text) if plans or not self._planned(before, behind)]

    def started_dates(self, text: str) -> list[date]:
        """Give the days from which something holds already: 从2024年8月1日起, but not 将从2024年8月1日起."""
        return [
            day
            for day, before, behind in self._full(text)
            if self.started_before.search(before)
            and not self.coming_before.search(self.started_before.sub("", before))
            and not self.coming_behind.match(behind)
        ]

    def _full(self, text: str) -> Iterator[tuple[date, str, str]]:
        """Find the full dates of a text, with what stands right before and behind each."""
        text = text[:TEXT].translate(_DIGITS)
        for pattern in self.full:
            for match in pattern.finditer(text):
                day = _day(*(_number(match[name]) for name in ("year", "month", "day")))
                if day:
                    yield day, text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 12]

    def _planned(self, before: str, behind: str) -> bool:
        return bool(self.plan_before.search(before) or self.plan_behind.match(behind))

    def dateline_of(self, line: str, *, opens: bool = True) -> date | MonthDay | None:
        """Give the date at the start of running text: a full one, or month and day.

        A date without 本报讯 or the like before it is a dateline only where the line `opens` an article, and where it
        reads like one: 3月21日，市委召开 does, 3月21日是世界睡眠日 does not.
        """
        head = line[:HEAD].translate(_DIGITS)
        for pattern in self.datelines:
            match = pattern.match(head)
            if not match:
                continue
            second = self.second_day.match(head, match.end())
            end = second.end() if second else match.end()
            if self.plan_behind.match(head, end):
                continue
            if not match["lead"] and not (opens and self.bare_behind.match(head, end)):
                continue
            month, day = _number(match["month"]), max(_number(found["day"]) for found in (match, second) if found)
            if "year" in match.groupdict():
                return _day(_number(match["year"]), month, day)
            return (month, day) if _day(2024, month, day) else None
        return None

    def of_page(self, text: str, lines: Sequence[Line]) -> date | None:
        """Give the page's date: its masthead's, else the latest of its datelines in the year that full dates tell."""
        heads = [text[x.start : x.end] for x in lines if x.role in LOOSE_ROLES and x.end - x.start <= 80]
        for head in heads:
            found = self.full_dates(head, plans=True)
            if found:
                return found[0]
        evidence = self._gather(text, lines)
        for head in heads:
            day = self._by_weekday(head, evidence)
            if day:
                return day
        return self._latest(evidence)

    def _gather(self, text: str, lines: Sequence[Line]) -> Evidence:
        found = Evidence()
        bare: list[date] = []
        begun: set[int | None] = set()
        for line in lines:
            content = _content(text, line)
            if line.role in LOOSE_ROLES:
                continue
            found.years.extend(self._years(content))
            if line.role == "signature":
                found.told.extend(self.full_dates(content))
            elif line.role in ("body", "caption"):
                opens = line.role == "caption" or line.article not in begun
                dateline = None if line.joins else self.dateline_of(content, opens=opens)
                begun.add(line.article if line.role == "body" else None)
                if isinstance(dateline, date):
                    (found.told if self.dateline_of(content, opens=False) else bare).append(dateline)
                elif dateline:
                    found.months.append(dateline)
            if line.role == "body":
                found.mentioned.extend(self.full_dates(content))
                found.started.extend(self.started_dates(content))
        # 1949年10月1日，… may begin a memoir: such a day is told only if the page names no later year
        found.told.extend(day for day in bare if day.year >= max(found.years, default=day.year))
        return found

    def _years(self, content: str) -> Iterator[int]:
        """Give the years that a line names, plans apart: not 到2035年, nor 2025年底前."""
        head = content.translate(_DIGITS)
        for match in self.year.finditer(head):
            before = head[max(0, match.start() - 12) : match.start()]
            future = self.future_before.search(before) or self.future_behind.match(head, match.end())
            if not (future or self.coming_before.search(before)):
                yield int(match["year"])

    def _by_weekday(self, head: str, evidence: Evidence) -> date | None:
        """Give the day of a masthead without a year: the year near the latest one named in which its weekday is right."""
        found, weekday = self.month_day.search(head.translate(_DIGITS)), self.weekday.search(head)
        if not (found and weekday and evidence.years):
            return None
        latest = max(evidence.years)
        for year in (latest, latest + 1, latest - 1):  # weekdays move on by one or two a year: no two of these agree
            day = _day(year, int(found["month"]), int(found["day"]))
            if day and _WEEKDAYS[weekday["name"]] == day.weekday():
                return day
        return None

    def _latest(self, evidence: Evidence) -> date | None:
        """Set the datelines without a year into the year of the latest full date that they can follow."""
        told, months = evidence.told, evidence.months
        if not months:
            return max(told, default=None)
        anchor = max((*told, *evidence.mentioned), default=None)
        dated = [day for month in months if anchor and (day := self._fit(month, anchor))]
        if dated and len(dated) >= len(set(months)) * 0.5:  # else the full date is of another time
            return max((*dated, *told))
        return self._within_year(evidence)

    def _within_year(self, evidence: Evidence) -> date | None:
        """Set the datelines into the latest year named, if all full dates lie before them and one not long before."""
        year = max(evidence.years, default=0)
        days = [day for month in set(evidence.months) if (day := _day(year, *month))]
        full = [*evidence.told, *evidence.mentioned, *evidence.started]
        if not days or not full or (max(days) - min(days)).days > self.behind:
            return None
        gap = (max(days) - max(full)).days
        return max(days) if 0 <= gap <= self.apart else None

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
        # where nothing dates the page, a full date without opening words may be of any time
        dateline = self.dateline_of(_content(text, first), opens=page is not None) if first else None
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
