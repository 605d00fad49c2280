"""What a date is read against, and which year or month is meant where the text leaves it out."""

from __future__ import annotations

import datetime

from msgspec import Struct
from msgspec.structs import replace

from pipeline.normalize.periods import UNKNOWN_YEAR, Period, Point, at, shift, week

FAR_AHEAD = 60  # days: further ahead, a date without its year and without a word of the future is last year's
AGAINST = 3  # how much nearer a day against the time of its clause must be to be the one that is meant


class Context(Struct, frozen=True):
    """What a date is read against: the day of the newspaper, the last date of the text, its clause.

    `near` says that the last date stands in the same paragraph. `year` is the year that its sentence has named before
    it; `future` says that its clause speaks of what is to come.
    """

    reference: datetime.date | None = None
    anchor: Point | None = None
    near: bool = True
    year: int | None = None
    future: bool = False

    @property
    def anchor_day(self) -> datetime.date | None:
        """The first day of the anchor, where its year is known."""
        return self.anchor.first if self.anchor is not None and self.anchor.year else None


def nearest_weekday(context: Context, weekday: int | None) -> Period | None:
    """Give the day of the week that is nearest to the newspaper's day."""
    if context.reference is None:
        return None
    found = (week(context.reference, offset, weekday) for offset in (-1, 0, 1))
    return min(found, key=lambda period: _distance(period.start.first, context) if period.start else 0)


def choose_year(month: int, day: int, context: Context) -> int:
    """Choose the year of a month or day that is told without one; UNKNOWN_YEAR where nothing tells it."""
    if context.year is not None:
        return context.year
    if context.reference is None:
        return context.anchor.year if context.anchor is not None else UNKNOWN_YEAR
    year = context.reference.year
    if not Point(year, month, day).is_real():
        return year - 1  # 29 February
    ahead = (Point(year, month, day).first - context.reference).days
    if ahead > FAR_AHEAD and not context.future:
        return year - 1
    return year + 1 if context.future and ahead < -180 else year


def choose_day(day: int, context: Context) -> Period | None:
    """Choose the month of a day that is told alone: that of the date before it, or the one nearest to the newspaper's."""
    anchor = context.anchor
    if anchor is not None and context.near and 0 < anchor.month <= 12:
        further = anchor.day - day > 15  # 30日 … 1日
        month = anchor.month + further
        point = Point(anchor.year + (1 if month > 12 and anchor.year else 0), (month - 1) % 12 + 1, day)
        return at(point) if point.is_real() else None
    if context.reference is None:
        return None
    points = [shift(context.reference, "month", offset) for offset in (-1, 0, 1)]
    real = [point for point in (replace(point, day=day) for point in points) if point.is_real()]
    return at(min(real, key=lambda point: _distance(point.first, context))) if real else None


def _distance(day: datetime.date, context: Context) -> int:
    assert context.reference is not None
    ahead = (day - context.reference).days
    return abs(ahead) * (AGAINST if ahead and (ahead > 0) != context.future else 1)
