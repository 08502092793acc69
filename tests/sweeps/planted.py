"""A small plan to search, and landscapes with a known answer in place of its runs."""

import numpy as np

from sim.scenario.schema import Scenario
from sim.sweeps.scorer import Scorer
from tests.market import PLAIN

PLAN = Scenario.from_dict(
    {
        "name": "small",
        "audience": {"users": 40_000},
        "accounts": [{"id": "main", "role": "main", "fans": 300, "posts_per_day": 2}],
        "run": {"hours": 24},
        "seeding": {"window_h": 24, **PLAIN},
    }
)
HELD = PLAN.with_values({"seeding.ratio": [0, 0, 0, 1, 20, 40]})  # costs 12,000 + 20,000 + 8,000


def planted(monkeypatch, peak):
    """A landscape with a known best mix: tiers give falling returns, one of them much more."""

    def table(self, mixes, seeds):
        values = np.array(
            [
                [peak @ np.sqrt(np.array(mix.counts, float)) * (1.1 if mix.layout == "ring" else 1.0)]
                for mix in mixes
            ]
        )
        luck = np.array(
            [[np.random.default_rng([seed, *mix.counts]).normal() for seed in seeds] for mix in mixes]
        )
        return values * (1 + 0.01 * luck)

    monkeypatch.setattr(Scorer, "table", table)


def paying(monkeypatch, worth, own=0.01):
    """A landscape whose value hangs on what a mix costs; luck is shared, up to a part of its own."""

    def table(self, mixes, seeds):
        costs = np.array([self.scenario.seeding.cost_cny(mix.counts) for mix in mixes])
        luck = np.array([np.random.default_rng(seed).normal() for seed in seeds])
        alone = [[np.random.default_rng([seed, *mix.counts]).normal() for seed in seeds] for mix in mixes]
        return worth(costs)[:, None] + luck + own * np.array(alone)

    monkeypatch.setattr(Scorer, "table", table)
