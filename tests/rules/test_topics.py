"""Topic heat (P9): counted over a window, a page shared among videos, nothing while no topic is hot."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.pools import hour_weight
from sim.rules.topics import heat, listed_views, page_views
from sim.scenario.explain import explain
from sim.simulation import Simulation
from tests.refresh import ACCOUNTS, busy, result_of
from tests.rules.opened import NO_FORCES

pytestmark = pytest.mark.system("P9")
TOPIC_OF = {"main": "food", "一号": "food", "a sub": "music", "Z": "food"}
"""What the accounts post most about; a tie goes to the topic that comes first, as Z's audience does too."""
ENGAGED = ("likes", "comments", "shares")


def hot(**values):
    keys = {"heat": True, "threshold": 60, "page_share": 0.1} | values
    return busy(
        links__layout="none", run__hours=48, **{f"topics__{key}": value for key, value in keys.items()}
    )


@given(st.integers(0, 10**6), st.integers(1, 300))
def test_a_page_gives_all_its_views_away_and_the_newest_never_get_less(views, videos):
    parts = [listed_views(views, videos, place) for place in range(videos)]
    assert sum(parts) == views
    assert all(newer >= older for newer, older in pairwise(parts))
    assert parts[0] - parts[-1] <= 1


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 100))
def test_more_posts_and_more_engagement_are_never_cooler(posts, engagements, weight):
    assert heat(posts + 1, engagements, weight) >= heat(posts, engagements, weight)
    assert heat(posts, engagements + 1, weight) > heat(posts, engagements, weight)


def test_a_day_of_a_page_is_the_share_of_its_people():
    day = sum(page_views(1_000_000, 0.01, hour_weight(hour)) for hour in range(24))
    assert day == pytest.approx(10_000, abs=24)


def expected(result, scenario):
    """Views of each topic's page by hour, counted anew from the tables."""
    terms = scenario.topics
    topic = pl.col("account").replace_strict(TOPIC_OF).alias("topic")
    hourly, videos = result.hourly.with_columns(topic), result.videos.with_columns(topic)
    found = {}
    for hour in range(scenario.run.hours):
        within = (pl.col("hour") < hour) & (pl.col("hour") >= hour - terms.window_h)
        since = pl.col("published_hour") > hour - terms.window_h
        for name in set(TOPIC_OF.values()):
            posts = videos.filter(pl.col("topic") == name).with_columns(hour=pl.col("published_hour"))
            counts = hourly.filter(within, pl.col("topic") == name).select(ENGAGED).sum().row(0)
            warmth = terms.post_weight * posts.filter(within).height + sum(counts)
            if warmth >= terms.threshold and posts.filter(since, pl.col("hour") <= hour).height:
                people = round(scenario.audience.users * scenario.audience.topics[name])
                found[hour, name] = page_views(people, terms.page_share, hour_weight(hour))
    return {key: views for key, views in found.items() if views}


@pytest.mark.parametrize(("window_h", "threshold"), [(5, 12), (48, 60)])
def test_pages_open_while_what_was_counted_within_the_window_passes_the_threshold(window_h, threshold):
    scenario = hot(window_h=window_h, threshold=threshold, post_weight=5)
    result = result_of(scenario)
    topic = pl.col("account").replace_strict(TOPIC_OF).alias("topic")
    shown = result.hourly.filter(origin="topic").group_by("hour", topic).agg(pl.sum("impressions"))
    wanted = expected(result, scenario)
    assert {(hour, name): views for hour, name, views in shown.iter_rows()} == wanted
    assert 5 < len(wanted) < 2 * scenario.run.hours - 5  # it opens, and it is not always open


def test_the_accounts_post_most_about_what_is_said_above():
    for account in ACCOUNTS:
        mix = account.get("topics", {"food": 0.5, "music": 0.2, "sport": 0.3})
        assert max(sorted(mix), key=mix.get) == TOPIC_OF[account["id"]]


def test_a_hot_topic_without_anything_to_gain_changes_nothing():
    assert result_of(hot(lift=1.0, page_share=0.0)).digest == result_of(hot(heat=False)).digest


def test_a_threshold_that_nobody_reaches_changes_nothing():
    assert result_of(hot(threshold=10**9)).digest == result_of(hot(heat=False)).digest


def test_the_videos_of_a_hot_topic_start_higher_and_others_stay():
    more = []
    for seed in range(12):
        plain = result_of(hot(lift=1.0, page_share=0.0), seed).videos
        lifted = result_of(hot(lift=1.5, page_share=0.0), seed).videos
        both = plain.join(lifted, on=["planned_by", "post_number"], suffix="_lifted")
        own = both.filter(pl.col("account").replace_strict(TOPIC_OF) == "food")
        more.append(own["impressions_lifted"].sum() - own["impressions"].sum())
    assert np.mean(more) > 3 * np.std(more, ddof=1) / np.sqrt(len(more))


def test_a_lift_is_laid_on_a_video_once_when_it_comes_out_or_when_its_topic_becomes_hot():
    # Hot from the first post on, or from the first engagement after it: either way the lift is one factor.
    for threshold in (1, 60):
        plan = hot(threshold=threshold, lift=1.5, page_share=0.0).with_values(NO_FORCES)
        simulation = Simulation(plan, 1)
        run, seen = simulation.state, set()
        try:
            while simulation.running:
                simulation.advance()
                laid = run.standing.first * run.standing.quota_factor
                seen |= set(laid.round(9).tolist())
        finally:
            simulation.close()
        assert seen <= {1.0, 1.5}
        assert 1.5 in seen


def test_a_scenario_tells_of_it():
    english, chinese = explain(hot()), explain(hot(), "zh")
    assert "a topic is hot from 60 engagements within 48 h, a post counting for 10." in english
    assert "48 小时内的互动（每条视频折合 10 次）达到 60 次" in chinese
    assert "Topic heat" not in explain(hot(heat=False))


def test_a_run_in_which_no_topic_was_hot_says_how_far_the_hottest_came():
    (told,) = result_of(hot(threshold=1_000_000)).summary["warnings"]
    assert told["code"] == "never_hot"
    most = int(told["text_en"].split("reached ")[1].split(" of")[0].replace(",", ""))
    assert f"{most:,}" in told["text_zh"]
    assert result_of(hot(threshold=most)).summary["warnings"] == []
    assert result_of(hot(threshold=most + 1)).summary["warnings"] != []
    assert result_of(hot(heat=False)).summary["warnings"] == []
