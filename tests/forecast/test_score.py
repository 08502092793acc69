"""Scores of forecasts: what is counted, against what, and when."""

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from sim.analysis.scores import crps_normal
from sim.errors import UsageError
from sim.forecast.score import in_hindsight, scored
from sim.forecast.told import score_told
from tests.forecast.exports import AFTER, FIRST, foretold, posts, sources, videos

BEFORE = FIRST - timedelta(days=30)


def world(
    seed: int, mean: float = 3.0, sd: float = 0.5, bias: float = 0.0, wide: float = 1.0
) -> dict[str, Any]:
    """The score of a forecast of ten accounts that is off by a bias and too wide, 8 videos each."""
    rng = np.random.default_rng(seed)
    draws = {name: 10 ** rng.normal(mean + bias, wide * sd, 4_000) for name in "abcdefghij"}
    rows = [
        row
        for name in draws
        for row in (
            *posts(name, list(10 ** rng.normal(mean, sd, 8))),
            *posts(name, list(10 ** rng.normal(mean, sd, 6)), BEFORE),
        )
    ]
    return scored(foretold(draws), videos(rows), now=AFTER)


def test_a_true_forecast_covers_what_it_says_and_is_as_good_as_the_truth() -> None:
    found = world(1)
    assert found["videos"] == {"scored": 80, "before": 60, "left_out": {"before": 60}}
    for row in found["coverage"]:
        assert row["cases"] == 80
        assert row["low"] <= row["level"] <= row["high"]
    expected = 0.5 / np.sqrt(np.pi)
    assert found["crps_dex"] == pytest.approx(expected, rel=0.25)
    assert found["places"]["uniform"] > 0.01
    assert sum(found["places"]["tenths"]) == 80
    assert found["beside"]["historical"]["high"] > 0.9
    assert found["beside"]["log_normal"]["low"] < 1.1


def test_a_forecast_that_is_off_is_worse_than_both_plain_ones_and_uneven() -> None:
    found = world(2, bias=-1.0)
    assert all(row["low"] > 1.0 for row in found["beside"].values())
    assert found["places"]["uniform"] < 1e-6
    assert {row["high"] < row["level"] for row in found["coverage"]} == {True}
    told = " ".join(score_told(found, "en"))
    assert "too narrow, or off" in told
    assert "so it is worse" in told
    assert "mostly above its middle" in told


def test_a_forecast_that_is_too_wide_is_said_to_be() -> None:
    found = world(3, wide=4.0)
    assert found["coverage"][0]["low"] > 0.5
    assert "too wide" in " ".join(score_told(found, "en"))


def test_the_log_normal_is_the_closed_form_of_the_earlier_videos() -> None:
    past = [99.0, 999.0] * 5
    rows = [*posts("a", past, BEFORE), *posts("a", [499.0])]
    found = scored(foretold({"a": np.arange(1, 100)}), videos(rows), now=AFTER)
    logs = np.log10(1 + np.array(past))
    expected = crps_normal(logs.mean(), logs.std(ddof=1) * np.sqrt(1.1), np.log10(500.0))
    assert found["beside"]["log_normal"]["crps_dex"] == pytest.approx(float(expected))
    assert found["beside"]["log_normal"]["high"] is None
    json.dumps(found, allow_nan=False)
    assert "One account cannot tell" in " ".join(score_told(found, "en"))


def test_a_sure_forecast_scores_the_distance_in_dex() -> None:
    found = scored(foretold({"a": np.full(99, 999.0)}), videos(posts("a", [99.0, 9.0])), now=AFTER)
    assert found["crps_dex"] == pytest.approx((1.0 + 2.0) / 2)
    assert found["beside"] == {}


def test_each_video_that_is_not_scored_is_counted_with_its_reason() -> None:
    rows = [
        *posts("a", [10, 20]),
        *posts("a", [10], FIRST + timedelta(days=30)),
        *posts("a", [10], BEFORE),
        *posts("c", [10, 10, 10]),
        {"account": "a", "published_at": FIRST},
        {"account": "a", "plays": 5},
    ]
    found = scored(foretold({"a": np.arange(1, 100)}), videos(rows), now=AFTER)
    assert found["videos"]["scored"] == 2
    assert found["videos"]["left_out"] == {
        "without views or date": 2, "before": 1, "after": 1, "of other accounts": 3,
    }  # fmt: skip


def test_the_first_hour_counts_and_the_hour_after_the_last_does_not() -> None:
    rows = [
        *posts("a", [10]),
        *posts("a", [10], FIRST + timedelta(hours=719)),
        *posts("a", [10], FIRST + timedelta(hours=720)),
    ]
    assert scored(foretold({"a": [1, 2]}), videos(rows), now=AFTER)["videos"]["scored"] == 2


def test_accounts_that_the_export_calls_otherwise_are_named() -> None:
    table = videos(posts("学校官方号", [10, 20]))
    with pytest.raises(UsageError, match="学校官方号"):
        scored(foretold({"a": [1, 2]}), table, now=AFTER)
    found = scored(foretold({"a": [1, 2]}), table, names={"学校官方号": "a"}, now=AFTER)
    assert found["accounts"]["a"]["videos"] == 2


def test_a_forecast_is_not_scored_before_it_is_over() -> None:
    early = datetime.fromisoformat("2026-11-30T15:59:59+00:00")  # one second before midnight in Beijing
    table = videos(posts("a", [10]))
    with pytest.raises(UsageError, match="not over yet"):
        scored(foretold({"a": [1, 2]}), table, now=early)
    assert scored(foretold({"a": [1, 2]}), table, now=early + timedelta(seconds=1))


def test_a_forecast_made_once_its_time_had_begun_is_known_and_said() -> None:
    late = foretold({"a": [1, 2]}, made="2026-10-31T16:00:01+00:00")  # after midnight in Beijing
    assert in_hindsight(late)
    assert not in_hindsight(foretold({"a": [1, 2]}, made="2026-10-31T15:59:59+00:00"))
    found = scored(late, videos(posts("a", [10])), now=AFTER)
    assert "after its first day" in score_told(found, "en")[0]
    assert "第一天" in score_told(found, "zh")[0]


def test_totals_are_those_that_the_export_has() -> None:
    rows = posts("a", [4, 5], likes=3, follower_delta=-1)
    found = scored(foretold({"a": [1, 2]}), videos(rows), now=AFTER)
    totals = {row["total"]: row for row in found["totals"]}
    assert set(totals) == {"views", "likes", "posts"}
    assert (totals["views"]["seen"], totals["views"]["within"]) == (9, False)


def test_a_total_needs_its_number_of_every_video() -> None:
    rows = [*posts("a", [4], likes=3, shares=1), *posts("a", [5], FIRST + timedelta(days=1), shares=1)]
    found = scored(foretold({"a": [1, 2]}), videos(rows), now=AFTER)
    assert {row["total"] for row in found["totals"]} == {"views", "shares", "posts"}


@pytest.mark.parametrize(
    ("more", "given"),
    [
        ([], False),  # nothing of account b
        (posts("b", [7]), True),
        (posts("b", [7], BEFORE), True),  # none came in these days
        ([*posts("b", [7]), {"account": "b", "published_at": FIRST}], False),
        ([*posts("b", [7]), {"account": "b", "plays": 5}], False),
        ([*posts("b", [7]), {"published_at": FIRST, "plays": 5}], False),  # may be one of b
        ([*posts("b", [7]), {"account": "b", "published_at": BEFORE}], True),
        ([*posts("b", [7]), {"account": "c", "published_at": FIRST}], True),
    ],
)
def test_totals_are_given_where_the_export_has_all_that_was_foretold(
    more: list[dict[str, Any]], given: bool
) -> None:
    found = scored(foretold({"a": [1, 2], "b": [1, 2]}), videos([*posts("a", [4]), *more]), now=AFTER)
    assert bool(found["totals"]) is given
    assert ("No totals" in " ".join(score_told(found, "en"))) is not given


def test_sources_of_scored_videos_stand_beside_what_was_said() -> None:
    table = sources(
        [
            ("a", "a0", "推荐", 0.75),
            ("a", "a0", "关注", 0.25),
            ("a", "old", "推荐", 0.0),
            ("a", "a0", "直播间", 0.0),
        ]
    )
    found = scored(foretold({"a": [1, 2]}), videos(posts("a", [10])), table, now=AFTER)
    rows = {row["place"]: row for row in found["sources"]}
    assert (rows["recommend"]["seen"], rows["recommend"]["within"]) == (0.75, True)
    assert found["unknown_sources"] == ["直播间"]


def test_the_same_data_have_the_same_fingerprint_in_any_order() -> None:
    rows = posts("a", [10, 20, 30])
    one = scored(foretold({"a": [1, 2]}), videos(rows), now=AFTER)
    other = scored(foretold({"a": [1, 2]}), videos(rows[::-1]), now=AFTER)
    assert one == other
    changed = scored(foretold({"a": [1, 2]}), videos(posts("a", [10, 20, 31])), now=AFTER)
    assert changed["data"] != one["data"]


def test_the_fingerprint_is_of_all_that_a_score_rests_on() -> None:
    told, rows = foretold({"a": [1, 2], "b": [1, 2]}), videos([*posts("a", [10]), *posts("b", [20])])
    shares = [sources([("a", "a0", "推荐", share)]) for share in (0.5, 0.6)]
    exports = [(None, {}), (None, {"a": "b"}), (shares[0], {}), (shares[1], {}), (shares[0], {"a": "b"})]
    prints = {scored(told, rows, table, names=names, now=AFTER)["data"] for table, names in exports}
    assert len(prints) == len(exports)
    assert scored(told, rows, sources([]), now=AFTER)["data"] in prints  # no row is no table
