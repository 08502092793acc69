"""The platform as a ladder of pools: who gets how many impressions, and when it stops (P1, P2, P4, P8).

Takes the hour and the counts of what was shown; gives demands and decisions; the numbers are those of
rules/pools.py. One model behind the protocol of protocol.py, whose `allocate` asks here what is due, and
offers it within the feed's slots. Every decision is logged with the counts it was taken on.
"""

from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Word, compiled, inner, record
from sim.platform import logged as at
from sim.platform import protocol as p
from sim.platform.baseline import Baseline, baseline
from sim.rules import pools as rule
from sim.rules.draws import threshold
from sim.rules.pools import FOLLOW, SCORED
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.board import COMPLETIONS, IMPRESSIONS
from sim.world.videos import Videos

RECORD = record(
    [
        *p.SHARED,
        ("entered", "i8"),  # age [h] at which this pool began
        ("since", "i8", (SCORED + 2,)),  # judged counts when the pool began, STRANGERS last
        ("stopped_views", "i8"),
        ("revived", "i8"),
    ]
)


class LadderParameters(NamedTuple):
    """Numbers of the ladder that hold for a run."""

    noise: float
    competition: float
    gain: float
    half_life: float
    trickle: float
    fan_window: int
    revival: int
    people: int
    everybody: bool
    """whether the follow rate is taken on all impressions, the fans' too"""


class PoolPlatform(p.Recommender):
    """The ladder of pools, for all videos of a run."""

    RECORD: ClassVar[Any] = RECORD

    def __init__(self, scenario: Scenario, accounts: Accounts, videos: Videos) -> None:
        super().__init__(scenario, accounts, videos)
        own = scenario.platform
        self.baseline = baseline(scenario)
        self.parameters = LadderParameters(
            own.pool_noise, own.competition_noise, own.margin_gain, own.freshness_half_life_h, own.trickle,
            own.fan_window_h, threshold(own.revival_probability), scenario.audience.users,
            own.follow_rate_of == "all",
        )  # fmt: skip

    def ask(self, live: NDArray[np.int64], now: p.Now, due: p.Due) -> None:
        """As `Recommender.ask`: a pool's part by its pace, or the trickle."""
        ask_pools(self.state, live, self.videos.rows, self.baseline.pace, self.parameters, now, due)

    def book(self, live: NDArray[np.int64], asked: NDArray[np.int64], given: NDArray[np.int64]) -> None:
        """As `Recommender.book`."""
        book_pools(self.state, live, asked, given)

    def judge(
        self, hour: int, judged: NDArray[np.int64], standing: p.Standing, passed: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """As `Platform.judge`: promotes, stops and revives."""
        log = np.zeros((self._opened, len(at.COLUMNS)))
        done, rows = judge_pools(
            self.state, p.Grounds(hour, judged, standing.mark, passed), self.videos.rows, self.baseline,
            self.parameters, log,
        )  # fmt: skip
        if rows:
            self._log.append(log[:rows].copy())
        return done

    def replay(self, log: NDArray[np.float64]) -> NDArray[np.float64]:
        """As `Platform.replay`."""
        again, revival = log.copy(), self.parameters.revival
        for row in again:
            video = self.videos.rows[int(row[at.VIDEO])]
            age = int(row[at.HOUR]) + 1 - int(video["hour"])
            if row[at.DECISION] == p.REVIVED:
                row[at.REASON] = p.LUCK if rule.revives(video["key"], age, revival) else p.NOTHING
                continue
            row[at.REASON] = p.EXHAUSTED if row[at.REASON] == p.EXHAUSTED else p.ABOVE
            decide(row, video["key"], self.baseline, self.parameters, 1.0)
        return again


@compiled
def ask_pools(
    state: NDArray[Any],
    live: NDArray[np.int64],
    videos: NDArray[Any],
    pace: NDArray[np.int64],
    parameters: LadderParameters,
    now: p.Now,
    due: p.Due,
) -> None:
    """Fills what each live video is due this hour.

    Args:
        state: (V,) RECORD, whose fractions are updated.
        live: (L,) videos in a pool or trickling.
        videos: (V,) VIDEO.
        pace: (K,) hours over which each pool is given out.
        parameters: the ladder's numbers.
        now: the hour.
        due: (L,) filled in place.
    """
    for k in range(live.size):
        v = live[k]
        video = state[v]
        age = now.hour - videos[v].hour
        if video.status == p.RUNNING:
            share = rule.hourly_share(video.granted, pace[video.pool], now.weight)
            due.asked[k] = min(video.granted - video.allotted, np.int64(share * now.quota_factor[v]))
            if age < parameters.fan_window and video.revived == 0:
                p.due_to_fans(due, k, video.fan_width, age, parameters.fan_window)
        else:
            rate = rule.trickle_rate(video.stopped_views, parameters.trickle, video.pool, age)
            video.fraction += now.weight * rate * now.quota_factor[v]
            due.asked[k] = np.int64(video.fraction)
            video.fraction -= due.asked[k]


@compiled
def book_pools(
    state: NDArray[Any], live: NDArray[np.int64], asked: NDArray[np.int64], given: NDArray[np.int64]
) -> None:
    """Keeps what the live videos (L,) were given of a pool, and of a trickle what they still lack."""
    for k in range(live.size):
        video = state[live[k]]
        if video.status == p.RUNNING:
            video.allotted += given[k]
        else:
            video.fraction += asked[k] - given[k]


@compiled
def decide(
    row: NDArray[np.float64], key: Word, baseline: Baseline, parameters: LadderParameters, harder: float
) -> None:
    """Fills score, mark, decision and reason of a pool that has been given out.

    Args:
        row: (14,) line of the log with pool and counts; its reason is EXHAUSTED where nobody is left.
        key: address of the video.
        baseline: the ladder.
        parameters: the ladder's numbers.
        harder: factor on the mark.
    """
    pool, score = np.int64(row[at.POOL]), 0.0
    for k in range(SCORED):
        seen = row[at.SHOWN] if k < FOLLOW else row[at.FOLLOWABLE]
        score += rule.rate_score(row[at.RESPONSES + k], seen, baseline.usual[k], baseline.weights[k])
    mark = baseline.marks[pool] * rule.competition(key, pool, parameters.competition) * harder
    row[at.SCORE], row[at.MARK], row[at.DECISION] = score, mark, p.STOPPED
    if row[at.REASON] == p.EXHAUSTED:
        return
    if not rule.passes(score, mark):
        row[at.REASON] = p.BELOW if score < mark else p.NOTHING
    elif pool + 1 >= baseline.sizes.size:
        row[at.REASON] = p.TOP
    else:
        row[at.DECISION], row[at.REASON] = p.PROMOTED, p.ABOVE


@inner
def _follow(
    video: Any,
    key: Word,
    counts: NDArray[np.int64],
    baseline: Baseline,
    parameters: LadderParameters,
    age: int,
    row: NDArray[np.float64],
) -> None:
    """What becomes of a video by its line of the log."""
    if row[at.DECISION] == p.STOPPED:
        video.status = p.TRICKLING
        video.reason = np.int64(row[at.REASON])
        video.stopped_views = counts[IMPRESSIONS] + video.outside
        return
    pool = video.pool
    video.pool = pool + 1
    video.factor = rule.size_factor(key, pool + 1, parameters.noise)
    # Sizes grow from one another, so each takes only the ageing since the last one.
    fresh = rule.freshness(age - video.entered, parameters.half_life)
    sizes = baseline.sizes
    growth = sizes[pool + 1] / sizes[pool]
    video.whole = rule.next_grant(
        video.whole, growth, rule.margin(row[at.SCORE], row[at.MARK]), parameters.gain, fresh, video.factor
    )
    video.granted = video.whole
    video.entered = age
    video.allotted = 0
    _begin(video, counts)


@inner
def _begin(video: Any, counts: NDArray[np.int64]) -> None:
    """A pool begins: what has been counted so far is of those before it."""
    video.since[0], video.since[SCORED + 1] = counts[IMPRESSIONS], counts[p.STRANGERS]
    for k in range(SCORED):
        video.since[k + 1] = counts[COMPLETIONS + k]


@compiled
def judge_pools(
    state: NDArray[Any],
    grounds: p.Grounds,
    videos: NDArray[Any],
    baseline: Baseline,
    parameters: LadderParameters,
    log: NDArray[np.float64],
) -> tuple[NDArray[np.int64], int]:
    """Judges every video whose pool has been given out.

    Args:
        state: (V,) RECORD, updated.
        grounds: of the hour's judgement.
        videos: (V,) VIDEO.
        baseline: the ladder.
        parameters: the ladder's numbers.
        log: (V, 14) lines of the log, filled in place.
    Returns: videos that stopped for good; lines of the log.
    """
    hour, judged, marks, passed = grounds
    rows = 0
    done = np.empty(state.size, np.int64)
    ended = 0
    for v in range(state.size):
        video = state[v]
        key, age = videos[v].key, hour + 1 - videos[v].hour
        counts = judged[v]
        stopped = video.revived == 0 and video.status != p.RUNNING
        if parameters.revival > 0 and stopped and rule.revives(key, age, parameters.revival):
            video.status, video.revived, video.allotted = p.RUNNING, 1, 0
            video.reason = p.ABOVE
            video.granted = max(1, np.int64(baseline.sizes[video.pool] * video.factor))
            log[rows, at.VIDEO], log[rows, at.HOUR], log[rows, at.POOL] = v, hour, video.pool
            log[rows, at.DECISION], log[rows, at.REASON] = p.REVIVED, p.LUCK
            _begin(video, counts)
            rows += 1
            continue
        exhausted = rule.exhausted(
            video.quota, counts[IMPRESSIONS], video.shown, parameters.people - passed[v]
        )
        video.shown = counts[IMPRESSIONS]
        if video.status == p.RUNNING:
            given = video.allotted >= video.granted and age >= parameters.fan_window
            if given or exhausted:
                row = log[rows]
                row[at.VIDEO], row[at.HOUR], row[at.POOL] = v, hour, video.pool
                row[at.REASON] = p.EXHAUSTED if exhausted else p.ABOVE
                row[at.SHOWN] = counts[IMPRESSIONS] - video.since[0]
                for k in range(SCORED):
                    row[at.RESPONSES + k] = counts[COMPLETIONS + k] - video.since[k + 1]
                strangers = counts[p.STRANGERS] - video.since[SCORED + 1]
                row[at.FOLLOWABLE] = row[at.SHOWN] if parameters.everybody else strangers
                decide(row, key, baseline, parameters, marks[v])
                _follow(video, key, counts, baseline, parameters, age, row)
                rows += 1
        elif video.status == p.TRICKLING:
            rate = rule.trickle_rate(video.stopped_views, parameters.trickle, video.pool, age)
            if parameters.revival == 0 and (exhausted or not rule.trickles(rate)):
                video.status = p.RETIRED
                video.quota = 0
                done[ended] = v
                ended += 1
    return done[:ended], rows
