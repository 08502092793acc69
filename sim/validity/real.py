"""View counts of real samples, as histograms: published aggregates, no data of anybody."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BIN_DEX = 0.25


class Histogram(NamedTuple):
    """A real distribution of log10 views, known at the edges of bins."""

    edges: NDArray[np.float64]
    """(bins + 1,) [log10 views]"""
    below: NDArray[np.float64]
    """(bins + 1,) share of videos below each edge [0..1]"""
    median: float
    """[log10 views], linear within its bin"""
    sd: float
    """sd of log10 views, from the middles of the bins"""


def histogram(first: float, counts: tuple[int, ...]) -> Histogram:
    """A histogram of videos in bins of 0.25 dex.

    Args:
        first: lower edge of the first bin [log10 views].
        counts: videos in each bin.
    """
    edges: NDArray[np.float64] = np.linspace(first, first + BIN_DEX * len(counts), len(counts) + 1)
    number = np.array(counts, np.float64)
    below = np.append(0.0, number.cumsum()) / number.sum()
    middles = edges[:-1] + BIN_DEX / 2
    mean = np.average(middles, weights=number)
    sd = float(np.sqrt(np.average((middles - mean) ** 2, weights=number)))
    return Histogram(edges, below, float(np.interp(0.5, below, edges)), sd)


SEARCHED = histogram(
    1.50,
    (4, 7, 45, 114, 163, 225, 285, 247, 276, 303, 289, 321, 343, 329, 352, 320, 220, 158, 114, 86, 36, 11,
     13, 5, 2),
)  # fmt: skip
"""23 hashtag searches on TikTok, posts of 2018 to 2025: 4,268 videos."""
EXPOSED = histogram(
    3.25, (1, 2, 8, 52, 136, 418, 811, 1007, 1090, 1058, 979, 733, 583, 395, 177, 86, 36, 6, 5)
)
"""Plays of 7,583 Kuaishou videos in one month, picked for a test of random exposure (KuaiRand-Pure)."""
