"""How views spread: what accounts and videos each make of it, and how much the most seen hold.

Takes logs or views as arrays; gives numbers. Knows no tables.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Parts(NamedTuple):
    """A linear model of log10 views: slope on fans, and two levels of spread [dex]."""

    mean: float
    slope: float
    between: float
    within: float


def parts_of(logs: Floats, starts: Whole, fans: Floats | None = None) -> Parts:
    """Slope and variance components by moments (analysis of variance, unbalanced).

    Args:
        logs: (V,) log10 of views, account by account.
        starts: (A,) where each account's videos begin.
        fans: (V,) what views are regressed on first, mean 0; None for nothing.
    Source: Searle, Casella & McCulloch, Variance Components, method I; the slope by least squares.
    Example:
        >>> found = parts_of(np.array([1.0, 1.2, 3.0, 3.2]), np.array([0, 2]))
        >>> [round(float(part), 2) for part in found]
        [2.1, 0.0, 1.41, 0.14]
    """
    rest, slope = logs - logs.mean(), 0.0
    if fans is not None:
        slope = float(rest @ fans / (fans @ fans))
        rest = rest - slope * fans
    sizes = np.diff(np.r_[starts, rest.size])
    means = np.add.reduceat(rest, starts) / sizes
    inside = rest - np.repeat(means, sizes)
    videos, accounts = rest.size, starts.size
    within = float((inside @ inside) / max(1, videos - accounts))
    spread = float(sizes @ means**2)
    usual = (videos - (sizes**2).sum() / videos) / max(1, accounts - 1)
    between = (spread / max(1, accounts - 1) - within) / max(usual, 1e-9)
    return Parts(float(logs.mean()), slope, np.sqrt(max(0.0, between)), np.sqrt(max(0.0, within)))


def top(views: Floats, share: float) -> float:
    """Share of all views that the most seen posts have.

    Example:
        >>> top(np.array([1.0, 1.0, 1.0, 7.0]), 0.25)
        0.7
    """
    ordered = np.sort(views)[::-1]
    return float(ordered[: max(1, round(share * views.size))].sum() / ordered.sum())
