"""What orders bring in (E1): the price of each order, by the account over which it came.

Takes the hour's orders; gives bookings. Who orders is decided where people are (rules/brand.py).
"""

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.world.board import ORDERS


class Sales(Mechanism):
    """Orders at the brand's price."""

    rows = "E1"

    def __init__(self, run: Run) -> None:
        self._price = round(100 * run.scenario.brand.price_cny)
        self._before: NDArray[np.int64] = np.zeros(len(run.accounts.rows), np.int64)

    def settle(self, run: Run) -> None:
        """The orders of the hour, at their price."""
        now = run.responder.tally().accounts[:, :, ORDERS].sum(axis=1)
        run.ledger.book(run.hour, "orders", (now - self._before) * self._price)
        self._before = now
