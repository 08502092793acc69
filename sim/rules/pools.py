"""The ladder of recommendation pools (P1, P2, P4, P8): score, promotion, size, pace, trickle.

Takes sampled counts and the category's yardstick; gives a score, a decision and the next
grant. A video is judged on what happened to *its* impressions, so identical videos part
ways; pool sizes are noisy and open by the margin, so view counts show no steps. Douyin
publishes none of this: the ladder is operators' belief, one model among rivals to come.
"""

import math

from sim.compiled import compiled
from sim.rules.draws import child, normal

FAN_REFERENCE = 300.0
"""Fans from which they begin to count for the first pool. Source: assumed."""
RATIO_CAP = 4.0
"""A rate counts for at most four times the category's: one share in 300 impressions is luck."""


@compiled
def rate_score(count, impressions, usual, weight):
    """One rate's part of the score: weight · min(cap, (count / impressions) / usual rate)."""
    if impressions <= 0 or usual <= 0.0:
        return 0.0
    return weight * min(RATIO_CAP, count / (impressions * usual))


@compiled
def competition(key, pool, spread):
    """Factor on the pass mark from the supply that competes when the decision falls."""
    return math.exp(spread * normal(child(key, 100 + pool)))


@compiled
def size_factor(key, pool, spread):
    """Factor on the size of a pool, log-normal with median 1."""
    return math.exp(spread * normal(child(key, 200 + pool)))


@compiled
def first_pool(size, fans, fan_power, weight, factor):
    """Impressions of the first pool: size · weight · (1 + fans / FAN_REFERENCE)^power · factor.

    Source: power 0.4-0.6 measured (TikTok search sample).
    """
    return math.floor(size * weight * (1.0 + fans / FAN_REFERENCE) ** fan_power * factor)


@compiled
def next_grant(granted, growth, margin, gain, freshness, factor):
    """Impressions granted on promotion: the last grant, grown as far as the margin opens the ladder.

    granted · (1 + (growth − 1) · min(1, 0.25 + gain · (margin − 1))) · freshness · factor
    So the ladder's sizes are those of an account without fans; a larger first pool is larger all
    the way up, and sizes smear instead of leaving steps.
    Source: assumed; 0.25 is what a bare pass opens.
    """
    opened = min(1.0, 0.25 + gain * (margin - 1.0))
    return max(1, math.floor(granted * (1.0 + (growth - 1.0) * opened) * freshness * factor))


@compiled
def freshness(age_h, half_life_h):
    """What age leaves of a grant: 2^(−age / half-life)."""
    return 2.0 ** (-age_h / half_life_h)


@compiled
def hourly_share(granted, pace_h, hour_weight):
    """Impressions of a grant due in one hour: granted / pace · hour weight (mean 1), at least 1."""
    return max(1, math.floor(granted / pace_h * hour_weight))


@compiled
def trickle_rate(views, trickle, pool, age_h):
    """Late impressions an hour: trickle · views / age, less for videos stopped in the first pools.

    Source: growth pairs of TikTok videos above 500,000 views; below that assumed.
    """
    return trickle * min(1.0, (pool + 1) / 4.0) * views / age_h
