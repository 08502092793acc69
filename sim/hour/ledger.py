"""The ledgers of a run: money, and what is counted beside the columns of `hourly`, by hour, account and kind.

Takes bookings from mechanisms; gives sums and the tables `money` and `measures`. Cost and sales of a run are
sums over its ledger and nowhere else, so a price may differ from one order to the next; a new measure adds
rows, never columns, so a mechanism that counts nothing changes no table and no digest. Kinds and measures
stand in the vocabulary. Knows no prices.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.compiled import Whole, compiled
from sim.language.vocabulary import COSTS, MEASURES, ORIGINS, SALES
from sim.results import LONG

KINDS = (*COSTS, *SALES)


class Booking(NamedTuple):
    """Amounts of one kind in one hour."""

    hour: int
    origin: str
    """under which they came, '' for what comes of none"""
    kind: str
    accounts: NDArray[np.int64]
    """(n,) whose, each once"""
    amounts: NDArray[np.int64]
    """(n,) > 0"""


@compiled
def _some(amounts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], Whole]:
    """Whose amounts (A,) are not 0 (n,), those amounts (n,), and the least of them, or 0 if none is below."""
    accounts, some = np.empty(amounts.size, np.int64), np.empty(amounts.size, np.int64)
    count, least = 0, np.int64(0)
    for account in range(amounts.size):
        if amounts[account] != 0:
            accounts[count], some[count] = account, amounts[account]
            least = min(least, some[count])
            count += 1
    return accounts[:count].copy(), some[:count].copy(), least  # kept to the end of the run


class _Book:
    """Bookings of whole numbers.

    Args:
        accounts: how many accounts there are.
    """

    def __init__(self, accounts: int) -> None:
        self._accounts = accounts
        self._bookings: list[Booking] = []

    def _add(self, hour: int, origin: str, kind: str, amounts: NDArray[np.int64], unit: str = "") -> None:
        """Books an amount of each account (A,); zeros are left out, and less than nothing is refused."""
        accounts, some, least = _some(amounts.astype(np.int64, casting="same_kind", copy=False))
        if least < 0:
            raise ValueError(f"{kind}: {least}{unit}, less than nothing")
        if accounts.size:
            self._bookings.append(Booking(hour, origin, kind, accounts, some))

    def _sums(self, kinds: Sequence[str]) -> NDArray[np.int64]:
        """(A,) what was booked of each account so far, of some kinds."""
        whole = np.zeros(self._accounts, np.int64)
        for booking in self._bookings:
            if booking.kind in kinds:
                whole[booking.accounts] += booking.amounts
        return whole

    def _rows(self, names: Sequence[str]) -> Iterator[tuple[int, str, str, str, int]]:
        """Hour, account, origin, kind and amount, one by one."""
        for hour, origin, kind, accounts, amounts in self._bookings:
            for account, amount in zip(accounts.tolist(), amounts.tolist(), strict=True):
                yield hour, names[account], origin, kind, amount


class Ledger(_Book):
    """All money of a run, in whole fen."""

    def book(self, hour: int, kind: str, fen: NDArray[np.int64]) -> None:
        """Books what each account (A,) spent or sold in an hour [fen]; zeros are left out.

        Raises:
            ValueError: a kind that is none of KINDS, or less than nothing.
        """
        if kind not in KINDS:
            raise ValueError(f"{kind}: no kind of money; allowed: {', '.join(KINDS)}")
        self._add(hour, "", kind, fen, " fen")

    def by_account(self, kinds: tuple[str, ...]) -> NDArray[np.int64]:
        """(A,) what each account spent or sold so far, of some kinds [fen]."""
        return self._sums(kinds)

    def total(self, kinds: tuple[str, ...]) -> int:
        """What all accounts together spent or sold so far, of some kinds [fen]."""
        return int(self._sums(kinds).sum())

    def table(self, names: list[str]) -> pl.DataFrame:
        """One row an hour, account and kind: `hour`, `account`, `kind`, `cny`."""
        rows = [(hour, account, kind, fen / 100) for hour, account, _, kind, fen in self._rows(names)]
        schema = {"hour": pl.Int64, "account": pl.String, "kind": pl.String, "cny": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")


class Counts(_Book):
    """All that was counted beside the tally.

    Args:
        accounts: how many accounts there are.
        origins: that the run has.
    """

    def __init__(self, accounts: int, origins: Sequence[str] = ORIGINS) -> None:
        super().__init__(accounts)
        self._origins = origins

    def book(self, hour: int, measure: str, counts: NDArray[np.int64], origin: str = "") -> None:
        """Adds what was counted of each account (A,) in an hour; zeros are left out.

        Raises:
            ValueError: a measure that is none of MEASURES, an origin that is none, or less than nothing.
        """
        if measure not in MEASURES:
            raise ValueError(f"{measure}: no measure; allowed: {', '.join(MEASURES) or 'none so far'}")
        if origin and origin not in self._origins:
            raise ValueError(f"{origin}: no origin; allowed: {', '.join(self._origins)}")
        self._add(hour, origin, measure, counts)

    def by_account(self, measure: str) -> NDArray[np.int64]:
        """(A,) how much was counted of each account so far."""
        return self._sums((measure,))

    def table(self, names: list[str]) -> pl.DataFrame:
        """One row an hour, account, origin and measure with anything counted; the columns of LONG."""
        whole: dict[tuple[int, str, str, str], int] = {}
        for hour, account, origin, measure, count in self._rows(names):
            key = hour, account, origin, measure
            whole[key] = whole.get(key, 0) + count
        rows = [(*key, count) for key, count in sorted(whole.items())]
        return pl.DataFrame(rows, schema=LONG, orient="row")
