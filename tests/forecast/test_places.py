"""Where views come from, in the words of exports."""

import polars as pl
import pytest

from sim.forecast.places import beside_quantiles, place_of, seen_shares, shares_of_run
from sim.language.places import PLACES
from sim.language.vocabulary import ORIGIN, ORIGINS
from tests.forecast.exports import sources


def test_every_origin_has_a_place() -> None:
    assert {origin.place for origin in ORIGIN.values()} == set(PLACES)
    assert [key for key in ORIGINS if ORIGIN[key].place == "other"] == ["friends", "paid", "topic"]


def test_names_of_exports_are_known_whatever_their_spaces_and_case() -> None:
    assert [place_of(name) for name in ("推荐", " 关注", "搜索", "同城", "个人主页", "For You")] == [
        "recommend", "follow", "search", "nearby", "home", "recommend",
    ]  # fmt: skip
    assert place_of("直播间") is None


def test_shares_of_a_run_are_of_the_accounts_asked_for() -> None:
    hourly = pl.DataFrame(
        {
            "account": ["a", "a", "a", "b"],
            "origin": ["recommend", "fans", "mention", "recommend"],
            "impressions": [60, 30, 10, 1_000],
        }
    )
    shares = shares_of_run(hourly, ["a"])
    assert {place: share for place, share in shares.items() if share} == {
        "recommend": 0.6, "follow": 0.3, "home": 0.1,
    }  # fmt: skip
    assert shares_of_run(hourly, ["nobody"]) == {}


def test_videos_count_by_their_plays_and_what_is_left_is_other() -> None:
    table = sources(
        [("a", "1", "推荐", 0.9), ("a", "1", "关注", 0.1), ("a", "2", "推荐", 0.4), ("a", "2", "直播间", 0.2)]
    )
    shares, strange = seen_shares(table, {"1": 100.0, "2": 300.0})
    assert shares["recommend"] == pytest.approx((0.9 * 100 + 0.4 * 300) / 400)
    assert shares["other"] == pytest.approx(0.6 * 300 / 400)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert strange == ("直播间",)


def test_shares_that_sum_to_more_than_one_are_parts_of_their_sum() -> None:
    shares, _ = seen_shares(sources([("a", None, "推荐", 1.0), ("a", None, "关注", 1.0)]))
    assert shares["recommend"] == pytest.approx(0.5)


def test_no_rows_give_no_shares() -> None:
    assert seen_shares(sources([])) == ({}, ())
    assert seen_shares(sources([("a", "1", "推荐", 0.0)])) == ({}, ())


def test_an_export_stands_beside_the_interval_over_runs() -> None:
    draws = {
        "recommend": [0.6 + k / 1_000 for k in range(1, 100)],
        "follow": [0.4 - k / 1_000 for k in range(1, 100)],
    }
    told = {place: {"mean": 0.5, "quantiles": shares} for place, shares in draws.items()}
    rows = {
        row.place: row for row in beside_quantiles(told, {"recommend": 0.5, "follow": 0.35, "home": 0.15})
    }
    assert rows["recommend"].low == pytest.approx(0.605)
    assert rows["recommend"].high == pytest.approx(0.695)
    assert rows["recommend"].within is False
    assert rows["follow"].within is True
    assert (rows["home"].share, rows["home"].within) == (0.0, False)
    assert "search" not in rows  # neither has any
