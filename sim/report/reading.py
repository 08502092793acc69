"""Single files of a folder of results, each read and held to what is needed of it.

Takes a path; gives its content, or one message that names the file and what is wrong with it. Does not know
what the files are about (folder.py).
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from sim.errors import UsageError


def number(file: object, document: Mapping[str, Any], key: str) -> None:
    """Holds a key to a finite number."""
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        if key not in document:
            raise UsageError("{file}: {key} is missing", file=file, key=key)
        raise UsageError("{file}: {key} is {value!r}, which is no number", file=file, key=key, value=value)


def table(file: Path, names: Sequence[str], numbers: Sequence[str]) -> pl.DataFrame:
    """A table that has these columns of text and of numbers, without an empty cell."""
    try:
        frame = pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise broken(file, error) from None
    for column in (*names, *numbers):
        if column not in frame.columns:
            raise UsageError("{file}: has no column {column}", file=file, column=column)
        kind = frame.schema[column]
        if not (kind == pl.String if column in names else kind.is_numeric()):
            raise UsageError(
                "{file}: column {column} is {kind}, which is the wrong kind",
                file=file, column=column, kind=kind,
            )  # fmt: skip
        if frame[column].null_count():
            raise UsageError("{file}: column {column} has empty cells", file=file, column=column)
    return frame


def ends(column: pl.Series) -> tuple[float, float]:
    """The lowest and the highest number; an empty column is beyond no limit."""
    numbers = column.to_list()
    return min(numbers, default=math.inf), max(numbers, default=-math.inf)


def document(file: Path) -> dict[str, Any]:
    """A JSON object."""
    try:
        found = json.loads(text(file))
    except ValueError as error:
        raise UsageError("{file}: is no JSON document: {error}", file=file, error=error) from None
    except RecursionError:
        raise UsageError("{file}: is no result file: nested too deeply", file=file) from None
    if not isinstance(found, dict):
        raise UsageError("{file}: is no result file: an object is needed", file=file)
    return found


def text(file: Path) -> str:
    """A text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError("{file}: is no UTF-8 text", file=file) from None
    except OSError as error:
        raise broken(file, error) from None


def broken(file: Path, error: Exception) -> UsageError:
    """What to say of a file or folder that the system does not let us read."""
    first = str(error).strip().splitlines()
    said = error.strerror if isinstance(error, OSError) and error.strerror else first[0] if first else "?"
    said = said.lower() if isinstance(error, OSError) else said
    return UsageError("{file}: cannot be read: {why}", file=file, why=said)
