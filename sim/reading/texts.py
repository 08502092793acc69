"""Texts and ids of an export: titles, names, numbers that are names.

An id is text, whatever its digits. One that a spreadsheet held as a number has lost its last digits from the
sixteenth on; it is refused and said, never kept with wrong ones.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sim.errors import Phrase
from sim.reading.amounts import Value, missing
from sim.reading.list_numbers import UnreadableError
from sim.reading.table_file import Held

NOT_KNOWN = frozenset(("", "-", "--", "—", "——", "null", "undefined", "nan", "none", "#n/a"))
"""What stands for 'not known' where a text is meant."""
DIGITS = 15
"""That a spreadsheet keeps of a number."""
_QUOTED = re.compile(r'="(.*)"')
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_ROUNDED = re.compile(rf"[1-9]\d{{{DIGITS - 1}}}0+")
_FLOAT = re.compile(r"\d+\.0+")
_LONG = re.compile(rf"\d{{{DIGITS + 3},}}")
_WRITTEN, _ID = Phrase("text as written"), Phrase("an id, as text")
_RUINED = Phrase("an id that a spreadsheet kept as a number: its last digits are lost; export it as text")


class Texts(NamedTuple):
    """How a column of texts is read."""

    header: str

    def told(self) -> list[Phrase]:
        """What was decided for the column as a whole: nothing."""
        return []

    def value(self, cell: str, row: int) -> Value:
        """What a cell was read as."""
        if cell.lower() in NOT_KNOWN:
            return missing(cell)
        return Value(str(cell), _WRITTEN)


class Ids(NamedTuple):
    """How a column of ids is read."""

    header: str
    rounded: bool
    """most long ids of the column end in zeros from the sixteenth digit on, as spreadsheets write them"""

    @classmethod
    def of(cls, header: str, cells: Sequence[str]) -> "Ids":
        """How a column is read, by the cells of rows that stand for something."""
        long = [text for cell in cells if _LONG.fullmatch(text := _bare(cell))]
        return cls(header, 2 * sum(bool(_ROUNDED.fullmatch(text)) for text in long) > len(long))

    def told(self) -> list[Phrase]:
        """What was decided for the column as a whole: nothing."""
        return []

    def value(self, cell: str, row: int) -> Value:
        """What a cell was read as.

        Raises:
            UnreadableError: a spreadsheet has rounded it.
        """
        if cell.lower() in NOT_KNOWN:
            return missing(cell)
        text = _bare(cell)
        if _FLOAT.fullmatch(text):  # as tables of research write whole numbers
            if len(text) > DIGITS + 2:
                raise UnreadableError(_RUINED)
            text = text.partition(".")[0]
        held = isinstance(cell, Held) and isinstance(cell.value, float) and len(text) > DIGITS
        if held or _SCIENTIFIC.fullmatch(text) or (self.rounded and _ROUNDED.fullmatch(text)):
            raise UnreadableError(_RUINED)
        return Value(text, _ID)


def _bare(cell: str) -> str:
    """An id without what keeps spreadsheets from taking it for a number."""
    quoted = _QUOTED.fullmatch(cell)
    return (quoted[1] if quoted else str(cell)).strip("'\t\u2018\u2019` ")
