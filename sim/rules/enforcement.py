"""Enforcement against matrices (X6): what gives a matrix away, what that takes from its health and reach.

Takes shares and points; gives rates, points and factors. Bands and caps are published; how matrices are
detected, and how much less an account is shown in each band, is not. Does not know accounts or posts.

Model: each day an account of a matrix may be found out, at a rate that rises with how densely it is linked to
its sisters, how much of their content it repeats and how often it posts in the same hour; a violation takes
points off a health of 100, below 70 it is shown less and may post once a day, at 0 not at all; clean days
win points back. Reposts, shared topics and co-creation are no relation of this kind.
"""

import math

WHOLE = 100
"""Points of a healthy account."""
BANDS = (70, 50, 20, 1, 0)
"""Lowest points of each band below full health; nothing is published of what 70-99 cost."""
LIMITED = 70
"""Below these points posts are capped."""
POSTS_A_DAY, POSTS_A_WEEK = 1, 3
"""Posts that a capped account has shown."""
MONTH_D = 30


def rate(relation: float, similarity: float, synchrony: float, weights: tuple[float, float, float]) -> float:
    """How much gives a matrix away: the weighted mean of three signals [0..1].

    Args:
        relation: share of the sisters to whom the account is tied by follow, like, @ or comment [0..1].
        similarity: share of its recent posts that repeat what a sister has shown [0..1].
        synchrony: over its recent posts, mean share of the sisters that posted about the same time [0..1].
        weights: of the three [≥ 0], not all 0.
    Source: that content, behaviour and relations are read is official; weights and form are assumed.
    """
    signals = (relation, similarity, synchrony)
    return sum(w * signal for w, signal in zip(weights, signals, strict=True)) / sum(weights)


def detection_probability(hazard: float, signal: float) -> float:
    """Chance of a day that an account is found out: 1 − e^(−hazard · signal / 30).

    Args:
        hazard: detections a month of an account that gives everything away [≥ 0].
        signal: how much it gives away [0..1].
    Source: assumed.
    """
    return 1.0 - math.exp(-hazard * signal / MONTH_D)


def points_after(points: float, violations: int, off: float, won_back: float) -> float:
    """Points after a day: less those of its violations, or some more after a clean one [0..100].

    Args:
        points: before the day [0..100].
        violations: found on the day.
        off: points that each costs [1..10, published].
        won_back: points that a clean day wins back [≥ 0].
    """
    if violations:
        return max(0.0, points - violations * off)
    return min(float(WHOLE), points + won_back)


def shown_share(points: float, cut: float) -> float:
    """Share of its impressions that an account keeps: (1 − cut)^(bands below 70), and nothing at 0 points.

    Args:
        points: of health [0..100].
        cut: what each band below 70 takes [0..1].
    Source: bands published; that recommendation falls with them too, by how much is assumed.
    """
    if points <= 0.0:
        return 0.0
    below = sum(points < bound for bound in BANDS[:3])
    return (1.0 - cut) ** below
