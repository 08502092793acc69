"""What a fitted scenario is launched over again, and what is said of it beside the files."""

import datetime as dt

import polars as pl
import pytest

from sim.app.jobs.replaying import MOST_DAYS, period, scenario_of
from sim.app.pages.mydata.beside import said
from sim.errors import ScenarioError
from sim.language.words import Words
from sim.scenario.schema import Scenario
from tests.app.driving import CHINESE


def files(days: int, fans: int = 100) -> pl.DataFrame:
    """A video a day of one account, two of another."""
    start = dt.datetime.fromisoformat("2026-09-01T12:00")
    rows = [(name, start + dt.timedelta(days=day), 10, fans) for name in "abb" for day in range(days)]
    table = pl.DataFrame(rows, ["account", "published_at", "plays", "fans"], orient="row")
    return table.with_columns(impressions=pl.lit(None, pl.Int64))


def test_the_newest_days_are_launched_with_the_same_accounts_and_posts_and_nobody_paid() -> None:
    shown = period(files(40), "plays")
    assert shown is not None
    assert (str(shown.first), shown.days, shown.videos.height) == ("2026-09-13", MOST_DAYS, 3 * MOST_DAYS)
    plan = scenario_of(Scenario(name="x").with_values({"seeding.ratio": (0, 0, 0, 0, 1, 2)}), shown)
    assert {account.id: account.posts_per_day for account in plan.accounts} == {"a": 1.0, "b": 2.0}
    assert (plan.run.hours, sum(plan.seeding.counts)) == (24 * MOST_DAYS, 0)


def test_files_without_dates_cannot_be_launched_again_and_an_audience_too_small_is_said() -> None:
    undated = files(3).with_columns(published_at=pl.lit(None, pl.Datetime))
    assert period(undated, "plays") is None
    shown = period(files(3, fans=10**8), "plays")
    assert shown is not None
    with pytest.raises(ScenarioError, match="fans inside the audience"):
        scenario_of(Scenario(name="x"), shown)


@pytest.mark.parametrize(
    ("seen", "mean", "text"),
    [
        (5.0, 20.0, "even the least lucky launch"), (500.0, 20.0, "even the luckiest launch"),
        (25.0, 20.0, "agrees"), (11.0, 33.0, "3.0 times as much"), (90.0, 20.0, "only 22.2% of theirs"),
    ],
)  # fmt: skip
def test_it_is_said_on_which_side_of_the_launches_the_files_lie(seen: float, mean: float, text: str) -> None:
    row = {"column": "plays", "seen": seen, "low": 10.0, "mean": mean, "high": 100.0}
    assert text in said(row, Words("en"))
    assert CHINESE.search(said(row, Words("zh")))
