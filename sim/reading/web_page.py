"""Tables of a web page that is called .xls, as some tools write them instead of a workbook.

Takes a text; gives each table's cells. Nothing in it is run or fetched. Does not know what cells mean.
"""

import re
from html.parser import HTMLParser

from sim.errors import UsageError

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<!--|<html|<head|<meta|<body|<table|<style)", re.IGNORECASE
)
_OTHER = re.compile(r"\s*<\?xml[^>]*>.{0,500}<(?:\w+:)?Workbook", re.IGNORECASE | re.DOTALL)
_HEAD = 2_000
MOST_SPAN = 1_000
"""Columns that one cell may take (chosen)."""


def is_page(text: str) -> bool:
    """Whether a text is a web page, or a workbook written as XML."""
    return _PAGE.match(text[:_HEAD]) is not None or _OTHER.match(text[:_HEAD]) is not None


def tables_of_page(path: str, text: str) -> list[tuple[str, list[list[str]]]]:
    """Each table of a web page: its number as a name, and its cells.

    Raises:
        UsageError: it has none, or is a workbook written as XML.
    """
    if _OTHER.match(text[:_HEAD]):
        raise UsageError("{path}: is a workbook written as XML (2003); save it as .xlsx or CSV", path=path)
    reader = _Tables()
    reader.feed(text)
    reader.close()
    if not reader.tables:
        raise UsageError("{path}: is a web page without a table; allowed: CSV, TSV, .xlsx, .xls", path=path)
    return [(str(n) if reader.tables[1:] else "", rows) for n, rows in enumerate(reader.tables, 1)]


class _Tables(HTMLParser):
    """Collects the cells; of tables within a table's cell, the inner ones stand by themselves."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.span = 1
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins."""
        if tag == "table":
            self.open.append([])
            self.tables.append(self.open[-1])
        elif tag in {"style", "script"}:
            self.hidden += 1
        elif self.open and tag == "tr":
            self._end_cell()
            self.open[-1].append([])
        elif self.open and tag in {"td", "th"}:
            self._end_cell()
            if not self.open[-1]:
                self.open[-1].append([])
            span = dict(attrs).get("colspan") or "1"
            self.cell, self.span = [], min(int(span), MOST_SPAN) if span.isdecimal() else 1

    def handle_endtag(self, tag: str) -> None:
        """A table, row or cell ends."""
        if tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()
        elif tag in {"style", "script"}:
            self.hidden = max(0, self.hidden - 1)

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self.cell is not None and not self.hidden:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is not None:
            text = " ".join("".join(self.cell).split())
            self.open[-1][-1] += [text, *[""] * (self.span - 1)]
        self.cell = None
