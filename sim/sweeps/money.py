"""What a budget buys: whole creators by tier, never past the budget; mixes that need no search.

Takes a scenario's prices and audience; gives numbers of creators from star to amateur. Does
not run anything.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.schema import Scenario

Counts = tuple[int, ...]
SAMPLER_SEED = 7
"""Of the random mix and of the search (chosen)."""
SIMPLE = ("equal split", "cheapest only", "most fans first", "published 1:1:3:46:100:150", "random")
"""Mixes that need no search; the optimiser starts from them and has to beat them on fresh seeds."""
PUBLISHED = (1, 1, 3, 46, 100, 150)
"""Source: published seeding of a known brand."""


class Money:
    """What a budget buys.

    Args:
        scenario: whose prices and audience.
        budget_cny: for creators.
    """

    def __init__(self, scenario: Scenario, budget_cny: float) -> None:
        rows = [scenario.seeding.tiers[tier] for tier in TIERS]
        self.prices = np.array([row.price_cny for row in rows])
        self.fans = np.array([row.fans for row in rows], float)
        # A tier whose fans inside the audience outnumber it cannot post there.
        self.open = np.array([round(row.fans * row.audience_fit) <= scenario.audience.users for row in rows])
        self.budget_cny = budget_cny

    def buy(self, shares: Sequence[float] | NDArray[np.float64], budget_cny: float | None = None) -> Counts:
        """Creators by tier for shares of the budget; it is never passed, and little is left.

        Shares are cut to whole creators; what is left goes, tier by tier from the largest share,
        to as many more as it buys.
        """
        budget = self.budget_cny if budget_cny is None else budget_cny
        weights = np.where(self.open, np.maximum(np.asarray(shares, float), 0.0), 0.0)
        if not weights.sum():
            return (0,) * len(TIERS)
        counts = np.floor(weights / weights.sum() * budget / np.maximum(self.prices, 1e-9)).astype(int)
        left = budget - float(counts @ self.prices)
        for k in np.argsort(-weights, kind="stable"):
            more = int(left // self.prices[k]) if weights[k] and self.prices[k] else 0
            counts[k] += more
            left -= more * self.prices[k]
        return self._within(counts)

    def cost(self, counts: Counts) -> float:
        """Price of creators [CNY]."""
        return float(np.array(counts) @ self.prices)

    def simple(self) -> dict[str, Counts]:
        """The mixes of SIMPLE."""
        luck = np.random.default_rng(SAMPLER_SEED)
        cheapest = (self.prices == self.prices[self.open].min()) & self.open
        made = {
            "equal split": self.buy(np.ones(len(TIERS))),
            "cheapest only": self.buy(cheapest.astype(float)),
            "most fans first": self._most_fans(),
            "published 1:1:3:46:100:150": self.buy(np.array(PUBLISHED) * self.prices),
            "random": self.buy(luck.random(len(TIERS))),
        }
        return {name: made[name] for name in SIMPLE}

    def _most_fans(self) -> Counts:
        counts, left = np.zeros(len(TIERS), int), self.budget_cny
        for k in np.argsort(-self.fans, kind="stable"):
            if self.open[k] and self.prices[k]:
                counts[k] = int(left // self.prices[k])
                left -= counts[k] * self.prices[k]
        return self._within(counts)

    def _within(self, counts: NDArray[Any]) -> Counts:
        """No more creators than a scenario may hold; the cheapest tiers give way."""
        over = int(counts.sum()) - MOST_CREATORS
        for k in range(len(counts) - 1, -1, -1):
            if over > 0:
                cut = min(over, int(counts[k]))
                counts[k] -= cut
                over -= cut
        return tuple(int(n) for n in counts)
