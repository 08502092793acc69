"""What orders bring in (E1): the price of each order, by the account over which it came.

Takes the hour's orders; gives bookings. Who orders is decided where people are (rules/brand.py).
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.hour.run import Mechanism, Run
from sim.world.board import ORDERS


class Sales(Mechanism):
    """Orders at the price that holds for their account, origin and hour."""

    rows = "E1"

    def __init__(self, run: Run) -> None:
        self._before: NDArray[np.int64] = np.zeros_like(run.prices)

    def settle(self, run: Run) -> None:
        """The orders of the hour, at their prices."""
        run.ledger.book(run.hour, "orders", _sold(run.tally.accounts, self._before, run.prices))


@compiled
def _sold(
    counts: NDArray[np.int64], before: NDArray[np.int64], prices: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(A,) what orders since `before` (A, O) bring in, which is brought up to date [fen]."""
    fen = np.zeros(counts.shape[0], np.int64)
    for account in range(counts.shape[0]):
        for origin in range(counts.shape[1]):
            now = counts[account, origin, ORDERS]
            fen[account] += (now - before[account, origin]) * prices[account, origin]
            before[account, origin] = now
    return fen
