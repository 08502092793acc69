"""What a budget buys: whole creators by tier, never past the budget; mixes that need no search.

Takes a scenario's market and audience, and bounds; gives numbers of creators from star to amateur, the best
value of each tier first. Does not run anything.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.apportionment import creator_counts
from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import MIXES

Counts = tuple[int, ...]
NOBODY: Counts = (0,) * len(TIERS)
SAMPLER_SEED = 7
"""Of the random mix and of the search (chosen)."""
SIMPLE = ("equal split", "cheapest only", "most fans first", "published 1:1:3:46:100:150", "random")
"""Mixes that need no search; the optimiser starts from them and has to beat them on fresh seeds."""
PUBLISHED = MIXES["published"]
TINY_CNY = 1e-6
"""Money that sums of prices may be off by."""


class Budget:
    """What a budget buys.

    Args:
        scenario: whose market and audience.
        budget_cny: for creators, fees and handling.
        least: creators of each tier that every mix holds.
        most: creators of each tier that no mix passes; the supply where left out.
    """

    def __init__(
        self, scenario: Scenario, budget_cny: float, least: Counts = NOBODY, most: Counts | None = None
    ) -> None:
        seeding = scenario.seeding
        self.each = [np.array(costs) for costs in seeding.costs_cny]
        """by tier, what each creator costs in the order in which they are booked [CNY]"""
        self.sums = [np.concatenate([np.zeros(1), np.cumsum(costs)]) for costs in self.each]
        self.prices = np.array([costs[0] if costs.size else np.inf for costs in self.each])
        """of the first creator of each tier, who is the best value [CNY]; inf where there is nobody"""
        self.typical = np.array([np.median(costs) if costs.size else np.inf for costs in self.each])
        self.fans = np.array([seeding.tiers[tier].fans for tier in TIERS], float)
        self.supply = np.array([costs.size for costs in self.each])
        self.open = (self.supply > 0) & np.array([scenario.holds(tier) for tier in TIERS])
        self.least = np.array(least)
        self.asked = np.array([np.inf] * len(TIERS) if most is None else most)
        self.most = np.where(self.open, np.minimum(self.supply, self.supply if most is None else most), 0)
        """by tier, the largest number that any mix holds"""
        self.budget_cny = budget_cny

    def buy(self, shares: Sequence[float] | NDArray[np.float64], budget_cny: float | None = None) -> Counts:
        """Creators by tier for shares of the budget; it is never passed, and little is left.

        The least of each tier comes first. Shares of the rest are cut to whole creators; what is left goes,
        tier by tier from the largest share, to as many more as it buys.
        """
        budget = self.budget_cny if budget_cny is None else budget_cny
        weights = np.where(self.open, np.maximum(np.asarray(shares, float), 0.0), 0.0)
        counts = self.least.copy()
        left = budget - self._cost(counts)
        if weights.sum():
            for k, money in enumerate(weights / weights.sum() * max(0.0, left)):
                counts[k] += self.more(k, int(counts[k]), float(money))
            left = budget - self._cost(counts)
            for k in np.argsort(-weights, kind="stable"):
                more = self.more(int(k), int(counts[k]), left) if weights[k] else 0
                left -= self.sums[k][counts[k] + more] - self.sums[k][counts[k]]
                counts[k] += more
        return self.within(counts)

    def more(self, tier: int, have: int, money_cny: float) -> int:
        """How many more creators of a tier some money buys, after so many; none who costs nothing."""
        sums = self.sums[tier]
        if (
            not self.open[tier]
            or have >= self.most[tier]
            or not sums[have + 1 :].size
            or sums[-1] <= sums[have]
        ):
            return 0
        reached = int(np.searchsorted(sums, sums[have] + money_cny + TINY_CNY, "right")) - 1
        return max(0, min(reached, int(self.most[tier])) - have)

    def cost(self, counts: Sequence[int]) -> float:
        """What creators cost, fees and handling [CNY]."""
        return self._cost(np.array(counts))

    def _cost(self, counts: NDArray[Any]) -> float:
        return float(sum(sums[n] for sums, n in zip(self.sums, counts, strict=True)))

    def spent(self, counts: Sequence[int]) -> NDArray[np.float64]:
        """(tiers,) what the creators of each tier cost [CNY]."""
        return np.array([sums[n] for sums, n in zip(self.sums, counts, strict=True)])

    def simple(self) -> dict[str, Counts]:
        """The mixes of SIMPLE."""
        luck = np.random.default_rng(SAMPLER_SEED)
        open_ = np.where(self.open, self.typical, np.inf)
        typical = np.where(self.open, self.typical, 0.0)
        made = {
            "equal split": self.buy(np.ones(len(TIERS))),
            "cheapest only": self.buy((open_ == open_.min()).astype(float)),
            "most fans first": self._most_fans(),
            "published 1:1:3:46:100:150": self._published(typical),
            "random": self.buy(luck.random(len(TIERS))),
        }
        return {name: made[name] for name in SIMPLE}

    def _published(self, typical: NDArray[np.float64]) -> Counts:
        """The published structure in its own proportions; where bounds forbid it, its shares of the money."""
        ratio = [n if open_ else 0 for n, open_ in zip(PUBLISHED, self.open, strict=True)]
        costs = [tuple(costs.tolist()) for costs in self.each]
        counts = np.array(creator_counts(ratio, costs, 1.0, self.budget_cny, MOST_CREATORS))
        if (counts >= self.least).all() and (counts <= self.most).all():
            return self.within(counts)
        return self.buy(np.array(PUBLISHED) * typical)

    def _most_fans(self) -> Counts:
        counts = self.least.copy()
        left = self.budget_cny - self._cost(counts)
        for k in np.argsort(-self.fans, kind="stable"):
            more = self.more(int(k), int(counts[k]), left)
            left -= self.sums[k][counts[k] + more] - self.sums[k][counts[k]]
            counts[k] += more
        return self.within(counts)

    def within(self, counts: NDArray[Any]) -> Counts:
        """No more creators than a scenario may hold; the cheapest tiers give way, down to their least."""
        over = int(counts.sum()) - MOST_CREATORS
        for k in range(len(counts) - 1, -1, -1):
            if over > 0:
                cut = min(over, int(counts[k] - self.least[k]))
                counts[k] -= cut
                over -= cut
        return tuple(int(n) for n in counts)
