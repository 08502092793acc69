"""The platform as a ladder of pools: who gets how many impressions, and when it stops.

Takes the hour and the counts of what was shown; gives demands and decisions. This is one
platform model behind the interface that the model calls (open, allocate, judge, retired,
decisions, outside): a rival (percentile race, continuous score) is another class with the
same six. Every decision is logged with the counts it was taken on, so it can be replayed.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled, inner
from sim.hour.cells import Demand
from sim.rules import pools as rule
from sim.rules.draws import BACKGROUND, ONE_32, REVIVAL, child, low32, mix, normal, threshold
from sim.rules.engagement import ACTIONS
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.board import COMPLETIONS, FOLLOWS, IMPRESSIONS
from sim.world.videos import Videos

PLANNED, IN_POOL, TRICKLING, RETIRED = range(4)
PROMOTED, STOPPED, REVIVED = range(3)
DECISIONS = ("promote", "stop", "revive")
ABOVE, BELOW, EXHAUSTED, TOP, LUCK = range(5)
REASONS = ("score above mark", "score below mark", "audience exhausted", "top of the ladder", "late revival")
HOUR_PROFILE = (
    .0370, .0230, .0150, .0090, .0080, .0100, .0180, .0270, .0340, .0400, .0460, .0520,
    .0590, .0560, .0510, .0520, .0560, .0600, .0560, .0550, .0570, .0610, .0640, .0580,
)  # fmt: skip
"""Share of a day's impressions by hour, Beijing time. Source: KuaiRand-Pure, 228,329 impressions."""
BACKGROUND_VIDEOS = 2048
"""Videos of the category that set the pass marks; enough for marks steady to 2 %."""
_SCORED = 5  # completion, like, comment, share, follow

STATE = np.dtype(
    [
        ("status", "i8"),
        ("pool", "i8"),
        ("granted", "i8"),  # impressions of this pool, platform-wide
        ("allotted", "i8"),  # of which given out
        ("factor", "f8"),  # size factor of this pool
        ("since", "i8", (_SCORED + 1,)),  # judged counts when the pool began
        ("shown", "i8"),  # judged impressions after the last hour
        ("quota", "i8"),  # inside the audience, this hour
        ("sent", "i8"),  # inside the audience, all hours
        ("outside", "i8"),
        ("carry", "i8"),  # 1/2¹⁶ impression not yet given inside
        ("drip", "f8"),  # fraction of a trickled impression
        ("stopped_views", "i8"),
        ("fan_width", "i8"),  # share of the fans shown in the first pool [1/2³²]
        ("revived", "i8"),
        ("reason", "i8"),
    ]
)


class Yardstick(NamedTuple):
    """What scores are measured against; K pools."""

    usual: NDArray[np.float64]
    """(5,) mean rates of the category."""
    weights: NDArray[np.float64]
    """(5,) summing to 1."""
    marks: NDArray[np.float64]
    """(K,) pass mark of each pool."""
    sizes: NDArray[np.int64]
    pace: NDArray[np.int64]


class Habits(NamedTuple):
    """Numbers of the ladder that hold for a run."""

    noise: float
    competition: float
    gain: float
    half_life: float
    trickle: float
    fan_window: int
    revival: int


def stretched(values: tuple[Any, ...], length: int) -> list[Any]:
    """A list as long as the ladder: the last entry stands for all further pools."""
    return [*values[:length], *[values[-1]] * (length - len(values))]


def yardstick(scenario: Scenario) -> Yardstick:
    """Pass marks from a fixed background of category videos: does not depend on seed or scenario's own videos."""
    platform, content = scenario.platform, scenario.content
    raw = [getattr(platform.weights, a) for a in ACTIONS[:_SCORED]]
    weights = np.array(raw) / sum(raw)
    medians = np.array([getattr(content.rates, a) for a in ACTIONS[:_SCORED]])
    spread = np.array([getattr(content.spread, a) for a in ACTIONS[:_SCORED]]) * np.log(10)
    usual = np.round(medians * np.exp(spread**2 / 2), 9)
    sizes = np.array(platform.pools, np.int64)
    passing = np.array(stretched(platform.pass_share, sizes.size))
    marks = background_marks(
        medians, spread, content.spread.engagement_correlation, usual, weights, sizes, passing,
        platform.competition_noise,
    )  # fmt: skip
    return Yardstick(
        usual, weights, np.round(marks, 4), sizes, np.array(stretched(platform.pace_h, sizes.size), np.int64)
    )


def background_marks(
    medians: NDArray[np.float64],
    spread: NDArray[np.float64],
    correlation: float,
    usual: NDArray[np.float64],
    weights: NDArray[np.float64],
    sizes: NDArray[np.int64],
    passing: NDArray[np.float64],
    competition: float,
) -> NDArray[np.float64]:
    """Pass marks: in each pool the score that the wished share of the category's videos exceeds.

    A cohort of background videos climbs the ladder; the survivors of each pool are topped up
    by copies of themselves, with fresh luck, so that the upper pools are not decided by a few.
    """
    rates = np.empty((BACKGROUND_VIDEOS, _SCORED))
    background_rates(rates, medians, spread, correlation)
    marks = np.empty(sizes.size)
    for pool, size in enumerate(sizes):
        scores = np.empty(BACKGROUND_VIDEOS)
        background_scores(scores, rates, pool, size, usual, weights, competition)
        marks[pool] = np.sort(scores)[min(scores.size - 1, int(scores.size * (1.0 - passing[pool])))]
        kept = np.flatnonzero(scores >= marks[pool])
        rates = rates[np.resize(kept, BACKGROUND_VIDEOS)]
    return marks


@compiled
def background_rates(rates, medians, spread, correlation):
    """Fills the rates (videos, 5) of the category's background videos; addresses are fixed."""
    root, rest = math.sqrt(correlation), math.sqrt(1.0 - correlation)
    base = mix(np.uint64(BACKGROUND))
    for v in range(rates.shape[0]):
        own = child(base, v)
        common = normal(child(own, 0))
        for k in range(_SCORED):
            z = normal(child(own, k + 1))
            if k > 0:
                z = root * common + rest * z
            rates[v, k] = min(0.98, medians[k] * math.exp(spread[k] * z))


@inner
def _poisson(mean, key):
    """A Poisson count: by inversion below 30, by the normal above (background only)."""
    if mean > 30.0:
        return max(0.0, math.floor(mean + math.sqrt(mean) * normal(key) + 0.5))
    point = np.float64(low32(mix(key))) / 2.0**32
    term = math.exp(-mean)
    total, count = term, 0.0
    while point > total and count < 200.0:
        count += 1.0
        term *= mean / count
        total += term
    return count


@compiled
def background_scores(scores, rates, pool, size, usual, weights, competition):
    """Fills the scores of the background videos in a pool, competition taken out."""
    base = mix(np.uint64(BACKGROUND))
    for v in range(scores.size):
        own = child(child(base, 1000 + pool), v)
        score = 0.0
        for k in range(_SCORED):
            hits = _poisson(rates[v, k] * size, child(own, k))
            score += rule.rate_score(hits, size, usual[k], weights[k])
        scores[v] = score / rule.competition(own, pool, competition)


class PoolPlatform:
    """The ladder of pools, for all videos of a run."""

    def __init__(self, scenario: Scenario, accounts: Accounts, videos: Videos) -> None:
        p = scenario.platform
        self.videos, self.accounts = videos, accounts
        self.yardstick = yardstick(scenario)
        self.habits = Habits(
            p.pool_noise, p.competition_noise, p.margin_gain, p.freshness_half_life_h, p.trickle,
            p.fan_window_h, threshold(p.revival_probability),
        )  # fmt: skip
        self.fan_share, self.fan_power = p.fan_share, p.first_pool_fan_power
        self.slots_per_day = scenario.audience.users * scenario.audience.daily_impressions
        self.slots_per_day *= scenario.audience.category_share
        self.first_hour = int(scenario.run.start.split()[1][:2])
        self.state = np.zeros(videos.keys.size, STATE)
        self.opened = 0
        self._log: list[NDArray[np.float64]] = []

    def open(self, hour: int, fans_inside: NDArray[np.int64]) -> None:
        """Starts the videos published this hour: sizes their first pool and the fans' part of it."""
        last = int(np.searchsorted(self.videos.hour, hour, side="right"))
        for v in range(self.opened, last):
            author = int(self.videos.author[v])
            account = self.accounts.rows[author]
            inside = int(fans_inside[author])
            fans = account.fans if account.role == "creator" else inside
            key = np.uint64(self.videos.keys[v])
            factor = rule.size_factor(key, 0, self.habits.noise)
            size = rule.first_pool(
                int(self.yardstick.sizes[0]), fans, self.fan_power, account.weight, factor
            )
            part = min(int(self.fan_share * size), fans)
            state = self.state[v]
            state["status"], state["granted"], state["factor"] = IN_POOL, max(1, size - part), factor
            state["fan_width"] = min(ONE_32, part * ONE_32 // fans) if fans else 0
        self.opened = last

    def allocate(self, hour: int) -> Demand:
        """What every live video is to be shown this hour."""
        weight = 24 * HOUR_PROFILE[(self.first_hour + hour) % 24]
        slots = int(self.slots_per_day * weight / 24)
        live = np.flatnonzero(
            (self.state["status"][: self.opened] == IN_POOL) | (self.state["status"][: self.opened] == TRICKLING)
        )
        low, high = np.zeros(live.size, np.uint64), np.zeros(live.size, np.uint64)
        before = self.state["sent"][live]
        allocate_pools(
            self.state, live, self.videos.hour, self.videos.author, self.accounts.fit, self.yardstick, self.habits,
            hour, weight, slots, low, high,
        )  # fmt: skip
        return Demand(live, self.state["quota"][live], before, low, high)

    def judge(self, hour: int, judged: NDArray[np.int64]) -> NDArray[np.int64]:
        """Promotes, stops and revives on the counts so far (V, counts); the videos that stopped for good."""
        log = np.zeros((self.opened, 13))
        done, rows = judge_pools(
            self.state, self.opened, judged, self.videos.keys, self.videos.hour, self.videos.author,
            self.accounts.fit, self.yardstick, self.habits, hour, log,
        )  # fmt: skip
        self._log.append(log[:rows])
        return done

    def decisions(self) -> NDArray[np.float64]:
        """(D, 13) video, hour, pool, score, threshold, decision, reason, impressions, the five counts."""
        return np.concatenate(self._log) if self._log else np.zeros((0, 13))


@compiled
def allocate_pools(state, live, hours, author, fit, yardstick, habits, hour, weight, slots, low, high):
    """Fills each live video's quota of the hour, within the feed's slots."""
    wanted = 0
    demands = np.zeros(live.size, np.int64)
    for k in range(live.size):
        video = state[live[k]]
        if video.status == IN_POOL:
            due = rule.hourly_share(video.granted, yardstick.pace[video.pool], weight)
            demands[k] = min(video.granted - video.allotted, due)
            age = hour - hours[live[k]]
            if age < habits.fan_window and video.revived == 0:
                low[k] = np.uint64(video.fan_width * age // habits.fan_window)
                high[k] = np.uint64(video.fan_width * (age + 1) // habits.fan_window)
        else:
            age = hour - hours[live[k]]
            video.drip += weight * rule.trickle_rate(video.stopped_views, habits.trickle, video.pool, age)
            demands[k] = np.int64(video.drip)
            video.drip -= demands[k]
        wanted += (demands[k] * fit[author[live[k]]]) >> 16
    for k in range(live.size):
        video = state[live[k]]
        demand = demands[k]
        if wanted > slots:  # demand past the feed's slots waits
            demand = demand * slots // wanted
        if video.status == IN_POOL:
            video.allotted += demand
        video.carry += demand * fit[author[live[k]]]
        video.quota = video.carry >> 16
        video.carry &= 0xFFFF
        video.sent += video.quota
        video.outside += demand - video.quota


@inner
def _decide(video, key, counts, yardstick, habits, hour, age, fit, row):
    """One decision on a pool that has been given out; its line of the log."""
    pool = video.pool
    impressions = counts[IMPRESSIONS] - video.since[0]
    score = 0.0
    row[7] = impressions
    for k in range(_SCORED):
        hits = counts[COMPLETIONS + k] - video.since[k + 1]
        row[8 + k] = hits
        score += rule.rate_score(hits, impressions, yardstick.usual[k], yardstick.weights[k])
    mark = yardstick.marks[pool] * rule.competition(key, pool, habits.competition)
    row[1], row[2], row[3], row[4] = hour, pool, score, mark
    row[5] = STOPPED
    if video.reason == EXHAUSTED:
        row[6] = EXHAUSTED
    elif score < mark:
        row[6] = BELOW
    elif pool + 1 >= yardstick.sizes.size:
        row[6] = TOP
    else:
        row[5], row[6] = PROMOTED, ABOVE
    if row[5] == STOPPED:
        video.status = TRICKLING
        video.reason = np.int64(row[6])
        video.stopped_views = (counts[IMPRESSIONS] << 16) // fit
        return
    video.pool = pool + 1
    video.factor = rule.size_factor(key, pool + 1, habits.noise)
    fresh = rule.freshness(age, habits.half_life)
    sizes = yardstick.sizes
    growth = sizes[pool + 1] / sizes[pool]
    video.granted = rule.next_grant(video.granted, growth, score / mark, habits.gain, fresh, video.factor)
    video.allotted = 0
    video.since[0] = counts[IMPRESSIONS]
    for k in range(_SCORED):
        video.since[k + 1] = counts[COMPLETIONS + k]


@compiled
def judge_pools(state, opened, judged, keys, hours, author, fit, yardstick, habits, hour, log):
    """Judges every video whose pool has been given out; (videos stopped for good, lines of the log)."""
    rows = 0
    done = np.empty(opened, np.int64)
    ended = 0
    for v in range(opened):
        video = state[v]
        if video.status == PLANNED:
            continue
        age = hour + 1 - hours[v]
        counts = judged[v]
        if habits.revival > 0 and video.revived == 0 and video.status != IN_POOL and age % 24 == 0:
            if low32(child(keys[v], REVIVAL + age)) < np.uint64(habits.revival):
                video.status, video.revived, video.allotted = IN_POOL, 1, 0
                video.granted = max(1, np.int64(yardstick.sizes[video.pool] * video.factor))
                log[rows, 0], log[rows, 1], log[rows, 2] = v, hour, video.pool
                log[rows, 5], log[rows, 6] = REVIVED, LUCK
                video.since[0] = counts[IMPRESSIONS]
                for k in range(_SCORED):
                    video.since[k + 1] = counts[COMPLETIONS + k]
                rows += 1
                continue
        exhausted = video.quota > 0 and counts[IMPRESSIONS] == video.shown
        video.shown = counts[IMPRESSIONS]
        if video.status == IN_POOL:
            given = video.allotted >= video.granted and age >= habits.fan_window
            if exhausted:
                video.reason = EXHAUSTED
            if given or exhausted:
                log[rows, 0] = v
                _decide(video, keys[v], counts, yardstick, habits, hour, age, fit[author[v]], log[rows])
                rows += 1
        elif video.status == TRICKLING:
            rate = rule.trickle_rate(video.stopped_views, habits.trickle, video.pool, age)
            if habits.revival == 0 and (exhausted or rate * 24 < 1.0):
                video.status = RETIRED
                video.quota = 0
                done[ended] = v
                ended += 1
    return done[:ended], rows
