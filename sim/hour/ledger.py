"""The ledger of money: what was spent and what was sold, in whole fen, by hour, account and kind.

Takes bookings from mechanisms; gives sums and a table. Cost and sales of a run are sums over it and nowhere
else, so a price may differ from one order to the next. Kinds stand in the vocabulary. Knows no prices.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.language.vocabulary import COSTS, SALES

KINDS = (*COSTS, *SALES)


class Booking(NamedTuple):
    """Money of one kind in one hour."""

    hour: int
    kind: str
    accounts: NDArray[np.int64]
    """(n,) who bears it or brings it in."""
    fen: NDArray[np.int64]
    """(n,) [fen], ≥ 0."""


class Ledger:
    """All bookings of a run.

    Args:
        accounts: how many accounts there are.
    """

    def __init__(self, accounts: int) -> None:
        self._accounts = accounts
        self._bookings: list[Booking] = []

    def book(self, hour: int, kind: str, fen: NDArray[np.int64]) -> None:
        """Books what each account (A,) spent or sold in an hour [fen]; zeros are left out.

        Raises:
            ValueError: a kind that is none of KINDS, or less than nothing.
        """
        if kind not in KINDS:
            raise ValueError(f"{kind}: no kind of money; allowed: {', '.join(KINDS)}")
        accounts = np.flatnonzero(fen)
        if not accounts.size:
            return
        if (own := fen[accounts]).min() < 0:
            raise ValueError(f"{kind}: {int(own.min())} fen, less than nothing")
        self._bookings.append(Booking(hour, kind, accounts, own))

    def by_account(self, kinds: tuple[str, ...]) -> NDArray[np.int64]:
        """(A,) what each account spent or sold so far, of some kinds [fen]."""
        whole = np.zeros(self._accounts, np.int64)
        for booking in self._bookings:
            if booking.kind in kinds:
                whole[booking.accounts] += booking.fen  # an account stands once in a booking
        return whole

    def total(self, kinds: tuple[str, ...]) -> int:
        """What all accounts together spent or sold so far, of some kinds [fen]."""
        return int(self.by_account(kinds).sum())

    def table(self, names: list[str]) -> pl.DataFrame:
        """One row an hour, account and kind: `hour`, `account`, `kind`, `cny`."""
        rows = [
            (booking.hour, names[account], booking.kind, fen / 100)
            for booking in self._bookings
            for account, fen in zip(booking.accounts.tolist(), booking.fen.tolist(), strict=True)
        ]
        schema = {"hour": pl.Int64, "account": pl.String, "kind": pl.String, "cny": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")
