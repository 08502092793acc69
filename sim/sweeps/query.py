"""Questions in SQL about the runs of a sweep, or about the tables of one run.

Takes a store's address, or the folder of a run, and a statement; gives DuckDB's answer over the
table `runs`, or over the run's tables. The statement reaches no file.
"""

import os
from pathlib import Path
from typing import Any

import polars as pl

from sim.errors import DamagedError, Phrase, RunError, UsageError
from sim.results import WRITTEN
from sim.sweeps.store import Store


def query(
    address: str | os.PathLike[str],
    sql: str,
    *,
    most_rows: int | None = None,
    most_s: float | None = None,
    most_bytes: int | None = None,
) -> pl.DataFrame:
    """The answer of DuckDB over the table `runs`, or over the tables of a run: `hourly`, `measures`, ….

    Args:
        address: of the store, or a folder that `run --out` wrote.
        sql: the question.
        most_rows: rows after which the answer is cut off.
        most_s: time after which DuckDB gives up [s].
        most_bytes: memory that DuckDB may take.
    Raises:
        UsageError: there is neither here, DuckDB refuses the question, or it is none or several.
        DamagedError: a file cannot be read.
        RunError: no run is done yet.
    """
    import threading

    import duckdb

    tables = _tables(address)
    config: dict[str, Any] = {"enable_external_access": "false"}
    if most_bytes is not None:
        config["memory_limit"] = f"{most_bytes}B"
    connection = duckdb.connect(":memory:", config=config)
    alarm = threading.Timer(most_s, connection.interrupt) if most_s is not None else None
    try:
        asked = len(connection.extract_statements(sql))
        if asked != 1:
            wrong = Phrase("holds {count} statements, and one gives one answer", count=asked)
            if not asked:
                wrong = Phrase("is empty")
            raise UsageError(
                'query: the question {wrong}; ask one, such as "FROM {table} LIMIT 5"',
                wrong=wrong, table=next(iter(tables)),
            )  # fmt: skip
        for name, frame in tables.items():
            connection.register(name, frame)
        if alarm is not None:
            alarm.start()
        answer: Any = connection.sql(sql)
        if answer is not None and most_rows is not None:
            answer = answer.limit(most_rows)
        # A statement such as CREATE TABLE has no answer.
        return pl.DataFrame() if answer is None else pl.DataFrame(answer.to_arrow_table())
    except duckdb.InterruptException as error:
        raise UsageError("query: took longer than {seconds:g} s", seconds=most_s) from error
    except duckdb.CatalogException as error:
        raise UsageError(
            "query: {why}; tables: {names}", why=str(error).splitlines()[0], names=", ".join(tables)
        ) from error
    except duckdb.Error as error:
        raise UsageError("query: {why}", why=str(error).splitlines()[0]) from error
    finally:
        if alarm is not None and alarm.ident is not None:  # it was started
            alarm.cancel()
            alarm.join()
        connection.close()


def _tables(address: str | os.PathLike[str]) -> dict[str, pl.DataFrame]:
    """What may be asked about."""
    folder = Path(address)
    if (folder / "summary.json").is_file():
        files = [file for name in WRITTEN if (file := folder / f"{name}.parquet").is_file()]
        return {file.stem: _read(file) for file in files}
    store = Store(address)
    store.manifest()
    runs = store.read()
    if runs.is_empty():
        raise RunError("{address}: no run is done yet", address=store.address)
    return {"runs": runs}


def _read(file: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DamagedError(
            str(file), Phrase("it is no table"), Phrase("run it again with matrixsim run --out")
        ) from error
