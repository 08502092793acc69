"""How good forecasts of views are: coverage of intervals, CRPS, and two baselines that ask no model.

Takes draws of what was forecast and what came, in log10 of views; gives numbers. Lower CRPS is better.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.analysis.scores import LEVELS, crps
from sim.calibration.sample import Sample

Floats = NDArray[np.float64]

TEST_SHARE = 0.25
"""Newest part of each account's videos that is held out."""
OWN_QUANTILES, OWN_NORMAL = 5, 3
"""Earlier videos from which an account's own quantiles, or its own log-normal, are taken; below, those of all
(chosen)."""
POINTS = 400
"""Draws of a forecast (chosen)."""
MIDDLES = (np.arange(POINTS) + 0.5) / POINTS


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
        low, high = np.quantile(draws, ((1 - level) / 2, (1 + level) / 2), axis=1)
        cover.append(float(((low <= came) & (came <= high)).mean()))
    return Score(name, float(crps(draws, came).mean()), tuple(cover))


def split(sample: Sample) -> NDArray[np.bool_]:
    """(V,) whether a video is held out: the newest quarter of its account's, none of fewer than four."""
    newest = np.zeros(sample.account.size, np.bool_)
    for k in range(len(sample.names)):
        (own,) = (sample.account == k).nonzero()
        count = int(own.size * TEST_SHARE)
        newest[own[np.argsort(sample.day[own], kind="stable")][own.size - count :]] = True
    return newest


def quantile_baseline(before: Floats, account: NDArray[np.int64], of: NDArray[np.int64]) -> Floats:
    """(n, POINTS) forecasts by the quantiles of an account's earlier videos, or of all where it has few.

    Args:
        before: (V,) log10 of earlier views.
        account: (V,) whose they are.
        of: (n,) accounts to forecast.
    """
    everyone = np.quantile(before, MIDDLES)
    rows = {}
    for k in np.unique(of).tolist():
        own = before[account == k]
        rows[k] = np.quantile(own, MIDDLES) if own.size >= OWN_QUANTILES else everyone
    return np.array([rows[k] for k in of.tolist()])


def normal_baseline(before: Floats, account: NDArray[np.int64], of: NDArray[np.int64]) -> Floats:
    """(n, POINTS) forecasts by a log-normal of an account's earlier videos, as `quantile_baseline`."""
    z = special.ndtri(MIDDLES)
    everyone = before.mean() + before.std(ddof=1) * z
    rows = {}
    for k in np.unique(of).tolist():
        own = before[account == k]
        rows[k] = own.mean() + max(own.std(ddof=1), 0.01) * z if own.size >= OWN_NORMAL else everyone
    return np.array([rows[k] for k in of.tolist()])
