"""One table of a file, read: which rows stand for something, what each cell says, and the frame of it all.

Takes a section and its columns; gives a `Table`, which keeps the cells, so that the reading of each can be
asked for. No row is dropped without a reason, no cell that cannot be read becomes a number. Does not look at
other tables (merge.py).
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from sim.errors import Phrase
from sim.reading import forms
from sim.reading.amounts import Value
from sim.reading.columns import Asked, Column, columns_of
from sim.reading.creator_rows import TOTALS
from sim.reading.dates import Dates
from sim.reading.layout import Section
from sim.reading.list_numbers import UnreadableError, flat, is_missing
from sim.reading.table_file import Held
from sim.reading.tables import TABLES

ESTIMATES = ("chanmama",)
"""Platforms whose plays are estimates of a third party."""
_TOTAL = re.compile(
    rf"(?:{'|'.join(TOTALS)}|平均|均值|average|mean)(?:\W*\d+)?\W*(?:条|个|项|行|篇|videos?|posts?|rows?)?\W*"
)
_LONGEST_TOTAL = 30
HEARD = 1 << 11
"""Rows after which progress is told (chosen)."""
MOST_ALIKE = 1 << 16
"""Different cells of a column that are remembered (chosen)."""
_WIDE, _FEW_CELLS = 5, 2
"""Columns of a table in which a row of so few cells is no video (chosen)."""
_KEYS: Mapping[str, tuple[str, ...]] = {
    "sources": ("source",), "products": ("product",), "interest": ("date",), "days": ("date",),
}  # fmt: skip
"""Without these a row of a kind says nothing."""


class Unread(NamedTuple):
    """A cell that could not be read."""

    row: int
    header: str
    text: str
    why: Phrase


class Table(NamedTuple):
    """What a table was understood as."""

    path: str
    sheet: str
    kind: str
    """of tables.TABLES, or 'unknown'"""
    platform: str
    encoding: str
    head: int | None
    """row of the headers, from 1"""
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    """headers that mean nothing to us"""
    kept: tuple[int, ...]
    skipped: tuple[tuple[int, Phrase], ...]
    notes: tuple[Phrase, ...]
    unread: tuple[Unread, ...]
    frame: pl.DataFrame | None
    cells: Mapping[int, Sequence[str]]
    """of each row that is not empty"""

    @property
    def headers(self) -> list[str]:
        """Headers as written; of a table that is not understood, every cell of it."""
        if self.frame is None:
            return [cell for cells in self.cells.values() for cell in cells if cell]
        return [*(column.header for column in self.columns), *self.ignored]

    @property
    def rows(self) -> int:
        """Rows written, without headers and empty ones."""
        return len(self.kept) + len(self.skipped)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "path": self.path,
            "sheet": self.sheet,
            "kind": self.kind,
            "platform": self.platform,
            "encoding": self.encoding,
            "header_row": self.head,
            "rows": self.rows,
            "kept": len(self.kept),
            "skipped": [{"row": row, "reason": str(why)} for row, why in self.skipped],
            "columns": {column.header: column.name for column in self.columns},
            "ignored": list(self.ignored),
            "notes": [str(note) for note in self.notes],
            "unreadable": [
                {"row": one.row, "column": one.header, "text": one.text, "reason": str(one.why)}
                for one in self.unread
            ],
        }

    def read(self, row: int) -> list[tuple[Column, str, Value | UnreadableError]]:
        """How each cell of a row was read, or why it could not be."""
        found: list[tuple[Column, str, Value | UnreadableError]] = []
        for column in self.columns:
            cells = self.cells[row]
            try:
                found.append((column, column.cell(cells), column.value(cells, row)))
            except UnreadableError as error:
                found.append((column, column.cell(cells), error))
        return found


class Written(NamedTuple):
    """A section of a sheet as it stands in a file."""

    path: str
    sheet: str
    encoding: str
    platform: str
    section: Section
    rows: Sequence[Sequence[str]]
    """of the whole sheet"""
    heard: Callable[[int], None] = lambda _row: None
    """is told now and then which row is being read"""

    def table(
        self,
        columns: Sequence[Column] = (),
        kept: Sequence[int] = (),
        skipped: Sequence[tuple[int, Phrase]] = (),
        notes: Sequence[Phrase] = (),
        unread: Sequence[Unread] = (),
        frame: pl.DataFrame | None = None,
    ) -> Table:
        """What it was understood as, beside the rows that are no part of the table."""
        section, taken = self.section, {column.place for column in columns}
        left_out = sorted([*section.left, *skipped], key=lambda row: row[0])
        ignored = (cell for k, cell in enumerate(section.header) if cell and k not in taken)
        return Table(
            self.path, self.sheet, section.kind or "unknown", self.platform if section.kind else "",
            self.encoding, section.head, tuple(columns), tuple(ignored) if section.kind else (), tuple(kept),
            tuple(left_out), (*notes, *counted(unread)), tuple(unread), frame,
            {n: self.rows[n - 1] for n in sorted([*section.body, *(n for n, _ in section.left)])},
        )  # fmt: skip


def table_of(written: Written, asked: Asked) -> Table:
    """A section of a kind that is known, read.

    Raises:
        UsageError: the order of day and month, or the year of dates, cannot be told.
    """
    path, section, rows, kind = written.path, written.section, written.rows, written.section.kind
    assert kind is not None
    heads = [asked.called(cell) for cell in section.header]
    skipped: list[tuple[int, Phrase]] = []
    telling = []
    named = [k for k, head in enumerate(heads) if k == 0 or _holds(head, "text", "id", "day", "moment")]
    moments = [k for k, head in enumerate(heads) if "published_at" in forms.meanings(head)]
    for n in section.body:
        why = _no_row(rows[n - 1], len(heads), named, moments)
        if why:
            skipped.append((n, why))
        else:
            telling.append(n)
    columns, notes = columns_of(path, section, rows, telling, asked)
    kept, values, unread = [], [], []
    cells, verdicts = _Cells(columns), dict[object, Phrase | None]()
    for n in telling:
        if not n % HEARD:
            written.heard(n)
        read, failed = cells.read(rows[n - 1], n)
        shape = failed or frozenset(name for name, value in read.items() if value.value is not None)
        if not failed and shape in verdicts:  # what is known decides, not what it is
            why = verdicts[shape]
        else:
            why = _says_nothing(kind, columns, read, failed)
            if not failed:
                verdicts[shape] = why
        why = why or _little(kind, len(heads), rows[n - 1], read)
        if why:
            skipped.append((n, why))
            continue
        kept.append(n)
        values.append(read)
        unread += failed
    if kind == "videos" and (why := _daily(heads, columns, [rows[n - 1] for n in kept])):
        skipped += [(n, why) for n in kept]
        kept, values, unread = [], [], []
    frame = _frame(kind, written, columns, kept, values, asked)
    return written.table(columns, kept, skipped, notes, unread, frame)


def _no_row(cells: Sequence[str], width: int, named: Sequence[int], moments: Sequence[int]) -> Phrase | None:
    """Why a row cannot stand for anything, before its cells are read; None where it may.

    Args:
        cells: of the row.
        width: number of headers.
        named: places where a row of totals may say so.
        moments: places of moments, which a row of totals has not.
    """
    if any(cells[width:]):
        return Phrase("has more cells than there are headers, so that they cannot be told apart")
    if any(_is_total(cells[k]) for k in named if k < len(cells)):
        held = [cells[k] for k in moments if k < len(cells)]
        if all(is_missing(cell) or _is_total(cell) for cell in held):
            return Phrase("a row of totals")
    return None


def _holds(head: str, *whats: str) -> bool:
    """Whether a header may mean a column of some sort."""
    return any(forms.specs()[name].what in whats for name in forms.meanings(head))


def _is_total(cell: str) -> bool:
    return (
        len(cell) <= _LONGEST_TOTAL
        and not cell[:1].isdigit()
        and not isinstance(cell, Held)
        and _TOTAL.fullmatch(flat(cell)) is not None
    )


class _Cells:
    """The cells of a table, read; those that a column has several times only once."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns: list[tuple[Column, int, dict[str, Value | UnreadableError]]] = []
        for column in columns:
            by_row = isinstance(column.reader, Dates) and column.reader.years  # a year hangs on its row
            self.columns.append((column, 0 if by_row else MOST_ALIKE, {}))

    def read(self, cells: Sequence[str], n: int) -> tuple[dict[str, Value], list[Unread]]:
        """The values of a row by column, and the cells that could not be read."""
        found, failed = {}, []
        for column, most, alike in self.columns:
            cell = column.cell(cells)
            plain = type(cell) is str  # what a spreadsheet holds is more than its text
            value = alike.get(cell) if plain else None
            if value is None:
                try:
                    value = column.value(cells, n)
                except UnreadableError as error:
                    value = error
                if plain and len(alike) < most:
                    alike[cell] = value
            if isinstance(value, UnreadableError):
                failed.append(Unread(n, column.header, str(cell), value.why))
            else:
                found[column.name] = value
        return found, failed


def _says_nothing(
    kind: str, columns: Sequence[Column], read: Mapping[str, Value], failed: Sequence[Unread]
) -> Phrase | None:
    """Why a row that was read says nothing that its table could hold; None where it does."""
    specs = forms.specs()
    known = {name for name, value in read.items() if value.value is not None}
    for key in _KEYS.get(kind, ()):
        if key not in known:
            header = next(column.header for column in columns if column.name == key)
            why = next((one for one in failed if one.header == header), None)
            if why:
                return Phrase("column {header} = {text!r}: {why}", header=header, text=why.text, why=why.why)
            return Phrase("no {header}", header=header)
    if kind == "audience" and not known & {*forms.DIMENSIONS}:
        return Phrase("does not say whom it is about")
    if all(specs[name].what in {"text", "id"} for name in known) and not failed:
        return Phrase("a line of text without numbers")
    names = {column.name for column in columns}
    about = {*forms.NAMED, "published_at"} & names
    unread = {column.name for column in columns if any(one.header == column.header for one in failed)}
    if kind == "videos" and {*forms.NAMED} & names and not about & (known | unread):
        return Phrase("does not say which video it is about")
    return None


def _little(kind: str, width: int, cells: Sequence[str], read: Mapping[str, Value]) -> Phrase | None:
    """That a row of a wide table holds so little that it is a note, such as when the file was made."""
    counted = any(isinstance(value.value, int | float) for value in read.values())
    if kind == "videos" and width >= _WIDE and sum(map(bool, cells)) <= _FEW_CELLS and not counted:
        return Phrase("a line of text without numbers")
    return None


def _daily(heads: Sequence[str], columns: Sequence[Column], lines: Sequence[Sequence[str]]) -> Phrase | None:
    """That a table has a row per video and day, which no column of `videos` can hold."""
    key = next((c for name in ("video_id", "link", "title") for c in columns if c.name == name), None)
    day = next((k for k, head in enumerate(heads) if "date" in forms.meanings(head)), None)
    if key is None or day is None:
        return None
    ids = {key.cell(line) for line in lines}
    pairs = {(key.cell(line), line[day]) for line in lines if day < len(line)}
    often = key.name != "title" or len(pairs) > 2 * len(ids)  # two videos may bear one title
    if often and len(pairs) > len(ids):
        return Phrase("a row per video and day; export one row per video, or one per day")
    return None


def counted(unread: Sequence[Unread]) -> list[Phrase]:
    """How many cells of each column could not be read, with an example."""
    by_header: dict[str, list[Unread]] = {}
    for one in unread:
        by_header.setdefault(one.header, []).append(one)
    return [
        Phrase(
            "column {header}: {count} unreadable, which stay unknown; row {row}, {text!r}: {why}",
            header=header, count=len(cells), row=cells[0].row, text=cells[0].text, why=cells[0].why,
        )
        for header, cells in by_header.items()
    ]  # fmt: skip


def _frame(
    kind: str,
    written: Written,
    columns: Sequence[Column],
    kept: Sequence[int],
    values: Sequence[Mapping[str, Value]],
    asked: Asked,
) -> pl.DataFrame:
    """The rows of a table as its frame."""
    out = dict[str, list[Any]]({name: [] for name in TABLES[kind]})
    for n, read in zip(kept, values, strict=True):
        plain = {name: value.value for name, value in read.items()}
        row = {
            "file": written.path,
            "row": n,
            "platform": written.platform or None,
            "account": plain.get("account") or asked.account,
        }
        for more in _spread(kind, plain, read, written, columns):
            whole = row | more
            for name, held in out.items():
                held.append(whole.get(name))
    return pl.DataFrame(out, schema=dict(TABLES[kind]))


def _spread(
    kind: str,
    plain: dict[str, Any],
    read: Mapping[str, Value],
    written: Written,
    columns: Sequence[Column],
) -> list[dict[str, Any]]:
    """What a row becomes in the tables: one row, or one for each metric."""
    plain.pop("account", None)
    has = {column.name for column in columns}
    if kind == "videos":
        vague = any(value.vague for value in read.values())
        if "finish_rate" not in read and plain.get("completions") is not None and plain.get("plays"):
            plain["finish_rate"] = min(1.0, plain["completions"] / plain["plays"])
        return [{**plain, "estimated": vague or written.platform in ESTIMATES}]
    if kind in {"days", "interest"}:
        day = {"date": plain.get("date"), "keyword": plain.get("keyword")}
        metrics = [name for name in (*forms.METRICS, *forms.INDICES) if name in has]
        return [
            {**day, "metric": _metric(name, written.section), "value": _real(plain.get(name))}
            for name in metrics
        ]
    if kind == "overview":
        first, last = plain.get("period") or (None, None)
        metrics = [name for name in ("posts", *forms.OVERVIEWS) if name in has]
        return [
            {"first": first, "last": last, "metric": name, "value": _real(plain.get(name))}
            for name in metrics
        ]
    if kind == "audience":
        names = [name for name in forms.DIMENSIONS if name in has]
        about = {"dimension": ", ".join(names), "value": ", ".join(plain[name] or "" for name in names)}
        return [{**about, "share": plain.get("share"), "people": plain.get("people")}]
    return [plain]


def _real(value: float | dt.date | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _metric(name: str, section: Section) -> str:
    """A metric's name; where the header is a mere value, what stands above the table says which."""
    if name != "primary":
        return name
    for title in reversed(section.titles):
        meant = [found for found in forms.meanings(title) if found in forms.METRICS]
        return meant[0] if meant else title
    return name
