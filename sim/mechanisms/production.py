"""What posts and creators cost (M14, K2): production of own posts as they appear, fees as they are booked.

Takes the hour's posts; gives bookings. Material that the brand has posted before costs only a further form
of it. A seeded creator is booked for one post and paid from the start, also where the run ends before it; the
fee of one who never posts comes back, the handling is lost.
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
        accounts, posts = run.accounts.rows, run.posts
        self._per_post = np.array([round(100 * a.cost_per_post_cny) for a in accounts], np.int64)
        share = run.scenario.production.variant_cost_share
        again = np.array([round(100 * a.cost_per_post_cny * share) for a in accounts], np.int64)
        own = run.accounts.own[posts.planner]
        self._made = np.where(
            _is_known(posts.contents, own), again[posts.planner], self._per_post[posts.planner]
        )
        """(P,) what each post costs [fen]; creators are paid by the head."""
        self._made[run.accounts.seeded[posts.planner]] = 0
        shows_up = ~absent(run.scenario, run.accounts, run.seed)
        handling = round(100 * run.scenario.seeding.market.handling_cny)
        self._booked = np.where(shows_up, self._per_post, 0) + handling

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Own posts cost when they appear, creators before the first hour."""
        seeded = run.accounts.seeded
        if published.size:
            cost = np.zeros(seeded.size, np.int64)
            np.add.at(cost, published["planner"], self._made[run.due])
            run.ledger.book(run.hour, "posts", cost)
        if run.hour == 0:
            run.ledger.book(run.hour, "creators", np.where(seeded, self._booked, 0))


def _is_known(contents: NDArray[np.uint64], own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(P,) whether a post of the brand (own, (P,)) shows what an earlier one of the brand has shown."""
    known = np.zeros(own.size, bool)
    posts = np.flatnonzero(own)
    _, first = np.unique(contents[posts], return_index=True)  # the earliest of each
    known[np.delete(posts, first)] = True
    return known
