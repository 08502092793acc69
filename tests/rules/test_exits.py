"""Exits of videos: comments and shared topics are taken at their rate, sink, and are found on the link."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.exits import exit_chance, exit_taken
from sim.scenario.explain import explain
from sim.world.exits import EXIT, NO_VIDEO, Exits, hang_exits
from sim.world.videos import VIDEO
from tests.refresh import result_of
from tests.systems.worlds import accounts, linked, near, total

pytestmark = pytest.mark.system("M7")
SHARES = st.floats(0, 1)
SCARCE = {"audience__users": 20_000, "platform__pools": (250,), "sharing__open_probability": 0.0}
"""Nobody is sent a video, and few meet one twice."""
STILL = {"content__rates__follow": 0.0, "content__rates__visit": 0.0, "links__visit_follow_probability": 0.0,
         "links__page_view_probability": 0.0}  # fmt: skip


@given(SHARES, SHARES, st.integers(0, 20), st.integers(0, 300), st.integers(1, 200))
def test_what_is_older_or_further_down_is_taken_less_and_nothing_past_its_window(
    p, decay, place, age, window
):
    found = exit_chance(p, decay, place, age, window)
    assert exit_chance(p, decay, place + 1, age, window) <= found <= p
    assert exit_chance(p, decay, place, age + 1, window) <= found
    assert exit_chance(p, decay, place, window + age, window) == 0.0


def exits(*rows: tuple[int, int, int]):
    """Of (video, chance, account)."""
    return np.array([(v, chance, account, NO_VIDEO, 0, 0) for v, chance, account in rows], EXIT)


def test_the_exits_of_a_video_stand_side_by_side_and_no_draw_takes_two():
    table = Exits()
    table.put(9, exits((3, 10, 0), (1, 20, 1)))
    table.put(7, exits((3, 5, 2), (3, 7, 3)))
    rows = table.now()
    assert rows["video"].tolist() == [1, 3, 3, 3]
    assert rows["limit"].tolist() == [20, 5, 12, 22]
    assert rows["origin"].tolist() == [9, 7, 7, 9]
    taken = [int(rows["account"][exit_taken(draw, rows, 1, 4)]) for draw in range(22)]
    assert [taken.count(account) for account in (2, 3, 0)] == [5, 7, 10]
    videos = np.zeros(5, VIDEO)
    hang_exits(rows, table.now()[:0], videos)
    assert (videos["exit_to"] - videos["exit_from"]).tolist() == [0, 1, 0, 3, 0]
    table.put(9, exits((3, 10, 0))[:0])
    hang_exits(table.now(), rows, videos)
    assert (videos["exit_to"] - videos["exit_from"]).tolist() == [0, 0, 0, 2, 0]


def pair(channel: str, **values):
    """a00 posts; a01 comments beneath it, or posts under the same topic once before."""
    rows = accounts(2, posts_per_day=0.0, fans=0)
    mine = {**rows[0], "posts_per_day": 4.0, "first_post_h": 3.0}
    sister = {**rows[1], "posts_per_day": 0.1, "first_post_h": 0.0}
    rest = {"run__hours": 48, "links__comment_share": 1.0}
    return linked([("a00", "a01", channel)], accounts=(mine, sister), **rest | SCARCE | STILL | values)


LASTING = {"links__comment_window_h": 2_000, "links__topic_window_h": 2_000}


@pytest.mark.parametrize(("channel", "count"), [("comment", "visits"), ("topic", "impressions")])
def test_viewers_take_an_exit_as_often_as_is_said(channel, count):
    results = [
        result_of(pair(channel, **LASTING, **{f"links__{channel}_probability": 0.1}), seed)
        for seed in range(1, 5)
    ]
    seen = total(results, "hourly", "impressions", pl.col("account") == "a00")
    taken = total(results, "hourly", count, pl.col("origin") == channel)
    assert near(taken, 0.1 * 0.988 * seen)  # aged a day of 2,000 h on the mean
    assert total(results, "flows", count, pl.col("channel") == channel) == taken
    assert {row for r in results for row in r.flows.select("from", "to").rows()} == {("a00", "a01")}


@pytest.mark.parametrize("channel", ["comment", "topic"])
def test_an_exit_closes_with_its_window(channel):
    narrow = {f"links__{channel}_window_h": 1, f"links__{channel}_probability": 0.5}
    result = result_of(pair(channel, **narrow))
    taken = result.hourly.filter(pl.col("origin") == channel)["hour"].unique().to_list()
    stands = result.videos.filter(pl.col("account") == ("a00" if channel == "comment" else "a01"))
    assert set(taken) <= set(stands["published_hour"])
    assert taken or channel == "topic"  # the sister posted before anybody could open the topic


def test_whoever_comments_or_joins_a_topic_pays_for_it():
    plan = pair("comment", links__cost_per_link_action_cny=2.0)
    result = result_of(plan)
    assert dict(result.accounts.select("account", "link_actions").rows()) == {
        "a00": 0, "a01": result.videos.filter(account="a00").height,
    }  # fmt: skip
    tagged = dict(result_of(pair("topic")).accounts.select("account", "link_actions").rows())
    assert tagged == {"a00": result.videos.filter(account="a00").height, "a01": 0}


def test_the_comment_lands_on_a_page_and_the_topic_on_a_video():
    open_ = {"links__page_view_probability": 1.0, "links__comment_probability": 0.2}
    came = result_of(pair("comment", **open_)).flows.row(0, named=True)
    assert came["visits"] == came["impressions"] > 0  # each looks at the newest video there
    rates = {"content__rates__visit": 0.5, "links__topic_probability": 0.2}
    found = result_of(pair("topic", **rates)).flows.row(0, named=True)
    assert 0 < found["visits"] < found["impressions"]


def test_a_scenario_tells_of_its_channels():
    said = explain(pair("comment")), explain(pair("comment"), "zh")
    assert "(comment)" in said[0]
    assert "Comments: beneath 100% of a sister's videos" in said[0]
    assert "评论互动" in said[1]
    assert "Comments:" not in explain(pair("follow"))
