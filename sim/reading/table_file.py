"""The cells of a table that somebody else wrote, CSV or Excel, as text.

Takes a path, or what came over a page; gives rows of cells and what the file was read as. A cell far outside
the list, which is a slip of the hand, would make a spreadsheet's reader ask for a place for every cell
between: such a file is refused before it is read. Does not know what the cells mean (price_list.py).
"""

import csv
import io
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import IO, Any

from sim.errors import Phrase, UsageError

ENCODINGS = ("utf-8-sig", "gb18030")
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""First bytes of a text that says its own encoding, such as Excel's 'Unicode text'."""
MOST_ROWS, MOST_COLUMNS = 100_000, 1_000
"""Of a sheet (chosen: far above any list)."""
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(?<!/)>')
"""A cell that holds something, and its place."""
SAMPLE = 200
"""Lines that tell the delimiter (chosen)."""
_UNKNOWN = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(?<!/)>\s*'
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*<(?:\w+:)?v>0</"
)
"""A formula whose value is 0: so write programs that do not work it out."""
_CHUNK, _OVERLAP = 1 << 20, 1 << 14


def table_of(path: str, content: bytes | None = None) -> tuple[list[list[str]], str]:
    """The cells of a file as text, and its encoding: utf-8, utf-16, gb18030 or excel.

    Args:
        path: of the file.
        content: of it, where it was brought over a page; then the path is only for messages.
    Raises:
        UsageError: it cannot be read, is no table, or is larger than any list.
    """
    if content is None:
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise UsageError(
                "{path}: cannot be read ({why})", path=path, why=error.strerror or error
            ) from error
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        return _sheet(path, content), "excel"
    marked = MARKS.get(content[:2])
    for encoding in (marked,) if marked else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            rows = _rows(path, text)
        except csv.Error as error:
            raise UsageError(
                "{path}: is no table that can be read ({error})", path=path, error=error
            ) from error
        return [[_text(cell) for cell in row] for row in rows], encoding.removesuffix("-sig")
    raise UsageError("{path}: is neither UTF-8, UTF-16 nor GBK text, nor Excel", path=path)


def _rows(path: str, text: str) -> list[list[str]]:
    """The cells of a text.

    Raises:
        UsageError: a quotation mark opens a cell and swallows lines, since none ends it.
        csv.Error: it is no table.
    """
    # Not splitlines(): a line ends at CR and LF, not at the separators of Unicode inside a cell.
    lines = list(io.StringIO(text, newline=""))
    delimiter = max(",\t;", key=lambda sign: _even(lines[:SAMPLE], sign))
    reader, rows, before = csv.reader(lines, delimiter=delimiter), list[list[str]](), 0
    for row in reader:
        taken = lines[before : reader.line_num]
        if taken[1:]:
            try:
                list(csv.reader(taken, delimiter=delimiter, strict=True))
            except csv.Error as error:
                raise UsageError(
                    '{path}: line {line}: a cell begins with a quotation mark (") that nothing ends, so '
                    "that it reaches to line {end}; delete the mark, or end the cell with one",
                    path=path, line=before + 1, end=reader.line_num,
                ) from error  # fmt: skip
        before = reader.line_num
        rows.append(row)
    return rows


def _even(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many rows of a text have one width under a delimiter, and that width: more speak for it."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row[1:])
    return max(((n, width) for width, n in widths.items()), default=(0, 0))


def _sheet(path: str, content: bytes) -> list[list[str]]:
    """The first sheet of a workbook."""
    from python_calamine import CalamineError, load_workbook

    formulas: dict[tuple[int, int], str] = {}
    try:
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as book, book.open(_first_sheet(book)) as sheet:
                formulas = _scanned(path, sheet)
        found = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        _refuse_large(path, found.total_height, found.total_width, Phrase("its last cell lies there"))
        cells = found.to_python(skip_empty_area=False)
        for (row, column), formula in formulas.items():
            cells[row - 1][column - 1] = formula
    except (CalamineError, ValueError, OSError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(
            "{path}: is no Excel file that can be read ({error}); allowed: .xlsx, .xls, or save it as CSV",
            path=path, error=error,
        ) from error  # fmt: skip
    return [[_text(cell) for cell in row] for row in cells]


def _first_sheet(book: zipfile.ZipFile) -> str:
    """The part of a workbook that holds its first sheet; found as text, so that no foreign XML is parsed."""
    links = _attributes(book.read("xl/workbook.xml"), "sheet", "id")
    named = zip(
        _attributes(book.read("xl/_rels/workbook.xml.rels"), "Relationship", "Id"),
        _attributes(book.read("xl/_rels/workbook.xml.rels"), "Relationship", "Target"),
        strict=True,
    )
    target = dict(named)[links[0]] if links else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attributes(content: bytes, element: str, name: str) -> list[str]:
    """An attribute of each element of a name."""
    text = content.decode("utf-8")
    elements = re.findall(rf"<(?:\w+:)?{element}\s[^>]*>", text)
    return [found[1] for one in elements if (found := re.search(rf'\b{name}="([^"]*)"', one))]


def _scanned(path: str, sheet: IO[bytes]) -> dict[tuple[int, int], str]:
    """Formulas without a value by row and column from 1, read piece by piece.

    Raises:
        UsageError: the sheet holds something too far out.
    """
    before, found = b"", dict[tuple[int, int], str]()
    while piece := sheet.read(_CHUNK):
        window = before + piece
        for match in _CELL.finditer(window):
            row, column = _place(match)
            _refuse_large(
                path, row, column, Phrase("cell {cell} is not empty", cell=f"{match[1].decode()}{row}")
            )
        for match in _UNKNOWN.finditer(window):
            found[_place(match)] = f"={(match[3] or b'').decode('utf-8', 'replace')}"
        before = window[-_OVERLAP:]
    return found


def _place(match: re.Match[bytes]) -> tuple[int, int]:
    """Row and column of a cell, from 1."""
    column = 0
    for letter in match[1].decode():
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _refuse_large(path: str, rows: int, columns: int, why: Phrase) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise UsageError(
            "{path}: the first sheet reaches to row {rows:,} and column {columns:,} ({why}); allowed: at "
            "most {most_rows:,} rows and {most_columns:,} columns; delete what lies outside the list",
            path=path, rows=rows, columns=columns, why=why, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS,
        )  # fmt: skip


def _text(cell: Any) -> str:
    """A cell on one line, as it is read."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else "".join(str(cell).splitlines()).strip()
