"""The columns of one table: which header is which, and how each is read by all its cells together.

Takes a section and what the caller says; gives columns that read a cell with the rule that read it. Does not
decide which rows stand for something (table.py).
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from sim.errors import Listing, Phrase, UsageError, or_rather
from sim.reading import forms
from sim.reading.amounts import Amounts, Mark, Value, agreed, missing, tells
from sim.reading.dates import Dates, Order, looks_dated, period_of, year_in
from sim.reading.layout import Section
from sim.reading.lengths import Lengths
from sim.reading.list_numbers import UnreadableError, is_missing
from sim.reading.texts import Ids, Texts
from sim.scenario.wording import nearest

_HAN = re.compile(r"[\u4e00-\u9fff]")
IGNORED = "-"
"""What a header is called that the caller wants left aside."""


class Asked(NamedTuple):
    """What the caller says where a file does not."""

    account: str | None = None
    dates: Order | None = None
    decimal: Mark = ""
    year: int | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = {}
    """header → column of the tables, or IGNORED"""

    def called(self, header: str) -> str:
        """A header as it is to be taken."""
        name = self.columns.get(header.strip())
        return header if name is None else ("" if name == IGNORED else name)


class Reader(Protocol):
    """How the cells of a column are read."""

    def value(self, cell: str, row: int) -> Value:
        """What a cell was read as; raises UnreadableError."""

    def told(self) -> list[Phrase]:
        """What was decided for the column as a whole."""


class Column(NamedTuple):
    """A column that is understood."""

    name: str
    """of the tables"""
    header: str
    place: int
    reader: Reader

    def cell(self, cells: Sequence[str]) -> str:
        """Its cell of a row; '' where the row ends before it."""
        return cells[self.place] if self.place < len(cells) else ""

    def value(self, cells: Sequence[str], row: int) -> Value:
        """What its cell of a row was read as.

        Raises:
            UnreadableError: it is nothing that the column can hold.
        """
        return self.reader.value(self.cell(cells), row)


class _Periods(NamedTuple):
    """A column of periods, such as 2026-04-23 ~ 2026-07-22."""

    def told(self) -> list[Phrase]:
        return []

    def value(self, cell: str, row: int) -> Value:
        if is_missing(cell):
            return missing(cell)
        found = period_of(cell)
        if found is None:
            raise UnreadableError(Phrase("no period such as 2026-04-23 ~ 2026-07-22"))
        return Value(found, Phrase("first and last day"))


def columns_of(
    path: str, section: Section, rows: Sequence[Sequence[str]], telling: Sequence[int], asked: Asked
) -> tuple[tuple[Column, ...], list[Phrase]]:
    """The columns of a section, and what should be known about them.

    Args:
        path: of the file.
        section: of a kind that is known.
        rows: of the whole sheet.
        telling: rows that stand for something, from 1.
        asked: by the caller.
    Raises:
        UsageError: the order of day and month, or the year of dates, cannot be told.
    """
    assert section.kind is not None
    heads = [asked.called(cell) for cell in section.header]
    cells = {
        k: {n: rows[n - 1][k] for n in telling if k < len(rows[n - 1]) and not is_missing(rows[n - 1][k])}
        for k, head in enumerate(heads)
        if head
    }
    places = forms.columns_of(section.kind, heads, lambda k: looks_dated(list(cells[k].values())))
    specs = forms.specs()
    marks = {
        name: tells(specs[name].what, cells[k].values())
        for name, k in places.items()
        if specs[name].what in {"count", "real", "rate", "seconds"}
    }
    shared = agreed(marks.values())
    if shared in {"", "both"} and any(_HAN.search(head) for head in heads):
        shared = "point"
    year = asked.year or year_in([path.replace("\\", "/").rpartition("/")[2], *section.titles])
    found = []
    for name, k in places.items():
        spec, header, own = specs[name], section.header[k], cells[k]
        mark = asked.decimal or marks.get(name) or shared
        sure = bool(asked.decimal or marks.get(name))
        found.append(
            Column(
                name, header, k, _reader(path, spec, header, own, mark, section.kind, year, asked, sure=sure)
            )
        )
    found = sorted(_like_the_others(found), key=lambda column: column.place)
    notes = [note for column in found for note in column.reader.told()]
    return tuple(found), notes + _twice(heads, section.header, found)


def _reader(
    path: str,
    spec: forms.Spec,
    header: str,
    cells: Mapping[int, str],
    mark: Mark,
    kind: str,
    year: int | None,
    asked: Asked,
    *,
    sure: bool,
) -> Reader:
    own = list(cells.values())
    if spec.what == "text":
        return Texts(header)
    if spec.what == "id":
        return Ids.of(header, own)
    if spec.what == "period":
        return _Periods()
    if spec.what in {"day", "moment"}:
        return Dates.of(path, header, cells, days=spec.what == "day", order=asked.dates, year=year)
    if spec.what == "seconds":
        return Lengths.of(header, spec, own, mark)
    return Amounts.of(header, spec, own, mark, sure=sure, signed=kind in {"days", "ads"})


def _like_the_others(columns: Sequence[Column]) -> list[Column]:
    """Rates that are mostly below 1 % are per cent where others of the table are, without a sign too."""
    readers = [column.reader for column in columns if isinstance(column.reader, Amounts)]
    if not any(reader.bare_percent for reader in readers):
        return list(columns)
    return [
        column._replace(reader=column.reader._replace(percent="table", mixed=False, shares=False))
        if isinstance(column.reader, Amounts) and column.reader.spec.small and not column.reader.percent
        else column
        for column in columns
    ]


def _twice(heads: Sequence[str], headers: Sequence[str], found: Sequence[Column]) -> list[Phrase]:
    """Headers that mean what another one is read for."""
    taken, by_name = {column.place for column in found}, {column.name: column.header for column in found}
    notes = []
    for k, head in enumerate(heads):
        meant = [name for name in forms.meanings(head) if name in by_name] if head and k not in taken else []
        if meant:
            notes.append(
                Phrase(
                    "column {header}: left aside, since {other} is read for the same",
                    header=headers[k], other=by_name[meant[0]],
                )
            )  # fmt: skip
    return notes


def checked_columns(columns: Mapping[str, str]) -> Mapping[str, str]:
    """What the caller calls headers, checked.

    Raises:
        UsageError: a column that there is none of.
    """
    allowed = sorted(forms.specs())
    for header, name in columns.items():
        if name != IGNORED and name not in allowed:
            raise UsageError(
                "--column {header}={name}: no such column; allowed: {allowed}, or - to leave it aside{meant}",
                header=header, name=name, allowed=Listing(allowed), meant=or_rather(nearest(name, allowed)),
            )  # fmt: skip
    return {header.strip(): name for header, name in columns.items()}
