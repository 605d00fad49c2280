"""Read dates against the day of the newspaper: 12月3日, 近日, 去年底, 今年前两个月, 当地时间6月8日至9日."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct
from msgspec.structs import replace

from pipeline.normalize.contexts import Context, choose_day, choose_year, nearest_weekday
from pipeline.normalize.date_rules import DateRules
from pipeline.normalize.numerals import read_number
from pipeline.normalize.periods import UNKNOWN_YEAR, Period, Point, at, between, days, months, shift, week
from pipeline.rulefiles import alternatives

_BETWEEN = re.compile(r"起?(?:至|到|—{1,2}|-{1,2}|~|–)")
_NUMBER = "[1-9][0-9]|0?[1-9]|[一二三四五六七八九十]{1,3}"
_MINUTE = rf"(?:(?:{_NUMBER}|零[一二三四五六七八九]|[0-9]{{2}})分|半|整)"
_CLOCK = re.compile(rf"(?:(?:{_NUMBER}|00?|零)(?:时|点){_MINUTE}?(?:许|左右)?|[0-9]{{1,2}}:[0-9]{{2}})$")
_UNIT = re.compile(rf"(?:{_NUMBER}|[0-9]{{4}})(?P<unit>年|月份?|日|号)")
_AWAY = re.compile(
    r"(?P<count>[0-9]{1,4}|[一二三四五六七八九十百两]{1,4})个?(?P<unit>天|日|周|月|年)(?P<way>之?前|以前|之?后|以后)"
)
_BARE = re.compile(r"[0-9一二三四五六七八九十]$")
_BRACKET = re.compile(r"^(?P<outer>[^（(]{1,40})[（(](?P<inner>[^（）()]{1,40})[）)]")


class _Told(Struct, frozen=True):
    """What a date says itself; 0 and the empty string where it says nothing. `count` is that of 前两个月."""

    year: int
    month: int
    day: int
    part: str
    count: int


class DateReader:
    """Read the dates of texts by a set of words."""

    def __init__(self, rules: DateRules) -> None:
        self.rules = rules
        parts = alternatives([*rules.parts_of_year, *rules.parts_of_month, *rules.seasons, *rules.feasts])
        self._point = re.compile(
            rf"(?P<word>{alternatives(rules.words)})?(?:(?<=周|期)(?P<weekday>[一二三四五六日天]))?"
            rf"(?:(?P<year>[0-9]{{4}}|[零〇○一二三四五六七八九]{{4}})年)?(?:(?P<month>{_NUMBER})月份?)?"
            rf"(?:(?P<day>{_NUMBER})[日号])?(?:的?(?P<part>{parts})|的?[前头](?P<count>{_NUMBER}|两)个?月)?"
            r"(?:(?:周|星期|礼拜)(?P<bare>[一二三四五六日天]))?"
        )

        years = [name for name, word in rules.words.items() if word.unit == "year" and not word.anchored]
        self._year = re.compile(
            rf"(?:(?<![0-9０-９])(?P<year>[12][0-9]{{3}})年|{alternatives(years)})(?!以来|起|至|到|—|-|～|~|前|后|底前)"
        )

    def read(self, text: str, context: Context) -> Period | None:
        """Read one date as a whole; None where it says none, or needs a day that is not known."""
        period = self._read(text, context)
        return period if period is not None and period.is_real() else None

    def _read(self, text: str, context: Context) -> Period | None:
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        bracket = _BRACKET.match(plain)
        if bracket:  # 今天(3月28日)下午: the bracket says it more exactly
            return self._read(bracket["inner"], context) or self._read(bracket["outer"], context)
        plain = self._strip_start(plain)
        between = _BETWEEN.search(plain)
        if between and between.start() and between.end() < len(plain):
            return self._read_stretch(plain[: between.start()], plain[between.end() :], context)
        return self._read_turned(self._strip_end(plain), context)

    def says_future(self, before: str, after: str) -> bool:
        """Say whether a clause speaks of what is to come, by what stands before and right behind its date."""
        for word in self.rules.never_future:
            before = before.replace(word, "")
        return any(word in before for word in self.rules.future) or (
            after.startswith(self.rules.future) and not after.startswith(self.rules.never_future)
        )

    def year_named(self, before: str, context: Context) -> int | None:
        """Give the year that a sentence has named last before a date; none of a stretch such as 2023年以来."""
        found = list(self._year.finditer(before))
        if not found:
            return None
        if found[-1]["year"]:
            return _number(found[-1]["year"])
        return None if context.reference is None else context.reference.year + self.rules.words[found[-1][0]].offset

    def _read_stretch(self, left: str, right: str, context: Context) -> Period | None:
        unit = _UNIT.match(right)
        left = self._strip_end(left)
        if unit and _BARE.search(left):
            left += unit["unit"]
        start = self._read_turned(left, context)
        if start is None or start.start is None or not start.start.is_real():
            return None
        from_there = replace(context, anchor=start.start, near=True, year=start.start.year or None)
        end = self._read(right, from_there)
        if end is None or end.end is None or not end.end.is_real():
            return None
        last = end.end
        if last.year == start.start.year != UNKNOWN_YEAR and last.last < start.start.first and not _names_year(right):
            last = replace(last, year=last.year + 1)  # 12月28日至1月3日
        return Period(start.start, last)

    def _read_turned(self, plain: str, context: Context) -> Period | None:
        period = self._read_point(plain, context)
        if period is not None:
            return period
        for name, kind in sorted(self.rules.turns.items(), key=lambda item: -len(item[0])):
            if plain.endswith(name) and len(plain) > len(name):
                rest = self._read_point(self._strip_end(plain[: -len(name)]), context)
                if rest is not None:
                    return _turn(rest, kind)
        return None

    def _read_point(self, plain: str, context: Context) -> Period | None:
        match = self._point.fullmatch(plain)
        if match is None or not plain:
            return _counted(plain, context)
        word = self.rules.words.get(match["word"] or "")
        if word is not None and word.unit in ("day", "week"):
            if match["year"] or match["month"] or match["day"] or match["part"] or match["count"]:
                return None
            origin = context.anchor_day if word.anchored else context.reference
            if origin is None:
                return None
            if word.unit == "week":
                return week(origin, word.offset, _weekday(match["weekday"]))
            period = at(shift(origin, "day", word.offset), about=word.about)
            return Period(None, period.end) if word.until else period
        if match["bare"]:
            return nearest_weekday(context, _weekday(match["bare"])) if plain == match[0][-2:] else None
        year, month = _number(match["year"]), _number(match["month"])
        if word is not None:
            origin = context.anchor_day if word.anchored else context.reference
            if origin is None or year:
                return None
            point = shift(origin, word.unit, word.offset)
            if word.unit == "month" and month:
                return None
            year, month = point.year, month or point.month
            if word.about:
                return at(point, about=True)
        told = _Told(year, month, _number(match["day"]), match["part"] or "", _number(match["count"]))
        return self._fill(told, context)

    def _fill(self, told: _Told, context: Context) -> Period | None:
        year, month, day, part, count = told.year, told.month, told.day, told.part, told.count
        feast = self.rules.feasts.get(part)
        if feast is not None and not (month or day):
            month, day, part = feast.month, feast.day, ""
        if month > 12 or (day and part):
            return None
        if day and not month:
            return None if year else choose_day(day, context)
        if month:
            year = year or choose_year(month, day, context)
            if not Point(year, month, day).is_real():
                return None
            of_month = self.rules.parts_of_month.get(part)
            if part:
                return (
                    None if of_month is None else days(year, month, of_month.low, of_month.high, about=of_month.about)
                )
            return at(Point(year, month, day))
        year = year or (self._year_of_part(part, context) if part or count else 0)
        if not year:
            return None
        if count:
            return months(year, 1, count) if count <= 12 else None
        if part in self.rules.seasons:
            return at(Point(year, self.rules.seasons[part].code))
        of_year = self.rules.parts_of_year.get(part)
        if of_year is not None:
            return months(year, of_year.low, of_year.high, about=of_year.about)
        return None if part else at(Point(year))

    def _year_of_part(self, part: str, context: Context) -> int:
        if context.year or context.reference is None:
            return context.year or (context.anchor.year if context.anchor else UNKNOWN_YEAR)
        of_year = self.rules.parts_of_year.get(part)
        late = of_year is not None and of_year.low >= 7 and not of_year.about
        # in the first months of a year, 四季度 is the one that has just ended
        return context.reference.year - (late and context.reference.month <= 3 and not context.future)

    def _strip_start(self, plain: str) -> str:
        for word in sorted(self.rules.before, key=len, reverse=True):
            if plain.startswith(word) and len(plain) > len(word):
                return self._strip_start(plain[len(word) :])
        return plain

    def _strip_end(self, plain: str) -> str:
        shorter = _CLOCK.sub("", plain)
        for word in sorted(self.rules.after, key=len, reverse=True):
            if shorter.endswith(word) and len(shorter) > len(word) and not self._point.fullmatch(shorter):
                shorter = shorter[: -len(word)]
                break
        return plain if not shorter else shorter if shorter == plain else self._strip_end(shorter)


def _turn(period: Period, kind: str) -> Period:
    if kind == "about" and period.start is not None and period.end is not None:
        return between(period.start, period.end, about=True)
    return Period(None, period.end) if kind == "until" else Period(period.start, None)


def _counted(plain: str, context: Context) -> Period | None:
    """Read what is so many days, months or years away: 三天前, 5年前 from the newspaper's day, 两年后 from the anchor's."""
    match = _AWAY.fullmatch(plain)
    count = _number(match["count"]) if match else 0
    if match is None or not count:
        return None
    ahead = match["way"].endswith("后")
    origin = context.anchor_day if ahead else context.reference
    if origin is None:
        return None
    unit = {"天": "day", "日": "day", "周": "day", "月": "month", "年": "year"}[match["unit"]]
    steps = count * (7 if match["unit"] == "周" else 1) * (1 if ahead else -1)
    return at(shift(origin, unit, steps), about=unit != "day" or match["unit"] == "周")


def _number(text: str | None) -> int:
    value = read_number(text) if text else None
    return int(value) if value is not None else 0


def _names_year(text: str) -> bool:
    return "年" in text


def _weekday(text: str | None) -> int | None:
    return None if not text else 6 if text in "日天" else "一二三四五六".index(text)
