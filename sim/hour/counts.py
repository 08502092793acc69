"""The ledger of counts: what mechanisms count that is no column of `hourly`, by hour, account and origin.

Takes counts from mechanisms; gives sums and the long table `measures`. A new measure adds rows,
never columns, so a mechanism that counts nothing changes no table and no digest. Its words stand
in the vocabulary.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.language.vocabulary import MEASURES, ORIGINS
from sim.results import LONG, SORTED_BY


class Counted(NamedTuple):
    """Counts of one measure in one hour."""

    hour: int
    origin: str
    """under which it came, '' for what comes of none"""
    measure: str
    accounts: NDArray[np.int64]
    """(n,)"""
    counts: NDArray[np.int64]
    """(n,) > 0"""


class Counts:
    """All that was counted beside the tally.

    Args:
        accounts: how many accounts there are.
        origins: that the run has.
    """

    def __init__(self, accounts: int, origins: Sequence[str] = ORIGINS) -> None:
        self._accounts, self._origins = accounts, origins
        self._rows: list[Counted] = []

    def book(self, hour: int, measure: str, counts: NDArray[np.int64], origin: str = "") -> None:
        """Adds what was counted of each account (A,) in an hour; zeros are left out.

        Raises:
            ValueError: a measure that is none of MEASURES, an origin that is none, or less than nothing.
        """
        if measure not in MEASURES:
            raise ValueError(f"{measure}: no measure; allowed: {', '.join(MEASURES) or 'none so far'}")
        if origin and origin not in self._origins:
            raise ValueError(f"{origin}: no origin; allowed: {', '.join(self._origins)}")
        if counts.min(initial=0) < 0:
            raise ValueError(f"{measure}: {int(counts.min())}, less than nothing")
        if (accounts := np.flatnonzero(counts)).size:
            self._rows.append(Counted(hour, origin, measure, accounts, counts[accounts]))

    def by_account(self, measure: str) -> NDArray[np.int64]:
        """(A,) how much was counted of each account so far."""
        whole = np.zeros(self._accounts, np.int64)
        for row in self._rows:
            if row.measure == measure:
                whole[row.accounts] += row.counts  # an account stands once in a row
        return whole

    def table(self, names: list[str]) -> pl.DataFrame:
        """One row an hour, account, origin and measure with anything counted; the columns of LONG."""
        rows = [
            (row.hour, names[account], row.origin, row.measure, count)
            for row in self._rows
            for account, count in zip(row.accounts.tolist(), row.counts.tolist(), strict=True)
        ]
        keys = SORTED_BY["measures"]
        frame = pl.DataFrame(rows, schema=LONG, orient="row")
        return frame.group_by(keys).agg(pl.col("value").sum()).sort(keys)
