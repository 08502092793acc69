"""The platform as a ladder of pools: who gets how many impressions, and when it stops.

Takes the hour and the counts of what was shown; gives demands and decisions. This is one
platform model behind what the plan calls (open, allocate, judge, decisions) and the tables
read (opened, state): a rival (percentile race, continuous score) is another class with the
same. Every decision is logged with the counts it was taken on, so it can be replayed.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Word, compiled, inner, record
from sim.hour.baseline import Baseline, baseline
from sim.hour.offers import QUOTA, WINDOW, offers
from sim.rules import pools as rule
from sim.rules.draws import ONE_32, threshold
from sim.rules.pools import SCORED
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.board import COMPLETIONS, FANS, IMPRESSIONS, JUDGED, RECOMMEND
from sim.world.videos import Videos, enlarged

IN_POOL, TRICKLING, RETIRED = range(3)
"""Status of a video: climbing, shown at a trickle, shown no more."""
PROMOTED, STOPPED, REVIVED = range(3)
DECISIONS = ("promote", "stop", "revive")
ABOVE, BELOW, EXHAUSTED, TOP, LUCK, NOTHING = range(6)
REASONS = (
    "score above mark", "score below mark", "audience exhausted", "top of the ladder", "late revival",
    "no response",
)  # fmt: skip

STATE = record(
    [
        ("status", "i8"),
        ("pool", "i8"),
        ("size", "i8"),  # of this pool with the fans' part, from which the next one grows
        ("entered", "i8"),  # age [h] at which this pool began
        ("granted", "i8"),  # impressions of this pool, platform-wide
        ("allotted", "i8"),  # of which given out
        ("factor", "f8"),  # size factor of this pool
        ("since", "i8", (SCORED + 1,)),  # judged counts when the pool began
        ("shown", "i8"),  # judged impressions after the last hour
        ("quota", "i8"),  # inside the audience, this hour
        ("outside", "i8"),
        ("carry", "i8"),  # 1/2³² impression not yet given inside
        ("fraction", "f8"),  # fraction of a trickled impression
        ("stopped_views", "i8"),
        ("fan_width", "i8"),  # share of the fans shown in the first pool [1/2³²]
        ("revived", "i8"),
        ("reason", "i8"),
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
    inside: int
    """Share of recommended impressions that fall inside the audience [1/2³²]."""


class PoolPlatform:
    """The ladder of pools, for all videos of a run."""

    def __init__(self, scenario: Scenario, accounts: Accounts, videos: Videos) -> None:
        p = scenario.platform
        self.videos, self.accounts = videos, accounts
        self.baseline = baseline(scenario)
        self.parameters = LadderParameters(
            p.pool_noise, p.competition_noise, p.margin_gain, p.freshness_half_life_h, p.trickle,
            p.fan_window_h, threshold(p.revival_probability), scenario.audience.users,
            threshold(p.inside_share),
        )  # fmt: skip
        self.fan_share, self.fan_power = p.fan_share, p.fan_power
        self.audience = scenario.audience
        self.first_hour = int(scenario.run.start.split()[1][:2])
        self._table = np.zeros(0, STATE)
        self._opened = 0
        self._log: list[NDArray[np.float64]] = []

    @property
    def state(self) -> NDArray[Any]:
        """(V,) STATE of the videos opened so far."""
        return self._table[: self._opened]

    def open(self, fans_inside: NDArray[np.int64]) -> None:
        """Starts the videos published since the last call: size and fans' part of their first pool."""
        first, self._opened = self._opened, self.videos.size
        self._table = enlarged(self._table, self._opened)
        new = self.videos.rows[first:]
        least, started = int(self.baseline.sizes[0]), []
        for author, key in zip(new["author"].tolist(), new["key"], strict=True):
            account = self.accounts.rows[author]
            inside = int(fans_inside[author])
            fans = account.fans if account.role == "creator" else inside
            factor = rule.size_factor(key, 0, self.parameters.noise)
            size = rule.first_pool(least, fans, self.fan_power(account.role), account.weight, factor)
            part = min(int(self.fan_share * size), fans)
            outside = part - (part * int(self.accounts.fit[author]) >> 32)
            width = min(ONE_32, part * ONE_32 // fans) if fans else 0
            started.append((IN_POOL, size, factor, size - part, outside, width))
        # Column by column: writing to one field of one record at a time takes longer than the rules do.
        names = ("status", "size", "factor", "granted", "outside", "fan_width")
        for name, column in zip(names, zip(*started, strict=True), strict=False):
            self.state[name][first:] = column

    def allocate(self, hour: int) -> list[NDArray[Any]]:
        """Offers of what every live video is to be shown this hour: a quota, and a window of its fans."""
        weight, people = rule.hour_weight(self.first_hour + hour), self.audience
        slots = rule.hourly_slots(people.users, people.daily_impressions, people.category_share, weight)
        status = self.state["status"]
        live = np.flatnonzero((status == IN_POOL) | (status == TRICKLING))
        low, high = np.zeros(live.size, np.uint64), np.zeros(live.size, np.uint64)
        allocate_pools(
            self.state,
            live,
            self.videos.rows,
            self.baseline,
            self.parameters,
            hour,
            weight,
            slots,
            low,
            high,
        )
        quota, videos = self.state["quota"][live], self.videos.rows[live]
        fed, windowed = quota > 0, high > low
        return [
            offers(
                live[fed], QUOTA, RECOMMEND, JUDGED, quota=quota[fed], whose=videos["planner"][fed]
            ),
            offers(
                live[windowed], WINDOW, FANS, JUDGED,
                whose=videos["author"][windowed], low=low[windowed], high=high[windowed],
            ),
        ]  # fmt: skip

    def judge(self, hour: int, judged: NDArray[np.int64]) -> NDArray[np.int64]:
        """Promotes, stops and revives on the counts so far (V, counts); the videos that stopped for good."""
        log = np.zeros((self._opened, 13))
        done, rows = judge_pools(
            self.state, judged, self.videos.rows, self.baseline, self.parameters, hour, log
        )  # fmt: skip
        self._log.append(log[:rows])
        return done

    def decisions(self) -> NDArray[np.float64]:
        """(D, 13) video, hour, pool, score, threshold, decision, reason, impressions, the five counts."""
        return np.concatenate(self._log) if self._log else np.zeros((0, 13))


@compiled
def allocate_pools(
    state: NDArray[Any],
    live: NDArray[np.int64],
    videos: NDArray[Any],
    baseline: Baseline,
    parameters: LadderParameters,
    hour: int,
    weight: float,
    slots: int,
    low: NDArray[np.uint64],
    high: NDArray[np.uint64],
) -> None:
    """Fills each live video's quota of the hour, within the feed's slots.

    Args:
        state: (V,) STATE, updated.
        live: (L,) videos in a pool or trickling.
        videos: (V,) VIDEO.
        baseline: the ladder.
        parameters: the ladder's numbers.
        hour: of the run, from 0.
        weight: activity of the hour, mean 1.
        slots: impressions that the category can win this hour.
        low: (L,) start of the fans' window [1/2³²], filled in place.
        high: (L,) its end.
    """
    wanted = 0
    demands = np.zeros(live.size, np.int64)
    for k in range(live.size):
        video = state[live[k]]
        if video.status == IN_POOL:
            due = rule.hourly_share(video.granted, baseline.pace[video.pool], weight)
            demands[k] = min(video.granted - video.allotted, due)
            age = hour - videos[live[k]].hour
            if age < parameters.fan_window and video.revived == 0:
                low[k] = np.uint64(video.fan_width * age // parameters.fan_window)
                high[k] = np.uint64(video.fan_width * (age + 1) // parameters.fan_window)
        else:
            age = hour - videos[live[k]].hour
            rate = rule.trickle_rate(video.stopped_views, parameters.trickle, video.pool, age)
            video.fraction += weight * rate
            demands[k] = np.int64(video.fraction)
            video.fraction -= demands[k]
        wanted += (demands[k] * parameters.inside) >> 32
    for k in range(live.size):
        video = state[live[k]]
        demand = demands[k]
        if wanted > slots:  # demand past the feed's slots waits
            demand = demand * slots // wanted
        if video.status == IN_POOL:
            video.allotted += demand
        else:
            video.fraction += demands[k] - demand
        video.carry += demand * parameters.inside
        video.quota = video.carry >> 32
        video.carry &= 0xFFFFFFFF
        video.outside += demand - video.quota


@inner
def _decide(
    video: Any,
    key: Word,
    counts: NDArray[np.int64],
    baseline: Baseline,
    parameters: LadderParameters,
    hour: int,
    age: int,
    row: NDArray[np.float64],
) -> None:
    """One decision on a pool that has been given out; `row` receives its line of the log."""
    pool = video.pool
    impressions = counts[IMPRESSIONS] - video.since[0]
    score = 0.0
    row[7] = impressions
    for k in range(SCORED):
        hits = counts[COMPLETIONS + k] - video.since[k + 1]
        row[8 + k] = hits
        score += rule.rate_score(hits, impressions, baseline.usual[k], baseline.weights[k])
    mark = baseline.marks[pool] * rule.competition(key, pool, parameters.competition)
    row[1], row[2], row[3], row[4] = hour, pool, score, mark
    row[5] = STOPPED
    if video.reason == EXHAUSTED:
        row[6] = EXHAUSTED
    elif not rule.passes(score, mark):
        row[6] = BELOW if score < mark else NOTHING
    elif pool + 1 >= baseline.sizes.size:
        row[6] = TOP
    else:
        row[5], row[6] = PROMOTED, ABOVE
    if row[5] == STOPPED:
        video.status = TRICKLING
        video.reason = np.int64(row[6])
        video.stopped_views = counts[IMPRESSIONS] + video.outside
        return
    video.pool = pool + 1
    video.factor = rule.size_factor(key, pool + 1, parameters.noise)
    # Sizes grow from one another, so each takes only the ageing since the last one.
    fresh = rule.freshness(age - video.entered, parameters.half_life)
    sizes = baseline.sizes
    growth = sizes[pool + 1] / sizes[pool]
    video.size = rule.next_grant(
        video.size, growth, rule.margin(score, mark), parameters.gain, fresh, video.factor
    )
    video.granted = video.size
    video.entered = age
    video.allotted = 0
    video.since[0] = counts[IMPRESSIONS]
    for k in range(SCORED):
        video.since[k + 1] = counts[COMPLETIONS + k]


@compiled
def judge_pools(
    state: NDArray[Any],
    judged: NDArray[np.int64],
    videos: NDArray[Any],
    baseline: Baseline,
    parameters: LadderParameters,
    hour: int,
    log: NDArray[np.float64],
) -> tuple[NDArray[np.int64], int]:
    """Judges every video whose pool has been given out.

    Args:
        state: (V,) STATE, updated.
        judged: (V, counts) what happened to the ladder's impressions.
        videos: (V,) VIDEO.
        baseline: the ladder.
        parameters: the ladder's numbers.
        hour: of the run, from 0.
        log: (V, 13) lines as in `PoolPlatform.decisions`, filled in place.
    Returns: videos that stopped for good; lines of the log.
    """
    rows = 0
    done = np.empty(state.size, np.int64)
    ended = 0
    for v in range(state.size):
        video = state[v]
        key, age = videos[v].key, hour + 1 - videos[v].hour
        counts = judged[v]
        stopped = video.revived == 0 and video.status != IN_POOL
        if parameters.revival > 0 and stopped and rule.revives(key, age, parameters.revival):
            video.status, video.revived, video.allotted = IN_POOL, 1, 0
            video.reason = ABOVE
            video.granted = max(1, np.int64(baseline.sizes[video.pool] * video.factor))
            log[rows, 0], log[rows, 1], log[rows, 2] = v, hour, video.pool
            log[rows, 5], log[rows, 6] = REVIVED, LUCK
            video.since[0] = counts[IMPRESSIONS]
            for k in range(SCORED):
                video.since[k + 1] = counts[COMPLETIONS + k]
            rows += 1
            continue
        exhausted = rule.exhausted(video.quota, counts[IMPRESSIONS], video.shown, parameters.people)
        video.shown = counts[IMPRESSIONS]
        if video.status == IN_POOL:
            given = video.allotted >= video.granted and age >= parameters.fan_window
            if exhausted:
                video.reason = EXHAUSTED
            if given or exhausted:
                log[rows, 0] = v
                _decide(video, key, counts, baseline, parameters, hour, age, log[rows])
                rows += 1
        elif video.status == TRICKLING:
            rate = rule.trickle_rate(video.stopped_views, parameters.trickle, video.pool, age)
            if parameters.revival == 0 and (exhausted or not rule.trickles(rate)):
                video.status = RETIRED
                video.quota = 0
                done[ended] = v
                ended += 1
    return done[:ended], rows
