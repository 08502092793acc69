"""P, the pools: how a video enters, is judged and goes on; people of every shard alike."""

import math
from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.model import MatrixModel
from sim.platform.baseline import baseline
from sim.rules.engagement import ACTIONS
from sim.scenario.schema import Scenario
from tests.refresh import result_of, world
from tests.systems.worlds import QUIET, accounts, copies, decided, summaries, total


@pytest.mark.system("P1")
def test_first_pool_has_the_size_that_the_scenario_says():
    for size in (80, 400):
        # Nobody follows: a fan who met the video as a stranger would leave the pool short of one.
        unfollowed = {"content__rates__follow": 0.0, "links__visit_follow_probability": 0.0}
        scenario = world(
            accounts=accounts(4),
            audience__users=5_000,
            platform__pools=(size, 10 * size),
            **QUIET,
            **unfollowed,
        )
        first = decided(scenario, range(3)).filter(pl.col("pool") == 1)
        assert set(first["impressions"]) == {size}


@pytest.mark.system("P1")
def test_every_decision_is_recorded_with_its_reason():
    log = decided(world(audience__users=10_000), range(4))
    reasons = Counter(log.select("decision", "reason").rows())
    assert set(reasons) <= {
        ("promote", "score above mark"),
        ("stop", "score below mark"),
        ("stop", "top of the ladder"),
        ("stop", "audience exhausted"),
    }
    assert reasons["promote", "score above mark"] > 0 < reasons["stop", "score below mark"]


@pytest.mark.system("P1")
def test_promoted_videos_get_more():
    scenario = world(audience__users=20_000, audience__category_share=1.0, platform__pass_share=(0.7,))
    videos = pl.concat([result_of(scenario, seed).videos for seed in range(6)])
    stopped = videos.filter(pl.col("stop_reason") != "running")
    views = [n for _, n in sorted(stopped.group_by("pool").agg(pl.col("impressions").median()).rows())]
    assert len(views) > 2
    assert views == sorted(views)


@pytest.mark.system("P2")
def test_score_weighs_the_five_rates_against_the_category():
    only_likes = {f"platform__weights__{a}": 0.0 for a in ("completion", "comment", "share", "follow")}
    scenario = world(**only_likes, platform__weights__like=1.0)
    log = result_of(scenario).promotions
    usual = float(baseline(scenario).usual[1])
    expected = np.minimum(4.0, log["likes"] / log["impressions"] / usual)
    assert log["score"].to_numpy() == pytest.approx(expected.to_numpy())
    assert len(log) > 10


@pytest.mark.system("P2")
def test_weights_decide_whose_video_is_promoted():
    # One account is finished, the other is liked: each climbs where its own strength counts.
    def mean_pools(weights: dict[str, float]) -> tuple[float, float]:
        rows = (
            {"id": "finished", "role": "main", "opening": 2.5, "posts_per_day": 4.0},
            {"id": "liked", "ingredients": {"resonance": 1.0}, "posts_per_day": 4.0},
        )
        none = {f"platform__weights__{a}": 0.0 for a in ("completion", "like", "comment", "share", "follow")}
        chosen = {f"platform__weights__{a}": w for a, w in weights.items()}
        scenario = world(
            accounts=rows,
            audience__users=10_000,
            content__ingredient_gain=2.0,
            links__layout="none",
            **none | chosen,
        )
        videos = pl.concat([result_of(scenario, seed).videos for seed in range(4)])
        pools = dict(videos.group_by("account").agg(pl.col("pool").mean()).rows())
        return pools["finished"], pools["liked"]

    by_completion, by_likes = mean_pools({"completion": 1.0}), mean_pools({"like": 1.0})
    assert by_completion[0] > by_completion[1]
    assert by_likes[0] < by_likes[1]


@pytest.mark.system("P2")
def test_marks_move_with_the_category_so_that_its_videos_pass_alike():
    # A category whose rates are all half as high asks half as much.
    rates = {f"content.rates.{a}": getattr(world().content.rates, a) / 2 for a in ACTIONS}
    plain, modest = world(), world().with_values(rates)
    assert baseline(modest).usual == pytest.approx(baseline(plain).usual / 2, rel=1e-6)
    shares = []
    for scenario in (plain, modest):
        first = decided(
            scenario.with_values({"audience.users": 10_000, "audience.category_share": 1.0}), range(8)
        ).filter(pl.col("pool") == 1)
        shares.append((float((first["decision"] == "promote").mean()), len(first)))
    error = math.sqrt(sum(p * (1 - p) / n for p, n in shares))
    assert abs(shares[0][0] - shares[1][0]) < 4 * error


@pytest.mark.system("P3")
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_first_pool_mixes_fans_and_strangers_by_a_share(share):
    rows = ({"id": "main", "role": "main", "fans": 3_000, "posts_per_day": 2.0},)
    scenario = world(
        accounts=rows,
        audience__users=10_000,
        audience__category_share=1.0,
        platform__pools=(1_000, 5_000),
        platform__fan_share=share,
        platform__trickle=0.0,
        content__rates__share=0.0,
        content__rates__follow=0.0,
        links__visit_follow_probability=0.0,
        **QUIET,
    )
    results = [result_of(scenario, seed) for seed in range(4)]
    first = pl.concat([r.promotions for r in results]).filter(pl.col("pool") == 1)
    judged = first["impressions"].sum()
    posts = sum(len(r.videos) for r in results)
    fans = total(results, "hourly", "impressions", pl.col("origin") == "fans")
    assert len(first) > 10
    # Fans come by their own draws, strangers by the number: the share holds on the mean.
    assert fans / posts == pytest.approx(share * judged / len(first), rel=0.1, abs=1e-9)


@pytest.mark.system("P3")
def test_fans_see_a_video_first():
    rows = ({"id": "main", "role": "main", "fans": 1_000, "posts_per_day": 0.3},)
    scenario = world(accounts=rows, platform__fan_window_h=4, links__layout="none")
    for seed in range(4):
        result = result_of(scenario, seed)
        start = result.videos["published_hour"].min()
        hours = result.hourly.filter(pl.col("origin") == "fans", pl.col("impressions") > 0)["hour"]
        assert start <= hours.min()
        assert hours.max() < start + 4


@pytest.mark.system("P3")
def test_accounts_with_more_fans_start_with_more():
    first = []
    for fans in (0, 300, 3_000):
        rows = ({"id": "main", "role": "main", "fans": fans},)
        log = decided(world(accounts=rows, audience__users=10_000, **QUIET), range(4))
        first.append(log.filter(pl.col("pool") == 1)["impressions"].mean())
    assert first[0] < first[1] < first[2]


def identical(**values: Any) -> Scenario:
    """Accounts whose videos have the same rates, and no noise of pools or competition."""
    flat = {f"content__spread__{a}": 0.0 for a in ACTIONS}
    return copies(**{**flat, **QUIET, **values})


@pytest.mark.system("P4")
def test_identical_videos_end_in_different_pools_by_sampling_alone():
    model = MatrixModel(identical(), rng=1)
    videos = model.finish().videos
    assert (model.run_state.posts.appeal == model.run_state.posts.appeal[0]).all()
    assert videos["pool"].n_unique() > 1
    first = model.tables()["promotions"].filter(pl.col("pool") == 1)
    assert first["impressions"].n_unique() == 1
    assert first["completions"].n_unique() > 3


@pytest.mark.system("P4")
def test_noise_of_pools_and_competition_widens_the_spread_of_identical_videos():
    def spread(**noise: float) -> float:
        views = [result_of(identical(**noise), seed).videos["impressions"].to_numpy() for seed in range(12)]
        return float(np.log10(np.concatenate(views)).std())

    bare, noisy = spread(), spread(platform__pool_noise=0.5, platform__competition_noise=0.35)
    assert 0.1 < bare < noisy


@pytest.mark.system("P1")
def test_one_person_more_does_not_change_the_world():
    # 16,384 people fill a shard; the 16,385th opens another.
    def reach(users: int) -> np.ndarray:
        rows = accounts(3, posts_per_day=2.0)
        scenario = Scenario(name="edge").with_values(
            {
                "audience.users": users,
                "accounts": rows,
                "links.layout": "none",
                "run.hours": 48,
                "audience.category_share": 1.0,
            }
        )
        return np.array([s["reach"] for s in summaries(scenario, range(12))], float)

    change = reach(16_385) - reach(16_384)
    assert abs(change.mean()) < 4 * change.std(ddof=1) / math.sqrt(change.size)


@pytest.mark.system("P2")
@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_nothing_is_promoted_where_nobody_responds(engine):
    silent = {f"content__rates__{action}": 0.0 for action in ACTIONS}
    loud, still = (result_of(world(run__hours=48, **rates), engine=engine) for rates in ({}, silent))
    assert "promote" in loud.promotions["decision"].to_list()
    assert set(still.promotions.select("decision", "reason").rows()) == {("stop", "no response")}
    assert set(still.videos["stop_reason"]) <= {"no response", "running"}
    assert still.videos["pool"].max() == 1
    assert still.summary["impressions"] < loud.summary["impressions"]


@pytest.mark.system("P1")
def test_people_of_every_shard_are_shown_as_much():
    rows = accounts(3, posts_per_day=1.0)
    scenario = Scenario(name="edge").with_values(
        {"audience.users": 20_000, "accounts": rows, "links.layout": "none", "run.hours": 24}
    )

    def more_in_the_last(seed: int) -> float:
        model = MatrixModel(scenario, rng=seed)
        model.finish()
        reached = model.users.array("reached")
        return float(reached[16_384:].mean() - reached[:16_384].mean())

    # One run differs by a quarter, because a video's first impressions fall into few blocks.
    change = np.array([more_in_the_last(seed) for seed in range(16)])
    assert abs(change.mean()) < 4 * change.std(ddof=1) / math.sqrt(change.size)
    assert change.std(ddof=1) < 0.1


def follow_scores(fans: int, **values: Any) -> np.ndarray:
    """Scores at the end of the first exposure, where only the follow rate counts and nothing is noisy."""
    rows = ({"id": "main", "role": "main", "fans": fans, "posts_per_day": 4.0},)
    weights = {f"platform__weights__{a}": float(a == "follow") for a in ACTIONS[:5]}
    flat = {f"content__spread__{a}": 0.1 * (a == "follow") for a in ACTIONS}  # `score` needs some spread
    large = {
        "audience__users": 100_000, "audience__category_share": 1.0, "audience__fatigue_per_exposure": 0.0,
        "platform__pools": (6_000,), "platform__own_fan_power": 0.0, "platform__fan_share": 0.5,
        "content__rates__follow": 0.05, "content__rates__visit": 0.0, "run__hours": 40,
    }  # fmt: skip
    log = decided(world(accounts=rows, **weights, **flat, **large, **QUIET, **values), range(2))
    return log.unique(["planned_by", "post_number"], keep="first", maintain_order=True)["score"].to_numpy()


@pytest.mark.system("P2", "P3")
@pytest.mark.parametrize("model", ["pools", "score"])
def test_fans_who_cannot_follow_again_do_not_lower_the_follow_rate(model: str):
    without, having, of_all = (
        follow_scores(fans, platform__model=model, platform__follow_rate_of=of).mean()
        for fans, of in ((0, "could_follow"), (3_000, "could_follow"), (3_000, "all"))
    )
    # Half of the first exposure goes to the 3,000 fans; of the other half, 3 in 100 are fans by chance.
    assert having == pytest.approx(0.97 * without, rel=0.05)
    assert of_all == pytest.approx(0.5 * having, rel=0.1)
