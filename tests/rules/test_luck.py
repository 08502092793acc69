"""Account luck and heat (M10): they spread accounts apart, stay with who publishes, and move no mean."""

import math

import numpy as np
import polars as pl
import pytest

from sim.rules.draws import normal, subkey
from sim.rules.luck import factor_dex, kept, next_heat
from sim.simulation import Simulation
from tests.refresh import result_of
from tests.rules.opened import alone, first_exposures

pytestmark = pytest.mark.system("M10")
DRAWN = [normal(subkey(np.uint64(5), k)) for k in range(40_000)]
LUCK = {"platform__account_luck_sd": 0.35}
HEAT = {"platform__account_heat_sd": 0.2}
FULL = 100_000
"""Impressions that every post here starts with where nothing weighs on it."""


def matrix(*fans: int, **account: object) -> list[dict[str, object]]:
    return [
        {"id": f"a{k}", "role": "sub" if k else "main", "fans": count, "posts_per_day": 1.0, **account}
        for k, count in enumerate(fans)
    ]


@pytest.mark.parametrize("sd", [0.15, 0.35, 0.6])
def test_factor_has_mean_one_and_the_spread_that_is_set(sd: float):
    found = np.array([factor_dex(z, sd) for z in DRAWN])
    factors = 10**found
    assert abs(factors.mean() - 1) < 4 * factors.std() / math.sqrt(factors.size)
    assert found.std() == pytest.approx(sd, rel=0.02)
    assert factor_dex(2.0, 0.0) == 0.0


def test_heat_is_as_warm_on_every_day_and_fades_as_set():
    stays, heat = kept(5.0), [DRAWN[0]]
    for z in DRAWN[1:]:
        heat.append(next_heat(heat[-1], z, stays))
    warmth = np.array(heat)
    assert warmth.std() == pytest.approx(1.0, abs=0.05)
    for days in (1, 5, 15):
        now, later = warmth[:-days], warmth[days:]
        assert np.corrcoef(now, later)[0, 1] == pytest.approx(math.exp(-days / 5.0), abs=0.05)


@pytest.mark.parametrize("model", ["pools", "score"])
def test_luck_is_a_factor_on_what_the_posts_of_new_accounts_start_with(model: str):
    accounts = [*matrix(0, 100, 0), {"id": "k", "role": "creator", "tier": "junior", "fans": 0}]
    scenario = alone("luck", accounts, platform__model=model, **LUCK)
    result, started = result_of(scenario, 3), first_exposures(scenario, 3)
    luck = dict(result.accounts.select("account", "luck_dex").rows())
    assert luck["a1"] == luck["k"] == 0.0  # known by its weight, and by its market
    assert 0.0 not in (luck["a0"], luck["a2"])
    assert luck["a0"] != luck["a2"]
    for (account, _), whole in started.items():
        assert whole == pytest.approx(FULL * 10 ** luck[account], abs=1)


def test_luck_is_the_accounts_own_whoever_else_is_there_and_whoever_planned_the_post():
    one, many = (alone("luck", matrix(*[0] * count), **LUCK) for count in (1, 4))
    found = [dict(result_of(s).accounts.select("account", "luck_dex").rows()) for s in (one, many)]
    assert found[0]["a0"] == found[1]["a0"]
    assert len(set(found[1].values())) == 4
    assert result_of(one, 2).accounts["luck_dex"][0] != found[0]["a0"]
    single = first_exposures(many.with_values({"links.layout": "single"}))
    assert len(set(single.values())) == 1
    assert first_exposures(one)["a0", 0] == single["a3", 1]


def test_heat_is_shared_by_the_posts_of_a_day_and_by_nobody_else():
    scenario = alone("heat", matrix(0, 500, posts_per_day=2.0), run__hours=96, **HEAT)
    started = first_exposures(scenario)
    days: dict[tuple[str, int], set[int]] = {}
    simulation = Simulation(scenario, 1)
    posts = simulation.state.posts
    simulation.close()
    for hour, planner, number in zip(posts.hour, posts.planner, posts.number, strict=True):
        days.setdefault((f"a{planner}", int(hour) // 24), set()).add(started[f"a{planner}", int(number)])
    assert len(days) == 8
    assert all(len(sizes) == 1 for sizes in days.values())
    assert len({next(iter(sizes)) for sizes in days.values()}) == 8


def test_mean_luck_of_the_posts_is_told():
    scenario = alone("luck", matrix(0, 0, 300), run__hours=72, **LUCK)
    result = result_of(scenario, 4)
    posts = result.videos.join(result.accounts.select("account", "luck_dex"), on="account")
    mean = posts.select((10 ** pl.col("luck_dex")).mean()).item()
    assert result.summary["account_luck"] == pytest.approx(mean)
    assert mean != 1.0
    off = scenario.with_values({"platform.account_luck_sd": 0.0})
    assert result_of(off, 4).summary["account_luck"] == 1.0
    silent = off.with_values({f"accounts.{k}.posts_per_day": 0.0 for k in range(3)})
    assert result_of(silent).summary["account_luck"] == 1.0
