"""The platform as a continuous score (P10): impressions flow by predicted value, and there are no pools.

A new video has the same first exposure as under pools. From then on, each hour, its value is predicted
from all counts so far and set against the category's background; it flows while it tops the level that
competes where it stands, which rises with its reach and changes from day to day. Nothing but counts, age
and address decides. Logged are the end of the first exposure, every day of age, and the stop.
"""

from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Word, compiled, record
from sim.platform.baseline import Baseline, background, baseline
from sim.platform.protocol import (
    ABOVE,
    BELOW,
    EXHAUSTED,
    FADED,
    FOLLOWABLE,
    HELD,
    LOG,
    NOTHING,
    RETIRED,
    RUNNING,
    SHARED,
    STOPPED,
    STRANGERS,
    Due,
    Grounds,
    Now,
    Recommender,
    Standing,
    due_to_fans,
)
from sim.rules import pools, score
from sim.rules.pools import SCORED
from sim.scenario.audience import Content
from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.board import COMPLETIONS, IMPRESSIONS
from sim.world.videos import Videos

STATE = record(
    [
        *SHARED,
        ("flows", "i8"),  # whether the first exposure is over
        ("first", "i8"),  # judged impressions when it was
        ("rate", "f8"),  # impressions an hour at mean activity, inside the audience
    ]
)
DAY_H = 24


class Rivals(NamedTuple):
    """The category's background, as a video's value meets it."""

    usual: float
    """Mean value."""
    level: float
    """Value at which a video is worth its first exposure."""
    evidence: float
    """Impressions that the mean counts for, in the prediction of a video's value."""


class ScoreParameters(NamedTuple):
    """Numbers of the model that hold for a run."""

    competition: float
    power: float
    pace: float
    half_life: float
    pace_first: int
    fan_window: int
    people: int
    inside: float
    everybody: bool
    """whether the follow rate is taken on all impressions, the fans' too"""


@lru_cache(maxsize=64)
def rivals(platform: Platform, content: Content) -> Rivals:
    """The competing background of a category: fixed videos, neither the seed's nor the scenario's own.

    Evidence is the noise of a score on one impression over the variance of values between videos.
    """
    rates, usual, weights = background(platform, content)
    spread = weights / np.where(usual > 0, usual, np.inf)
    values = np.minimum(pools.RATIO_CAP, rates / np.where(usual > 0, usual, np.inf)) @ weights
    noise = float((rates * (1.0 - rates) @ spread**2).mean())
    between = float(values.var())
    evidence = min(noise / between, _MOST_EVIDENCE) if between > 0.0 else _MOST_EVIDENCE
    level = float(np.quantile(values, platform.score_outranked_share, method="inverted_cdf"))
    # Rounded, so that sums taken in another order on another machine make no difference.
    return Rivals(round(float(values.mean()), 6), round(level, 6), float(round(evidence)))


_MOST_EVIDENCE = 1e9
"""Where videos do not differ, no count speaks for any of them."""


class ScorePlatform(Recommender):
    """The continuous score, for all videos of a run."""

    STATE: ClassVar[Any] = STATE

    def __init__(self, scenario: Scenario, accounts: Accounts, videos: Videos) -> None:
        super().__init__(scenario, accounts, videos)
        p = scenario.platform
        self.baseline, self.rivals = baseline(scenario), rivals(p, scenario.content)
        self.parameters = ScoreParameters(
            p.competition_noise, p.score_reach_power, p.score_pace_h, p.freshness_half_life_h, p.pace_h[0],
            p.fan_window_h, scenario.audience.users, p.inside_share, p.follow_rate_of == "all",
        )  # fmt: skip

    def ask(self, live: NDArray[np.int64], now: Now, due: Due) -> None:
        """As `Recommender.ask`: what is left of the first exposure, or the flow of the hour."""
        ask_score(self.state, live, self.videos.rows, self.parameters, now, due)

    def book(self, live: NDArray[np.int64], asked: NDArray[np.int64], given: NDArray[np.int64]) -> None:
        """As `Recommender.book`: the first exposure waits for its rest, a flow is reckoned anew each hour."""
        self.state["allotted"][live] += given

    def judge(
        self, hour: int, judged: NDArray[np.int64], standing: Standing, passed: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """As `Platform.judge`: sets each video's flow, or stops it."""
        log = np.zeros((self._opened, len(LOG)))
        done, rows = judge_score(
            self.state, Grounds(hour, judged, standing.mark, passed), self.videos.rows, self.baseline,
            self.rivals, self.parameters, log,
        )  # fmt: skip
        self._log.append(log[:rows].copy())
        return done

    def replay(self, log: NDArray[np.float64]) -> NDArray[np.float64]:
        """As `Platform.replay`; a video's first line holds its first exposure."""
        again = log.copy()
        first: dict[int, float] = {}
        for row in again:
            v = int(row[0])
            video = self.videos.rows[v]
            age = int(row[1]) + 1 - int(video["hour"])
            row[6] = EXHAUSTED if row[6] == EXHAUSTED else ABOVE
            start = first.setdefault(v, row[7])
            decide(row, start, video["key"], age, self.baseline, self.rivals, self.parameters, 1.0)
        return again


@compiled
def ask_score(
    state: NDArray[Any],
    live: NDArray[np.int64],
    videos: NDArray[Any],
    parameters: ScoreParameters,
    now: Now,
    due: Due,
) -> None:
    """Fills what each live video is due this hour; arguments as of `pools.ask_pools`."""
    for k in range(live.size):
        v = live[k]
        video = state[v]
        age = now.hour - videos[v].hour
        if age < parameters.fan_window:
            due_to_fans(due, k, video.fan_width, age, parameters.fan_window)
        if video.flows == 0:
            share = pools.hourly_share(video.granted, parameters.pace_first, now.weight)
            due.asked[k] = min(video.granted - video.allotted, np.int64(share * now.quota[v]))
        elif parameters.inside > 0.0:
            video.fraction += now.weight * video.rate / parameters.inside * now.quota[v]
            due.asked[k] = np.int64(video.fraction)
            video.fraction -= due.asked[k]


@compiled
def decide(
    row: NDArray[np.float64],
    first: float,
    key: Word,
    age: int,
    baseline: Baseline,
    rivals: Rivals,
    parameters: ScoreParameters,
    harder: float,
) -> float:
    """Fills value, mark, decision and reason of a video on its counts so far; the flow that follows.

    Args:
        row: (14,) line of the log with the counts; its reason is EXHAUSTED where nobody is left.
        first: judged impressions of the first exposure.
        key: address of the video.
        age: of the video [h].
        baseline: usual rates and weights.
        rivals: the category's background.
        parameters: the model's numbers.
        harder: factor on the mark.
    Returns: impressions an hour at mean activity, inside the audience.
    """
    seen, found, power = row[7], 0.0, parameters.power
    for k in range(SCORED):
        base = seen if k < pools.FOLLOW else row[FOLLOWABLE]
        found += pools.rate_score(row[8 + k], base, baseline.usual[k], baseline.weights[k])
    value = score.predicted(found, seen, rivals.usual, rivals.evidence)
    noise = pools.competition(key, age // DAY_H, parameters.competition)
    mark = score.competing(seen, first, rivals.level, power) * noise * harder
    fresh = pools.freshness(age, parameters.half_life)
    rate = score.flow(seen, value, mark, power, parameters.pace, fresh)
    row[3], row[4], row[5] = value, mark, STOPPED
    if row[6] == EXHAUSTED:
        return 0.0
    if not pools.passes(value, mark):
        row[6] = BELOW if value < mark else NOTHING
    elif not pools.trickles(rate):
        row[6] = FADED
    else:
        row[5], row[6] = HELD, ABOVE
        return rate
    return 0.0


@compiled
def judge_score(
    state: NDArray[Any],
    grounds: Grounds,
    videos: NDArray[Any],
    baseline: Baseline,
    rivals: Rivals,
    parameters: ScoreParameters,
    log: NDArray[np.float64],
) -> tuple[NDArray[np.int64], int]:
    """Judges every video whose first exposure is over.

    Args:
        state: (V,) STATE, updated.
        grounds: of the hour's judgement.
        videos: (V,) VIDEO.
        baseline: usual rates and weights.
        rivals: the category's background.
        parameters: the model's numbers.
        log: (V, 14) lines of the log, filled in place.
    Returns: videos that stopped; lines of the log.
    """
    hour, judged, marks, passed = grounds
    rows, ended = 0, 0
    done = np.empty(state.size, np.int64)
    row = np.zeros(log.shape[1])
    for v in range(state.size):
        video = state[v]
        if video.status != RUNNING:
            continue
        age, counts = hour + 1 - videos[v].hour, judged[v]
        nobody = pools.exhausted(video.quota, counts[IMPRESSIONS], video.shown, parameters.people - passed[v])
        video.shown = counts[IMPRESSIONS]
        told = age % DAY_H == 0
        if video.flows == 0:
            if not (video.allotted >= video.granted and age >= parameters.fan_window) and not nobody:
                continue
            video.flows, video.first, told = 1, counts[IMPRESSIONS], True
        row[0], row[1], row[2] = v, hour, video.pool
        row[6] = EXHAUSTED if nobody else ABOVE
        row[7] = counts[IMPRESSIONS]
        for k in range(SCORED):
            row[8 + k] = counts[COMPLETIONS + k]
        row[FOLLOWABLE] = row[7] if parameters.everybody else counts[STRANGERS]
        video.rate = decide(row, video.first, videos[v].key, age, baseline, rivals, parameters, marks[v])
        if row[5] == STOPPED:
            video.status, video.reason, video.quota = RETIRED, np.int64(row[6]), 0
            done[ended] = v
            ended += 1
            told = True
        if told:
            log[rows] = row
            rows += 1
    return done[:ended], rows
