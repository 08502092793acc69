"""Do view counts pile up at pool sizes? A smoothed-bootstrap test for steps.

Takes final view counts and the sizes to suspect; gives one p-value for all of them. Real
view counts show no steps, so a ladder whose counts fail this test is not smeared enough. It
does not look for bumps elsewhere, and it takes anything narrower than the kernel for a step:
a hard lower edge of the whole sample near a size is flagged too. Such a flag weakens with a
smaller kernel, a step's does not.
"""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

BIN_DEX = 0.1
"""Width of a histogram bin [decades of views]: a step of ± 12 % fills one bin (chosen)."""
BANDWIDTH_DEX = 0.3
"""Kernel of the smooth null [decades of views]: three bins, so that a pile in one bin stands out (chosen)."""
CELLS_PER_BIN = 10
"""Points are kept to a thirtieth of the kernel, far below what it can tell apart."""
BOOTSTRAP_SEED = 20_241
"""Fixed, so that the same sample always gives the same p-value (chosen)."""


ROUNDING = 1e-9
"""Added to log10 views, so that a count on an edge (1000 views) lies above it despite float rounding."""


class Steps(NamedTuple):
    """The result of `steps`."""

    statistic: float
    """largest standardised excess near a size, (observed - expected) / √max(expected, 1)"""
    p_value: float
    """share of smooth samples with as large a statistic, > 0"""
    location: float
    """middle of the bin where it is [views]"""
    bins: Floats
    """edges of the histogram bins [log10 views], shape (bins + 1,)"""
    observed: NDArray[np.int64]
    """videos in each bin, shape (bins,)"""
    expected: Floats
    """videos in each bin under the smooth null, shape (bins,)"""


def steps(
    views: ArrayLike, sizes: Sequence[float], resamples: int = 499, bandwidth: float = BANDWIDTH_DEX
) -> Steps:
    """The largest excess of videos near the given sizes over a smooth density, with its p-value.

    Null: g, the sample smoothed with a Gaussian kernel of bandwidth h in log10 views, shrunk towards its
    mean by 1/√(1 + h²/s²) so that g keeps the sample's variance s². Each bootstrap sample is drawn from g,
    rounded to whole views as the data are, and smoothed again by itself, so that the bias of the smooth and
    ties at small counts are in the null distribution too. The statistic is the maximum over all bins within
    one bin of any size, hence a single p-value, however many sizes are given.

    Args:
        views: final view counts, one a video; zeros have no logarithm and are left out.
        sizes: views at which to look, ≥ 1.
        resamples: smooth samples drawn; the smallest p-value is 1 / (resamples + 1).
        bandwidth: of the kernel [decades of views], well above `BIN_DEX`.
    Returns:
        Statistic, p-value, where, and the histogram with its expectation.
    Raises:
        ValueError: fewer than 2 different counts, a negative or not finite count, or no size of at least 1.
    Source: Silverman 1981, JRSS B 43: 97-99 (smoothed bootstrap with variance kept); Westfall & Young 1993
        (maximum statistic). The statistic itself, bins and kernel: assumed.
    Example:
        >>> steps([10, 100, 100, 1000, 5000, 20000], sizes=[300]).p_value > 0.05
        True
    """
    counts = np.asarray(views, dtype=np.float64)
    if not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise ValueError("views must be finite and not negative")
    logs = np.log10(counts[counts >= 1])
    if logs.size == 0 or np.ptp(logs) == 0.0:
        raise ValueError("a test for steps needs at least 2 different view counts")
    if not len(sizes) or min(sizes) < 1:
        raise ValueError(f"sizes are {tuple(sizes)}, needed is at least one of 1 view or more")
    suspects = np.floor((np.log10(sizes) + ROUNDING) / BIN_DEX).astype(np.int64)
    # Five bandwidths of margin beyond the data and the sizes: what a bootstrap sample can reach.
    margin = ceil(5 * bandwidth / BIN_DEX)
    first = min(int(np.floor(logs.min() / BIN_DEX)), int(suspects.min())) - margin
    last = max(int(np.floor(logs.max() / BIN_DEX)), int(suspects.max())) + margin
    bins = np.arange(first, last + 2, dtype=np.float64) * BIN_DEX
    cells = np.linspace(bins[0], bins[-1], (last + 1 - first) * CELLS_PER_BIN + 1)
    tested = np.unique(suspects[:, None] + np.arange(-1, 2)) - first

    found = np.histogram(logs + ROUNDING, cells)[0]
    observed = _per_bin(found)
    expected = np.diff(_smooth(found, cells, bins, bandwidth))
    excess = _excess(observed[tested], expected[tested])

    draws = np.random.default_rng(BOOTSTRAP_SEED)
    edges = bins[np.concatenate((tested, tested + 1))]
    as_large = 0
    for sample in draws.multinomial(logs.size, _whole_views(found, cells, bandwidth), size=resamples):
        below, above = np.split(_smooth(sample, cells, edges, bandwidth), 2)
        as_large += bool(_excess(_per_bin(sample)[tested], above - below).max() >= excess.max())
    at = tested[int(excess.argmax())]
    return Steps(
        float(excess.max()),
        (1 + as_large) / (1 + resamples),
        float(10 ** (bins[at] + BIN_DEX / 2)),
        bins,
        observed,
        expected,
    )


def _excess(observed: NDArray[np.int64], expected: Floats) -> Floats:
    """Excess in standard deviations of a Poisson count; nearly empty bins count as one video."""
    return np.asarray((observed - expected) / np.sqrt(np.maximum(expected, 1.0)))


def _per_bin(found: NDArray[np.int64]) -> NDArray[np.int64]:
    """Videos in each bin, from videos in each cell."""
    return np.asarray(found.reshape(-1, CELLS_PER_BIN).sum(axis=1))


def _smooth(found: NDArray[np.int64], cells: Floats, at: Floats, bandwidth: float) -> Floats:
    """Expected videos below each point under the smooth null.

    Args:
        found: videos in each cell.
        cells: edges of the cells [log10 views].
        at: points [log10 views].
        bandwidth: of the kernel [decades of views].
    Returns:
        Cumulative expectation, shape of `at`.
    """
    used = np.flatnonzero(found)
    middle, weight = (cells[used] + cells[used + 1]) / 2, found[used]
    mean = np.average(middle, weights=weight)
    # Points in one cell still spread over it.
    variance = np.average((middle - mean) ** 2, weights=weight) + (BIN_DEX / CELLS_PER_BIN) ** 2 / 12.0
    shrink = 1.0 / np.sqrt(1.0 + bandwidth**2 / variance)
    centre = mean + (middle - mean) * shrink
    below = special.ndtr((at[:, None] - centre) / (bandwidth * shrink))
    return np.asarray(below @ weight)


def _whole_views(found: NDArray[np.int64], cells: Floats, bandwidth: float) -> Floats:
    """Probability of each cell for a count drawn from the smooth null, rounded, and at least 1."""
    # A cell holds the whole numbers between its edges, and so the mass half a view around them.
    whole = np.maximum(np.ceil(10.0 ** (cells - ROUNDING)), 1.0)
    # Between far edges rounding may leave a mass of -1e-13.
    share = np.maximum(np.diff(_smooth(found, cells, np.log10(whole - 0.5), bandwidth)), 0.0)
    return np.asarray(share / share.sum())
