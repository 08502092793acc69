"""A date in one cell, as far as it can be read alone: a moment, or numbers whose order the column tells.

Moments that count from 1970 or name a zone become Beijing's. Dates that a spreadsheet holds as numbers are
its days since 1900. Does not look at other cells (dates.py).
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from sim.errors import Phrase
from sim.reading.list_numbers import UnreadableError
from sim.reading.table_file import Held

BEIJING = dt.timezone(dt.timedelta(hours=8))
FIRST, LAST = 1990, 2100
"""Years that a date can lie in (chosen)."""
SERIALS = (20_000, 80_000)
"""Days since 1900 that a number can stand for: 1954 to 2119."""
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?(?:(?:周|星期)[一二三四五六日天]\s*)?"
_TIME = (
    r"(?:[\sT,]*(上午|下午)?\s*(\d{1,2})(?::|时|点)(\d{1,2})(?:(?::|分)(?:(\d{1,2})(?:[.,]\d+)?)?秒?)?分?\s*"
    r"(am|pm|a\.m\.|p\.m\.)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_WHOLE = re.compile(
    rf"{_WEEKDAY}(\d{{4}})(?:[-/.]|年)(\d{{1,2}})(?:[-/.]|月)(\d{{1,2}})日?{_TIME}", re.IGNORECASE
)
_TIED = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH}(?:[\s,-]+(\d{{4}}|\d{{2}}(?!:|\d)))?{_TIME}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:[\s,]+(\d{{4}}))?{_TIME}", re.IGNORECASE
)
_SHORT = re.compile(rf"{_WEEKDAY}(\d{{1,2}})月(\d{{1,2}})[日号]?{_TIME}", re.IGNORECASE)
_PAIR = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([-/.])(\d{{1,2}}){_TIME}", re.IGNORECASE)


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_YMD = Phrase("year, month, day")


class Shape(NamedTuple):
    """A cell as far as it can be read alone."""

    how: Phrase
    moment: dt.datetime | None = None
    triple: tuple[str, str, str] | None = None
    """of which the column tells the order"""
    pair: tuple[str, str] | None = None
    """month and day without a year, of which the column tells the order"""
    short: tuple[int, int] | None = None
    """month and day without a year"""
    clock: dt.timedelta = dt.timedelta()
    zone: dt.timezone | None = None


def shape_of(cell: str) -> Shape:
    """A cell as far as it can be read alone.

    Raises:
        UnreadableError: it is no date.
    """
    if isinstance(cell, Held):
        return _held(cell)
    if _ISO.fullmatch(cell):  # as most exports write it, and much the quickest to read
        try:
            whole = dt.datetime.fromisoformat(cell)
        except ValueError:
            pass
        else:
            day = whole.replace(hour=0, minute=0, second=0)
            return Shape(_YMD, day, clock=whole - day)
    text = " ".join(cell.split()).translate(_WIDE)
    if text.isascii() and text.replace(".", "", 1).isdecimal():
        return _number(text)
    if found := _WHOLE.fullmatch(text):
        moment = day_of(*map(int, found.groups()[:3]))
        return _timed(Shape(_YMD, moment), found.groups()[3:], moment)
    if found := _TIED.fullmatch(text):
        return _timed(Shape(Phrase(""), triple=(found[1], found[3], found[4])), found.groups()[4:])
    if found := _DAY_FIRST.fullmatch(text):
        return _named(found[2], found[1], found[3], found.groups()[3:])
    if found := _MONTH_FIRST.fullmatch(text):
        return _named(found[1], found[2], found[3], found.groups()[3:])
    if found := _SHORT.fullmatch(text):
        return _timed(
            Shape(Phrase(""), short=day_of_a_year(int(found[1]), int(found[2]))), found.groups()[2:]
        )
    if found := _PAIR.fullmatch(text):
        return _timed(Shape(Phrase(""), pair=(found[1], found[3])), found.groups()[3:])
    raise UnreadableError(Phrase("no date"))


_WIDE = str.maketrans("０１２３４５６７８９：／－．，", "0123456789:/-.,")


def _held(cell: Held) -> Shape:
    value = cell.value
    if isinstance(value, dt.datetime):
        return Shape(Phrase("a date of the spreadsheet"), value)
    if isinstance(value, dt.date):
        return Shape(Phrase("a date of the spreadsheet"), dt.datetime.combine(value, dt.time()))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableError(Phrase("no date"))
    return _number(repr(float(value)) if value % 1 else str(int(value)))


def _number(text: str) -> Shape:
    """A date as a number: a spreadsheet's days, YYYYMMDD, or seconds and their parts since 1970."""
    whole, _, rest = text.partition(".")
    number = float(text)
    if len(whole) == 5 and SERIALS[0] <= number < SERIALS[1]:  # noqa: PLR2004 - its digits
        seconds = round(number * 86_400)
        return Shape(
            Phrase("days since 1900, as a spreadsheet counts"), _EPOCH + dt.timedelta(seconds=seconds)
        )
    if len(whole) == 8 and not rest:  # noqa: PLR2004 - YYYYMMDD
        moment = day_of(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
        if moment and FIRST <= moment.year < LAST:
            return Shape(Phrase("year, month, day"), moment)
    for digits, times, how in _SINCE_1970:
        if len(whole) == digits:
            moment = dt.datetime.fromtimestamp(number / times, BEIJING).replace(tzinfo=None)
            return Shape(how, moment)
    raise UnreadableError(Phrase("no date"))


_SINCE_1970 = (
    (10, 1.0, Phrase("seconds since 1970, in Beijing's time")),
    (13, 1e3, Phrase("milliseconds since 1970, in Beijing's time")),
)


def _named(month: str, day: str, year: str | None, time: Sequence[str | None]) -> Shape:
    """A date whose month is a word."""
    number = _MONTHS.index(month[:3].lower()) + 1
    if year is None:
        return _timed(Shape(Phrase(""), short=day_of_a_year(number, int(day))), time)
    moment = day_of(int(year) if len(year) > 2 else 2000 + int(year), number, int(day))  # noqa: PLR2004 - digits
    return _timed(Shape(Phrase("the month as a word"), moment), time, moment)


def _timed(shape: Shape, time: Sequence[str | None], moment: dt.datetime | None = None) -> Shape:
    """A date with its time of day.

    Raises:
        UnreadableError: there is no such day, or no such time.
    """
    half, hour, minute, second, english, zone = time
    if shape.moment is None and shape.triple is None and shape.pair is None and shape.short is None:
        raise UnreadableError(Phrase("no date that there is"))
    if hour is None:
        return shape
    late = half == "下午" or (english or "").lower().startswith("p")
    early = half == "上午" or (english or "").lower().startswith("a")
    h, m, s = int(hour), int(minute or 0), int(second or 0)
    if late and h < 12:  # noqa: PLR2004 - noon
        h += 12
    if early and h == 12:  # noqa: PLR2004
        h = 0
    if h > 23 or m > 59 or s > 59:  # noqa: PLR2004 - of a clock
        raise UnreadableError(Phrase("no time of day that there is"))
    found = None
    if zone:
        digits = re.sub(r"\D", "", zone)
        shift = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) if digits else dt.timedelta()
        found = dt.timezone(-shift if zone[0] == "-" else shift)
    return shape._replace(clock=dt.timedelta(hours=h, minutes=m, seconds=s), zone=found)


def day_of(year: int, month: int, day: int) -> dt.datetime | None:
    """A day; None where there is none."""
    try:
        return dt.datetime(year, month, day)  # noqa: DTZ001 - as written
    except ValueError:
        return None


def day_of_a_year(month: int, day: int) -> tuple[int, int] | None:
    """Month and day where there is such a day in some year."""
    return (month, day) if day_of(2000, month, day) else None
