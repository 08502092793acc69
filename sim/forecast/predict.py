"""A forecast: what a scenario says of the days to come, frozen so that it can be scored when they are over.

Takes a scenario and a first day; runs K seeds; gives a document: the scenario itself, rules and versions,
when it was made, and quantiles of the views of one post of each account, of totals and of shares by source.
They stand at 1 to 99 %, read off so that they stand for 99 exchangeable draws (`analysis.scores`).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import polars as pl

from sim.analysis.scores import QUANTILES, issued
from sim.experiment.replicate import Job, replicate
from sim.forecast.ledger import FORECAST
from sim.forecast.places import shares_of_run
from sim.results import Result, input_hash
from sim.scenario.schema import Scenario
from sim.simulation import made_by

FEWEST_SEEDS: Final = 19
"""Runs below which no interval holds 90 % (see `scores.central`)."""
TOTALS: Final = ("views", "likes", "comments", "shares", "posts")
"""Of all brand accounts together, over the whole window."""
COUNTED: Final = ("likes", "comments", "shares")
"""Totals that are columns of a run's videos."""


def forecast(
    scenario: Scenario,
    first_day: date,
    *,
    seeds: int = 32,
    workers: int | None = None,
    now: datetime | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The forecast of a scenario from a day on, for its `run.hours`.

    Args:
        scenario: what is to come.
        first_day: whose midnight (as the exports count it) is hour 0.
        seeds: runs, from the scenario's seed on; FEWEST_SEEDS at least for intervals that hold 90 %.
        workers: runs at a time.
        now: when it is made; this moment if left out.
        progress: called with (runs done, runs in all).
    Returns:
        An entry of a ledger.
    """
    first = scenario.run.seed
    jobs = [Job(0, scenario, first + k) for k in range(seeds)]
    found: dict[int, tuple[pl.DataFrame, dict[str, float], dict[str, float]]] = {}
    own = tuple(account.id for account in scenario.accounts if account.role != "creator")
    for job, result in replicate(jobs, workers=workers, want="result"):
        found[job.seed] = _said(result, own)
        if progress:
            progress(len(found), seeds)
    runs = [found[seed] for seed in sorted(found)]
    made = made_by("columns", 1, 0.0)
    return {
        "kind": FORECAST,
        "made_at": (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "first_day": first_day.isoformat(),
        "hours": scenario.run.hours,
        "scenario": scenario.to_toml(),
        "input_hash": input_hash(scenario),
        "made_by": {key: made[key] for key in ("matrixsim", "rules_version", "python", "packages")},
        "seeds": [first, seeds],
        "levels": list(QUANTILES),
        "posts": _by_account([run[0] for run in runs], own),
        "totals": {"": {total: _quantiles([run[1][total] for run in runs]) for total in TOTALS}},
        "sources": _sources([run[2] for run in runs]),
    }


def _said(result: Result, own: Sequence[str]) -> tuple[pl.DataFrame, dict[str, float], dict[str, float]]:
    """Of a run: views of each post of the brand, their totals, shares by source."""
    videos = result.videos.filter(pl.col("account").is_in(list(own))).with_columns(
        views=pl.col("impressions") + pl.col("outside_impressions")
    )
    totals = {
        "views": float(videos["views"].sum()), "posts": float(videos.height),
        **{total: float(videos[total].sum()) for total in COUNTED},
    }  # fmt: skip
    return videos.select("account", "views"), totals, shares_of_run(result.hourly, own)


def _by_account(posts: Sequence[pl.DataFrame], own: Sequence[str]) -> dict[str, list[float]]:
    """Quantiles of the views of one post of each account, over its posts in all runs; of those that post."""
    views = pl.concat(posts)
    found = {name: views.filter(account=name)["views"].to_list() for name in own}
    return {name: _quantiles(numbers) for name, numbers in found.items() if numbers}


def _sources(runs: Sequence[Mapping[str, float]]) -> dict[str, dict[str, Any]]:
    """Mean and quantiles of the share of each place."""
    by_place: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        for place, share in run.items():
            by_place[place].append(share)
    return {
        place: {"mean": float(np.mean(shares)), "quantiles": _quantiles(shares)}
        for place, shares in by_place.items()
        if any(shares)
    }


def _quantiles(numbers: Sequence[float]) -> list[float]:
    return [round(float(number), 6) for number in issued(numbers)]
