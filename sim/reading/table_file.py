"""The cells of a table that somebody else wrote, CSV or Excel, as text.

Takes a path, or what came over a page; gives rows of cells and what the file was read as. A cell far outside
the list, which is a slip of the hand, would make a spreadsheet's reader ask for a place for every cell
between: such a file is refused before it is read. Does not know what the cells mean (price_list.py).
"""

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple

from sim.errors import Phrase, UsageError, why_not
from sim.reading.web_page import is_page, tables_of_page
from sim.scenario.section import unmarked

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
SIGNS = ",\t;|"
"""What may stand between cells of a text."""
MOST_BYTES = 1 << 30
"""Of a text out of a gzip (chosen)."""
_NAMED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""A first line that names the delimiter, as Excel reads it."""
_SPACES = " \t\xa0\u3000\u200b\ufeff"
"""What is no part of a cell at its ends; some of it is seen by nobody."""
_BREAK = re.compile(r"\s*[\r\n]+\s*")
_HEAD = 400
"""Bytes that tell UTF-16 without a mark."""


class Held(str):
    """A cell's text that a spreadsheet holds as a value, such as a number or a moment."""

    __slots__ = ("value",)
    value: object

    @classmethod
    def of(cls, value: object) -> "Held":
        """The value, and how it is written."""
        whole = isinstance(value, float) and value.is_integer()
        found = cls(int(value) if whole else value)  # type: ignore[call-overload]  # whole is a float
        found.value = value
        return found


class Sheet(NamedTuple):
    """The cells of one sheet, or of a text as a whole."""

    name: str
    """'' where the file has none"""
    rows: list[list[str]]
    encoding: str
    """utf-8, utf-16, gb18030, excel or html, or as asked"""


def table_of(path: str, content: bytes | None = None) -> tuple[list[list[str]], str]:
    """The cells of a text or of a workbook's first sheet, and the encoding: utf-8, utf-16, gb18030 or excel.

    Args:
        path: of the file.
        content: of it, where it was brought over a page; then the path is only for messages.
    Raises:
        UsageError: it cannot be read, is no table, or is larger than any list.
    """
    content = _content(path) if content is None else content
    if _is_book(content):
        return _sheets(path, content, first=True)[0].rows, "excel"
    text, encoding = _text_of(path, content)
    return _cells(path, text), encoding


def sheets_of(
    path: str,
    content: bytes | None = None,
    encoding: str | None = None,
    known: Callable[[str], bool] = lambda _cell: False,
) -> list[Sheet]:
    """All sheets of a workbook, all tables of a web page that is called .xls, or the cells of a text.

    Args:
        path: of the file.
        content: of it, where it was brought over a page; then the path is only for messages.
        encoding: of a text; found out if left out.
        known: whether a cell is a header that is known, by which the delimiter of a text is told.
    Raises:
        UsageError: it cannot be read, is no table, or is larger than any list.
    """
    content = _content(path) if content is None else content
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(path, content)
    if _is_book(content):
        return _sheets(path, content)
    text, read_as = _text_of(path, content, encoding)
    if is_page(text):
        return [Sheet(name, rows, "html") for name, rows in tables_of_page(path, text)]
    return [Sheet("", _cells(path, text, known), read_as)]


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError("{path}: cannot be read ({why})", path=path, why=why_not(error)) from error


def size_of(path: str) -> int:
    """Bytes of a file; 0 where there is none: reading it says so."""
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def _unpacked(path: str, content: bytes) -> bytes:
    """A text out of its gzip.

    Raises:
        UsageError: it is damaged, or far larger than any list.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            found = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError("{path}: is no gzip file, or a damaged one", path=path) from error
    if len(found) > MOST_BYTES:
        raise UsageError("{path}: unpacks to more than {most:,} bytes", path=path, most=MOST_BYTES)
    return found


def _is_book(content: bytes) -> bool:
    return content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0"


def _text_of(path: str, content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """A text, and the encoding it was read by.

    Raises:
        UsageError: it is none, or not in the encoding asked for.
    """
    marked = encoding or MARKS.get(content[:2]) or _unmarked(content)
    for tried in (marked,) if marked else ENCODINGS:
        try:
            text = content.decode(tried)
        except UnicodeError:
            continue
        except LookupError as error:
            raise UsageError(
                "--encoding {name!r}: unknown; allowed: {allowed}, or any other that Python knows",
                name=encoding, allowed="utf-8, utf-16, gb18030, big5, cp1252",
            ) from error  # fmt: skip
        if "\0" not in text:
            return text.removeprefix("\ufeff"), tried.removesuffix("-sig")
    if encoding:
        raise UsageError("{path}: is no text in {encoding}", path=path, encoding=encoding)
    raise UsageError("{path}: is neither UTF-8, UTF-16 nor GBK text, nor Excel", path=path)


def _unmarked(content: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of its plain letters is 0."""
    head = content[:_HEAD]
    ends = {"utf-16-le": head[1::2].count(0), "utf-16-be": head[::2].count(0)}
    name = max(ends, key=lambda key: ends[key])
    return name if 10 * ends[name] > len(head) else None


def _cells(path: str, text: str, known: Callable[[str], bool] = lambda _cell: False) -> list[list[str]]:
    try:
        rows = _rows(path, text, known)
    except csv.Error as error:
        raise UsageError("{path}: is no table that can be read ({error})", path=path, error=error) from error
    return [[_text(cell) for cell in row] for row in rows]


def _rows(path: str, text: str, known: Callable[[str], bool]) -> list[list[str]]:
    """The cells of a text.

    Raises:
        UsageError: a quotation mark opens a cell and swallows lines, since none ends it.
        csv.Error: it is no table.
    """
    # Not splitlines(): a line ends at CR and LF, not at the separators of Unicode inside a cell.
    lines = list(io.StringIO(text, newline=""))
    named = _NAMED.fullmatch(lines[0]) if lines else None
    delimiter = named[1] if named else _delimiter(lines[:SAMPLE], known)
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
    if named:
        rows[0] = [lines[0].strip()]
    return rows


def _delimiter(lines: list[str], known: Callable[[str], bool]) -> str:
    """The delimiter under which most known headers stand apart; where there are none, rows are most even."""
    heads = {sign: sum(known(c) for row in csv.reader(lines, delimiter=sign) for c in row) for sign in SIGNS}
    best = max(heads.values())
    signs = [sign for sign in SIGNS if heads[sign] == best]
    return max(signs, key=lambda sign: _even(lines, sign))


def _even(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many rows of a text have one width under a delimiter, and that width: more speak for it."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row[1:])
    return max(((n, width) for width, n in widths.items()), default=(0, 0))


def _sheets(path: str, content: bytes, *, first: bool = False) -> list[Sheet]:
    """The sheets of a workbook, or only its first one."""
    from python_calamine import CalamineError, load_workbook

    found = []
    try:
        book = load_workbook(io.BytesIO(content))
        names = book.sheet_names[:1] if first else book.sheet_names
        for k, name in enumerate(names):
            formulas = _formulas(path, content, k)  # before calamine asks for a place for each cell
            sheet = book.get_sheet_by_index(k)
            _refuse_large(path, sheet.total_height, sheet.total_width, Phrase("its last cell lies there"))
            cells = sheet.to_python(skip_empty_area=False)
            for (row, column), formula in formulas.items():
                cells[row - 1][column - 1] = formula
            found.append(Sheet(name, [[_text(cell) for cell in row] for row in cells], "excel"))
    except (CalamineError, ValueError, OSError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise UsageError(
            "{path}: is no Excel file that can be read ({error}); allowed: .xlsx, .xls, or save it as CSV",
            path=path, error=error,
        ) from error  # fmt: skip
    return found or [Sheet("", [], "excel")]


def _formulas(path: str, content: bytes, k: int) -> dict[tuple[int, int], str]:
    """Formulas of a sheet that have no value in the file, by row and column from 1."""
    if content[:2] != b"PK":
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if "xl/workbook.xml" not in book.namelist():  # an .ods
            return {}
        with book.open(_part_of(book, k)) as sheet:
            return _scanned(path, sheet)


def _part_of(book: zipfile.ZipFile, k: int) -> str:
    """The part of a workbook that holds a sheet; found as text, so that no foreign XML is parsed."""
    links = _attributes(book.read("xl/workbook.xml"), "sheet", "id")
    named = zip(
        _attributes(book.read("xl/_rels/workbook.xml.rels"), "Relationship", "Id"),
        _attributes(book.read("xl/_rels/workbook.xml.rels"), "Relationship", "Target"),
        strict=True,
    )
    target = dict(named)[links[k]] if links else ""
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
    if isinstance(cell, str) and cell.isprintable():  # most are: no end of a line in them
        return cell.strip(_SPACES)
    if cell is None or isinstance(cell, str):
        return "".join(_BREAK.sub(" ", unmarked(cell or "")).splitlines()).strip(_SPACES)
    return Held.of(cell)
