"""Finished runs of the frozen worlds that the tests of the design's promises share (7 has its own tests)."""

from functools import cache
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from sim.model import MatrixModel
from sim.results import Result
from tests.refresh import ACCOUNTS, WORLDS

SMALL = [name for name, scenario in WORLDS.items() if scenario.audience.users <= 2_000]

COUPLED = ("busy mesh", "busy custom", "seeded", "revived, scarce")


@cache
def finished(name: str, seed: int = 1) -> MatrixModel:
    model = MatrixModel(WORLDS[name], rng=seed)
    model.finish()
    return model


@cache
def outcome(name: str, seed: int = 1) -> Result:
    return finished(name, seed).result()


def same(one: Result, other: Result) -> None:
    """Every table alike, floats to the last digit, and the digests that stand for them."""
    for name, frame in one.tables.items():
        assert_frame_equal(frame, other.tables[name], check_exact=True)
    assert one.digest == other.digest


def rows(result: Result, table: str, names: set[str], *, without: tuple[str, ...] = ()) -> pl.DataFrame:
    """The rows of a table that are about some accounts (in `flows`: about the links between them)."""
    frame = result.tables[table]
    if table == "flows":
        frame = frame.filter(pl.col("from").is_in(names) & pl.col("to").is_in(names))
    else:
        frame = frame.filter(pl.col("account").is_in(names))
    return frame.drop(without, strict=False)


def with_all(**values: Any) -> tuple[dict[str, Any], ...]:
    return tuple({**a, **values} for a in ACCOUNTS)
