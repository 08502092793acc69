"""A price list among the files: the rows of creator_rows.py as a `Table`.

Takes a section whose headers are those of a price list. Nothing is filled in: what a list leaves out is null.
"""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from sim.errors import Phrase
from sim.reading.amounts import Value, missing
from sim.reading.columns import Asked, Column, Reader
from sim.reading.creator_rows import WORDS, listed
from sim.reading.list_numbers import Numbers, UnreadableError, is_missing
from sim.reading.table import Table, Unread, Written
from sim.reading.tables import TABLES
from sim.reading.texts import Ids, Texts

NAMES = {"price": "price_cny", "id": "creator_id"}
"""Columns of the tables, where price lists call them otherwise."""


class _Listed(NamedTuple):
    """A column of numbers of a price list."""

    numbers: Numbers

    def told(self) -> list[Phrase]:
        return []

    def value(self, cell: str, row: int) -> Value:
        if is_missing(cell):
            return missing(cell)
        number, vague = self.numbers.number(cell)
        if vague:
            return Value(number, Phrase("a span: the geometric mean of its ends"), vague=True)
        return Value(number, Phrase("a number of the price list"))


def creators_of(written: Written, asked: Asked) -> Table:
    """A price list, read.

    Raises:
        UsageError: it has no column of fans, or prices in another currency.
    """
    section, rows = written.section, written.rows
    found = listed(written.path, section.header, [(n, rows[n - 1]) for n in section.body])
    places = {header: k for k, header in reversed(list(enumerate(section.header)))}
    columns = []
    for header, key in found.columns.items():
        k = places[header]
        reader: Reader
        if key == "id":
            reader = Ids.of(header, [rows[n - 1][k] for n in section.body if k < len(rows[n - 1])])
        else:
            reader = Texts(header) if key in WORDS else _Listed(found.numbers[k])
        columns.append(Column(NAMES.get(key, key), header, k, reader))
    columns.sort(key=lambda column: column.place)
    notes = [note for column in found.numbers.values() for note in column.notes()]
    ids, unread = _ids(columns, rows, [row["row"] for row in found.rows])
    out = [
        {
            "file": written.path,
            "row": row["row"],
            "platform": written.platform or None,
            "account": asked.account,
            "name": row["name"],
            "creator_id": ids.get(row["row"]),
            "fans": round(row["fans"]),
            "price_cny": row.get("price"),
            "plays": None if row.get("plays") is None else round(row["plays"]),
            **{key: row.get(key) for key in ("completion", "interaction", "fit")},
            "estimated": list(row["estimated"]),
        }
        for row in found.rows
    ]
    frame = pl.DataFrame(out, schema=dict(TABLES["creators"]))
    return written.table(columns, [row["row"] for row in found.rows], found.skipped, notes, unread, frame)


def _ids(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], kept: Sequence[int]
) -> tuple[dict[int, str], list[Unread]]:
    """The first id of each row, and those that a spreadsheet has rounded."""
    found, unread = dict[int, str](), list[Unread]()
    for column in (column for column in columns if column.name == "creator_id"):
        for n in kept:
            try:
                value = column.value(rows[n - 1], n).value
            except UnreadableError as error:
                unread.append(Unread(n, column.header, str(column.cell(rows[n - 1])), error.why))
                continue
            if isinstance(value, str):
                found.setdefault(n, value)
    return found, unread
