"""Platforms without pools (P10): impressions flow by a value, which three models find in three ways.

A new video has the same first exposure as under pools. From then on, each hour, its value is found from all
counts so far and set against the category's background; it flows while it tops the level that competes
where it stands, which rises with its reach and changes from day to day. Nothing but counts, age, address and
the author's fans at the start decides. Logged are the end of the first exposure, every day of age, and the
stop. `score` predicts the value from the rates, `percentile` takes the video's rank in the category, and
`published` scores by the weights of the one live ranker whose numbers are public.
"""

import math
from abc import abstractmethod
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Word, compiled, record
from sim.platform import logged as at
from sim.platform import protocol as p
from sim.platform.baseline import Baseline
from sim.rules import percentile, pools, published, score
from sim.rules.draws import ONE_32
from sim.rules.pools import SCORED
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.board import COMPLETIONS, IMPRESSIONS
from sim.world.videos import Videos

RECORD = record(
    [
        *p.SHARED,
        ("flows", "i8"),  # whether the first exposure is over
        ("first", "i8"),  # judged impressions when it was
        ("rate", "f8"),  # impressions an hour at mean activity, inside the audience, to strangers
        ("fans_rate", "f8"),  # and to fans, beyond the first exposure
        ("fans_at", "i8"),  # share of the fans who were due [1/2³²]
    ]
)
DAY_H = 24
NO_LIMIT = 1 << 40
LIKES = 1
"""Place among the five rates."""


class Rivals(NamedTuple):
    """The category's background, as a video's value meets it."""

    usual: float
    """Mean value."""
    level: float
    """Value at which a video is worth its first exposure."""
    evidence: float
    """Impressions that the mean counts for, in the prediction of a video's value."""
    exposures: NDArray[np.float64]
    """(E,) impressions at which the category's videos are ranked; none where nobody is."""
    scores: NDArray[np.float64]
    """(E, videos) their scores there, ascending."""


class FlowParameters(NamedTuple):
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
    network: float = 1.0
    """factor on the value towards people who do not follow the author"""
    limit: int = NO_LIMIT
    """age at which a video is shown no more [h]"""
    to_fans: float = 0.0
    """of a flow to strangers, how much more goes to fans, at the value that is not marked down"""
    cold: bool = False
    """whether small authors' posts may win slots of their own"""


def parameters_of(scenario: Scenario) -> FlowParameters:
    """The numbers that the scenario has for all of these models; of `score` where they differ."""
    own = scenario.platform
    return FlowParameters(
        own.competition_noise, own.score_reach_power, own.score_pace_h, own.freshness_half_life_h,
        own.pace_h[0], own.fan_window_h, scenario.audience.users, own.inside_share,
        own.follow_rate_of == "all",
    )  # fmt: skip


class FlowPlatform(p.Recommender):
    """Impressions that flow by a value, for all videos of a run; a model says against what, and how."""

    RECORD: ClassVar[Any] = RECORD

    def __init__(self, scenario: Scenario, accounts: Accounts, videos: Videos) -> None:
        super().__init__(scenario, accounts, videos)
        self.baseline, self.rivals, self.parameters = self.against(scenario)
        rows, fit = accounts.rows, accounts.fit.tolist()
        self.fans = np.array([row.fans for row in rows], np.float64)
        inside = [row.fans * part >> 32 for row, part in zip(rows, fit, strict=True)]
        self.away = np.array([row.fans - own for row, own in zip(rows, inside, strict=True)])

    @staticmethod
    @abstractmethod
    def against(scenario: Scenario) -> tuple[Baseline, Rivals, FlowParameters]:
        """What a video is measured against, and the numbers of the model."""

    def ask(self, live: NDArray[np.int64], now: p.Now, due: p.Due) -> None:
        """As `Recommender.ask`: what is left of the first exposure, or the flow of the hour."""
        ask_flow(self.state, live, self.videos.rows, self.parameters, now, due, self.fans, self.away)

    def book(self, live: NDArray[np.int64], asked: NDArray[np.int64], given: NDArray[np.int64]) -> None:
        """As `Recommender.book`: the first exposure waits for its rest, a flow is reckoned anew each hour."""
        self.state["allotted"][live] += given

    def judge(
        self, hour: int, judged: NDArray[np.int64], standing: p.Standing, passed: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """As `Platform.judge`: sets each video's flow, or stops it."""
        log = np.zeros((self._opened, len(at.COLUMNS)))
        done, rows = judge_flow(
            self.state, p.Grounds(hour, judged, standing.mark, passed), self.videos.rows, self.fans,
            self.baseline, self.rivals, self.parameters, log,
        )  # fmt: skip
        self._log.append(log[:rows].copy())
        return done

    def replay(self, log: NDArray[np.float64]) -> NDArray[np.float64]:
        """As `Platform.replay`; a video's first line holds its first exposure."""
        again = log.copy()
        first: dict[int, float] = {}
        for row in again:
            v = int(row[at.VIDEO])
            video = self.videos.rows[v]
            age = int(row[at.HOUR]) + 1 - int(video["hour"])
            row[at.REASON] = p.EXHAUSTED if row[at.REASON] == p.EXHAUSTED else p.ABOVE
            start = first.setdefault(v, row[at.SHOWN])
            post = Post(video["key"], age, start, self.fans[video["author"]], 1.0)
            decide(row, post, self.baseline, self.rivals, self.parameters)
        return again


@compiled
def ask_flow(
    state: NDArray[Any],
    live: NDArray[np.int64],
    videos: NDArray[Any],
    parameters: FlowParameters,
    now: p.Now,
    due: p.Due,
    fans: NDArray[np.float64],
    away: NDArray[np.int64],
) -> None:
    """Fills what each live video is due this hour; arguments as of `pools.ask_pools`.

    Args beyond those: fans (A,) of each account at the start, platform-wide, and those outside the audience.
    """
    for k in range(live.size):
        v = live[k]
        video = state[v]
        age = now.hour - videos[v].hour
        if age < parameters.fan_window:
            p.due_to_fans(due, k, video.fan_width, age, parameters.fan_window)
        if video.flows == 0:
            share = pools.hourly_share(video.granted, parameters.pace_first, now.weight)
            due.asked[k] = min(video.granted - video.allotted, np.int64(share * now.quota_factor[v]))
            video.fans_at = video.fan_width
        elif parameters.inside > 0.0:
            video.fraction += now.weight * video.rate / parameters.inside * now.quota_factor[v]
            due.asked[k] = np.int64(video.fraction)
            video.fraction -= due.asked[k]
            author = videos[v].author
            if video.fans_rate > 0.0 and fans[author] > 0.0:
                part = now.weight * video.fans_rate / parameters.inside * now.quota_factor[v] / fans[author]
                after = min(ONE_32, video.fans_at + np.int64(min(1.0, part) * ONE_32))
                due.low[k], due.high[k] = np.uint64(video.fans_at), np.uint64(after)
                video.outside += ((after - video.fans_at) * away[author]) >> 32
                video.fans_at = after


class Post(NamedTuple):
    """What is known of a video beside its counts."""

    key: Word
    """Its address."""
    age: int
    """[h]"""
    first: float
    """Judged impressions of its first exposure."""
    fans: float
    """Of its author, at the start."""
    harder: float
    """Factor on the mark."""


@compiled
def valued(found: float, seen: float, rivals: Rivals) -> float:
    """What a video's score on so many impressions is worth: predicted, or by its rank in the category."""
    exposures = rivals.exposures
    if exposures.size == 0:
        return score.predicted(found, seen, rivals.usual, rivals.evidence)
    last = exposures.size - 1
    upper = min(last, int(np.searchsorted(exposures, seen)))
    lower = max(0, upper - 1)
    of = rivals.scores.shape[1]
    values = (
        percentile.rarity(of - int(np.searchsorted(rivals.scores[lower], found)), of),
        percentile.rarity(of - int(np.searchsorted(rivals.scores[upper], found)), of),
    )
    step = math.log(exposures[upper] / exposures[lower]) if upper > lower else 0.0
    part = math.log(max(1.0, seen / exposures[lower])) / step if step > 0.0 else 1.0
    return percentile.between(values[0], values[1], min(1.0, part))


@compiled
def decide(
    row: NDArray[np.float64],
    post: Post,
    baseline: Baseline,
    rivals: Rivals,
    parameters: FlowParameters,
) -> tuple[float, float]:
    """Fills value, mark, decision and reason of a video on its counts so far; the flows that follow.

    Args:
        row: (14,) line of the log with the counts; its reason is EXHAUSTED where nobody is left.
        post: the video.
        baseline: usual rates and weights.
        rivals: the category's background.
        parameters: the model's numbers.
    Returns: impressions an hour at mean activity, inside the audience: to strangers, and to fans.
    """
    seen, found, power = row[at.SHOWN], 0.0, parameters.power
    for k in range(SCORED):
        base = seen if k < pools.FOLLOW else row[at.FOLLOWABLE]
        found += pools.rate_score(row[at.RESPONSES + k], base, baseline.usual[k], baseline.weights[k])
    value = valued(found, seen, rivals)
    noise = pools.competition(post.key, post.age // DAY_H, parameters.competition)
    mark = score.competing(seen, post.first, rivals.level, power) * noise * post.harder
    fresh = pools.freshness(post.age, parameters.half_life)
    rate = score.flow(seen, parameters.network * value, mark, power, parameters.pace, fresh)
    fans_rate = parameters.to_fans * score.flow(seen, value, mark, power, parameters.pace, fresh)
    cold = parameters.cold and published.is_cold(post.fans, seen, post.age)
    if cold and baseline.usual[LIKES] > 0.0:
        liked = published.sampled_rate(
            post.key, post.age, row[at.RESPONSES + LIKES], seen, baseline.usual[LIKES]
        )
        rate += post.first / published.COLD_H if liked > baseline.usual[LIKES] else 0.0
    row[at.SCORE], row[at.MARK], row[at.DECISION] = value, mark, p.STOPPED
    if row[at.REASON] == p.EXHAUSTED:
        return 0.0, 0.0
    if post.age >= parameters.limit:
        row[at.REASON] = p.AGED
    elif not cold and not pools.passes(value, mark):
        row[at.REASON] = p.BELOW if value < mark else p.NOTHING
    elif not cold and not pools.trickles(rate + fans_rate):
        row[at.REASON] = p.FADED
    else:
        row[at.DECISION], row[at.REASON] = p.HELD, p.ABOVE
        return rate, fans_rate
    return 0.0, 0.0


@compiled
def judge_flow(
    state: NDArray[Any],
    grounds: p.Grounds,
    videos: NDArray[Any],
    fans: NDArray[np.float64],
    baseline: Baseline,
    rivals: Rivals,
    parameters: FlowParameters,
    log: NDArray[np.float64],
) -> tuple[NDArray[np.int64], int]:
    """Judges every video whose first exposure is over.

    Args:
        state: (V,) RECORD, updated.
        grounds: of the hour's judgement.
        videos: (V,) VIDEO.
        fans: (A,) of each account at the start.
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
        if video.status != p.RUNNING:
            continue
        age, counts = hour + 1 - videos[v].hour, judged[v]
        nobody = pools.exhausted(video.quota, counts[IMPRESSIONS], video.shown, parameters.people - passed[v])
        video.shown = counts[IMPRESSIONS]
        told = age % DAY_H == 0
        if video.flows == 0:
            if not (video.allotted >= video.granted and age >= parameters.fan_window) and not nobody:
                continue
            video.flows, video.first, told = 1, counts[IMPRESSIONS], True
        row[at.VIDEO], row[at.HOUR], row[at.POOL] = v, hour, video.pool
        row[at.REASON] = p.EXHAUSTED if nobody else p.ABOVE
        row[at.SHOWN] = counts[IMPRESSIONS]
        for k in range(SCORED):
            row[at.RESPONSES + k] = counts[COMPLETIONS + k]
        row[at.FOLLOWABLE] = row[at.SHOWN] if parameters.everybody else counts[p.STRANGERS]
        post = Post(videos[v].key, age, np.float64(video.first), fans[videos[v].author], marks[v])
        video.rate, video.fans_rate = decide(row, post, baseline, rivals, parameters)
        if row[at.DECISION] == p.STOPPED:
            video.status, video.reason, video.quota = p.RETIRED, np.int64(row[at.REASON]), 0
            done[ended] = v
            ended += 1
            told = True
        if told:
            log[rows] = row
            rows += 1
    return done[:ended], rows
