"""What is simulated to be held to the facts: sets of accounts, and version 0's rules as a control.

Takes sizes; gives scenarios. The mixed set stands for what public samples are, unrelated accounts of all
sizes; the panels are accounts of one kind in which one thing is changed. Nothing here was set to meet a fact.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from sim.rules.content import LENGTHS_S
from sim.rules.luck import factor_dex
from sim.scenario.schema import Scenario

ACCOUNTS = 150
"""Of the mixed set."""
DAY_H = 24
YOUNGEST_H = 7 * DAY_H
"""Age from which views are taken as final in the mixed set [h]."""
PANEL_YOUNGEST_H = 96
"""And in a panel, which is shorter [h]."""
LOOK_AGAIN_H = 261
"""Between two looks at the same videos [h]: the median gap of the pairs that growth was measured on."""
FANS_RATIO, POSTS_RATIO = 8.0, 4.0
"""How many times as many fans, and posts a day, the second half of a pair of panels has."""


class Size(NamedTuple):
    """How large a study is."""

    seeds: int
    accounts: int
    """of the mixed set; a panel has two fifths as many"""
    users: int
    days: int
    """of the mixed set"""


FULL = Size(seeds=8, accounts=ACCOUNTS, users=3_000_000, days=32)
QUICK = Size(seeds=3, accounts=60, users=600_000, days=25)
PANEL_USERS, PANEL_DAYS = 500_000, 10


def mixed(
    accounts: int = ACCOUNTS,
    users: int = 3_000_000,
    days: int = 28,
    settings: Mapping[str, Any] = MappingProxyType({}),
) -> Scenario:
    """Unrelated accounts of all sizes, who differ as the scenario's own keys say that such accounts do.

    Fans after two public samples. Views grow with fans as over creators, since who is big brings the quality
    that made him big; a known account's luck stands in its weight; and of the spread of rates over videos, on
    each of the two axes, lies between accounts what does not lie within one. `settings` are laid over it.
    """
    rng, plain = np.random.default_rng(5), Scenario(name="plain").with_values(settings)
    platform, spread = plain.platform, plain.content.spread
    rows = []
    for k in range(accounts):
        size, watched, liked, luck = rng.normal(size=4)
        between = spread.like * math.sqrt(1 - spread.within_account)
        quality = 10 ** (between * liked)
        rows.append(
            {
                "id": f"account {k:03}",
                "role": "main" if k == 0 else "sub",
                "fans": int(min(2_000_000, users, 10 ** (3.2 + size))),
                "quality": quality,
                "opening": min(5.0, 10 ** (between * watched) / quality),
                "weight": min(20.0, 10 ** factor_dex(luck, platform.account_luck_sd)),
                "posts_per_day": 0.5,
            }
        )
    return Scenario.from_dict(
        {
            "name": "mixed",
            "accounts": rows,
            "audience": {"users": users, "category_share": 1.0},
            "platform": {"own_fan_power": platform.creator_fan_power},
            "run": {"hours": days * DAY_H},
            "links": {"layout": "none"},
        }
    ).with_values(settings)


def panel(accounts: int, hours: int = 240, users: int = PANEL_USERS, **account: Any) -> Scenario:
    """Brand accounts of one kind in an audience so large that their posts do not meet, everything on."""
    rows = [
        {"id": f"a{k:03}", "role": "sub" if k else "main", "posts_per_day": 1.0, "fans": 1_000, **account}
        for k in range(accounts)
    ]
    return Scenario.from_dict(
        {
            "name": "panel",
            "audience": {"users": users, "category_share": 1.0},
            "accounts": rows,
            "links": {"layout": "none"},
            "run": {"hours": hours},
        }
    )


def _panel(size: Size, **account: Any) -> Scenario:
    users = min(size.users, PANEL_USERS)
    return panel(max(2, size.accounts * 2 // 5), PANEL_DAYS * DAY_H, users, **account)


def _lengths(size: Size) -> Scenario:
    plan = _panel(size)
    rows = [row.model_copy(update={"length_s": LENGTHS_S[k % len(LENGTHS_S)]})
            for k, row in enumerate(plan.accounts)]  # fmt: skip
    return plan.with_values({"accounts": tuple(rows)})


WORLDS: Mapping[str, Callable[[Size], tuple[Scenario, ...]]] = {
    "mixed": lambda size: (mixed(size.accounts, size.users, size.days),),
    "twins": lambda size: (_panel(size).with_values({"content.spread.within_account": 0.0}),),
    "lengths": lambda size: (_lengths(size),),
    "fans": lambda size: (_panel(size), _panel(size, fans=round(1_000 * FANS_RATIO))),
    "posts": lambda size: (_panel(size), _panel(size, posts_per_day=POSTS_RATIO)),
}
"""The scenarios of each set, without a platform model: one, or two that differ in one thing."""
SAMPLED_AS = {"selected": "mixed"}
"""Worlds that are another sample of a world's posts."""

VERSION_0: Mapping[str, Any] = {
    "audience.put_off_share": 0.0,
    "dilution.rates": False,
    "platform.weights.completion": 0.4,
    "platform.weights.like": 0.2,
    "platform.weights.comment": 0.15,
    "platform.weights.share": 0.15,
    "platform.weights.follow": 0.1,
    "platform.pools": (200, 3_000, 13_500, 125_000, 600_000, 2_500_000, 9_000_000, 30_000_000),
    "platform.pass_share": (0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.15, 0.15),
    "platform.own_fan_power": 0.5,
    "platform.author_decay": 1.0,
    "platform.follow_rate_of": "all",
    "platform.account_luck_sd": 0.0,
    "platform.account_heat_sd": 0.0,
    "platform.same_day_elasticity": 0.0,
    "platform.same_content_factor": 1.0,
}
"""Version 0's rules of the platform and of people, as tests/mechanisms/v0-off.toml has them."""
NO_NOISE: Mapping[str, Any] = {
    "platform.pool_noise": 0.0,
    "platform.competition_noise": 0.0,
    "platform.margin_gain": 10.0,
    "platform.freshness_half_life_h": 10_000.0,
    "platform.trickle": 0.0,
    "platform.own_fan_power": 0.0,
    "platform.account_luck_sd": 0.0,
    "platform.account_heat_sd": 0.0,
    "platform.same_day_elasticity": 0.0,
    "platform.author_decay": 1.0,
}
"""A ladder whose pools are exactly as large as they are called, with nothing that smears them."""
