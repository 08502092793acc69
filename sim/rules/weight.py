"""Account weight (P5): how what an account's videos have brought moves its natural weight.

Takes what is remembered of an account's counts, and the category's usual rates; gives a factor on the first
exposure of its posts and, weaker, on their marks. Does not count.

Model: what an account brought fades day by day; its score on what is left, drawn towards the usual one where
little is, to a power and within limits is a factor on first exposure and mark.
"""

import math


def kept(fade_d: float) -> float:
    """What a day leaves of what is remembered: e^(−1 / fade) [0..1]."""
    return math.exp(-1.0 / fade_d)


def shrunk(score: float, impressions: float, evidence: float) -> float:
    """An account's score, drawn towards the category's usual one, 1, where few impressions speak for it.

    (impressions · score + evidence) / (impressions + evidence)
    Args:
        score: Σ weight · ratio to the category's rate, of the impressions [≥ 0].
        impressions: that the platform judges, as far as they are remembered [≥ 0].
        evidence: impressions that the usual score counts for [> 0].
    """
    return (impressions * score + evidence) / (impressions + evidence)


def log_weight(score: float, gain: float, limit: float) -> float:
    """Natural log of the weight: gain · ln score, never beyond ± ln limit.

    Args:
        score: shrunk [> 0].
        gain: power of the score; 0 moves nothing from 1.
        limit: largest factor, and one over the smallest [≥ 1].
    Source: assumed. Operators hold that past rates move an account's weight; no platform publishes how.
    """
    return max(-math.log(limit), min(math.log(limit), gain * math.log(score)))
