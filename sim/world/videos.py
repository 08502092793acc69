"""The videos as columns: every planned post, its address, its appeal.

Takes a scenario, its accounts and a seed; gives one row a post in canonical order (hour,
planner, post number). A post's address is the account that planned it and its number, so
the same post keeps its luck when another account publishes it (layout `single`). What
changes during a run lives with the platform (hour/pools.py).
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.content import (
    COMPLETION_BY_LENGTH,
    LIKE_BY_LENGTH,
    by_length,
    ingredient_factor,
    quality_factor,
    without_completion,
)
from sim.rules.draws import CONTENT, VIDEO, name_key, normal, root_key, subkey, threshold
from sim.rules.engagement import ACTIONS
from sim.scenario.layouts import publisher
from sim.scenario.matrix import Account
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts


class Videos(NamedTuple):
    """Planned posts, fixed for a run; V videos."""

    keys: NDArray[np.uint64]
    """(V,) addresses: (seed, planner, post number)."""
    author: NDArray[np.int64]
    """(V,) account that publishes."""
    planner: NDArray[np.int64]
    """(V,) account that planned: its topics, its quality."""
    number: NDArray[np.int64]
    """(V,) post number of the planner, from 0."""
    hour: NDArray[np.int64]
    """(V,) hour of publication."""
    appeal: NDArray[np.uint64]
    """(V, 6) thresholds by action for a neutral person; engagement of one who did not finish."""
    rates: NDArray[np.float64]
    """(V, 6) the rates behind `appeal`, per impression."""


def post_hours(account: Account, seeded: bool, window_h: int, hours: int) -> list[int]:
    """Hours of an account's posts: evenly spaced from its first one, which its name fixes if it is left out.

    Not drawn by seed: effort is a plan, not luck.
    """
    phase = int(subkey(name_key(account.id), 0)) / 2.0**64
    if seeded:
        hour = math.floor(phase * window_h)
        return [hour] if hour < hours else []
    if account.posts_per_day == 0:
        return []
    gap = 24 / account.posts_per_day
    first = phase * gap if account.first_post_h is None else account.first_post_h
    planned = (math.floor(first + n * gap) for n in range(math.ceil(hours / gap) + 1))
    return [hour for hour in planned if hour < hours]


def content_rates(scenario: Scenario, account: Account, own: np.uint64) -> list[float]:
    """The six rates of one video, per impression [0..0.98], in the order of ACTIONS.

    Its key is (seed, material, post number): the same material is the same content on any account.
    """
    content = scenario.content
    common = normal(subkey(own, 0))
    within = math.sqrt(content.spread.within_account)
    rates = []
    for k, action in enumerate(ACTIONS):
        noise = normal(subkey(own, k + 1))
        correlation = 0.0 if action == "completion" else content.spread.engagement_correlation
        factor = quality_factor(common, noise, correlation, getattr(content.spread, action) * within)
        factor *= ingredient_factor(action, dict(account.ingredients.items()), content.ingredient_gain)
        if action == "completion":
            factor *= by_length(account.length_s, COMPLETION_BY_LENGTH) * account.opening
        if action == "like":
            factor *= by_length(account.length_s, LIKE_BY_LENGTH)
        rates.append(min(0.98, getattr(content.rates, action) * account.quality * factor))
    return rates


def plan_videos(scenario: Scenario, accounts: Accounts, seed: int) -> Videos:
    """Every post of the run, in canonical order."""
    base = root_key(seed, VIDEO)
    rank = {a.id: k for k, a in enumerate(accounts.rows)}
    posts = sorted(
        (hour, k, number)
        for k, account in enumerate(accounts.rows)
        for number, hour in enumerate(
            post_hours(account, bool(accounts.seeded[k]), scenario.seeding.window_h, scenario.run.hours)
        )
    )
    author_of = [rank[publisher(scenario, a)] for a in accounts.rows]
    own_key = [subkey(base, name_key(a.id)) for a in accounts.rows]
    content = root_key(seed, CONTENT)
    material = [subkey(content, name_key(a.material or a.id)) for a in accounts.rows]
    keys = np.array([subkey(own_key[k], n) for _, k, n in posts], np.uint64)
    rates = np.array([content_rates(scenario, accounts.rows[k], subkey(material[k], n)) for _, k, n in posts])
    rates = rates.reshape(len(posts), len(ACTIONS))
    boost = scenario.content.completion_boost
    appeal = [
        [threshold(row[0]), *(threshold(without_completion(rate, row[0], boost)) for rate in row[1:])]
        for row in rates
    ]
    author = np.array([author_of[k] for _, k, _ in posts], np.int64)
    return Videos(
        keys,
        author,
        np.array([k for _, k, _ in posts], np.int64),
        np.array([n for _, _, n in posts], np.int64),
        np.array([hour for hour, _, _ in posts], np.int64),
        np.array(appeal, np.uint64).reshape(len(posts), len(ACTIONS)),
        rates,
    )
