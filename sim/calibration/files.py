"""The videos of some files, as tables of our own columns.

Takes paths; gives one table. Knows no export of a platform: what reads those gives the same columns.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from sim.calibration.sample import COLUMNS
from sim.errors import Phrase, UsageError


def videos_of(paths: Sequence[Path]) -> pl.DataFrame:
    """The videos of all files, one below the other; columns that only some have are empty for the others.

    Args:
        paths: CSV or Parquet with columns as in `COLUMNS`; account is the file's name where it has none.
    Raises:
        UsageError: a file cannot be read, or a column does not hold what it should.
    """
    return pl.concat([_one(path) for path in paths], how="diagonal")


def _one(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
        else:
            table = pl.read_csv(path, infer_schema=False, null_values=["", "-", "--"])
    except FileNotFoundError as error:
        raise UsageError("{path}: no such file", path=path) from error
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            "{path}: cannot be read as a table: {error}", path=path, error=str(error).split("\n", 1)[0]
        ) from error
    if "account" not in table.columns:
        table = table.with_columns(account=pl.lit(path.stem))
    known = [name for name in table.columns if name in COLUMNS]
    return pl.DataFrame([_column(path, table[name]) for name in known])


def _column(path: Path, column: pl.Series) -> pl.Series:
    kind = COLUMNS[column.name]
    try:
        if kind == pl.Datetime and column.dtype == pl.String:
            return column.str.to_datetime(strict=True)
        return column.cast(kind)
    except pl.exceptions.PolarsError as error:
        what = Phrase("dates such as 2026-11-29") if kind == pl.Datetime else Phrase("numbers")
        raise UsageError(
            "{path}: column {column} does not hold {what} throughout",
            path=path,
            column=column.name,
            what=what,
        ) from error
