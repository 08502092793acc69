"""What is kept of a run that is held to facts: its videos with their looks at some ages, its traffic by hour.

Takes a simulation before its first hour and runs it; gives a `Sample`. Reads the run's state between hours
and changes nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.hour.events import SHARED
from sim.hour.run import Run, fans_inside
from sim.language.vocabulary import COUNTS
from sim.rules.engagement import ACTIONS
from sim.simulation import Simulation
from sim.validity.worlds import DAY_H, LOOK_AGAIN_H
from sim.world.board import FRIENDS, IMPRESSIONS
from sim.world.offers import LIST

WEEK_H = 7 * DAY_H
_HALF = np.uint64(32)


class Sample(NamedTuple):
    """A run, as far as facts ask."""

    videos: pl.DataFrame
    """A row a video: account, fans, published_hour, counts, views at 24 h (`day`), at 168 h (`week`) and
    `LOOK_AGAIN_H` before the end (`first_look`), shares that came from friends (`passed_on`), and log10 of
    its rates
    for a neutral person (`rate_` …)."""
    flow: NDArray[np.int64]
    """(H, origins, counts) of all accounts, by hour."""
    origins: tuple[str, ...]
    first_hour: int
    """of the day at which the run began"""
    hours: int
    pools: tuple[int, ...]


def watched(simulation: Simulation, unwanted: Callable[[], bool]) -> Sample:
    """Runs a simulation to its end, or until it is not wanted any more, and keeps what facts ask for."""
    run, hours = simulation.state, simulation.scenario.run.hours
    flow, looks = [], {name: np.zeros(0, np.int64) for name in ("day", "week", "first_look")}
    passed_on: list[NDArray[np.int64]] = []
    while simulation.running and not unwanted():
        simulation.advance()
        seen, born = run.tally.videos.sum(axis=1)[:, IMPRESSIONS], run.videos.rows["hour"]
        flow.append(run.last_tally.sum(axis=0))
        due = {"day": run.hour - born == DAY_H, "week": run.hour - born == WEEK_H,
               "first_look": np.full(born.size, run.hour == hours - LOOK_AGAIN_H)}  # fmt: skip
        for name, now in due.items():
            kept = np.append(looks[name], np.zeros(born.size - looks[name].size, np.int64))
            looks[name] = np.where(now, seen, kept)
        passed_on.append(_passed_on(run))
    counts = run.tally.videos.sum(axis=1)
    friends = np.bincount(np.concatenate(passed_on), minlength=counts.shape[0])
    # An audience that is used up is a pile too, and none of the ladder's.
    pools = tuple(size for size in run.scenario.platform.pools if 2 * size <= run.scenario.audience.users)
    totals = np.diff(np.array(flow), axis=0, prepend=np.zeros((1, *flow[0].shape), np.int64))
    return Sample(
        _videos(run, counts, {**looks, "passed_on": friends}), totals, tuple(run.accounts.origins),
        run.scenario.run.first_hour, hours, pools,
    )  # fmt: skip


def _passed_on(run: Run) -> NDArray[np.int64]:
    """Videos (n,) of this hour's shares by people to whom a friend had sent them, one a share."""
    shares, offers = run.heard(SHARED), run.offers
    if not shares.size or not run.named.size:
        return np.zeros(0, np.int64)
    row = (run.named >> _HALF).astype(np.int64)
    sent = (offers["kind"] == LIST) & (offers["origin"] == FRIENDS)
    named = run.named[sent[row]]
    video = offers["video"][(named >> _HALF).astype(np.int64)].astype(np.uint64)
    shown = video << _HALF | named & np.uint64(0xFFFFFFFF)
    both = shares["what"].astype(np.uint64) << _HALF | shares["person"].astype(np.uint64)
    passed: NDArray[np.int64] = shares["what"][np.isin(both, shown)].astype(np.int64)
    return passed


def _videos(run: Run, counts: NDArray[np.int64], looks: dict[str, Any]) -> pl.DataFrame:
    rows, accounts = run.videos.rows, run.accounts.rows
    fans = np.array(fans_inside(run.scenario, run.accounts))
    rates = np.log10(np.maximum(rows["appeal"].astype(np.float64), 1.0) / 2**32)
    return pl.DataFrame(
        {
            "account": [accounts[k].id for k in rows["author"].tolist()],
            "fans": fans[rows["author"]],
            "length_s": np.array([account.length_s for account in accounts])[rows["author"]],
            "published_hour": rows["hour"],
            **{name: counts[:, k] for k, name in enumerate(COUNTS)},
            **looks,
            **{f"rate_{action}": rates[:, k] for k, action in enumerate(ACTIONS)},
        }
    )
