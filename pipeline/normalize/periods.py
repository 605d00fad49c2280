"""Stretches of days, months and years, and how they are written: ISO 8601 and its extension EDTF (ISO 8601-2).

`2024-12-03` is a day, `2024-12` a month, `2024-06-08/2024-06-09` an interval, `../2024-12` one without a known start.
`~` says about, behind the date that is vague. An unknown year is `XXXX-12-03`.
"""

from __future__ import annotations

import calendar
import datetime

from msgspec import Struct
from msgspec.structs import replace

UNKNOWN_YEAR = 0
YEARS = range(1000, 3000)  # of dates in newspapers; so nothing that is counted from them leaves the calendar
_SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}  # the month in which a season begins


class Point(Struct, frozen=True, order=True):
    """A year, a month or a day: month and day are 0 where they are not told; the year is 0 where it is unknown."""

    year: int
    month: int = 0
    day: int = 0
    about: bool = False

    @property
    def first(self) -> datetime.date:
        """The first day of it; its year must be known."""
        return datetime.date(self.year, _SEASONS.get(self.month, self.month or 1), self.day or 1)

    @property
    def last(self) -> datetime.date:
        """The last day of it; its year must be known, and winter ends with the year."""
        season = _SEASONS.get(self.month)
        month = min(season + 2, 12) if season else self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def write(self) -> str:
        """Write it as ISO 8601 does, shortened where month or day is not told."""
        text = f"{self.year:04}" if self.year else "XXXX"
        text += (f"-{self.month:02}" if self.month else "") + (f"-{self.day:02}" if self.day else "")
        return text + ("~" if self.about else "")

    def is_real(self) -> bool:
        """Say whether the calendar has it; 29 February counts where the year is unknown."""
        if self.year not in YEARS and self.year != UNKNOWN_YEAR:
            return False
        if not 0 <= self.month <= 12 and self.month not in _SEASONS:
            return False
        if not self.day:
            return True
        return 1 <= self.month <= 12 and 1 <= self.day <= calendar.monthrange(self.year or 2000, self.month)[1]


class Period(Struct, frozen=True):
    """From one point to another, both inclusive; None is an end that nobody tells."""

    start: Point | None
    end: Point | None

    def write(self) -> str:
        """Write it; an interval only where its two ends are not one."""
        if self.start == self.end and self.start is not None:
            return self.start.write()
        start, end = (".." if point is None else point.write() for point in (self.start, self.end))
        return f"{start}/{end}"

    def is_real(self) -> bool:
        """Say whether the calendar has both its ends, in this order."""
        ends = [point for point in (self.start, self.end) if point is not None]
        if not ends or not all(point.is_real() for point in ends):
            return False
        return len(ends) == 1 or not all(point.year for point in ends) or ends[0].first <= ends[1].last

    @property
    def point(self) -> Point | None:
        """The point that later words of the text (同日, 次年) go by: the last one that is told."""
        return self.end or self.start


def at(point: Point, *, about: bool = False) -> Period:
    """Give a point as a period."""
    return between(point, point, about=about)


def between(start: Point, end: Point, *, about: bool = False) -> Period:
    """Give the time from one point to another; with `about`, both are vague."""
    return Period(replace(start, about=start.about or about), replace(end, about=end.about or about))


def shift(reference: datetime.date, unit: str, offset: int) -> Point:
    """Count days, months or years from a day: one month back from 2024-01-31 is 2023-12."""
    if unit == "day":
        day = reference + datetime.timedelta(days=offset)
        return Point(day.year, day.month, day.day)
    if unit == "month":
        months = reference.year * 12 + reference.month - 1 + offset
        return Point(months // 12, months % 12 + 1)
    return Point(reference.year + offset)


def week(reference: datetime.date, offset: int, weekday: int | None) -> Period:
    """Give a week from Monday to Sunday, or its day `weekday` (0 is Monday)."""
    monday = reference + datetime.timedelta(days=7 * offset - reference.weekday())
    days = [monday + datetime.timedelta(days=n) for n in ((0, 6) if weekday is None else (weekday, weekday))]
    return Period(*(Point(day.year, day.month, day.day) for day in days))


def months(year: int, low: int, high: int, *, about: bool = False) -> Period:
    """Give some months of a year; all twelve are the year."""
    if (low, high) == (1, 12):
        return at(Point(year), about=about)
    return between(Point(year, low), Point(year, high), about=about)


def days(year: int, month: int, low: int, high: int, *, about: bool = False) -> Period:
    """Give some days of a month; 31 stands for its last day."""
    last = calendar.monthrange(year or 2000, month)[1]
    return between(Point(year, month, min(low, last)), Point(year, month, min(high, last)), about=about)
