"""Why the best is ahead: its lead shared out over four groups of forces (M15, forces that bound a choice).

Takes the best variant and what it is held against; gives the part of the lead that each group brings, with
intervals, on seeds that nothing was chosen on (the lead that was chosen is biased up). Groups are switched
off so that the level of the plan stays what it was, and variants see the same luck. Does not print.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.paired import intervals, known
from sim.analysis.reasons import WHY_SEEDS
from sim.analysis.shapley import shapley
from sim.experiment.replicate import Job, replicate
from sim.interrupts import deferred
from sim.pilot import scaled
from sim.results import metric_value
from sim.rules.crowding import crowded, place
from sim.rules.pools import FAN_REFERENCE
from sim.scenario.matrix import Account
from sim.scenario.schema import Scenario
from sim.world.accounts import build_accounts
from sim.world.posts import plan_posts

Floats = NDArray[np.float64]
Group = Literal["followers", "luck", "crowding", "topics"]
GROUPS: tuple[Group, ...] = ("followers", "luck", "crowding", "topics")
"""Followers · luck and heat of accounts · crowding and author scatter · match of topics."""
Baseline = Literal["runner_up", "written"]
FRESH: Final = 1_000_003
"""How far the fresh seeds lie from those that the best was chosen on (chosen)."""
ALL = (1 << len(GROUPS)) - 1


class Reason(NamedTuple):
    """One part of the best's lead [unit of the metric]."""

    group: str
    """one of GROUPS; `costs`: what the plans cost, exact; `rest`: what is there with all groups off"""
    baseline: Baseline
    share: float
    low: float | None
    high: float | None


def runs_of(baselines: int, seeds: int = WHY_SEEDS) -> int:
    """Runs that an explanation takes; the pilots are those of the plans as they are, known or one each."""
    return (ALL + 1) * (1 + baselines) * seeds


@deferred()
def without(scenario: Scenario, groups: frozenset[Group], level: Scenario) -> Scenario:
    """The scenario with groups of forces off, at the level of exposure that the plan had with them.

    Followers: no account's first pool grows with its fans, and fans are no part of it; every first pool is
    that of the plan's mean post instead. Luck and heat: all accounts have factor 1, which is their mean.
    Crowding and scatter: a post's start hangs on no other post; every first pool is that of the mean post.
    Topics: every account posts the brand's mix.

    Args:
        scenario: a variant.
        groups: what is off.
        level: the plan as written, whose mean post sets the level for all variants.
    """
    values: dict[str, Any] = {}
    platform, scale = scenario.platform, 1.0
    if "followers" in groups:
        scale *= _mean_post(level, _fan_factors)
        values |= {"platform.own_fan_power": 0.0, "platform.fan_share": 0.0}
    if "luck" in groups:
        values |= {"platform.account_luck_sd": 0.0, "platform.account_heat_sd": 0.0}
    if "crowding" in groups:
        scale *= _mean_post(level, _crowding_factors)
        values |= {"platform.same_day_elasticity": 0.0, "platform.author_decay": 1.0}
    if scale != 1.0:  # only ratios of sizes count past the first, so all are scaled
        sizes = [max(1, round(size * scale)) for size in platform.pools]
        values["platform.pools"] = tuple(max(size, sizes[0] + k) for k, size in enumerate(sizes))  # they rise
    if "topics" in groups:
        mix = _brand_mix(level)
        values["accounts"] = tuple(
            account if account.role == "creator" else account.model_copy(update={"topics": mix})
            for account in scenario.accounts
        )
    return scenario.with_values(values) if values else scenario


class _Post(NamedTuple):
    """A post of the brand."""

    hour: int
    publisher: Account
    """on whose page it appears: its fans and its other posts set where it starts"""
    maker: Account
    """whose material it shows: its topics"""


def _posts(scenario: Scenario) -> list[_Post]:
    """The brand's posts as its structure deals them, by hour."""
    accounts = build_accounts(scenario)
    posts = plan_posts(scenario, accounts, seed=0)  # no seed changes the brand's
    rows = zip(posts.hour.tolist(), posts.publisher.tolist(), posts.maker.tolist(), strict=True)
    return [_Post(h, accounts.rows[p], accounts.rows[m]) for h, p, m in rows if accounts.own[p]]


def _mean_post(scenario: Scenario, factors: Callable[[Scenario], list[float]]) -> float:
    """Mean over the brand's posts of a factor on their first pool; 1 without any."""
    found = factors(scenario)
    return float(np.mean(found)) if found else 1.0


def _fan_factors(scenario: Scenario) -> list[float]:
    power = scenario.platform.own_fan_power
    return [(1 + post.publisher.fans / FAN_REFERENCE) ** power for post in _posts(scenario)]


def _crowding_factors(scenario: Scenario) -> list[float]:
    elasticity, hours = scenario.platform.same_day_elasticity, defaultdict[str, list[int]](list)
    return [crowded(place(hours[post.publisher.id], post.hour), elasticity) for post in _posts(scenario)]


def _brand_mix(scenario: Scenario) -> dict[str, float]:
    """Topics of the brand's posts, by their number."""
    total, posts = defaultdict[str, float](float), _posts(scenario)
    for post in posts:
        for topic, share in (post.maker.topics or scenario.audience.topics).items():
            total[topic] += share
    if not posts:
        return dict(scenario.audience.topics)
    return {topic: weight / len(posts) for topic, weight in total.items()}


def why(
    best: Scenario,
    against: Sequence[tuple[Baseline, Scenario]],
    level: Scenario,
    metric: str,
    *,
    seeds: int = WHY_SEEDS,
    confidence: float = 0.95,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Reason, ...]:
    """The lead of the best over each baseline, shared out.

    Shapley values of the groups over their 16 subsets, seed by seed, so that groups which replace one another
    share what they bring. For profit the plans' costs are told apart by arithmetic.

    Args:
        best: the variant that is ahead.
        against: what it is held against.
        level: the plan as written.
        metric: one of METRICS.
        seeds: fresh seeds.
        confidence: of each interval, in (0, 1).
        workers: runs at a time.
        progress: called with (runs done, runs in all).
    Returns:
        For each baseline the groups, `costs` where the metric is profit, and `rest`; they sum to the lead on
        the fresh seeds.
    The scale of orders (brand.gpm_cny) is that of each plan with all forces on, in every subset.
    Source: Shapley 1953.
    """
    # What a person does with an impression is no force that is switched off: the scale of orders stays.
    plans = [scaled(scenario)[0] for scenario in (best, *(scenario for _, scenario in against))]
    first, total = best.run.seed + FRESH, runs_of(len(against), seeds)
    offs = [
        frozenset(group for k, group in enumerate(GROUPS) if not subset >> k & 1) for subset in range(ALL + 1)
    ]
    played = [without(plan, off, level) for off in offs for plan in plans]
    jobs = [Job(v, scenario, first + n) for n in range(seeds) for v, scenario in enumerate(played)]
    found = np.zeros((ALL + 1, len(plans), seeds))
    costs = np.zeros((len(plans), seeds))
    for done, (job, summary) in enumerate(replicate(jobs, workers=workers), start=1):
        subset, p = divmod(job.variant, len(plans))
        value, cost = metric_value(metric, summary), float(summary["cost_cny"])
        found[subset, p, job.seed - first] = value + cost if metric == "profit" else value
        if subset == ALL:
            costs[p, job.seed - first] = cost
        if progress:
            progress(done, total)
    rows: list[Reason] = []
    for p, (name, _) in enumerate(against, start=1):
        lead = found[:, 0] - found[:, p]
        parts = dict(zip(GROUPS, shapley(lead), strict=True))
        told: dict[str, Floats] = dict(parts)
        if metric == "profit":
            told["costs"] = costs[p] - costs[0]
        told["rest"] = lead[0]
        rows += [_reason(group, name, values, confidence) for group, values in told.items()]
    return tuple(rows)


def _reason(group: str, baseline: Baseline, values: Floats, confidence: float) -> Reason:
    """One part with its interval; a part that is the same in every seed is known exactly."""
    if np.ptp(values) == 0.0:
        share = float(values[0])
        return Reason(group, baseline, share, share, share)
    found = intervals(values[None], confidence)
    return Reason(group, baseline, float(found.mean[0]), known(found.low[0]), known(found.high[0]))
