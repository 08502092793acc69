"""The page for the boss as an Excel workbook: numbers are numbers, what it rests on has a sheet of its own.

Takes a sheet and the tables beside it; gives a file's content. Does not draw.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import polars as pl

from sim.language.words import NC_
from sim.report.boss import Sheet
from sim.report.brand import Brand
from sim.report.export import EXCEL_TEXT, SAFE, write_sheet
from sim.report.parts import Block, Callout, Cell, Section, Table, Terms, Text
from sim.report.text import Say

WIDE, NARROW = 60, 16
"""Widths of the first column and of the others, in digits."""
MOST_COLUMNS = 15
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16}, "head": {"bold": True, "font_color": "#FFFFFF"},
    "answer": {"bold": True, "text_wrap": True, "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"}, "column": {"bold": True, "bottom": 1, "text_wrap": True},
    "number": {"num_format": "#,##0.00", "valign": "top"}, "whole": {"num_format": "#,##0", "valign": "top"},
    "money": {"num_format": "¥#,##0.00;−¥#,##0.00", "valign": "top"},
}  # fmt: skip
"""Formats of cells, as xlsxwriter has them."""


def workbook(sheet: Sheet, brand: Brand, tables: Mapping[str, pl.DataFrame]) -> bytes:
    """The file.

    Args:
        sheet: what it says; figures are left out.
        brand: its colour; a logo is left out.
        tables: further sheets by name: at most 31 letters and digits.
    """
    from xlsxwriter import Workbook

    say, front, content = Say(sheet.front.language), sheet.front, io.BytesIO()
    with Workbook(content, SAFE) as book:
        looks = {name: book.add_format(look) for name, look in LOOKS.items()}
        looks["head"].set_bg_color(brand.colour)
        for name, title, sections in (
            (say(NC_("sheet", "Summary")), f"{front.title} · {front.facts}", front.sections),
            (say(NC_("sheet", "Assumptions")), say(NC_("report", "What this rests on")), sheet.back),
        ):
            page = book.add_worksheet(name)
            page.hide_gridlines(2)
            page.set_column(0, 0, WIDE)
            page.set_column(1, MOST_COLUMNS, NARROW)
            page.write_string(0, 0, title, looks["title"])
            _fill(page, sections, looks)
        for name, frame in tables.items():
            write_sheet(frame, book, name)
    return content.getvalue()


def _fill(page: Any, sections: Sequence[Section], looks: Mapping[str, Any]) -> None:
    """Writes sections, one below the other."""
    rows = count(2)
    for section in sections:
        if section.title:
            page.write_string(next(rows), 0, section.title, looks["head"])
        for cells, look in (line for block in section.blocks for line in _lines(block)):
            row = next(rows)
            for place, cell in enumerate(cells):
                number = _number(cell)
                if number is None:
                    page.write_string(row, place, cell.text[:EXCEL_TEXT], looks[look])
                else:
                    page.write_number(row, place, number, looks[_shown(cell, number)])
        next(rows)


def _shown(cell: Cell, number: float) -> str:
    """How a number looks: as the page has it, money as money."""
    return "money" if "¥" in cell.text else "whole" if number == int(number) else "number"


def _number(cell: Cell) -> float | None:
    """The number that a cell shows, in full; None for a text."""
    try:
        return float(cell.exact.replace(",", ""))
    except ValueError:
        return None


def _lines(block: Block) -> Iterator[tuple[Sequence[Cell], str]]:
    """A block as rows of cells, and what each row looks like."""
    if isinstance(block, Text | Callout):
        yield [Cell(block.text)], "text" if isinstance(block, Text) else "answer"
    elif isinstance(block, Table):
        yield [Cell(column.title) for column in block.columns], "column"
        yield from ((row, "text") for row in block.rows)
    elif isinstance(block, Terms) and block.exact:  # the number to reckon with, and as one reads it
        for (name, text), exact in zip(block.terms, block.exact, strict=True):
            yield [Cell(name), Cell(text, exact), Cell(text)], "text"
    elif isinstance(block, Terms):
        yield from (([Cell(name), Cell(text)], "text") for name, text in block.terms)
