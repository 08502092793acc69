"""Where the tables of a sheet lie: rows of headers, the rows below them, and what stands between.

Takes rows of cells; gives sections, each a table of a kind that is known, or rows that are not understood.
Every row that is not empty lies in exactly one of them. Does not read cells.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sim.errors import Phrase
from sim.reading.forms import columns_of, kind_of, specs
from sim.reading.list_numbers import is_missing
from sim.reading.table_file import Held

ABOVE = Phrase("stands above the table")
AGAIN = Phrase("the headers once more")
UNKNOWN = Phrase("its headers are not known")
BELOW_UNKNOWN = Phrase("belongs to a table whose headers are not known")
UNITS = Phrase("a line of words below the headers")
SEPARATOR = Phrase("names the separator")
TITLE_CELLS = 2
"""Cells that a row above a table may hold and still be a title."""
_NUMERIC = re.compile(r"[\s+\-−(¥￥$€=\"']*[.\d]")
_NAMED = re.compile(r'"?sep=."?', re.IGNORECASE)


class Section(NamedTuple):
    """A table, or rows that are none."""

    kind: str | None
    """of tables.TABLES; None where the headers are not known"""
    head: int | None
    """row of the headers, from 1"""
    header: Sequence[str]
    body: list[int]
    """rows of the table, from 1"""
    left: list[tuple[int, Phrase]]
    """rows that are no part of it, and why"""
    titles: list[str]
    """texts above it"""


Called = Callable[[str], str]
"""A header as it is to be taken, where the caller says what it means."""


def sections_of(rows: Sequence[Sequence[str]], called: Called = str) -> list[Section]:
    """The tables of a sheet, in their order.

    Args:
        rows: cells of the sheet.
        called: what to take a header for.
    """
    found: list[Section] = []
    above: list[int] = []  # rows above the first headers that are known
    typed: list[int] = []  # columns of the section that hold numbers or dates
    for n, row in enumerate(rows, 1):
        if not any(row):
            continue
        kind = None if any(map(_is_number, row)) else kind_of([called(cell) for cell in row])
        now = found[-1] if found else None
        if kind and now and list(now.header) == list(row):
            now.left.append((n, AGAIN))
        elif kind:
            above += _titles(rows, now)
            found.append(_begun(kind, n, rows, above))
            above = []
            typed = _typed(kind, [called(cell) for cell in row])
        elif now is None:
            above.append(n)
        elif now.kind is None:
            now.left.append((n, BELOW_UNKNOWN))
        elif n - 1 == now.head and _heads(row, typed, apart=False):
            now.left.append((n, UNITS))
        elif _heads(row, typed, apart=n > 1 and not any(rows[n - 2])):
            between = _titles(rows, now)
            found.append(_begun(None, n, rows, between))
            found[-1].left.append((n, UNKNOWN))
        else:
            now.body.append(n)
    if above:
        found.append(Section(None, None, (), [], [(n, UNKNOWN) for n in above], []))
    return found


def _begun(kind: str | None, n: int, rows: Sequence[Sequence[str]], above: Sequence[int]) -> Section:
    """A section without rows yet."""
    left = [(k, SEPARATOR if _NAMED.fullmatch(rows[k - 1][0]) else ABOVE) for k in above]
    titles = [text for k in above for text in rows[k - 1] if text]
    return Section(kind, n if kind else None, rows[n - 1], [], left, titles)


def _titles(rows: Sequence[Sequence[str]], section: Section | None) -> list[int]:
    """The last rows of a section that hold so little that they are titles of the next; taken off it."""
    if section is None:
        return []
    wide = sum(map(bool, section.header))
    least = min(TITLE_CELLS, wide - 1)
    found: list[int] = []
    while section.body:
        cells = [cell for cell in rows[section.body[-1] - 1] if cell]
        if len(cells) > least or any(isinstance(c, Held) or _NUMERIC.match(c) for c in cells[1:]):
            break
        if len(cells) == 1 and (isinstance(cells[0], Held) or _dated(cells[0])):
            break
        found.insert(0, section.body.pop())
    return found


def _is_number(cell: str) -> bool:
    return isinstance(cell, Held) or (cell.isascii() and cell.isdecimal())


def _dated(cell: str) -> bool:
    return re.match(r"\s*\d{1,4}[-/.年月]\d", cell) is not None


def _typed(kind: str, cells: Sequence[str]) -> list[int]:
    """Places of the columns that hold numbers or dates."""
    if kind == "creators":
        return []
    places: Mapping[str, int] = columns_of(kind, cells, lambda _k: False)
    return [k for name, k in places.items() if specs()[name].what not in {"text", "id", "period"}]


def _heads(row: Sequence[str], typed: Sequence[int], *, apart: bool) -> bool:
    """Whether a row is one of headers: different words, and only words, where the table above has numbers.

    Args:
        row: cells.
        typed: places of numbers and dates in the table above.
        apart: an empty row stands before it; then one word is enough.
    """
    cells = [row[k] for k in typed if k < len(row) and not is_missing(row[k])]
    worded = all(map(_is_word, cells)) and len({*cells}) == len(cells)
    return worded and len(cells) >= (1 if apart else 2)


def _is_word(cell: str) -> bool:
    """Whether a cell holds more letters than digits."""
    plain = "".join(cell.split())
    return not isinstance(cell, Held) and 2 * sum(map(str.isdigit, plain)) < len(plain)
