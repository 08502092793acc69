"""What a run needs in memory, estimated before it starts.

Takes a scenario; gives bytes, or refuses with the figure. The estimate is an upper one for
the arrays that grow with users, accounts and videos; docs/explanation say where they come from.
"""

from sim.errors import Phrase, RunError
from sim.memory import free_bytes
from sim.rules.audience import ACTIVITY_CLASSES, SHARD
from sim.rules.pools import first_pool
from sim.scenario.schema import Scenario
from sim.scenario.structures import all_accounts
from sim.world.fields import PERSON

AGENT_BYTES = 2_000
"""Memory of one person in the agents engine, rounded up from 1,670 measured (classroom, 100,000 people)."""
BASE_BYTES = 300 << 20
"""Interpreter, libraries and machine code."""


def needed_bytes(scenario: Scenario, engine: str, runs: int = 1, share: float = 1.0, kept: int = 0) -> int:
    """Peak memory of a process [bytes].

    Args:
        scenario: what is run.
        engine: 'columns' or 'agents'.
        runs: runs at a time.
        share: of each one's people that are here.
        kept: populations, with the fans among them, that are kept for further runs.
    """
    users = scenario.audience.users
    shards = -(-users // SHARD)
    accounts = len(all_accounts(scenario)) + sum(scenario.seeding.counts) + len(scenario.all_added())
    posts = sum(a.posts_per_day for a in scenario.accounts) * scenario.run.hours / 24 + accounts
    posts += sum(section.posts_added(scenario) for section in scenario.sections())
    people = users * PERSON.itemsize
    bits = 2 * accounts * shards * SHARD // 8
    brand = sum(a.role != "creator" for a in scenario.accounts)
    counted = 2 * brand * shards * SHARD // 8 if scenario.platform.author_decay < 1 else 0  # by scatter
    rows_of = 8 * posts * shards
    segments = len(scenario.audience.topics) * ACTIVITY_CLASSES
    cursors = posts * shards * (2 * segments + 24) * min(1.0, 0.2 + 1e5 / users)
    fans = _fan_impressions(scenario)
    seen = 2 * (3 * fans + 64 * min(fans, posts * shards))  # blocks, while twice as many are made
    objects = AGENT_BYTES * users if engine == "agents" else 0
    own = rows_of + share * (people + bits + counted + cursors + seen + objects)
    return round(BASE_BYTES + runs * own + kept * (people + bits / 2))


def _fan_impressions(scenario: Scenario) -> float:
    """People whom the first pools of all posts show to as fans, which is remembered one by one."""
    ladder, days = scenario.platform, scenario.run.hours / 24
    return sum(
        ladder.fan_share * a.posts_per_day * days
        * first_pool(ladder.pools[0], a.fans, ladder.fan_power(a.role), scenario.pull(a), 1.0)
        for a in scenario.accounts
    )  # fmt: skip


def refuse_too_large(
    scenario: Scenario, engine: str = "columns", *, alone: bool, workers: int | None = None
) -> None:
    """Refuses what cannot fit in memory, before it starts.

    Args:
        scenario: what is to be run.
        engine: 'columns' or 'agents'.
        alone: one run; else runs that lend each other their people.
        workers: of those, how many at a time; all cores when left out.
    Raises:
        RunError: it cannot fit; with both figures.
    """
    from sim.experiment.replicate import cores

    runs = 1 if alone else workers or cores()
    need, free = needed_bytes(scenario, engine, runs, kept=0 if alone else runs), free_bytes()
    if need > free:
        raise RunError(
            "this run needs about {need:.1f} GiB and {free:.1f} GiB are free; lower audience.users "
            "({users:,}), the number of accounts{threads} or the hours",
            need=need / 2**30,
            free=free / 2**30,
            users=scenario.audience.users,
            threads=Phrase(", the threads,") if engine == "columns" else "",
        )
