"""How far luck alone throws a video: the spread of views over repeats of the same videos (P4).

Takes views of V videos over R repeats, each repeat another luck for all of them; gives the spread and the
factor between two repeats, with intervals. A repeat is one run, so that its videos share what luck they
share: the intervals come from leaving out whole repeats, and never take videos for independent.
"""

from collections.abc import Callable
from math import exp, inf, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

FEWEST = 3
"""Repeats from which a spread of spreads can be told."""


class Bounded(NamedTuple):
    """A number and its interval."""

    value: float
    low: float
    high: float


class Luck(NamedTuple):
    """What luck alone does to the views of a video."""

    sd: Bounded
    """sd of log10 views over repeats of a video, pooled over the videos [dex]"""
    factor: Bounded
    """two repeats of a video differ by at most this factor, in `share` of the cases [≥ 1]"""
    share: float
    videos: int
    repeats: int


def luck_of(views: NDArray[np.int64], share: float = 0.8, confidence: float = 0.95) -> Luck:
    """The spread of views over repeats of the same videos.

    sd = √(mean over videos of s²), s² the variance of log10 views over the repeats (divisor R − 1);
    factor = 10^q, q the `share` quantile of |log10 x − log10 y| over all pairs of repeats of a video.

    Args:
        views: of each repeat and video, shape (R, V), at least FEWEST repeats and one video; 0 counts as 1.
        share: of the pairs that the factor covers, in (0, 1).
        confidence: of the intervals, in (0, 1).
    Returns:
        Spread, factor, and what they rest on.
    Raises:
        ValueError: too few repeats or no video.
    Source: the sd as in tests/evidence/test_luck.py; intervals by the jackknife over repeats (Efron 1981), on
        the log scale with Student's t of R − 1 degrees of freedom.
    """
    if len(views) < FEWEST or not views.size:
        raise ValueError(f"{views.shape}: at least {FEWEST} repeats of one video are needed")
    logs = np.log10(np.maximum(views, 1))

    def apart(table: Floats) -> float:
        above, below = np.triu_indices(len(table), k=1)
        return float(np.quantile(np.abs(table[above] - table[below]), share))

    def spread(table: Floats) -> float:
        return sqrt(float(table.var(axis=0, ddof=1).mean()))

    decades = _bounded(logs, apart, confidence)
    return Luck(
        _bounded(logs, spread, confidence),
        Bounded(*(10**limit for limit in decades)),
        share,
        views.shape[1],
        len(views),
    )


def _bounded(logs: Floats, statistic: Callable[[Floats], float], confidence: float) -> Bounded:
    """A statistic above 0 and its interval by leaving out one repeat at a time."""
    repeats, value = len(logs), statistic(logs)
    without = [statistic(np.delete(logs, k, axis=0)) for k in range(repeats)]
    if value == 0 or min(without) == 0:  # nothing differs, or nearly: no interval on a log scale
        return Bounded(value, 0.0, value if max(without) == 0 else inf)
    found = np.log(without)
    error = sqrt((repeats - 1) / repeats * float(((found - found.mean()) ** 2).sum()))
    reach = float(stats.t.ppf((1 + confidence) / 2, repeats - 1)) * error
    return Bounded(value, exp(log(value) - reach), exp(log(value) + reach))
