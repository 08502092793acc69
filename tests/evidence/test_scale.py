"""Does the world of 100,000 people predict the world of 10,000,000? Two readings of 'the same scenario'."""

from collections.abc import Callable

import numpy as np
import pytest

from sim.analysis.estimate import intervals
from sim.experiment.replicate import Job, replicate
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.evidence
SIZES = {10_000: 64, 100_000: 32, 1_000_000: 16, 10_000_000: 8}
"""People -> seeds."""
OWN = 200_000
"""People of the beauty scenario as it ships."""
METRICS = ("impressions", "reach", "follows")


def per_head(users: int) -> Scenario:
    """The beauty scenario with fans and pools in proportion to its people, first pools alike for all accounts."""
    plan = Scenario.load("beauty_matrix")
    share = users / OWN
    accounts = [a.model_dump() | {"fans": round(a.fans * share)} for a in plan.accounts]
    pools = [max(2 + k, round(size * share)) for k, size in enumerate(plan.platform.pools)]
    return plan.with_values(
        {
            "audience.users": users,
            "accounts": accounts,
            "platform.pools": pools,
            "platform.own_fan_power": 0.0,
        }
    )


def same_plan(users: int) -> Scenario:
    """The beauty scenario as it ships among so many people: the same fans, the same pools."""
    return Scenario.load("beauty_matrix").with_values({"audience.users": users})


def table(
    world: Callable[[int], Scenario], sizes: dict[int, int], by: Callable[[int], float]
) -> tuple[str, dict]:
    """Rows of a table, and (metric, people) → mean, low, high, all divided by `by(people)`."""
    rows, found = [], {}
    for users, seeds in sizes.items():
        jobs = [Job(0, world(users), seed) for seed in range(1, seeds + 1)]
        summaries = [summary for _, summary in replicate(jobs)]
        cells = []
        for metric in METRICS:
            values = np.array([[summary[metric] / by(users) for summary in summaries]])
            at = intervals(values)
            found[metric, users] = mean, low, high = float(at.mean[0]), float(at.low[0]), float(at.high[0])
            cells.append(f"{mean:,.4g} ({low:,.4g} to {high:,.4g}), {values.std(ddof=1) / mean:.0%}")
        rows.append(f"| {users:,} | {seeds} | {' | '.join(cells)} |")
    return "\n".join(rows), found


HEAD = "| people | seeds | impressions | reach | follows |\n| --- | --- | --- | --- | --- |\n"


def test_small_worlds_predict_large_ones(section: Callable[[str, str], None]) -> None:
    heads, of_heads = table(per_head, SIZES, lambda users: users / 1000)
    larger = {users: seeds for users, seeds in SIZES.items() if users >= 100_000}
    plans, of_plans = table(same_plan, larger, lambda users: 1.0)
    section(
        "Does the world of 100,000 predict that of 10,000,000?",
        f"""Beauty scenario, layout star, 168 h; means with 95 % Student t intervals over seeds, then the standard deviation
over seeds by the mean.

**Per head**: fans and pools grow with the people, first pools are alike for all accounts. Figures per 1,000 people.

{HEAD}{heads}

**The same plan among more people**: fans and pools stay as they are. Figures in all.

{HEAD}{plans}""",
    )
    # Per head, a hundred thousand stand for ten million: their intervals meet.
    for metric in METRICS:
        _, low, high = of_heads[metric, 100_000]
        mean, other_low, other_high = of_heads[metric, 10_000_000]
        assert max(low, other_low) <= min(high, other_high), (metric, mean)
    # The same plan cannot reach more people than there are: a small world holds reach down, never up.
    assert of_plans["reach", 100_000][0] <= 100_000 < of_plans["reach", 10_000_000][0]
