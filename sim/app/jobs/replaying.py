"""What a fitted scenario brings over the time of the files it was fitted to, beside what they hold.

Takes the newest days of the files; launches the same accounts, posts and days without what was not on file:
creators, promotion, waves. The videos of a fit alone would not do: an audience can be too small for them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from sim.app.jobs import store
from sim.app.jobs.own_accounts import with_own
from sim.app.jobs.own_data import accounts, calibrating, fitted_to
from sim.app.jobs.questions import Calibrating, Replaying
from sim.calibration.sample import sample_of
from sim.experiment.replicate import Job, replicate
from sim.experiment.size import refuse_too_large
from sim.forecast.predict import FEWEST_SEEDS
from sim.scenario.schema import Scenario

MOST_DAYS = 28
"""Newest days of the files that are launched again (chosen): a quarter would take minutes."""
KEPT = ("name", "audience", "platform", "content", "dilution", "sharing", "links")
"""Sections of the scenario that stay: what was fitted, and people."""
FANS_CAME = pl.coalesce("follows", "follower_delta")


class Period(NamedTuple):
    """The newest days of somebody's videos."""

    first: date
    days: int
    videos: pl.DataFrame
    """of the accounts that are listed, with views and a date"""


def period(videos: pl.DataFrame, base: str) -> Period | None:
    """What is launched again; None where no video has a date."""
    told = videos.drop_nulls(["account", "published_at", base])
    day = pl.col("published_at").dt.date()
    ends = told.select(first=day.min(), last=day.max()).row(0)
    if None in ends:
        return None
    first = max(ends[0], ends[1] - timedelta(days=MOST_DAYS - 1))
    listed = [row["account"] for row in accounts(videos)]
    within = told.filter(day >= first, pl.col("account").is_in(listed))
    return Period(first, (ends[1] - first).days + 1, within)


def scenario_of(fitted: Scenario, shown: Period) -> Scenario:
    """The scenario with the period's accounts, posts and days, and nothing else.

    Raises:
        ScenarioError: the audience cannot hold the accounts' fans.
    """
    rows = [row | {"per_day": row["videos"] / shown.days} for row in accounts(shown.videos)]
    document = with_own(fitted.model_dump(mode="json"), rows)
    own = [account for account in document["accounts"] if account["role"] != "creator"]
    run = {"hours": 24 * shown.days, "seed": fitted.run.seed}
    bare = {key: document[key] for key in KEPT} | {"brand": {"gpm_cny": 0}}
    return Scenario.from_dict({**bare, "accounts": own, "run": run})


def replaying(request: Replaying, folder: Path, tick: Callable[[int, int], None]) -> dict[str, Any]:
    """Totals of the newest days of the files, each beside the mean and ends over launches of the fit."""
    asked = Calibrating(request.scenario, request.users, request.data)
    fit = store.found(asked) or calibrating(asked, folder, lambda _done, _total: None)
    videos = fitted_to(request)
    base = sample_of(videos).base
    shown = period(videos, base)
    if shown is None:
        return {"rows": []}
    plan = scenario_of(Scenario.loads(fit["fitted"]), shown)
    refuse_too_large(plan, alone=False)
    jobs = [Job(0, plan, plan.run.seed + k) for k in range(FEWEST_SEEDS)]
    runs = list[tuple[float, float]]()
    for _, summary in replicate(jobs):
        runs.append((summary["impressions"] + summary["outside_impressions"], summary["follows"]))
        tick(len(runs), len(jobs))
    brought = pl.DataFrame(runs, ["views", "fans"], orient="row")
    came = shown.videos.select(FANS_CAME.alias("fans"))["fans"]
    rows = [_row(base, shown.videos[base], brought["views"])]
    if not came.has_nulls():
        rows.append(_row("follows", came, brought["fans"]))
    return {
        "rows": rows, "first": str(shown.first), "days": shown.days, "videos": shown.videos.height,
        "accounts": shown.videos["account"].n_unique(), "launches": len(jobs), "users": plan.audience.users,
    }  # fmt: skip


def _row(column: str, seen: pl.Series, brought: pl.Series) -> dict[str, Any]:
    ends = {"low": brought.min(), "mean": brought.mean(), "high": brought.max()}
    return {"column": column, "seen": float(seen.sum()), **ends}
