"""What is simulated to be held to the facts: sets of accounts, and version 0's rules as a control.

Takes sizes; gives scenarios. The mixed set stands for what public samples are, unrelated accounts of all
sizes; the panels are accounts of one kind in which one thing is changed. Nothing here was set to meet a fact.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.rules.content import LENGTHS_S
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


def mixed(accounts: int = ACCOUNTS, users: int = 3_000_000, days: int = 28) -> Scenario:
    """Unrelated accounts of all sizes; fans after two public samples, quality by fans over creators.

    Over unrelated accounts views grow with fans to the power 0.5, of which 0.10 is what followers do; the
    rest is quality that goes with size (forces: followers were two numbers). Here quality is drawn with
    the spread between accounts that is measured, 0.6 dex of views at most, half of it going with fans.
    """
    rng = np.random.default_rng(5)
    rows = []
    for k in range(accounts):
        size = rng.normal()
        quality = 0.1 * (0.7 * size + 0.7 * rng.normal())  # 0.1 dex of rates moves views by several times
        rows.append(
            {
                "id": f"account {k:03}",
                "role": "main" if k == 0 else "sub",
                "fans": int(min(2_000_000, users, 10 ** (3.2 + size))),
                "quality": float(10**quality),
                "posts_per_day": 0.5,
            }
        )
    return Scenario.from_dict(
        {
            "name": "mixed",
            "accounts": rows,
            "audience": {"users": users, "category_share": 1.0},
            "run": {"hours": days * DAY_H},
            "links": {"layout": "none"},
        }
    )


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


_SAME = {f"content.spread.{rate}": 0.0
         for rate in ("completion", "like", "comment", "share", "follow", "visit")}  # fmt: skip

WORLDS: Mapping[str, Callable[[Size], tuple[Scenario, ...]]] = {
    "mixed": lambda size: (mixed(size.accounts, size.users, size.days),),
    "twins": lambda size: (_panel(size).with_values(_SAME),),
    "lengths": lambda size: (_lengths(size),),
    "fans": lambda size: (_panel(size), _panel(size, fans=round(1_000 * FANS_RATIO))),
    "posts": lambda size: (_panel(size), _panel(size, posts_per_day=POSTS_RATIO)),
}
"""The scenarios of each set, without a platform model: one, or two that differ in one thing."""
SAMPLED_AS = {"selected": "mixed"}
"""Worlds that are another sample of a world's posts."""

VERSION_0: Mapping[str, Any] = {
    "audience.put_off_share": 0.0,
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
MENDED: Mapping[str, Any] = {"dilution.rates": True}
"""What is off until it is set, because earlier results would change: rates that depend on reach."""
