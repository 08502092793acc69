"""The three workloads, and one timed run of the whole model with the time of each stage.

Takes a number of people; gives scenarios and what running them cost. `dense`: every account
reaches for a share of the audience, so impressions grow with people. `sparse`: the beauty
scenario as it ships, so posts are fixed and the feed decides. `campaign`: a few accounts post every hour
or two, so that a video meets few people in a shard and an hour. A run is timed from scenario to
result tables, population included; machine code is expected to be warm.
"""

import time
from typing import Any, NamedTuple

from sim.hour.plan import PLAN
from sim.model import MatrixModel
from sim.scenario.schema import Scenario

DENSE_ACCOUNTS = 30
DENSE_HOURS = 24
DENSE_POSTS = 4
"""Videos an account publishes a day."""
CAMPAIGN_ACCOUNTS = 4
CAMPAIGN_HOURS = 72
CAMPAIGN_POSTS = 16
"""Videos an account publishes a day: 192 in all."""
MIXES = ({"food": 1.0}, {"sport": 1.0}, {"music": 1.0}, {"food": 0.5, "sport": 0.5})
"""Topics of the accounts, in turn."""
FORCES_OFF = {
    "dilution.rates": False,
    "platform.account_luck_sd": 0.0,
    "platform.account_heat_sd": 0.0,
    "platform.author_decay": 1.0,
    "platform.same_day_elasticity": 0.0,
    "platform.same_content_factor": 1.0,
    "platform.follow_rate_of": "all",
    "platform.hit": 10_000,
    "audience.put_off_share": 0.0,
    "brand.gpm_cny": 0.0,
    "brand.interested_share": 0.0,
    "structure.cost_per_account_cny": 0.0,
}
"""What bounds the choices, each at the value that takes it away; older versions know none of these keys."""
WORLD, TABLES = "world", "tables"
"""The stages of a run that lie around the hours: building everything, and the result."""


class Measured(NamedTuple):
    """One run of the whole model."""

    impressions: int
    seconds: float
    stages: dict[str, float]
    """Stage of the hour, or WORLD or TABLES → seconds."""
    rates: dict[str, float]
    """Responses per impression: completion, like, comment, share, follow."""


def dense(
    users: int, hours: int = DENSE_HOURS, accounts: int = DENSE_ACCOUNTS, posts: int = DENSE_POSTS
) -> Scenario:
    """Accounts whose pools are shares of the audience: with thirty, about one impression a person and hour."""
    return _world(
        "dense", users, hours, accounts, posts,
        pools=[max(1, users // 8), max(2, users // 3)], pass_share=[0.5], pace_h=[4, 8], own_fan_power=0.0,
    )  # fmt: skip


def campaign(users: int, hours: int = CAMPAIGN_HOURS) -> Scenario:
    """Many videos, each of which meets a block of strangers or a few fans in a shard and an hour."""
    pools = [max(1, users * 4 // 1000), max(2, users * 24 // 1000)]
    return _world("campaign", users, hours, CAMPAIGN_ACCOUNTS, CAMPAIGN_POSTS, pools=pools)


def _world(name: str, users: int, hours: int, accounts: int, posts: int, **platform: Any) -> Scenario:
    """Accounts around a main one, alike but for their topics; all people belong to the category."""
    authors = [
        {
            "id": f"account-{k:02}",
            "role": "sub" if k else "main",
            "fans": users // 1000,
            "posts_per_day": posts,
            "topics": MIXES[k % len(MIXES)],
        }
        for k in range(accounts)
    ]
    topics = {"food": 0.4, "sport": 0.35, "music": 0.25}
    return Scenario.from_dict(
        {
            "name": name,
            "audience": {"users": users, "topics": topics, "category_share": 1.0},
            "platform": platform,
            "accounts": authors,
            "links": {"layout": "star"},
            "run": {"hours": hours},
        }
    )


def sparse(users: int, hours: int) -> Scenario:
    """The beauty scenario among so many people."""
    return Scenario.load("beauty_matrix").with_values({"audience.users": users, "run.hours": hours})


def measure(scenario: Scenario, threads: int, seed: int = 1) -> Measured:
    """Runs the whole model once, stage by stage of the plan that it walks itself."""
    stages: dict[str, float] = {}
    started = mark = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal mark
        now = time.perf_counter()
        stages[stage] = stages.get(stage, 0.0) + now - mark
        mark = now

    model = MatrixModel(scenario, rng=seed, threads=threads)
    lap(WORLD)
    run = model.run_state
    while run.hour < scenario.run.hours:
        for stage in PLAN:
            stage.act(run)
            lap(stage.name)
        run.hour += 1
    model.tables()
    summary = model.simulation.summary()
    lap(TABLES)
    seconds = time.perf_counter() - started
    model.close()
    return Measured(summary["impressions"], seconds, stages, response_rates(summary))


def response_rates(summary: dict[str, Any]) -> dict[str, float]:
    """Responses per impression of a summary."""
    counts = ("completions", "likes", "comments", "shares", "follows")
    return {name.removesuffix("s"): summary[name] / max(1, summary["impressions"]) for name in counts}
