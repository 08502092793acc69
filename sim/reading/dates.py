"""Days and moments of an export, each cell by what its column tells; nothing is guessed.

03/04/2026 is 3 April or March 4: the column decides where one of its cells can be read in one order only,
else the caller is asked. Dates without a year take it from the newest of them, whose year the caller, the
file's name or its title tells, and go back a year where the file's order passes new year. Moments are as
written.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from sim.errors import Phrase, UsageError
from sim.reading.amounts import Value, missing
from sim.reading.list_numbers import UnreadableError, flat, is_missing
from sim.reading.moments import BEIJING, FIRST, LAST, Shape, day_of, day_of_a_year, shape_of

Order = Literal["dmy", "mdy", "ymd"]
"""What stands first in 03/04/2026 or 03/04/05: day, month or year."""
ORDERS: tuple[Order, ...] = get_args(Order)
HALF_YEAR = 183
_RANGE = re.compile(r"\s*(?:~|～|至|到|—|–|\bto\b|\s-\s)\s*")
YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d{7})")
"""A year in the name of a file or a title; no part of a longer number but of a date."""


class Dates(NamedTuple):
    """How a column of days or moments is read."""

    header: str
    days: bool
    """a day is meant, not a moment"""
    order: Order | None
    why: Phrase | None
    """how the order was told, where it had to be"""
    years: Mapping[int, int]
    """of cells without a year, by row"""

    @classmethod
    def of(
        cls,
        path: str,
        header: str,
        cells: Mapping[int, str],
        *,
        days: bool = False,
        order: Order | None = None,
        year: int | None = None,
    ) -> "Dates":
        """How a column is read.

        Args:
            path: of the file, for messages.
            header: as written.
            cells: by row, those of rows that stand for something.
            days: whether days are meant, not moments.
            order: of day and month, where the caller says it.
            year: of the newest date without one, where somebody says it.
        Raises:
            UsageError: the order of day and month, or the year, cannot be told.
        """
        shapes = {}
        for n, cell in cells.items():
            try:
                shapes[n] = shape_of(cell)
            except UnreadableError:
                continue
        tied = [shape for shape in shapes.values() if shape.triple or shape.pair]
        chosen, why = (order, Phrase("as asked")) if order else _order(path, header, tied)
        short = {}
        for n, shape in shapes.items():
            found = shape.short or (_month_day(shape.pair, chosen) if shape.pair else None)
            if found:
                short[n] = found
        years = _years(path, header, short, year)
        return cls(header, days, chosen if tied else None, why if tied else None, years)

    def told(self) -> list[Phrase]:
        """What was decided for the column as a whole; nothing where it was plain."""
        said = []
        if self.order and self.why:
            said.append(
                Phrase(
                    "column {header}: {order}, {why}",
                    header=self.header,
                    order=_ORDERED[self.order],
                    why=self.why,
                )
            )
        if self.years:
            first, last = min(self.years.values()), max(self.years.values())
            years = Phrase("{first} to {last}", first=first, last=last) if first != last else str(last)
            said.append(
                Phrase(
                    "column {header}: dates without a year, read as {years}", header=self.header, years=years
                )
            )
        return said

    def value(self, cell: str, row: int) -> Value:
        """What a cell was read as: a day or a moment.

        Raises:
            UnreadableError: it is no date.
        """
        if is_missing(cell):
            return missing(cell)
        shape = shape_of(cell)
        moment, how = shape.moment, shape.how
        if shape.triple:
            moment, how = _ordered(shape.triple, self.order), _ORDERED[self.order or "ymd"]
        elif shape.pair or shape.short:
            found = shape.short or _month_day(shape.pair or ("", ""), self.order)
            moment = day_of(self.years[row], *found) if found and row in self.years else None
            how = Phrase("month and day, of {year}", year=self.years.get(row, 0))
        if moment is None or not FIRST <= moment.year < LAST:
            raise UnreadableError(Phrase("no date that there is"))
        moment += shape.clock
        if shape.zone:
            moment = moment.replace(tzinfo=shape.zone).astimezone(BEIJING).replace(tzinfo=None)
            how = Phrase("{how}, in Beijing's time", how=how)
        return Value(moment.date() if self.days else moment, how)


_ORDERED: Mapping[Order, Phrase] = {
    "dmy": Phrase("day, month, year"),
    "mdy": Phrase("month, day, year"),
    "ymd": Phrase("year, month, day"),
}


def period_of(cell: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a period such as 2026-04-23 ~ 2026-07-22; None where a cell is none."""
    parts = _RANGE.split(cell.strip())
    days = []
    for part in parts:
        try:
            shape = shape_of(part)
        except UnreadableError:
            return None
        if shape.moment is None:
            return None
        days.append(shape.moment.date())
    return (days[0], days[-1]) if len(days) <= 2 and days[0] <= days[-1] else None  # noqa: PLR2004 - ends


def looks_dated(cells: Sequence[str]) -> bool:
    """Whether most cells of a column that hold something are dates."""
    held = [cell for cell in cells if not is_missing(cell)]
    count = 0
    for cell in held:
        try:
            shape_of(cell)
        except UnreadableError:
            continue
        count += 1
    return 2 * count > len(held)


def _ordered(triple: tuple[str, str, str], order: Order | None) -> dt.datetime | None:
    """A date of three numbers in an order; None where there is none."""
    if order is None:
        return None
    first, middle, last = map(int, triple)
    year, month, day = {
        "dmy": (last, middle, first),
        "mdy": (last, first, middle),
        "ymd": (first, middle, last),
    }[order]
    if order == "ymd" and len(triple[2]) > 2:  # noqa: PLR2004 - the year stands last
        return None
    return day_of(year if year > 99 else 2000 + year, month, day)  # noqa: PLR2004 - a century


def _month_day(pair: tuple[str, str], order: Order | None) -> tuple[int, int] | None:
    """Month and day of two numbers in an order; None where there is none."""
    if order is None:
        return None
    first, last = map(int, pair)
    return day_of_a_year(last, first) if order == "dmy" else day_of_a_year(first, last)


def _order(path: str, header: str, tied: Sequence[Shape]) -> tuple[Order | None, Phrase]:
    """The one order in which all dates of a column are dates.

    Raises:
        UsageError: there are several, or none.
    """
    if not tied:
        return None, Phrase("")
    readings: dict[Order, list[object]] = {}
    for order in ORDERS:
        found: list[object] = [
            _ordered(shape.triple, order) if shape.triple else _month_day(shape.pair or ("", ""), order)
            for shape in tied
        ]
        if None not in found and (found not in readings.values()):
            readings[order] = found
    if len(readings) == 1:
        return next(iter(readings)), Phrase("since no other order makes dates of all cells")
    example = tied[0].triple or tied[0].pair or ()
    if readings:
        raise UsageError(
            "{path}: column {header}: {example} may be {orders}, and no cell tells which; "
            "allowed: --dates {allowed}",
            path=path, header=header, example="/".join(example), allowed="|".join(readings),
            orders=_listed([_ORDERED[order] for order in readings]),
        )  # fmt: skip
    raise UsageError(
        "{path}: column {header}: in no order of day, month and year are all cells dates, such as {example}; "
        "give --dates {allowed}: cells that are then no dates are left out and said",
        path=path, header=header, example="/".join(example), allowed="|".join(ORDERS),
    )  # fmt: skip


def _listed(phrases: Sequence[Phrase]) -> Phrase:
    found = phrases[0]
    for phrase in phrases[1:]:
        found = Phrase("{one} or {other}", one=found, other=phrase)
    return found


def _years(
    path: str, header: str, short: Mapping[int, tuple[int, int]], newest: int | None
) -> dict[int, int]:
    """The year of each date without one, in the order of the file.

    Raises:
        UsageError: nobody says the year of the newest, or the file has no order in time.
    """
    if not short:
        return {}
    if newest is None:
        month, day = next(iter(short.values()))
        raise UsageError(
            "{path}: column {header}: dates without a year, such as {month}-{day}; allowed: --year N, the "
            "year of the newest",
            path=path, header=header, month=month, day=day,
        )  # fmt: skip
    places = [31 * month + day for month, day in short.values()]
    steps = [b - a for a, b in pairwise(places)]
    readings = []
    for forward in (1, -1):  # oldest first, newest first
        contrary = [abs(step) for step in steps if step * forward < 0]
        if min(contrary, default=HALF_YEAR) < HALF_YEAR:
            continue
        turns = [0]  # years passed since the first row: one where a step leads back past new year
        for step in steps:
            turns.append(turns[-1] + forward * (step * forward < 0))
        times = [372 * turn + place for turn, place in zip(turns, places, strict=True)]
        readings.append((max(times) - min(times), turns))
    if readings:
        _, turns = min(readings)
    elif max(map(abs, steps)) < HALF_YEAR:
        turns = [0] * len(places)  # a little disorder within one year
    else:
        raise UsageError(
            "{path}: column {header}: dates without a year that are in no order of time, so that their "
            "years cannot be told; write them with years",
            path=path, header=header,
        )  # fmt: skip
    latest = max(turns)
    return {row: newest + turn - latest for row, turn in zip(short, turns, strict=True)}


def year_in(texts: Sequence[str]) -> int | None:
    """The newest year that texts such as a file's name name; None where none does."""
    found = [int(year) for text in texts for year in YEAR.findall(flat(text))]
    return max((year for year in found if FIRST <= year < LAST), default=None)
