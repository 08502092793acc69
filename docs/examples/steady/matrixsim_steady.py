"""A platform model of one's own: every post is shown evenly over some hours, whatever people make of it.

A plug-in for matrixsim in one file. It is chosen by platform.model = "steady"; its keys stand in [steady].
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.compiled import record
from sim.platform import logged as at
from sim.platform.protocol import (
    RETIRED,
    RUNNING,
    SHARED,
    STOPPED,
    STRANGERS,
    TOP,
    Due,
    Now,
    Recommender,
    Standing,
)
from sim.scenario.parameter import assumed
from sim.scenario.schema import Scenario
from sim.scenario.section import Section
from sim.world.accounts import Accounts
from sim.world.videos import Videos


class Steady(Section):
    """The table [steady] of a scenario."""

    LABEL: ClassVar[Mapping[str, str]] = {"en": "steady platform", "zh": "匀速平台"}
    hours: int = assumed(48, "Hours over which a post is shown.", (24, 168), unit="h", ge=1, le=1000)
    times: float = assumed(
        2.0, "Impressions to strangers, in first exposures of the ladder.", (1.0, 10.0), ge=0, le=1000
    )


class SteadyPlatform(Recommender):
    """Steady: the same exposure for every post of accounts that are alike, spread evenly."""

    section = Steady
    RECORD: ClassVar[Any] = record(list(SHARED))

    def __init__(self, scenario: Scenario, accounts: Accounts, videos: Videos) -> None:
        super().__init__(scenario, accounts, videos)
        terms: Steady = scenario.table_of("steady")
        self._hours, self._times = terms.hours, terms.times

    def ask(self, live: NDArray[np.int64], now: Now, due: Due) -> None:
        """What should have been shown by the end of the hour and has not; fans likewise."""
        state, ages = self.state[live], now.hour - self.videos.rows["hour"][live]
        whole = (state["granted"] * self._times * now.quota_factor[live]).astype(np.int64)
        due.asked[:] = np.maximum(0, whole * (ages + 1) // self._hours - state["allotted"])
        due.low[:] = state["fan_width"] * ages // self._hours
        due.high[:] = state["fan_width"] * (ages + 1) // self._hours

    def book(self, live: NDArray[np.int64], asked: NDArray[np.int64], given: NDArray[np.int64]) -> None:
        """Counts what was given; the rest is asked for again."""
        self.state["allotted"][live] += given

    def judge(
        self, hour: int, judged: NDArray[np.int64], standing: Standing, passed: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Nothing hangs on what people did: a post stops when its hours are over."""
        state, ages = self.state, hour + 1 - self.videos.rows["hour"]
        done = np.flatnonzero((state["status"] == RUNNING) & (ages >= self._hours))
        state["status"][done], state["reason"][done], state["quota"][done] = RETIRED, TOP, 0
        log = np.zeros((done.size, len(at.COLUMNS)))
        log[:, at.VIDEO], log[:, at.HOUR], log[:, at.DECISION], log[:, at.REASON] = done, hour, STOPPED, TOP
        log[:, at.SHOWN : at.FOLLOWABLE] = judged[done, : at.FOLLOWABLE - at.SHOWN]
        log[:, at.FOLLOWABLE] = judged[done, STRANGERS]
        self._log.append(log)
        return done

    def replay(self, log: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same decisions again: there is one kind."""
        again = log.copy()
        again[:, at.DECISION], again[:, at.REASON] = STOPPED, TOP
        return again
