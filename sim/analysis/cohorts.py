"""How long fans stay: those who came on one day, counted again at the end of every later day (retention).

Takes who follows whom at the end of a day, as bits; gives counts. A person who leaves and comes back belongs
to the day of the return from then on, and to the earlier one no more.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

COLUMNS = {"account": pl.String, "came": pl.Int64, "day": pl.Int64, "fans": pl.Int64}
"""One row an account, day on which fans came, and day at whose end so many of them still follow; from 0."""


class Cohorts:
    """Fans by the day on which they came.

    Args:
        bits: (A, W) bit p % 64 of word p // 64 of a row says whether person p follows the account, at first.
    """

    def __init__(self, bits: NDArray[np.uint64]) -> None:
        self._before = bits.copy()
        self._open: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        self._counts: list[tuple[int, int, NDArray[np.int64]]] = []

    def take(self, bits: NDArray[np.uint64]) -> None:
        """The end of a day, with who follows now (A, W)."""
        day = len(self._open)
        new, self._before = bits & ~self._before, bits.copy()
        accounts, words = new.nonzero()
        found = np.unpackbits(new[accounts, words].view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
        which, place = found.nonzero()
        self._open.append((accounts[which], words[which] * 64 + place))
        for came, (account, person) in enumerate(self._open):
            stays = bits[account, person >> 6] >> (person & 63).astype(np.uint64) & np.uint64(1) > 0
            self._open[came] = account[stays], person[stays]
            counts = np.bincount(account[stays], minlength=len(bits))
            self._counts.append((came, day, counts))

    def table(self, names: list[str]) -> pl.DataFrame:
        """COLUMNS, of accounts by name; days on which nobody came to an account are left out."""
        began = {came: counts for came, day, counts in self._counts if came == day}
        rows = [
            (names[account], came, day, int(counts[account]))
            for came, day, counts in self._counts
            for account in began[came].nonzero()[0].tolist()
        ]
        return pl.DataFrame(rows, schema=COLUMNS, orient="row")
