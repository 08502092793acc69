"""Tables as files for other programs: CSV, Excel, Parquet.

Takes a frame; gives a file's content. Names come from scenarios that anybody may have written:
a spreadsheet must not take one for a formula. Excel cells are written as text, whatever they
begin with. CSV has no types, so a text that begins like a formula gets an apostrophe before it,
which spreadsheets take for 'this is text'. Parquet keeps every name as it is.
"""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import polars as pl

from sim import storage
from sim.errors import RunError, UsageError

Form = Literal["csv", "xlsx", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)
F = TypeVar("F", bound=str)
FORM_NAMES: dict[Form, str] = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
MIME: dict[Form, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
FORMULA = r"^[=+\-@＝＋－＠\t\r\n]"
"""How a text begins that a spreadsheet would take for a formula, typed wide or not."""
MARKED = "'"
"""What tells a spreadsheet that a text follows."""
EXCEL_ROWS, EXCEL_TEXT = 1_048_576, 32_767
"""Rows of a sheet, the titles among them, and characters of a cell: limits of Excel."""
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""How a workbook is opened, so that no text in it is taken for anything else."""


def fits(frame: pl.DataFrame, form: Form) -> bool:
    """Whether a table fits into such a file."""
    return form != "xlsx" or frame.height < EXCEL_ROWS


def form_of(path: Path, forms: Sequence[F]) -> F:
    """The form that a file's name asks for.

    Args:
        path: the file.
        forms: those that there are.
    Raises:
        UsageError: none of them.
    """
    for form in forms:
        if path.suffix.lower() == f".{form}":
            return form
    raise UsageError(
        "--out {path}: unknown kind of file; allowed: {forms}",
        path=path, forms=", ".join(f".{form}" for form in forms),
    )  # fmt: skip


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Writes a table whole, in the form that its name asks for; errors as in `exported` and `form_of`."""
    storage.write_bytes(path, exported(frame, form_of(path, FORMS)))


def exported(frame: pl.DataFrame, form: Form) -> bytes:
    """A table as a file.

    Args:
        frame: numbers and names; of any types, as an answer in SQL may hold.
        form: csv (UTF-8 with a mark, so that Excel reads Chinese), xlsx or parquet.
    Raises:
        RunError: it has too many rows for Excel.
    """
    content = io.BytesIO()
    if form == "parquet":
        frame.write_parquet(content)
    elif form == "csv":
        flat = _flat(frame)
        text, empty = pl.col(pl.String), pl.col(pl.Float32, pl.Float64).fill_nan(None)
        marked = pl.when(text.str.contains(FORMULA)).then(pl.lit(MARKED) + text).otherwise(text).name.keep()
        titles = pl.Series(flat.columns, dtype=pl.String)
        wild = titles.filter(titles.str.contains(FORMULA)).to_list()
        flat.with_columns(marked, empty).rename({name: MARKED + name for name in wild}).write_csv(
            content, include_bom=True
        )
    elif fits(frame, form):
        _write_excel(_flat(frame), content)
    else:
        raise RunError(
            "{rows:,} rows: a sheet of Excel holds {most:,}; take CSV or Parquet",
            rows=frame.height, most=EXCEL_ROWS - 1,
        )  # fmt: skip
    return content.getvalue()


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with a number or a text in each cell: lists and records as JSON."""
    plain = []
    for name, kind in frame.schema.items():
        column = frame[name]
        if kind.is_nested() or kind in (pl.Binary, pl.Object):
            texts = [
                None if v is None else json.dumps(v, ensure_ascii=False, default=_spelled) for v in column
            ]
            column = pl.Series(name, texts, pl.String)
        elif not (kind.is_numeric() or kind.is_temporal() or kind == pl.Boolean):
            column = column.cast(pl.String)
        plain.append(column)
    return pl.DataFrame(plain)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_spelled)


def _spelled(value: object) -> object:
    return value.to_list() if isinstance(value, pl.Series) else str(value)


def _write_excel(frame: pl.DataFrame, content: io.BytesIO) -> None:
    from xlsxwriter import Workbook

    with Workbook(content, SAFE) as book:
        write_sheet(frame, book, "matrixsim")


def write_sheet(frame: pl.DataFrame, book: Any, name: str) -> None:
    """Writes a table with plain columns to a sheet of a workbook that was opened with SAFE."""
    short = frame.with_columns(
        pl.col(pl.String).str.slice(0, EXCEL_TEXT), pl.col(pl.Float32, pl.Float64).fill_nan(None)
    )
    short.write_excel(book, name, autofit=True, freeze_panes=(1, 0), float_precision=4)
