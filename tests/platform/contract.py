"""What every platform model promises (sim/platform/protocol.py), as checks that take a model's name.

A model inherits them by standing in `sim.platform.models.MODELS`. A check raises AssertionError where a
promise is broken; faults.py breaks each on purpose.
"""

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.analysis.shares import wilson
from sim.analysis.steps import steps
from sim.engines.agents.people import User
from sim.hour.run import Mechanism, Standing
from sim.language.vocabulary import COUNTS, FEED_ORIGINS
from sim.platform.logged import COLUMNS
from sim.platform.protocol import DECISIONS, REASONS, RUNNING, STOPPED
from sim.rules import pools as rule
from sim.rules.draws import ONE_32
from sim.scenario.schema import Scenario
from sim.simulation import Simulation
from sim.world.board import JUDGED, OTHER, TO_FANS
from sim.world.offers import QUOTA, WINDOW
from tests.refresh import WORLDS, busy, result_of
from tests.sweeps.test_split import split

SPREAD_DEX = (0.55, 1.15)
"""Sd of log10 of final views over accounts of mixed size: measured about 1.1, within one account 0.3-0.7."""
MEDIAN = (235, 960)
"""Views of a small account's median post, by a factor of two: measured 459-489 (Buffer, 150,000 accounts)."""
FANS = (0, 100, 300, 3_000, 30_000, 100_000)
MIXED = Scenario.from_dict(
    {
        "name": "mixed",
        "audience": {"users": 200_000, "category_share": 1.0},
        "accounts": [
            {"id": "main", "role": "main", "fans": 0},
            *({"id": f"{fans}-{k}", "fans": fans, "posts_per_day": 2.0} for fans in FANS for k in range(4)),
            *(
                {"id": f"creator {fans}-{k}", "role": "creator", "tier": "junior", "fans": fans}
                for fans in (10_000, 100_000, 1_000_000)
                for k in range(3)
            ),
        ],
        "links": {"layout": "none"},
        "run": {"hours": 192},
    }
)
OLD_H = 96
HIT = 10_000
"""Videos published before it have lived long enough for their views to be final."""
WIDE = busy(audience__users=60_000, platform__pools=(14_000, 40_000), platform__pace_h=(2,), run__hours=20)
"""More than 14,000 impressions in some hour, over four shards: threads really work."""


class Outcome:
    """One model under the scenarios of the contract, each run once."""

    def __init__(self, model: str) -> None:
        self.model = model

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario under this model, which decides on what was counted: not on rates by reach."""
        return scenario.with_values({"platform.model": self.model, "dilution.rates": False})

    @cached_property
    def scarce(self) -> "Followed":
        """A world whose slots do not do, followed hour by hour."""
        return Followed(self.of(WORLDS["revived, scarce"].with_values({"audience.category_share": 0.004})))

    @cached_property
    def halved(self) -> "Followed":
        """A world where half of what is recommended falls outside and videos revive, likewise followed."""
        half = {"platform.inside_share": 0.5, "platform.revival_probability": 0.2}
        return Followed(self.of(WORLDS["quiet"].with_values(half)))

    @cached_property
    def plenty(self) -> "Followed":
        """A busy world with slots enough, followed hour by hour."""
        return Followed(self.of(WORLDS["busy mesh"]))

    @cached_property
    def finals(self) -> pl.DataFrame:
        """Videos of accounts of mixed size, old enough, with `views` over the whole platform."""
        videos = result_of(self.of(MIXED)).videos.filter(pl.col("published_hour") < OLD_H)
        return videos.with_columns(views=pl.col("impressions") + pl.col("outside_impressions"))


class Followed:
    """A run whose offers and decisions were looked at in every hour."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        simulation = Simulation(scenario, 1)
        self.offers: list[np.ndarray[Any, Any]] = []
        self.judged: list[np.ndarray[Any, Any]] = []
        try:
            while simulation.running:
                simulation.advance()
                self.offers.append(simulation.state.offers[simulation.state.offers["side"] != OTHER])
                self.judged.append(simulation.state.responder.tally().videos[:, [JUDGED, TO_FANS]])
            self.result, self.run = simulation.result(), simulation.state
        finally:
            simulation.close()
        self.log = self.run.platform.decisions()


def conserves(given: Outcome) -> None:
    """Everything shown was offered and is counted once; nothing is negative."""
    for seen in (given.scarce, given.plenty, given.halved):
        result, state = seen.result, seen.run.platform.state
        for key in COUNTS:
            assert result.hourly[key].sum() == result.accounts[key].sum() == result.summary[key]
        shown = dict(result.hourly.group_by("origin").agg(pl.col("impressions").sum()).rows())
        quotas = sum(int(offers["quota"].sum()) for offers in seen.offers)
        assert 0 < shown["recommend"] <= quotas
        for offers in seen.offers:
            quota, window = (offers[offers["kind"] == kind] for kind in (QUOTA, WINDOW))
            assert quota.size + window.size == offers.size
            assert (quota["quota"] > 0).all()
            assert (window["low"] < window["high"]).all()
            assert (window["high"] <= ONE_32).all()
            for kind in (quota, window):
                assert np.unique(kind["video"]).size == kind.size
        assert (state["outside"] >= 0).all()
        assert result.videos["outside_impressions"].sum() == state["outside"].sum()
    # Of what is recommended, half falls outside; fans are all inside here.
    outside = int(given.halved.run.platform.state["outside"].sum())
    inside = sum(int(offers["quota"].sum()) for offers in given.halved.offers)
    assert inside > 500
    assert abs(outside - inside) <= given.halved.run.videos.size


def keeps_slots(given: Outcome) -> None:
    """Quotas of an hour stay within the slots, and use them up where they do not do."""
    people, start = given.scarce.scenario.audience, given.scarce.scenario.run.first_hour
    used = []
    for hour, offers in enumerate(given.scarce.offers):
        weight = rule.hour_weight(start + hour)
        slots = rule.hourly_slots(people.users, people.daily_impressions, people.category_share, weight)
        quota = int(offers["quota"].sum())
        assert quota <= slots
        used.append(quota / slots)
    assert max(used) > 0.8


def shows_nobody_twice(given: Outcome) -> None:
    """Over quotas, windows and friends alike: asked of one agent a person, whose digest is the columns'."""
    shown: Counter[tuple[int, int]] = Counter()
    see = User.see

    def watched(self: User, hour: Any, video: int, *how: Any) -> int:
        shown[self.number, video] += 1
        return see(self, hour, video, *how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(User, "see", watched)
        result = result_of(given.plenty.scenario, engine="agents")
    feed = result.hourly.filter(pl.col("origin").is_in(FEED_ORIGINS))["impressions"].sum()
    assert shown.total() == feed > 1000
    assert max(shown.values()) == 1
    assert result.digest == given.plenty.result.digest


def replays_its_log(given: Outcome) -> None:
    """Decisions follow from what was counted, and what becomes of a video from its decisions."""
    for seen in (given.halved, given.plenty):
        platform, log = seen.run.platform, seen.log
        assert log.shape[1] == len(COLUMNS)
        assert len(log) > 10
        assert np.array_equal(platform.replay(log), log)
        state = platform.state
        for v in range(state.size):
            own = log[log[:, 0] == v]
            assert (np.diff(own[:, 1]) > 0).all()
            named = [DECISIONS[int(d)] for d in own[:, 5]]
            assert state[v]["pool"] == named.count("promote")
            ended = bool(named) and named[-1] == "stop"
            assert (state[v]["status"] != RUNNING) == ended
            if ended:
                assert state[v]["reason"] == own[-1, 6]
        # What a decision was taken on is what had been counted, in all or since the last one.
        for row in log[log[:, 5] == STOPPED]:
            since = [seen.judged[int(row[1])][int(row[0])]]
            since += [
                since[0] - seen.judged[int(h)][int(row[0])]
                for h in log[(log[:, 0] == row[0]) & (log[:, 1] < row[1]), 1]
            ]
            told = [[*both.sum(axis=0)[:6], both[0, 0]] for both in since]  # of the follow rate, strangers
            assert row[7:].tolist() in told, REASONS[int(row[6])]


def has_no_steps(given: Outcome) -> None:
    """Views do not pile up at the sizes of the ladder, nor at the first exposure."""
    views = given.finals["views"].to_numpy()
    assert steps(views, given.of(MIXED).platform.pools[:4]).p_value > 0.01


def spreads_views(given: Outcome) -> None:
    """Over accounts of mixed size as measured, and a small account's median post as measured."""
    views, account = given.finals["views"].to_numpy(), given.finals["account"]
    low, high = SPREAD_DEX
    assert low < np.log10(np.maximum(views, 1)).std() < high
    small = account.str.contains(r"^(main|0-|100-|300-)").to_numpy()
    assert MEDIAN[0] < np.median(views[small]) < MEDIAN[1]


def has_finite_odds_of_a_hit(given: Outcome) -> None:
    """What an ordinary brand calls a hit, 10,000 views, is neither certain nor out of reach."""
    hits = int((given.finals["views"] >= HIT).sum())
    low, high = wilson(hits, given.finals.height)
    assert 0 < hits < given.finals.height
    assert 0.01 < low < high < 0.5


def agrees_however_it_is_run(given: Outcome) -> None:
    """One, two and three threads, and people split over two portions."""
    scenario = given.of(WIDE)
    alone = result_of(scenario)
    per_hour = alone.hourly.group_by("hour").agg(pl.col("impressions").sum())["impressions"].max()
    assert isinstance(per_hour, int)
    assert per_hour > 14_000
    for threads in (2, 3):
        assert result_of(scenario, threads=threads).digest == alone.digest
    assert split(scenario, 2).digest == alone.digest


def heeds_standing(given: Outcome) -> None:
    """First exposure, mark and quota follow their factors; factors of 1 change nothing."""
    plain = given.plenty

    def under(first: float, mark: float, quota: float, hours: int | None = None) -> tuple[Any, Any]:
        class Weighing(Mechanism):
            def standing(self, run: Any) -> Standing:
                ones = np.ones(run.videos.size)
                return Standing(first * ones, mark * ones, quota * ones)

        simulation = Simulation(plain.scenario, 1)
        simulation.state.mechanisms += (Weighing(simulation.state),)
        try:
            while simulation.running and simulation.state.hour != hours:
                simulation.advance()
            return simulation.result(), simulation.state
        finally:
            simulation.close()

    assert under(1.0, 1.0, 1.0)[0].digest == plain.result.digest
    start = int(plain.run.videos.rows["hour"].min())  # later, other people follow
    once, twice = (under(first, 1.0, 1.0, hours=start + 1)[1] for first in (1.0, 2.0))
    new = once.videos.rows["hour"] == start
    change = (twice.platform.state["whole"] - 2 * once.platform.state["whole"])[new]
    assert (np.abs(change) <= 1).all()  # whole impressions
    shown = plain.result.summary["impressions"]
    assert under(1.0, 1e6, 1.0)[0].summary["impressions"] < 0.95 * shown
    still = under(1.0, 1.0, 0.0)[1].platform.state
    assert (still["quota"] == 0).all()
    assert (still["allotted"] == 0).all()


CHECKS: tuple[Callable[[Outcome], None], ...] = (
    conserves,
    keeps_slots,
    shows_nobody_twice,
    replays_its_log,
    has_no_steps,
    spreads_views,
    has_finite_odds_of_a_hit,
    agrees_however_it_is_run,
    heeds_standing,
)
