"""Tables as files for other programs: CSV, Excel, Parquet.

Takes a frame; gives a file's content. Names come from scenarios that anybody may have written:
a spreadsheet must not take one for a formula. Excel cells are written as text, whatever they
begin with. CSV has no types, so a text that begins like a formula gets an apostrophe before it,
which spreadsheets take for 'this is text'. Parquet keeps every name as it is.
"""

import io
from typing import Literal, get_args

import polars as pl

from sim.errors import RunError

Form = Literal["csv", "xlsx", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)
MIME: dict[Form, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
FORMULA = r"^[=+\-@＝＋－＠\t\r\n]"
"""How a text begins that a spreadsheet would take for a formula, typed wide or not."""
EXCEL_ROWS, EXCEL_TEXT = 1_048_576, 32_767
"""Rows of a sheet, the titles among them, and characters of a cell: limits of Excel."""


def fits(frame: pl.DataFrame, form: Form) -> bool:
    """Whether a table fits into such a file."""
    return form != "xlsx" or frame.height < EXCEL_ROWS


def exported(frame: pl.DataFrame, form: Form) -> bytes:
    """A table as a file.

    Args:
        frame: numbers and names.
        form: csv (UTF-8 with a mark, so that Excel reads Chinese), xlsx or parquet.
    Raises:
        RunError: it has too many rows for Excel.
    """
    content = io.BytesIO()
    if form == "parquet":
        frame.write_parquet(content)
    elif form == "csv":
        texts = [pl.col(name) for name, kind in frame.schema.items() if kind == pl.String]
        marked = [
            pl.when(t.str.contains(FORMULA)).then(pl.lit("'") + t).otherwise(t).name.keep() for t in texts
        ]
        empty = pl.col(pl.Float64).fill_nan(None)
        frame.with_columns(*marked, empty).write_csv(content, include_bom=True)
    elif fits(frame, form):
        _write_excel(frame, content)
    else:
        raise RunError(
            f"{frame.height:,} rows: a sheet of Excel holds {EXCEL_ROWS - 1:,}; take CSV or Parquet"
        )
    return content.getvalue()


def _write_excel(frame: pl.DataFrame, content: io.BytesIO) -> None:
    from xlsxwriter import Workbook

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    short = frame.with_columns(pl.col(pl.String).str.slice(0, EXCEL_TEXT), pl.col(pl.Float64).fill_nan(None))
    with Workbook(content, options) as book:
        short.write_excel(book, "matrixsim", autofit=True, freeze_panes=(1, 0), float_precision=4)
