"""How an interval of ours meets a published one: met, missed, or cannot tell.

Takes one number a seed; gives mean, interval and verdict. Nothing is rounded in our favour: met means that
the whole interval lies within the published one, missed that none of it does.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.validity.facts import Fact

Verdict = Literal["missed", "cannot tell", "met"]
VERDICTS: tuple[Verdict, ...] = ("missed", "cannot tell", "met")
"""The worst first."""
CONFIDENCE = 0.95
LEAST_SEEDS = 2


class Finding(NamedTuple):
    """What the model gives of a fact."""

    mean: float
    low: float
    high: float
    """of the interval over seeds"""
    verdict: Verdict
    seeds: int
    """in which there was anything to measure"""


def bounded(values: ArrayLike) -> tuple[float, float, float]:
    """Mean and 95 % Student interval over seeds (n ≥ 2,)."""
    from scipy import stats

    own = np.asarray(values, np.float64)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, own.size - 1)) * own.std(ddof=1) / np.sqrt(own.size)
    return float(own.mean()), float(own.mean() - half), float(own.mean() + half)


def verdict(found: tuple[float, float, float], low: float, high: float) -> Verdict:
    """Whether an interval (mean, low, high) lies in a measured band."""
    _, least, most = found
    if low <= least and most <= high:
        return "met"
    return "missed" if most < low or least > high else "cannot tell"


def finding(fact: Fact, values: Sequence[float]) -> Finding | None:
    """What some seeds say of a fact; None where they leave nothing to measure.

    Args:
        fact: which.
        values: one a seed, nan where it had nothing of the kind; one for all of a pooled fact.
    """
    told = [value for value in values if np.isfinite(value)]
    if len(told) < (1 if fact.pooled else LEAST_SEEDS):
        return None
    found = (told[0], told[0], told[0]) if fact.pooled else bounded(told)
    return Finding(*found, verdict(found, fact.low, fact.high), len(told))
