"""Lengths of videos and of watching, in seconds: 18秒, 9.2s, 1:12, 1分5秒, PT1M5S, or a number by its header.

Takes a column as a whole: lengths without a unit that would be hours are refused, since they are milliseconds
more probably. Gives each cell's seconds and the rule that read it.
"""

import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from sim.errors import Phrase
from sim.reading.amounts import COMMA, TIED, Mark, Value, digits_of, held_number, missing, signed_text
from sim.reading.forms import Header, Spec
from sim.reading.list_numbers import UnreadableError, cleaned, is_missing
from sim.reading.table_file import Held

LARGEST_S = 1e10
"""Above it no length is meant (chosen)."""
PROBABLY_MS = 3_600.0
"""Lengths of videos without a unit of which the middle one is above this are milliseconds more probably."""
UNITS = {
    "ms": 1e-3, "msec": 1e-3, "毫秒": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "秒": 1.0,
    "min": 60.0, "mins": 60.0, "minutes": 60.0, "分": 60.0, "分钟": 60.0,
    "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "小时": 3600.0,
}  # fmt: skip
"""What a header may say that its lengths are in."""
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_NUMBER = r"(\d+(?:\.\d+)?)"
_SPOKEN = re.compile(
    rf"(?:pt)?(?:{_NUMBER}(?:小时|hours?|hrs?|h|时):?)?(?:{_NUMBER}(?:分钟?|minutes?|mins?|m):?)?"
    rf"(?:{_NUMBER}(?:秒钟?|seconds?|secs?|s))?"
)
_MILLIS = re.compile(r"([\d.,]+)(?:ms|毫秒)")


class Lengths(NamedTuple):
    """How a column of lengths is read."""

    header: str
    times: float
    """seconds of a number without a unit"""
    mark: Mark
    sums: bool
    """of many plays together, so that thousands are meant where they may be"""
    millis: bool
    """lengths without a unit that are milliseconds more probably"""

    @classmethod
    def of(cls, header: str, spec: Spec, cells: Sequence[str], mark: Mark) -> "Lengths":
        """How a column is read.

        Args:
            header: as written.
            spec: what the column is.
            cells: those of rows that stand for something.
            mark: that which divides decimals.
        """
        unit = Header.of(header).unit
        sums = spec.name == "total_watch_s"
        found = cls(header, UNITS.get(unit, 1.0), mark, sums=sums, millis=False)
        if spec.name != "duration_s" or unit in UNITS:
            return found
        bare = sorted(number for cell in cells if (number := found._bare(cell)) is not None)
        return found._replace(millis=bool(bare) and bare[len(bare) // 2] > PROBABLY_MS)

    def told(self) -> list[Phrase]:
        """What was decided for the column as a whole; nothing where it was plain."""
        if self.times == 1.0:
            return []
        return [Phrase("column {header}: in units of {times:g} s", header=self.header, times=self.times)]

    def value(self, cell: str, row: int = 0) -> Value:
        """What a cell was read as.

        Raises:
            UnreadableError: it is no length.
        """
        if is_missing(cell):
            return missing(cell)
        seconds, how = self._seconds(cell)
        if not math.isfinite(seconds):
            raise UnreadableError(Phrase("no length"))
        if seconds < 0:
            raise UnreadableError(Phrase("below 0"))
        if seconds > LARGEST_S:
            raise UnreadableError(Phrase("above {most:,.0f}", most=LARGEST_S))
        return Value(seconds, how)

    def _seconds(self, cell: str) -> tuple[float, Phrase]:
        if isinstance(cell, Held):
            if isinstance(cell.value, dt.timedelta | dt.time | dt.datetime):
                return _clock_of(cell.value), Phrase("a time of day of the spreadsheet, as a length")
            return self._in_units(held_number(cell.value))
        text = cleaned(cell)
        if clock := _CLOCK.fullmatch(text):
            hours, minutes, seconds = (float(part or 0) for part in clock.groups())
            how = Phrase("hours:minutes:seconds") if clock[1] else Phrase("minutes:seconds")
            return 3600 * hours + 60 * minutes + seconds, how
        spoken = _SPOKEN.fullmatch(text.replace(",", ".") if self.mark == "comma" else text)
        if spoken and any(spoken.groups()):
            hours, minutes, seconds = (float(part or 0) for part in spoken.groups())
            return 3600 * hours + 60 * minutes + seconds, Phrase("by the units in the cell")
        if short := _MILLIS.fullmatch(text):
            return digits_of(short[1], self.mark, "seconds") / 1000, Phrase("by the units in the cell")
        sign, digits = signed_text(cell)
        if self.mark != "comma" and not self.sums and TIED.fullmatch(digits):
            raise UnreadableError(COMMA)  # 4,586 of one play is no hour and a quarter
        return self._in_units(sign * digits_of(digits, self.mark, "seconds"))

    def _in_units(self, number: float) -> tuple[float, Phrase]:
        if self.millis:
            raise UnreadableError(
                Phrase("perhaps milliseconds, since most are longer than an hour; name the unit: duration_ms")
            )
        if self.times == 1.0:
            return number, Phrase("seconds")
        return number * self.times, Phrase("{number:g} × {times:g} s", number=number, times=self.times)

    def _bare(self, cell: str) -> float | None:
        """The number of a cell that has no unit; None where it has one, or is none."""
        try:
            if isinstance(cell, Held):
                return held_number(cell.value)
            return digits_of(signed_text(cell)[1], self.mark, "seconds")
        except UnreadableError:
            return None


def _clock_of(held: dt.timedelta | dt.time | dt.datetime) -> float:
    """A time of a spreadsheet in seconds.

    Raises:
        UnreadableError: it has no seconds: 0:12 becomes 12 minutes where a spreadsheet reads it anew.
    """
    if isinstance(held, dt.datetime):
        raise UnreadableError(Phrase("no length but a date of the spreadsheet"))
    if isinstance(held, dt.time):
        held = dt.timedelta(0, held.second, held.microsecond, 0, held.minute, held.hour)
    seconds = held.total_seconds()
    if seconds >= 60 and not seconds % 60:  # noqa: PLR2004 - a minute
        raise UnreadableError(
            Phrase("a time of day of the spreadsheet: minutes and seconds, or hours and minutes")
        )
    return seconds
