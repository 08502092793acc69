"""A hit is what few of the category match at three days, and cannot be bought (P2)."""

import numpy as np
import polars as pl
import pytest

from sim.errors import ScenarioError
from sim.experiment.replicate import run
from sim.platform.hits import category_views, hit_mark
from sim.scenario.explain import explain
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.system("P2")

SMALL = Scenario(name="small").with_values(
    {
        "audience.users": 20_000,
        "platform.pools": [60, 250, 800, 2_000],
        "accounts": [{"id": "main", "role": "main", "fans": 500, "posts_per_day": 12.0}],
        "run.hours": 120,
        "brand.gpm_cny": 0.0,
    }
)


@pytest.mark.parametrize("model", PLATFORM_MODELS)
def test_the_mark_is_above_99_in_100_of_the_category_under_the_model_in_use(model):
    plan = SMALL.with_values({"platform.model": model})
    views = category_views(plan.platform, plan.content)
    assert hit_mark(plan) == np.sort(views)[int(0.99 * views.size)] + 1
    assert (views >= hit_mark(plan)).mean() == pytest.approx(0.01, abs=0.002)
    assert np.median(views) < hit_mark(plan) / 3


def test_the_mark_hangs_on_the_category_and_neither_on_the_seed_nor_on_the_scenarios_own_accounts():
    other = {
        "run.seed": 9,
        "audience.users": 90_000,
        "accounts.0.fans": 9_000,
        "seeding.ratio": [0, 0, 0, 0, 1, 9],
    }
    assert hit_mark(SMALL.with_values(other)) == hit_mark(SMALL)
    assert hit_mark(SMALL.with_values({"platform.pools": [60, 250, 800, 8_000]})) > hit_mark(SMALL)


def test_videos_younger_than_three_days_are_left_out():
    found = run(SMALL)
    old = found.videos.filter(pl.col("published_hour") <= 120 - 72).height
    assert 0 < old < found.videos.height
    assert found.summary["hit_rate"] == found.summary["hit_videos"] / old
    young = run(SMALL.with_values({"run.hours": 71})).summary
    assert (young["hit_videos"], young["hit_rate"], young["hit_mark"]) == (0, None, None)


def test_a_good_account_has_more_than_its_share_of_hits_and_a_poor_one_none():
    alone = {
        "platform.same_day_elasticity": 0.0,
        "platform.account_heat_sd": 0.0,
    }  # the category does not crowd
    rate = {
        quality: run(SMALL.with_values({"accounts.0.quality": quality, **alone})).summary["hit_rate"]
        for quality in (0.3, 4.0)
    }
    assert rate[0.3] <= 0.01 < rate[4.0]


@pytest.mark.parametrize("hit", ["p99", 1_500])
def test_a_hit_cannot_be_bought(hit):
    plan = SMALL.with_values(
        {"platform.hit": hit, "accounts.0.quality": 0.2, "sharing.open_probability": 0.0}
    )
    boosts = [
        {"account": "main", "post": str(k), "budget_cny": 500.0, "start_hour": 0, "hours": 24}
        for k in range(6)
    ]
    bought = run(plan.with_values({"paid.boosts": boosts}))
    assert (bought.videos["impressions"] > 1_500).sum() >= 6
    assert bought.summary["hit_videos"] == run(plan).summary["hit_videos"] <= 1


def test_a_breakout_is_above_five_times_the_median_of_the_accounts_last_posts():
    found = run(SMALL.with_values({"accounts.0.posts_per_day": 24.0, "content.spread.completion": 0.9}))
    assert 0 < found.summary["breakout_videos"] < 0.3 * found.videos.height
    flat = {"content.spread.completion": 0.0, "content.spread.engagement_correlation": 0.0}
    flat |= {f"content.spread.{rate}": 0.0 for rate in ("like", "comment", "share", "follow", "visit")}
    calm = run(SMALL.with_values({**flat, "platform.pools": [60], "platform.pool_noise": 0.0}))
    assert calm.summary["breakout_videos"] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hit_impressions = 500", ("platform.hit", "hit_impressions")),
        ('hit = "p95"', ("p99, or a whole number from 1", "p95")),
        ("hit = 0", ("p99, or a whole number from 1",)),
        ("hit = 1.5", ("p99, or a whole number from 1",)),
    ],
)
def test_what_is_no_mark_is_refused_with_what_is(text, said):
    with pytest.raises(ScenarioError) as error:
        Scenario.loads(f'name = "x"\n[platform]\n{text}\n')
    assert all(part in str(error.value) for part in said)


def test_it_goes_through_a_file_and_is_told_in_words():
    for hit, words in (("p99", ("99 in 100", "99%")), (7_000, ("7,000", "7000"))):
        plan = Scenario.loads(f'name = "x"\n[platform]\nhit = {hit!r}\n')
        assert Scenario.loads(plan.to_toml()) == plan
        assert plan.platform.hit == hit
        assert words[0] in explain(plan, "en")
        assert words[1].replace(",", "") in explain(plan, "zh").replace(",", "")
