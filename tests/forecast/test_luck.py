"""Luck of the accounts of an export."""

from datetime import timedelta

import numpy as np
import pytest

from sim.analysis.account_luck import prior_of
from sim.errors import UsageError
from sim.forecast.luck import luck_of
from sim.forecast.told import luck_rows, luck_told
from sim.scenario.schema import Scenario
from tests.forecast.exports import FIRST, posts, videos

PLAN = Scenario.load("classroom")


def export(seed: int, worst: float = 0.0, **more: object) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    rows = []
    for k, name in enumerate(("甲", "乙", "丙", "丁")):
        views = 10 ** rng.normal(3 - (worst if k == 2 else 0), 0.45, 25)
        rows += posts(name, list(views), finish_rate=0.3, fans=1_000 * (k + 1), **more)
    return rows


def test_the_account_that_is_surely_below_its_peers_is_first_and_named() -> None:
    found = luck_of(videos(export(1, worst=1.0)), PLAN)
    assert found.names[0] == "丙"
    assert found.rows[0].below > 0.99
    assert "丙" in luck_told(found, "en")[0]
    assert "丙" in luck_told(found, "zh")[0]
    assert [row.luck for row in found.rows] == sorted(row.luck for row in found.rows)


def test_accounts_of_one_luck_are_not_told_apart_and_four_rest_on_the_scenario() -> None:
    found = luck_of(videos(export(2)), PLAN)
    assert all(row.low < 0 < row.high for row in found.rows)
    assert all(row.to_halve is None or row.to_halve > 0 for row in found.rows)
    told = luck_told(found, "en")
    assert told[0].startswith("No account")
    assert "their luck (0.35 dex)" in told[1]
    assert found.taken_out == ("fans", "age", "finish_rate")


def test_young_videos_are_no_bad_luck() -> None:
    """All of one account's videos are a day old and have a tenth of the views: age is taken out."""
    rng = np.random.default_rng(3)
    rows = []
    for name in ("甲", "乙", "丙"):
        for k in range(40):
            age = float(rng.choice([0.2, 40.0])) if name != "丙" else 0.2
            grown = 0.0 if age > 1 else -1.0
            rows += posts(
                name, [10 ** (3 + grown + rng.normal(0, 0.3))], FIRST - timedelta(days=age, seconds=k)
            )
    found = luck_of(videos(rows), PLAN)
    own = dict(zip(found.names, found.rows, strict=True))["丙"]
    assert own.raw < -0.3
    assert own.low < 0 < own.high


def test_views_alone_are_enough() -> None:
    rows = [{"account": name, "plays": 100 * k} for name in "ab" for k in range(1, 5)]
    found = luck_of(videos(rows), PLAN)
    assert found.taken_out == ()
    assert all(np.isfinite(row.luck) for row in found.rows)


def test_rows_without_account_or_views_are_counted() -> None:
    rows = [*export(4), {"account": "甲"}, {"plays": 3}]
    found = luck_of(videos(rows), PLAN)
    assert found.left_out == 2
    assert "2 videos" in luck_told(found, "en")[-1]


def test_one_account_has_no_peers() -> None:
    with pytest.raises(UsageError, match="甲"):
        luck_of(videos(posts("甲", [1, 2, 3])), PLAN)


def test_the_prior_is_what_the_scenario_says_and_the_default_where_it_is_off() -> None:
    assert prior_of(PLAN.with_values({"platform.account_luck_sd": 0.2})).between == 0.2
    assert prior_of(PLAN.with_values({"platform.account_luck_sd": 0.0})).between == 0.35


def test_every_account_has_a_row_in_both_languages() -> None:
    found = luck_of(videos(export(5, worst=1.0)), PLAN)
    for language in ("en", "zh"):
        rows = luck_rows(found, language)
        assert [row[0] for row in rows] == list(found.names)
        assert all(len(row) == 8 for row in rows)
