"""How like and comment rates change with reach (P2): a warm circle, then cold traffic; comments saturate.

Takes how many have seen a video before and after some impressions; gives the mean factor on a rate over these
impressions. Survivors, the third part of the U that like rates make over reach, are no rule: they are what
the platform lets through. Does not know who the viewers are: the circle is the first of them.

Model: the first viewers of a video like it several times as often as later ones, falling off exponentially
with impressions; the comment rate falls by a power of the impressions so far, and is the category's at 1,000.
"""

import math

from sim.compiled import compiled

USUAL_VIEWS = 1_000.0
"""Impressions at which the comment rate is the category's. Source: with the mean of 0.29 % it then comes near
what TikTok searches have by reach: 0.57 % below 300 views, 0.18 % at 3,000 to 10,000, 0.05 % past 1 M."""
_FLAT = 1e-9
"""Powers this close to 1 are integrated as 1."""


@compiled
def warm(before: float, after: float, factor: float, circle: float) -> float:
    """Mean factor on the like rate over some impressions: 1 + (factor − 1) · mean of exp(−views / circle).

    Args:
        before: impressions of the video before them [≥ 0].
        after: and after them; where it is no more than `before`, the factor is that of the next impression.
        factor: of the very first viewer [≥ 0].
        circle: impressions in which the warmth falls to 1/e [> 0].
    Source: shape assumed; factor and circle fitted to like rates by reach (scenario/dilution.py).
    """
    seen = after - before
    if seen <= 0.0:
        return 1.0 + (factor - 1.0) * math.exp(-before / circle)
    mean = circle * (math.exp(-before / circle) - math.exp(-after / circle)) / seen
    return 1.0 + (factor - 1.0) * mean


@compiled
def saturated(before: float, after: float, power: float, start: float) -> float:
    """Mean factor on the comment rate: mean of ((start + views) / (start + USUAL_VIEWS))^−power.

    So all comments of a video grow, far beyond `start`, as its views to the power 1 − power.
    Args:
        before: impressions of the video before those that it is the mean over [≥ 0].
        after: and after them; where it is no more than `before`, the factor is that of the next impression.
        power: how fast the rate falls [0..1].
        start: impressions from which it begins to [> 0].
    Source: comments grow as views to the power 0.76 to 0.92 (three public sets).
    """
    usual = start + USUAL_VIEWS
    low, high = (start + before) / usual, (start + after) / usual
    seen: float = high - low
    if seen <= 0.0:
        return float(low**-power)
    left = 1.0 - power
    whole = math.log(high / low) if left < _FLAT else (high**left - low**left) / left
    return float(whole / seen)
