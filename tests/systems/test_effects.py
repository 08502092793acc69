"""Measured effects, met by intervention with everything on: one thing is changed, and the total is compared.

Small here, so that it runs with every change; tests/evidence/test_effects.py writes the same at length.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sim.scenario.schema import Scenario
from sim.validity.worlds import PANEL_YOUNGEST_H, panel
from tests.refresh import result_of

FANS = (0.05, 0.30)
"""Elasticity of an account's views to its fans, causal (Tian, Dew & Iyengar 2024)."""
SAME_DAY = (-0.40, -0.08)
"""Elasticity of a post's views to the posts of its account that day, within account; what two sets give."""


class Effect(NamedTuple):
    """A mean over accounts and seeds, and its standard error."""

    mean: float
    error: float

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.mean - 1.96 * self.error

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.mean + 1.96 * self.error


def accounts_means(scenario: Scenario, seeds: Iterable[int], *, log: bool = True) -> np.ndarray:
    """(seeds, A) mean of log10 views of each account's posts that are old enough; or of views."""
    last = scenario.run.hours - PANEL_YOUNGEST_H
    views = pl.col("impressions") + pl.col("outside_impressions")
    taken = views.clip(1).log10() if log else views.cast(pl.Float64)
    return np.array(
        [
            result_of(scenario, seed)
            .videos.filter(pl.col("published_hour") < last)
            .group_by("account").agg(taken.mean()).sort("account")["impressions"]
            for seed in seeds
        ]
    )  # fmt: skip


def elasticity(less: np.ndarray, more: np.ndarray, ratio: float) -> Effect:
    """What so many times as much of something does, from means of log10 views, paired by account and seed."""
    change = (more - less).ravel() / math.log10(ratio)
    return Effect(float(change.mean()), float(change.std(ddof=1) / math.sqrt(change.size)))


def of_fans(accounts: int, seeds: Iterable[int], ratio: float) -> Effect:
    """Elasticity of views to an account's fans, from 1,000 on."""
    less, more = (accounts_means(panel(accounts, fans=fans), seeds) for fans in (1_000, round(1_000 * ratio)))
    return elasticity(less, more, ratio)


def luck_passed(scenario: Scenario, seeds: Iterable[int]) -> tuple[np.ndarray, Effect]:
    """(seeds, A) luck drawn; and how much of it is found in the views of the same posts, dex a dex."""
    seeds = list(seeds)
    off = scenario.with_values({"platform.account_luck_sd": 0.0})
    change = accounts_means(scenario, seeds) - accounts_means(off, seeds)
    brief = scenario.with_values({"run.hours": 1})
    drawn = np.array([result_of(brief, seed).accounts["luck_dex"] for seed in seeds])
    found = stats.linregress(drawn.ravel(), change.ravel())
    return drawn, Effect(float(found.slope), float(found.stderr))


def of_posts(accounts: int, seeds: Iterable[int], ratio: float) -> Effect:
    """Elasticity of a post's views to the posts of its account a day, from one a day on."""
    less, more = (accounts_means(panel(accounts, posts_per_day=posts), seeds) for posts in (1.0, ratio))
    return elasticity(less, more, ratio)


@pytest.mark.system("P3")
def test_fans_bring_what_followers_were_measured_to_do():
    found = of_fans(60, range(1, 7), 8.0)
    assert FANS[0] < found.low  # the whole interval, so that no effect at all would fail
    assert found.high < FANS[1]


@pytest.mark.system("P13")
def test_posts_of_a_day_cost_one_another_what_was_measured():
    found = of_posts(60, range(1, 6), 4.0)
    assert SAME_DAY[0] < found.low
    assert found.high < SAME_DAY[1]


@pytest.mark.system("M10")
def test_luck_moves_no_mean_and_spreads_accounts_as_set():
    # Means of views over many new accounts, every one of which draws: equal within error.
    on, seeds = panel(120, fans=0), range(1, 5)
    off = on.with_values({"platform.account_luck_sd": 0.0, "platform.account_heat_sd": 0.0})
    lucky, plain = (accounts_means(s, seeds, log=False) for s in (on, off))
    ratio = lucky.mean() / plain.mean()
    error = np.hypot(*(x.std() / x.mean() / math.sqrt(x.size) for x in (lucky, plain)))
    assert error < 0.15
    assert abs(ratio - 1) < 3 * error
    drawn, passed = luck_passed(on, seeds)
    assert drawn.std() == pytest.approx(0.35, rel=0.15)
    # Somewhat more than 1: few impressions are also judged on few responses, of which one counts for no more
    # than RATIO_CAP times the usual.
    assert passed.low > 0.9
    assert passed.high < 1.4
