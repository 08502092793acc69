"""P, the life of a video: what it is made of, how it trickles, ages and comes back."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.rules.content import INGREDIENT_RATES
from sim.rules.engagement import ACTIONS
from sim.scenario.schema import Scenario
from tests.refresh import result_of, world
from tests.systems.worlds import FREE, QUIET, accounts, summaries


@pytest.mark.system("P7")
@pytest.mark.parametrize(("ingredient", "actions"), INGREDIENT_RATES.items())
def test_ingredients_lift_the_rates_of_a_run(ingredient, actions):
    def counted(**values: Any) -> dict[str, int]:
        rows = accounts(4, posts_per_day=4.0, **values)
        rates = {
            "content__rates__comment": 0.02,
            "content__rates__share": 0.02,
            "content__rates__follow": 0.02,
            "content__rates__visit": 0.05,
        }
        scenario = world(
            accounts=rows,
            content__ingredient_gain=2.0,
            platform__pools=(150, 2_000),
            platform__pass_share=(0.01,),
            sharing__open_probability=0.0,
            links__visit_follow_probability=0.0,
            **rates,
            **QUIET,
            **FREE,
        )
        return result_of(scenario).summary

    plain, lifted = counted(), counted(ingredients={ingredient: 1.0})
    ratio = {
        a: (lifted[f"{a}s"] / lifted["impressions"]) / (plain[f"{a}s"] / plain["impressions"])
        for a in ACTIONS
    }
    for action, found in ratio.items():
        # Whoever finishes engages more often, so what lifts completion lifts the others a little.
        assert found > 1.5 if action in actions else 0.7 < found < 1.5, action


@pytest.mark.system("P7")
def test_opening_seconds_set_completion():
    def rate(opening: float) -> float:
        result = result_of(world(accounts=accounts(4, opening=opening, posts_per_day=4.0), **QUIET, **FREE))
        return result.summary["completions"] / result.summary["impressions"]

    assert 1.6 < rate(1.5) / rate(0.75) < 2.4  # what is finished more is shown more


def stopped_early(**values: Any) -> Scenario:
    """Forty videos of the first hours, none promoted, trickling strongly."""
    rows = accounts(40, posts_per_day=0.25)
    rest = {
        "accounts": rows,
        "audience__users": 16_000,
        "platform__pools": (200, 10_000),
        "platform__pass_share": (0.001,),
        "platform__trickle": 5.0,
        "run__hours": 192,
        "content__rates__share": 0.0,
        "links__layout": "none",
    }
    return world(**FREE | rest | values)


@pytest.mark.system("P8")
def test_trickle_brings_as_many_views_with_every_doubling_of_age():
    # 1/age: between one day and two as many as between two and four; whole days, so that the hours of the day
    # weigh alike.
    counts = np.zeros(2)
    for seed in range(3):
        result = result_of(stopped_early(), seed)
        born = dict(
            result.videos.filter(pl.col("post_number") == 0).select("account", "published_hour").rows()
        )
        second = dict(
            result.videos.filter(pl.col("post_number") == 1).select("account", "published_hour").rows()
        )
        for hour, account, shown in result.hourly.select("hour", "account", "impressions").rows():
            age = hour - born[account]
            if (
                24 <= age < 96
                and hour < second.get(account, 10**9)
                and second.get(account, 10**9) >= born[account] + 96
            ):
                counts[int(math.log2(age / 24))] += shown
    assert counts[0] > 1_000
    assert abs(counts[0] - counts[1]) < 5 * math.sqrt(counts[0] + counts[1]) + 0.03 * counts[0]


@pytest.mark.system("P8")
def test_trickle_switched_off_ends_a_stopped_video():
    result = result_of(stopped_early(platform__trickle=0.0, run__hours=72))
    ended = result.videos.filter(pl.col("stop_reason") == "score below mark")
    assert len(ended) > 20
    judged = result.promotions.group_by("planned_by", "post_number").agg(pl.col("impressions").sum())
    both = ended.join(judged, on=("planned_by", "post_number"), suffix="_judged")
    assert both["impressions"].to_list() == both["impressions_judged"].to_list()
    assert ended["still_shown"].sum() == 0


@pytest.mark.system("P8")
def test_trickle_below_one_impression_a_day_ends():
    faint = result_of(stopped_early(platform__trickle=0.01, run__hours=120)).videos
    strong = result_of(stopped_early(platform__trickle=5.0, run__hours=120)).videos
    old = pl.col("published_hour") < 20
    assert faint.filter(old)["still_shown"].sum() < strong.filter(old)["still_shown"].sum()


@pytest.mark.system("P8")
def test_distribution_decays_with_age():
    stale, fresh = (
        np.mean(
            [
                s["impressions"]
                for s in summaries(
                    world(audience__users=20_000, platform__freshness_half_life_h=h, **FREE), range(8)
                )
            ]
        )
        for h in (3.0, 300.0)
    )
    assert stale < 0.8 * fresh


@pytest.mark.system("P8")
def test_late_revival_tries_a_stopped_video_once_more():
    revived = result_of(
        stopped_early(platform__revival_probability=1.0, platform__trickle=0.0, run__hours=96)
    )
    log = revived.promotions.sort("hour")
    again = log.filter(pl.col("decision") == "revive")
    assert set(again["reason"]) == {"late revival"}
    per_video = again.group_by("planned_by", "post_number").len()["len"]
    assert set(per_video) == {1}
    ages = again.join(
        revived.videos.select("planned_by", "post_number", "published_hour"), on=("planned_by", "post_number")
    )
    assert set((ages["hour"] + 1 - ages["published_hour"]) % 24) == {0}
    without = result_of(
        stopped_early(platform__revival_probability=0.0, platform__trickle=0.0, run__hours=96)
    )
    assert "revive" not in without.promotions["decision"].to_list()
    assert revived.summary["impressions"] > 1.2 * without.summary["impressions"]


@pytest.mark.system("P8")
def test_revival_comes_at_its_daily_chance():
    # A draw a day: after four days a share of 1 − 0.7⁴ has been tried again.
    tried = born = 0
    for seed in range(6):
        result = result_of(
            stopped_early(platform__revival_probability=0.3, platform__trickle=0.0, run__hours=120), seed
        )
        early = result.videos.filter(pl.col("published_hour") < 23, pl.col("post_number") == 0)
        stopped = (
            result.promotions.filter(pl.col("decision") == "stop")
            .group_by("planned_by", "post_number")
            .agg(pl.col("hour").min())
        )
        early = early.join(stopped, on=("planned_by", "post_number")).filter(
            pl.col("hour") < pl.col("published_hour") + 23
        )
        again = result.promotions.filter(pl.col("decision") == "revive").select(
            "planned_by", "post_number", again="hour"
        )
        both = early.join(again, on=("planned_by", "post_number"), how="left")
        born += len(both)
        tried += int((both["again"] < both["published_hour"] + 96).fill_null(value=False).sum())
    expected = 1 - 0.7**4
    assert born > 50
    assert abs(tried / born - expected) < 4 * math.sqrt(expected * (1 - expected) / born)
