"""Promises 5 and 6 of model.md, section 6: everything adds up, and nobody is shown a video twice."""

from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sim.engines.agents.people import User
from sim.language.vocabulary import COUNTS, FEED_ORIGINS, LINK_ORIGINS
from sim.platform.baseline import baseline
from sim.platform.logged import FOLLOWABLE
from sim.rules.brand import INTERESTED
from sim.rules.pools import HOUR_PROFILE, competition, rate_score
from sim.world.board import CONTINUED
from tests.invariants.worlds import COUPLED, finished, outcome
from tests.refresh import WORLDS, busy, result_of, world
from tests.systems.worlds import ALIKE

# --- 5: conservation ---

RUNS = [(name, seed) for name in WORLDS for seed in ((1, 2) if name in COUPLED else (1,))]

everywhere = pytest.mark.parametrize(("name", "seed"), RUNS)


@everywhere
def test_hours_accounts_and_origins_add_up_to_the_total(name, seed):
    result = outcome(name, seed)
    total = {key: result.summary[key] for key in COUNTS}
    assert {key: result.hourly[key].sum() for key in COUNTS} == total
    assert {key: result.accounts[key].sum() for key in COUNTS} == total
    by_account = result.hourly.group_by("account").agg(pl.col(COUNTS).sum()).sort("account")
    quiet = result.accounts.filter(pl.col("account").is_in(by_account["account"].implode()))
    assert_frame_equal(by_account, quiet.select("account", *COUNTS).sort("account"))
    assert result.hourly.select("hour", "account", "origin").is_duplicated().any() is False


@everywhere
def test_videos_add_up_to_the_total(name, seed):
    result = outcome(name, seed)
    for key in ("impressions", "completions", "likes", "comments", "shares", "orders"):
        assert result.videos[key].sum() == result.summary[key]
    assert result.videos["outside_impressions"].sum() == result.summary["outside_impressions"]
    # A visit counts for a video when it came from watching one: not when a list or an @ led to the page.
    to_pages = pl.col("origin").is_in(["follow", "mention"])
    from_videos = result.hourly.filter(~to_pages)["visits"].sum()
    assert result.videos["visits"].sum() == from_videos
    assert result.videos["follows"].sum() <= result.summary["follows"]


@everywhere
def test_flows_by_channel_are_the_visits_of_that_origin(name, seed):
    result = outcome(name, seed)
    for channel in LINK_ORIGINS:
        hourly = result.hourly.filter(pl.col("origin") == channel)
        flows = result.flows.filter(pl.col("channel") == channel)
        for key in ("visits", "impressions", "follows"):
            assert flows[key].sum() == hourly[key].sum()
        into = flows.group_by("to").agg(pl.col("visits").sum()).filter(pl.col("visits") > 0).sort("to")
        onto = hourly.group_by("account").agg(pl.col("visits").sum()).filter(pl.col("visits") > 0)
        assert dict(into.rows()) == dict(onto.rows())


@everywhere
def test_fans_at_the_end_are_fans_at_the_start_and_who_came_and_went(name, seed):
    accounts = outcome(name, seed).accounts
    left = accounts["fans_start"] + accounts["follows"] - accounts["unfollows"]
    assert accounts["fans_end"].to_list() == left.to_list()
    board = finished(name, seed).run_state.board
    assert np.bitwise_count(board.fans).sum(axis=1).tolist() == accounts["fans_end"].to_list()
    assert board.fan_count.sum(axis=1).tolist() == accounts["fans_end"].to_list()


@everywhere
def test_every_walk_ends_once(name, seed):
    # Visitors who go on and visitors who leave are all visitors: walks begin in the feed or over an @, so a
    # visit that begins none was made by a visitor who went on, and each walk has one last page.
    result, run = outcome(name, seed), finished(name, seed).run_state
    visits = dict(result.hourly.group_by("origin").agg(pl.col("visits").sum()).rows())
    begun = sum(visits.get(origin, 0) for origin in (*FEED_ORIGINS, "mention"))
    went_on = int(run.responder.tally().flows[-1, CONTINUED])
    assert went_on == visits.get("follow", 0) + visits.get("like", 0)
    assert result.summary["visits"] - went_on == begun


@everywhere
def test_nobody_follows_more_often_than_they_watch_or_visit(name, seed):
    accounts = outcome(name, seed).accounts
    assert (accounts["follows"] <= accounts["impressions"] + accounts["visits"]).all()
    assert (accounts["unfollows"] <= accounts["follows"]).all()


@everywhere
def test_no_count_is_negative_and_no_action_outnumbers_its_impressions(name, seed):
    result = outcome(name, seed)
    for table in result.tables.values():
        for column in table.select(pl.selectors.integer()):
            assert (column >= 0).all(), column.name
    for table in (result.hourly, result.videos, result.accounts):
        for key in ("completions", "likes", "comments", "shares", "orders"):
            assert (table[key] <= table["impressions"]).all()


@everywhere
def test_reach_is_people_and_no_more_than_impressions(name, seed):
    result, board = outcome(name, seed), finished(name, seed).run_state.board
    assert result.summary["reach"] == finished(name, seed).users.array("reached").sum()
    assert result.summary["reach"] == int(np.bitwise_count(np.bitwise_or.reduce(board.reached, axis=0)).sum())
    assert result.summary["reach"] <= min(result.summary["users"], result.summary["impressions"])
    assert (result.accounts["reach"] <= result.accounts["impressions"]).all()
    assert result.accounts["reach"].max() <= result.summary["reach"] <= result.accounts["reach"].sum()


@everywhere
def test_orders_are_what_people_ordered(name, seed):
    result, users = outcome(name, seed), finished(name, seed).users
    orders, stage = users.array("orders"), users.array("stage")
    assert result.summary["orders"] == orders.sum()
    assert ((orders > 0) == (stage >= 3)).all()
    assert ((orders > 1) == (stage == 4)).all()
    assert result.summary["gmv_cny"] == pytest.approx(result.summary["orders"] * WORLDS[name].brand.price_cny)


@everywhere
def test_nobody_is_touched_without_an_impression(name, seed):
    alone = finished(name, seed).users.where(reached=0)
    assert not any(alone.array(field).any() for field in ("trust", "exposures", "orders", "day"))
    assert set(alone.array("stage").tolist()) <= {0, INTERESTED}  # some look for it anyway


@everywhere
def test_recommended_impressions_fit_into_the_slots_of_the_hour(name, seed):
    result, scenario = outcome(name, seed), WORLDS[name]
    shown = dict(
        result.hourly.filter(pl.col("origin") == "recommend")
        .group_by("hour")
        .agg(pl.col("impressions").sum())
        .rows()
    )
    audience, start = scenario.audience, int(scenario.run.start.split()[1][:2])
    day = audience.users * audience.daily_impressions * audience.category_share
    for hour, impressions in shown.items():
        # A platform counts whole impressions, and carries what part of one falls outside the audience.
        carried = len(result.videos) if WORLDS[name].seeding.ratio else 0
        assert impressions <= day * HOUR_PROFILE[(start + hour) % 24] + carried


def test_scarce_slots_are_used_up_in_some_hours():
    # Otherwise the bound above is never put to the test.
    result, scenario = outcome("revived, scarce"), WORLDS["revived, scarce"]
    shown = (
        result.hourly.filter(pl.col("origin") == "recommend")
        .group_by("hour")
        .agg(pl.col("impressions").sum())
    )
    day = scenario.audience.users * scenario.audience.daily_impressions * scenario.audience.category_share
    used = [n / (day * HOUR_PROFILE[hour % 24]) for hour, n in shown.rows()]
    assert max(used) > 0.9
    assert (
        outcome("revived, scarce").summary["impressions"]
        < result_of(WORLDS["revived, scarce"].with_values({"audience.category_share": 1.0})).summary[
            "impressions"
        ]
    )


@everywhere
def test_decisions_replay_from_the_counts_they_were_taken_on(name, seed):
    result, run = outcome(name, seed), finished(name, seed).run_state
    yard = baseline(WORLDS[name])
    noise = WORLDS[name].platform.competition_noise
    key_of = {
        (run.accounts.rows[a].id, n): np.uint64(key)
        for a, n, key in run.videos.rows[["planner", "number", "key"]].tolist()
    }
    rated = ("completions", "likes", "comments", "shares", "follows")
    followable = run.platform.decisions()[:, FOLLOWABLE]
    for row, able in zip(result.promotions.iter_rows(named=True), followable.tolist(), strict=True):
        if row["decision"] == "revive":
            continue
        assert able <= row["impressions"]
        assert row["follow_rate"] == (row["follows"] / able if able else None)
        bases = (*[row["impressions"]] * 4, able)
        parts = zip((row[key] for key in rated), bases, yard.usual, yard.weights, strict=True)
        score = 0.0
        for count, base, usual, weight in parts:
            score += rate_score(count, base, float(usual), float(weight))
        key = key_of[row["planned_by"], row["post_number"]]
        mark = float(yard.marks[row["pool"] - 1]) * competition(key, row["pool"] - 1, noise)
        assert (row["score"], row["threshold"]) == (score, mark)
        match row["decision"], row["reason"]:
            case "promote", reason:
                assert (reason, score >= mark, row["pool"] < yard.sizes.size) == (
                    "score above mark",
                    True,
                    True,
                )
            case "stop", "score below mark":
                assert score < mark
            case "stop", "no response":
                assert score == mark == 0
            case "stop", "top of the ladder":
                assert score >= mark
                assert row["pool"] == yard.sizes.size
            case "stop", reason:
                assert reason == "audience exhausted"


@everywhere
def test_videos_climb_one_pool_at_a_time_and_stop_once(name, seed):
    result = outcome(name, seed)
    for (account, number), log in result.promotions.group_by("planned_by", "post_number"):
        steps = log.sort("hour").select("pool", "decision").rows()
        final = result.videos.filter(pl.col("planned_by") == account, pl.col("post_number") == number)
        pool, stopped = 1, False
        for at, decision in steps:
            assert at == pool
            assert (decision == "revive") == stopped
            pool += decision == "promote"
            stopped = decision == "stop"
        assert final["pool"].item() == pool
        assert (final["stop_reason"].item() == "running") == (not stopped)


@pytest.mark.parametrize("name", ["busy mesh", "seeded"])
def test_counts_of_a_stopped_ladder_are_within_the_videos_own(name):
    result = outcome(name)
    judged = result.promotions.group_by("planned_by", "post_number").agg(pl.col("impressions", "likes").sum())
    both = judged.join(result.videos, on=("planned_by", "post_number"), suffix="_all")
    assert (both["impressions"] <= both["impressions_all"]).all()
    assert (both["likes"] <= both["likes_all"]).all()


@pytest.mark.parametrize("budget", [0.0, 199.0, 5_000.0, 60_000.0])
def test_money_for_creators_stays_within_the_budget(budget):
    result = result_of(
        busy(
            audience__users=20_000,
            run__hours=48,
            seeding__ratio=(0, 0, 0, 2, 6, 8),
            seeding__window_h=24,
            seeding__budget_cny=budget,
        )
    )
    creators = result.accounts.filter(pl.col("role") == "creator")
    assert creators["cost_cny"].sum() <= budget
    assert creators["posts"].max() in (None, 1)  # some never post
    assert result.summary["cost_cny"] == pytest.approx(result.accounts["cost_cny"].sum())


def test_costs_are_posts_accounts_and_link_actions():
    scenario, result = WORLDS["busy star"], outcome("busy star")
    price = {a.id: a.cost_per_post_cny for a in scenario.accounts}
    for row in result.accounts.iter_rows(named=True):
        expected = (
            row["posts"] * price[row["account"]]
            + row["link_actions"] * scenario.links.cost_per_link_action_cny
            + scenario.structure.cost_per_account_cny * scenario.run.hours / 720
        )
        assert row["cost_cny"] == pytest.approx(expected, abs=0.01)
    posts = dict(result.accounts.select("account", "posts").rows())
    # In a star the main account follows each sub and likes its posts, and each sub does so with the main
    # account; a caption of a sub names the main account, one of the main account two subs.
    subs = {a: n for a, n in posts.items() if a != "main"}
    expected = {a: 1 + posts["main"] + n for a, n in subs.items()}
    expected["main"] = len(subs) + sum(subs.values()) + 2 * posts["main"]
    assert dict(result.accounts.select("account", "link_actions").rows()) == expected


# --- 6: seen once ---


@pytest.mark.parametrize("name", ["busy mesh", "revived, scarce"])
def test_nobody_is_shown_a_video_twice_in_the_feed(name, monkeypatch):
    shown: Counter[tuple[int, int]] = Counter()
    origins: Counter[int] = Counter()
    see = User.see

    def watched(self: User, hour: Any, video: int, origin: int, edge: int, counts: Any) -> int:
        shown[self.number, video] += 1
        origins[origin] += 1
        return see(self, hour, video, origin, edge, counts)

    monkeypatch.setattr(User, "see", watched)
    result = result_of(WORLDS[name], engine="agents")
    feed = result.hourly.filter(pl.col("origin").is_in(FEED_ORIGINS))["impressions"].sum()
    assert shown.total() == feed > 1000
    assert set(origins) == {0, 1, 2}
    assert max(shown.values()) == 1


@pytest.mark.parametrize("fans", [0, 150])
def test_video_that_everybody_is_offered_reaches_everybody_once(fans):
    scenario = world(
        audience__users=300,
        audience__category_share=1.0,
        platform__pools=(600,),
        platform__pool_noise=0.0,
        platform__pace_h=(12,),
        content__rates__share=0.3,
        links__layout="none",
        accounts=({"id": "main", "role": "main", "fans": fans, "posts_per_day": 0.5},),
        run__hours=96,
        **ALIKE,
    )
    result = result_of(scenario)
    done = result.videos.filter(pl.col("stop_reason") == "audience exhausted")
    assert set(done["impressions"]) == {300}
    assert result.videos["impressions"].max() == 300
    assert result.summary["reach"] == 300
    feed = dict(result.hourly.group_by("origin").agg(pl.col("impressions").sum()).rows())
    assert {"recommend", "friends"} <= set(feed)
    assert ("fans" in feed) == (fans > 0)
