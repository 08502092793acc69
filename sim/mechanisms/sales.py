"""What orders bring in (E1): the price of each order, by the account over which it came.

Takes the hour's orders; gives bookings. Who orders is decided where people are (rules/brand.py).
"""

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.world.board import ORDERS


class Sales(Mechanism):
    """Orders at the price that holds for their account, origin and hour."""

    rows = "E1"

    def __init__(self, run: Run) -> None:
        self._before: NDArray[np.int64] = np.zeros_like(run.prices)

    def settle(self, run: Run) -> None:
        """The orders of the hour, at their prices."""
        now = run.tally.accounts[:, :, ORDERS]
        new = now - self._before
        if new.any():
            run.ledger.book(run.hour, "orders", (new * run.prices).sum(axis=1))
            self._before = now.copy()
