"""Promise 8 of model.md, section 6: more effort never lowers the mean, over paired seeds."""

import itertools
from typing import Any

import numpy as np
import pytest

from sim.model import MatrixModel
from sim.scenario.schema import Scenario
from tests.invariants.worlds import with_all
from tests.refresh import world

SEEDS = range(40)

FREE = {
    "audience__fatigue_per_exposure": 0.0,
    "audience__put_off_share": 0.0,
    "audience__category_share": 1.0,
    "links__layout": "none",
}


def gain(less: Scenario, more: Scenario, key: str = "reach", seeds: Any = SEEDS) -> tuple[float, float]:
    """Mean paired difference and its standard error."""
    pairs = [
        [MatrixModel(s, rng=seed).simulation.finish().summary()[key] for s in (less, more)] for seed in seeds
    ]
    change = np.diff(np.array(pairs, float))
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(change.size))


def large(**values: Any) -> Scenario:
    rest = {"audience__users": 20_000, "run__hours": 48, **FREE}
    return world(**rest | values)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"accounts": with_all(quality=1.0)}, {"accounts": with_all(quality=1.6)}),
        ({"accounts": with_all(opening=1.0)}, {"accounts": with_all(opening=1.8)}),
        ({"accounts": with_all(weight=1.0)}, {"accounts": with_all(weight=2.0)}),
        ({"accounts": with_all(posts_per_day=1.0)}, {"accounts": with_all(posts_per_day=2.0)}),
        (
            {"content__rates__like": 0.0135, "platform__weights__like": 1.0, "dilution__rates": False},
            {
                "accounts": with_all(ingredients={"resonance": 1.0}),
                "platform__weights__like": 1.0,
                "dilution__rates": False,
            },
        ),
    ],
    ids=["quality", "opening", "weight", "posts", "resonance"],
)
def test_better_content_and_more_effort_never_lower_mean_reach(less, more):
    mean, error = gain(large(**less), large(**more))
    assert mean > 2 * error  # each of these should raise it, and does


def test_more_budget_never_lowers_mean_reach():
    seeding = {"seeding__ratio": (0, 0, 0, 2, 6, 8), "seeding__window_h": 24}
    budgets = (3_000.0, 10_000.0, 40_000.0)
    for less, more in itertools.pairwise(budgets):
        mean, error = gain(*(large(**seeding, seeding__budget_cny=b) for b in (less, more)), seeds=range(20))
        assert mean > -2 * error
        assert mean > 0
