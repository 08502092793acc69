"""A price list among the files: the rows of creator_rows.py as a `Table`.

Takes a section whose headers are those of a price list. Nothing is filled in: what a list leaves out is null.
"""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from sim.errors import Phrase
from sim.reading.amounts import UnreadableError, Value, missing
from sim.reading.columns import Asked, Column, Reader
from sim.reading.creator_rows import MISSING, WORDS, listed
from sim.reading.layout import Section
from sim.reading.list_numbers import Both, Numbers
from sim.reading.list_numbers import UnreadableError as UnreadableNumberError
from sim.reading.table import Table, Unread, counted
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
        if cell.lower() in MISSING:
            return missing(cell)
        try:
            number, vague = self.numbers.number(cell)
        except UnreadableNumberError as why:
            raise UnreadableError(Both(*why.args)) from why
        if vague:
            return Value(number, Phrase("a span: the geometric mean of its ends"), vague=True)
        return Value(number, Phrase("a number of the price list"))


def creators_of(
    path: str,
    sheet: str,
    encoding: str,
    platform: str,
    section: Section,
    rows: Sequence[Sequence[str]],
    asked: Asked,
) -> Table:
    """A price list, read.

    Raises:
        UsageError: it has no column of fans, or prices in another currency.
    """
    found = listed(path, section.header, [(n, rows[n - 1]) for n in section.body])
    skipped = [*section.left, *((n, Both(english, chinese)) for n, english, chinese in found.skipped)]
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
            "file": path,
            "row": row["row"],
            "platform": platform or None,
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
    taken = {column.place for column in columns}
    return Table(
        path, sheet, "creators", platform, encoding, section.head, tuple(columns),
        tuple(cell for k, cell in enumerate(section.header) if cell and k not in taken),
        tuple(row["row"] for row in found.rows), tuple(sorted(skipped, key=lambda row: row[0])),
        (*notes, *counted(unread)), tuple(unread),
        pl.DataFrame(out, schema=dict(TABLES["creators"])),
        {n: rows[n - 1] for n in [*section.body, *(n for n, _ in section.left)]},
    )  # fmt: skip


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
