"""What posts and creators cost (M14, K2): production of own posts as they appear, fees as they are booked.

Takes the hour's videos; gives bookings. A seeded creator is booked for one post and paid from the start, also
where the run ends before it; the fee of one who never posts comes back, the handling is lost.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.world.reliability import absent


class Production(Mechanism):
    """Cost of posts, borne by the account that planned them, whoever publishes."""

    rows = "M14 K2"

    def __init__(self, run: Run) -> None:
        market, accounts = run.scenario.seeding.market, run.accounts
        shows_up = ~absent(run.scenario, accounts, run.seed)
        self._per_post = np.array([round(100 * a.cost_per_post_cny) for a in run.accounts.rows], np.int64)
        self._booked = np.where(shows_up, self._per_post, 0) + round(100 * market.handling_cny)

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Own posts cost when they appear, creators before the first hour."""
        seeded, size = run.accounts.seeded, len(run.accounts.rows)
        if published.size:
            made = np.bincount(published["planner"], minlength=size)
            run.ledger.book(run.hour, "posts", np.where(seeded, 0, made * self._per_post))
        if run.hour == 0:
            run.ledger.book(run.hour, "creators", np.where(seeded, self._booked, 0))
