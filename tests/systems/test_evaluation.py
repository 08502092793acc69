"""E, evaluation: the funnel narrows, by account, tier and channel."""

from functools import cache

import polars as pl
import pytest

from sim.engines.agents.people import User
from sim.language.vocabulary import COUNTS
from sim.model import MatrixModel
from tests.refresh import busy
from tests.systems.worlds import FREE, seeded


@cache
def campaign() -> MatrixModel:
    model = MatrixModel(
        seeded((0, 0, 0, 2, 10, 10), audience__users=20_000, links__layout="star", run__hours=60, **FREE),
        rng=1,
    )
    model.finish()
    return model


@pytest.mark.system("E1")
@pytest.mark.parametrize("by", [(), ("account",), ("origin",)])
def test_funnel_narrows_from_impression_to_like_to_comment(by):
    hourly = campaign().tables()["hourly"]
    rows = hourly.group_by(by).agg(pl.col(COUNTS).sum()) if by else hourly.select(COUNTS).sum()
    for stage, following in (
        ("impressions", "completions"),
        ("impressions", "likes"),
        ("impressions", "orders"),
    ):
        assert (rows[following] <= rows[stage]).all()
    for key in ("completions", "visits", "follows", "orders"):
        assert rows[key].sum() > 0


@pytest.mark.system("E1")
def test_funnel_narrows_from_view_to_fan_to_customer():
    summary = campaign().result().summary
    stage = campaign().users.array("stage")
    counts = [summary["impressions"], summary["reach"], *(int((stage >= k).sum()) for k in range(1, 5))]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
    assert summary["follows"] < summary["visits"] + summary["impressions"]


@pytest.mark.system("E1")
def test_funnel_is_there_by_account_tier_and_channel():
    tables = campaign().tables()
    by_tier = tables["accounts"].group_by("tier").agg(pl.col(COUNTS).sum())
    assert set(by_tier["tier"]) == {"", "waist", "junior", "amateur"}
    assert set(tables["hourly"]["origin"]) == {"recommend", "fans", "friends", "follow", "like", "mention"}
    for key in COUNTS:
        assert by_tier[key].sum() == tables["hourly"][key].sum() == tables["accounts"][key].sum()


@pytest.mark.system("E1")
def test_rates_are_counts_over_impressions():
    videos = campaign().tables()["videos"]
    for key in ("completion", "like", "comment", "share", "follow", "visit"):
        shown = videos.filter(pl.col("impressions") > 0)
        assert shown[f"{key}_rate"].to_list() == pytest.approx(
            (shown[f"{key}s"] / shown["impressions"]).to_list()
        )
        assert videos.filter(pl.col("impressions") == 0)[f"{key}_rate"].is_null().all()


@pytest.mark.system("E1")
def test_every_agent_of_the_funnel_can_be_followed():
    # In the agents engine a person's own history adds up to the tables.
    model = MatrixModel(busy(run__hours=24), rng=1, engine="agents")
    result = model.finish()
    people = list(model.agents_by_type[User])
    assert sum(person.orders for person in people) == result.summary["orders"]
    assert sum(bool(person.reached) for person in people) == result.summary["reach"]
    assert sum(len(person.follows) for person in people) == result.accounts["fans_end"].sum()
    assert sum(len(person.reached_by) for person in people) == result.accounts["reach"].sum()
