"""Numbers of an export: counts, rates, amounts, each cell by what its column and its table tell.

Which mark divides decimals the column says, else the table, else a header in Chinese; where nothing does, a
cell that could be two numbers is refused, never guessed. Rates are shares or per cent by the column as a
whole. Gives each cell's number and the rule that read it. Units and patterns are those of price lists.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from sim.errors import Phrase
from sim.reading.forms import Header, Spec
from sim.reading.list_numbers import (
    EITHER,
    EUROPEAN,
    GROUPED,
    SURELY_EUROPEAN,
    SURELY_PLAIN,
    UnreadableError,
    cleaned,
    is_missing,
    nearest_ends,
    parts_of,
    times_of,
    unit_of,
)
from sim.reading.table_file import Held

Mark = Literal["point", "comma", "both", ""]
"""What divides decimals; both where cells surely have either, '' where nothing tells."""
MOST = 1e12
"""Of a count or an amount (chosen: far above any)."""
_ROUNDING = 1e-6
_PERCENT = 0.01
_COUNTED = "次个条元人"
"""What may stand behind a number that is counted in it."""
_QUOTED = re.compile(r'="(.*)"')
"""As some exports keep spreadsheets from changing a cell."""
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e[+-]?\d+")
_ZERO_COMMA = re.compile(r"0,\d+")
TIED = re.compile(r"\d{1,3},\d{3}")
"""1,234, which is 1234 or 1.234."""
_SIGNS = "+-−–"
_PARENTHESES = re.compile(r"\((\d[\d.,]*)\)")
_SURELY_MANY = 3.0
"""A rate that may lie above 1, such as the played share, is per cent where one lies above this (chosen)."""


AS_WRITTEN = Phrase("as it stands")


class Value(NamedTuple):
    """What a cell was read as, and by which rule; None where it says that nothing is known."""

    value: object
    how: Phrase
    vague: bool = False
    """a span, which stands as the geometric mean of its ends"""


def missing(cell: str) -> Value:
    """That a cell is not known."""
    if cell:
        return Value(None, Phrase("{text!r} stands for not known", text=str(cell)))
    return Value(None, Phrase("empty: not known"))


def tells(what: str, cells: Iterable[str]) -> Mark:
    """Which decimal mark the cells of a column surely have."""
    comma = point = False
    for cell in cells:
        if isinstance(cell, Held) or cell.isdecimal() or is_missing(cell):
            continue
        for part in parts_of(cleaned(cell).lstrip(_SIGNS)):
            digits, times = unit_of(part)
            if SURELY_EUROPEAN.fullmatch(digits) or _ZERO_COMMA.fullmatch(digits):
                comma = True
            elif SURELY_PLAIN.fullmatch(digits) and (
                (what == "count" and times is None) or not TIED.fullmatch(digits)
            ):
                point = True
    return ("both" if point else "comma") if comma else ("point" if point else "")


def agreed(marks: Iterable[Mark]) -> Mark:
    """The mark of a table by those of its columns."""
    found = {*marks} - {""}
    return next(iter(found)) if len(found) == 1 else ("both" if found else "")


class Amounts(NamedTuple):
    """How a column of numbers is read."""

    header: str
    spec: Spec
    times: float
    """of a number without a sign of its own, by the header"""
    percent: Literal["header", "column", "table", ""]
    """rates without a sign are per cent: the header says it, one of them lies above 1, or other rates do"""
    mixed: bool
    """some rates have a sign of per cent, and those without lie within 1: they could be either"""
    mark: Mark
    sure: bool
    """the column itself, or the caller, tells the mark"""
    shares: bool = False
    """rates stand as shares of 1, none of them above it"""

    @classmethod
    def of(
        cls, header: str, spec: Spec, cells: Sequence[str], mark: Mark, *, sure: bool, signed: bool
    ) -> "Amounts":
        """How a column is read.

        Args:
            header: as written.
            spec: what the column is.
            cells: those of rows that stand for something.
            mark: that which divides decimals.
            sure: whether the column itself, or the caller, tells it.
            signed: whether its numbers may be negative.
        """
        unit = Header.of(header).unit
        times = 1.0 if spec.what == "rate" else times_of([unit])
        percent: Literal["header", "column", "table", ""] = ""
        if spec.what == "rate" and ("%" in unit or "百分" in unit):
            percent = "header"
        found = cls(header, spec._replace(signed=signed or spec.signed), times, percent, False, mark, sure)
        known = [cell for cell in cells if not is_missing(cell)]
        if spec.what == "rate" and not percent:
            bare = [number for cell in known if (number := found._bare(cell)) is not None]
            if any(number > (1.0 if spec.most == 1.0 else _SURELY_MANY) for number in bare):
                return found._replace(percent="column")
            signs = any(cleaned(cell).endswith("%") for cell in known if not isinstance(cell, Held))
            return found._replace(mixed=signs and any(bare), shares=any(bare) and not signs)
        return found

    @property
    def bare_percent(self) -> bool:
        """Whether per cent are written without a sign."""
        return self.percent in {"header", "column"}

    def told(self) -> list[Phrase]:
        """What was decided for the column as a whole; nothing where it was plain."""
        header, said = self.header, []
        if self.spec.what != "rate" and self.times != 1.0:
            said.append(Phrase("column {header}: in units of {times:,.0f}", header=header, times=self.times))
        if self.spec.what == "rate":
            why = {
                "header": Phrase("column {header}: in per cent, as its header says", header=header),
                "column": Phrase(
                    "column {header}: in per cent, since some numbers are above 1", header=header
                ),
                "table": Phrase(
                    "column {header}: in per cent, as other rates of the table are", header=header
                ),
            }
            said += [why[self.percent]] if self.percent else []
            if self.shares:
                said.append(
                    Phrase("column {header}: as shares of 1, since no number is above 1", header=header)
                )
        if self.mark == "comma":
            said.append(Phrase("column {header}: with a decimal comma, 1.200,5 is 1200.5", header=header))
        return said

    def value(self, cell: str, row: int = 0) -> Value:
        """What a cell was read as.

        Raises:
            UnreadableError: it is no number that the column can have, or could be two.
        """
        if self.spec.what == "count" and self.times == 1.0 and cell.isdecimal() and cell.isascii():
            return self._checked(float(cell), float(cell), AS_WRITTEN)
        if is_missing(cell):
            return missing(cell)
        if isinstance(cell, Held):
            number = held_number(cell.value)
            return self._checked(number, self._scaled(number, None), Phrase("a number of the spreadsheet"))
        sign, text = signed_text(cell)
        parts = parts_of(text)
        if len(parts) == 2 and all(parts) and self._spans(text, parts) and sign > 0:  # noqa: PLR2004 - ends
            return self._span(parts)
        digits, times = unit_of(text)
        number = sign * self._digits(digits, times)
        bare = digits == cell.lstrip(_SIGNS)
        how = AS_WRITTEN if bare else Phrase("{digits} without marks and signs", digits=digits)
        if (times == _PERCENT) == (self.spec.what != "rate") and times is not None:
            raise UnreadableError(Phrase("a sign of another sort of number"))
        if times is not None:
            how = Phrase("{number:g} × {times:.10g}", number=number, times=times)
        elif self.mark == "comma" and not digits.isdecimal():
            how = Phrase("{digits}, with a decimal comma", digits=digits)
        elif _GROUPS.search(digits):
            how = Phrase("{digits}, its groups of digits joined", digits=digits)
        return self._checked(number, self._scaled(number, times), how, times)

    def _spans(self, text: str, parts: Sequence[str]) -> bool:
        """Whether two parts are the ends of a span, not a day and a month."""
        units = [unit_of(part)[1] for part in parts]
        if self.spec.what == "rate":
            return units == [_PERCENT, _PERCENT]
        return "~" in text or any(units)

    def _scaled(self, number: float, times: float | None) -> float:
        """A number by its own sign of size, else by the column's."""
        if times is not None:
            return _hundredth(number) if times == _PERCENT else number * times
        if self.spec.what == "rate":
            return _hundredth(number) if self.percent else number
        return number * self.times

    def _checked(self, written: float, number: float, how: Phrase, times: float | None = None) -> Value:
        """A number that the column can have."""
        spec = self.spec
        if not math.isfinite(number):
            raise UnreadableError(Phrase("no number"))
        if number < 0 and not spec.signed:
            raise UnreadableError(Phrase("below 0"))
        if spec.what == "rate":
            if self.mixed and times is None and written:
                raise UnreadableError(
                    Phrase("a share of 1 or per cent: other cells of the column have a sign of per cent")
                )
            if number > spec.most + _ROUNDING:
                raise UnreadableError(Phrase("above {most:.0%}", most=spec.most))
            if times is None and self.percent:
                how = Phrase("{number:g} per cent", number=written)
            elif times is None:
                how = Phrase("a share of 1, since no number of the column is above 1")
            return Value(number, how)
        if abs(number) > MOST:
            raise UnreadableError(Phrase("above {most:,.0f}", most=MOST))
        if times is None and self.times != 1.0:
            how = Phrase("{number:g} × {times:g}, the unit of the header", number=written, times=self.times)
        if spec.what != "count":
            return Value(number, how)
        if (times or self.times) == 1.0 and abs(number - round(number)) > _ROUNDING:
            raise UnreadableError(Phrase("no whole number"))
        return Value(round(number), how)

    def _span(self, parts: Sequence[str]) -> Value:
        """The geometric mean of a span's ends; a unit at one of them belongs to both where that is nearer."""

        def end(part: str, other: float | None) -> float:
            digits, times = unit_of(part)
            return self._scaled(self._digits(digits, times), other if times is None else times)

        ends = nearest_ends(parts, end)
        if ends is None or (ends[0] == 0 < ends[1]):
            raise UnreadableError(Phrase("no span from a smaller number to a larger one"))
        low, high = ends
        how = Phrase("from {low:,g} to {high:,g}: their geometric mean", low=low, high=high)
        middle = math.sqrt(low * high)
        return Value(round(middle) if self.spec.what == "count" else middle, how, vague=True)

    def _digits(self, digits: str, times: float | None) -> float:
        whole = self.spec.what == "count" and times is None and self.times == 1.0
        if whole and not self.sure and self.mark != "comma" and EITHER.fullmatch(digits):
            raise UnreadableError(_POINT)  # 1.000 is 1 only where the column itself, or the caller, says so
        return digits_of(digits, self.mark, self.spec.what, whole=whole)

    def _bare(self, cell: str) -> float | None:
        """The number of a cell without a sign of size; None where it has one, or is none."""
        try:
            if isinstance(cell, Held):
                return held_number(cell.value)
            sign, text = signed_text(cell)
            digits, times = unit_of(text)
            return sign * self._digits(digits, None) if times is None else None
        except UnreadableError:
            return None


_GROUPS = re.compile(r"\d,\d{3}")
_POINT = Phrase(
    "its point may divide thousands or decimals, and nothing tells which; give --decimal point or comma"
)
COMMA = Phrase(
    "its comma may divide thousands or decimals, and nothing tells which; give --decimal point or comma"
)


def held_number(value: object) -> float:
    """A number that a spreadsheet holds.

    Raises:
        UnreadableError: it holds something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableError(
            Phrase("no number but a {kind} of the spreadsheet", kind=_KINDS.get(type(value), "value"))
        )
    return float(value)


_KINDS: dict[type, Phrase] = {
    bool: Phrase("yes or no"),
    dt.datetime: Phrase("date"),
    dt.date: Phrase("date"),
    dt.time: Phrase("time"),
    dt.timedelta: Phrase("time"),
}


def _hundredth(number: float) -> float:
    """Of a number as it is written: 35.6 gives 0.356, not 0.35600000000000004."""
    return float(Decimal(repr(number)) / 100)


def signed_text(cell: str) -> tuple[float, str]:
    """The sign of a number, and the rest, flat."""
    quoted = _QUOTED.fullmatch(cell)
    text = cleaned(quoted[1] if quoted else cell).lstrip("'").rstrip(_COUNTED)
    if within := _PARENTHESES.fullmatch(text):
        return -1.0, within[1]
    if text[:1] in _SIGNS and text:
        return (1.0 if text[0] == "+" else -1.0), cleaned(text[1:])
    return 1.0, text


def digits_of(digits: str, mark: Mark, what: str, *, whole: bool = False) -> float:
    """Digits as a number, by the mark that divides decimals.

    Args:
        digits: without sign and unit.
        mark: of the column.
        what: the column holds; lengths and rates have no thousands.
        whole: whether only a whole number can be meant.
    Raises:
        UnreadableError: they are none, could be two, or lost some when they were rounded.
    """
    if digits.isascii() and digits.isdecimal():
        return float(digits)
    if _SCIENTIFIC.fullmatch(digits):
        if what == "count":
            raise UnreadableError(Phrase("rounded by a spreadsheet: all digits but the first are lost"))
        return float(digits.replace(",", "."))
    european = SURELY_EUROPEAN.fullmatch(digits) or _ZERO_COMMA.fullmatch(digits)
    if mark == "comma" or (mark in {"both", ""} and european):
        if not EUROPEAN.fullmatch(digits):
            raise UnreadableError(Phrase("no number with a decimal comma, as others of the column are"))
        return float(digits.replace(".", "").replace(",", "."))
    if mark != "point" and what in {"count", "real"} and EITHER.fullmatch(digits):
        raise UnreadableError(_POINT)
    if mark != "point" and not whole and TIED.fullmatch(digits):
        raise UnreadableError(COMMA)
    if GROUPED.fullmatch(digits):
        return float(digits.replace(",", ""))
    if not _PLAIN.fullmatch(digits):
        raise UnreadableError(Phrase("no number"))
    return float(digits)
