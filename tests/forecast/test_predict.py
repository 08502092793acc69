"""A forecast is what the runs say, and the same for the same scenario and seeds."""

import json
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.analysis.scores import QUANTILES
from sim.experiment.replicate import run
from sim.forecast.predict import forecast
from sim.scenario.schema import Scenario

PLAN = Scenario.load("classroom").with_values(
    {"run.hours": 48, "audience.users": 3_000, "platform.inside_share": 0.6}
)
DAY = date.fromisoformat("2026-11-01")
NOW = datetime(2026, 10, 30, 12, tzinfo=UTC)
SEEDS = 3


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return forecast(PLAN, DAY, seeds=SEEDS, workers=1, now=NOW)


def test_views_are_all_impressions_inside_and_outside_over_all_runs_and_posts(made: dict[str, Any]) -> None:
    views = []
    for k in range(SEEDS):
        videos = run(PLAN, PLAN.run.seed + k, threads=1).videos.filter(account="school")
        views += (videos["impressions"] + videos["outside_impressions"]).to_list()
        assert videos["outside_impressions"].sum() > 0
    expected = np.quantile(views, QUANTILES, method="weibull")
    assert made["posts"]["school"] == pytest.approx(expected.tolist())


def test_totals_are_of_all_accounts_of_the_brand(made: dict[str, Any]) -> None:
    runs = [run(PLAN, PLAN.run.seed + k, threads=1).videos for k in range(SEEDS)]
    own = [account.id for account in PLAN.accounts if account.role != "creator"]
    videos = [table.filter(pl.col("account").is_in(own)) for table in runs]
    assert set(made["totals"]) == {""}
    totals = made["totals"][""]
    assert set(totals) == {"views", "likes", "comments", "shares", "posts"}
    assert totals["posts"][0] == totals["posts"][-1] == videos[0].height  # a plan, no luck
    views = [table["impressions"].sum() + table["outside_impressions"].sum() for table in videos]
    assert totals["views"] == pytest.approx(np.quantile(views, QUANTILES, method="weibull").tolist())


def test_it_says_what_it_was_made_of_and_when(made: dict[str, Any]) -> None:
    assert made["made_at"] == "2026-10-30T12:00:00+00:00"
    assert (
        Scenario.from_toml(made["scenario"]) == PLAN if hasattr(Scenario, "from_toml") else made["scenario"]
    )
    assert made["seeds"] == [PLAN.run.seed, SEEDS]
    assert len(made["made_by"]["rules_version"]) == 16
    assert set(made["sources"]) <= {"recommend", "follow", "search", "nearby", "home", "other"}
    assert sum(place["mean"] for place in made["sources"].values()) == pytest.approx(1.0)


def test_the_same_scenario_and_seeds_give_the_same_on_any_number_of_workers(made: dict[str, Any]) -> None:
    assert json.dumps(forecast(PLAN, DAY, seeds=SEEDS, workers=2, now=NOW)) == json.dumps(made)
