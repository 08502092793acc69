"""How good forecasts of views are: coverage of intervals, and CRPS.

Takes draws of what was forecast and what came, in log10 of views; gives numbers. Lower CRPS is better.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.scores import LEVELS, central, crps, issued
from sim.calibration.sample import Sample

Floats = NDArray[np.float64]

TEST_SHARE = 0.25
"""Newest part of each account's videos that is held out."""
POINTS = 1_000
"""Draws of a forecast (chosen)."""


class Score(NamedTuple):
    """Of one way to forecast."""

    name: str
    crps: float
    """mean, in log10 of views [dex]"""
    coverage: tuple[float, ...]
    """of the intervals of LEVELS, in their order [0..1]"""


def scored(name: str, draws: Floats, came: Floats) -> Score:
    """The score of forecasts (n, m) of what came (n,)."""
    cover = []
    for level in LEVELS:
        low, high = central(draws, level)
        cover.append(float(((low <= came) & (came <= high)).mean()))
    return Score(name, float(crps(issued(draws), came).mean()), tuple(cover))


def split(sample: Sample) -> NDArray[np.bool_]:
    """(V,) whether a video is held out: the newest quarter of its account's, none of fewer than four."""
    newest = np.zeros(sample.account.size, np.bool_)
    for k in range(len(sample.names)):
        (own,) = (sample.account == k).nonzero()
        count = int(own.size * TEST_SHARE)
        newest[own[np.argsort(sample.day[own], kind="stable")][own.size - count :]] = True
    return newest
