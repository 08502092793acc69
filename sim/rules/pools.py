"""The ladder of recommendation pools (P1, P2, P4, P8): score, promotion, size, pace, trickle.

Takes sampled counts and the category's baseline; gives a score, a decision and the next
grant. A video is judged on what happened to *its* impressions, so identical videos part
ways; pool sizes are noisy and open by the margin, so view counts show no steps. Douyin
publishes none of this: the ladder is operators' belief, one model among rivals to come.

Model: score = Σ weight × capped ratio to the category's rate, the follow rate over those who could follow;
promoted above a mark that competition moves; the next grant grows with the margin and shrinks with age.
"""

import math

import numpy as np

from sim.compiled import Whole, Word, compiled
from sim.rules.addresses import POOL, REVIVAL, SIZE
from sim.rules.draws import child, low32, normal

HOUR_PROFILE = (
    .0370, .0230, .0150, .0090, .0080, .0100, .0180, .0270, .0340, .0400, .0460, .0520,
    .0590, .0560, .0510, .0520, .0560, .0600, .0560, .0550, .0570, .0610, .0640, .0580,
)  # fmt: skip
"""Share of a day's impressions by hour, Beijing time. Source: KuaiRand-Pure, 228,329 impressions."""
_DAY = sum(HOUR_PROFILE)
FAN_REFERENCE = 300.0
"""Fans from which they begin to count for the first pool. Source: assumed."""
SCORED = 5
"""Rates in the score, the first of ACTIONS: completion, like, comment, share, follow."""
FOLLOW = SCORED - 1
"""The last of them, whose base are those who could still follow."""
RATIO_CAP = 4.0
"""A rate counts for at most four times the category's: one share in 300 impressions is luck."""
_LEAST_MARK = 1e-30
"""Far below every mark but 0, over which any score has a margin past all bounds."""


@compiled
def rate_score(count: float, impressions: float, usual: float, weight: float) -> float:
    """One rate's part of the score: weight · min(RATIO_CAP, (count / impressions) / usual).

    Args:
        count: responses to the impressions of the pool.
        impressions: of the pool; without any the part is 0.
        usual: mean rate of the category, per impression [0..1].
        weight: what the rate counts for [0..1]; the weights sum to 1.
    Returns: part of the score [0..weight · RATIO_CAP].
    Source: assumed (operators' belief; no platform publishes its score).
    """
    if impressions <= 0 or usual <= 0.0:
        return 0.0
    return weight * min(RATIO_CAP, count / (impressions * usual))


@compiled
def passes(score: float, mark: float) -> bool:
    """Whether a score reaches a pass mark; nothing passes none, where a mark is 0.

    Args:
        score: Σ `rate_score` [≥ 0].
        mark: the pool's pass mark times `competition` [≥ 0].
    Source: assumed.
    """
    return bool(score >= mark and score > 0.0)


@compiled
def margin(score: float, mark: float) -> float:
    """Score over pass mark [≥ 1 where it passes]; arguments as of `passes`."""
    over: float = score / max(mark, _LEAST_MARK)
    return over


@compiled
def competition(key: Word, pool: Whole, spread: float) -> float:
    """Factor on the pass mark from the supply that competes when the decision falls; median 1.

    Args:
        key: address of the video.
        pool: the pool that is judged, from 0.
        spread: sd of the natural log [≥ 0].
    Source: assumed (log-normal).
    """
    return math.exp(spread * normal(child(key, POOL + pool)))


@compiled
def size_factor(key: Word, pool: Whole, spread: float) -> float:
    """Factor on the size of a pool, log-normal with median 1.

    Args:
        key: address of the video.
        pool: the pool that opens, from 0.
        spread: sd of the natural log [≥ 0].
    Source: assumed; hard sizes would leave steps that real view counts lack.
    """
    return math.exp(spread * normal(child(key, SIZE + pool)))


@compiled
def first_pool(size: float, fans: float, fan_power: float, weight: float, factor: float) -> int:
    """Impressions of the first pool: size · weight · (1 + fans / FAN_REFERENCE)^power · factor.

    Args:
        size: of an account without fans.
        fans: of the account, over the whole platform for a creator.
        fan_power: how fast the pool grows with the fans [0..1], which differs by role.
        weight: natural weight of the account [> 0].
        factor: the video's own, median 1.
    Source: shape assumed; the two powers have their sources in the scenario.
    """
    impressions: float = size * weight * (1.0 + fans / FAN_REFERENCE) ** fan_power * factor
    return math.floor(impressions)


@compiled
def next_grant(
    granted: float, growth: float, margin: float, gain: float, freshness: float, factor: float
) -> int:
    """Impressions granted on promotion: the last grant, grown as far as the margin opens the ladder.

    granted · (1 + (growth − 1) · min(1, 0.25 + gain · (margin − 1))) · freshness · factor
    So the ladder's sizes are those of an account without fans; a larger first pool is larger all
    the way up, and sizes smear instead of leaving steps.
    Args:
        granted: impressions of the pool that was passed.
        growth: size of the next pool over the size of this one [> 1].
        margin: score over pass mark [≥ 1].
        gain: how fast the margin opens the next pool [≥ 0].
        freshness: what age leaves [0..1].
        factor: the video's own in the next pool, median 1.
    Source: assumed; 0.25 is what a bare pass opens.
    """
    opened = min(1.0, 0.25 + gain * (margin - 1.0))
    return max(1, math.floor(granted * (1.0 + (growth - 1.0) * opened) * freshness * factor))


@compiled
def freshness(age_h: float, half_life_h: float) -> float:
    """What age leaves of a grant [0..1]: 2^(−age / half-life), both in hours.

    Source: shape assumed; the half-life has its source in the scenario.
    """
    left: float = 2.0 ** (-age_h / half_life_h)
    return left


@compiled
def hourly_share(granted: float, pace_h: float, hour_weight: float) -> int:
    """Impressions of a grant due in one hour: granted / pace · hour weight, at least 1.

    Args:
        granted: impressions of the pool.
        pace_h: hours over which it is delivered at mean activity [h].
        hour_weight: activity of the hour, mean 1 over the day.
    """
    return max(1, math.floor(granted / pace_h * hour_weight))


@compiled
def trickle_rate(views: float, trickle: float, pool: Whole, age_h: float) -> float:
    """Late impressions an hour: trickle · min(1, (pool + 1) / 4) · views / age.

    Args:
        views: when promotion stopped.
        trickle: late views per e-fold of age, as a share of `views` [≥ 0].
        pool: where it stopped, from 0; less for the first ones.
        age_h: age of the video [h], above 0.
    Source: growth pairs of TikTok videos above 500,000 views; below that assumed.
    """
    return trickle * min(1.0, (pool + 1) / 4.0) * views / age_h


@compiled
def trickles(rate: float) -> bool:
    """Whether a video is still shown at all: at one impression a day or more.

    Args:
        rate: of the trickle [impressions/h].
    Source: assumed.
    """
    return bool(rate * 24 >= 1.0)


@compiled
def revives(key: Word, age_h: Whole, limit: Word) -> bool:
    """Whether a video that had stopped is tried again; drawn once a day of its age.

    Args:
        key: address of the video.
        age_h: age of the video [h].
        limit: chance a day [1/2³²].
    Source: assumed.
    """
    return bool(age_h % 24 == 0 and low32(child(key, REVIVAL + age_h)) < np.uint64(limit))


@compiled
def exhausted(quota: Whole, impressions: Whole, before: Whole, people: Whole) -> bool:
    """Whether nobody is left to see a video: the hour's quota reached none, and nine in ten have seen it.

    A small quota may fall where everyone has seen it; the whole audience is another matter.

    Args:
        quota: impressions that the hour was to bring.
        impressions: so far.
        before: the same an hour ago.
        people: in the audience, but for those whom the feed passes over.
    Source: the share is chosen.
    """
    return bool(quota > 0 and impressions == before and impressions * 10 >= people * 9)


def hour_weight(hour_of_day: int) -> float:
    """Activity of an hour over the day's mean [0..24], mean 1.

    Args:
        hour_of_day: Beijing time, counted on past 23.
    """
    return 24 * HOUR_PROFILE[hour_of_day % 24] / _DAY


def hourly_slots(people: int, daily_impressions: float, category_share: float, weight: float) -> int:
    """Impressions of an hour that a category can win.

    Args:
        people: in the audience.
        daily_impressions: a person's, of all categories.
        category_share: the category's part of them [0..1].
        weight: `hour_weight` of the hour.
    """
    return int(people * daily_impressions * category_share * weight / 24)
