"""A rate over videos and accounts, its sampling noise taken off: binomial counts under two log-normal levels.

    hits ~ Binomial(base, e^θ),  θ ~ Normal(m + a, within²),  a ~ Normal(0, between²)

Takes counts; gives draws of the posterior of (m, within, between). So a video of few views speaks softly, an
account of few videos is drawn towards the others (partial pooling), and what one account cannot tell, how far
accounts differ, is left as wide as it was. Both levels are integrated on a grid of θ: exact but for the grid.
"""

from collections.abc import Callable
from math import log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from sim.calibration.sample import Counts

Floats = NDArray[np.float64]

DRAWS = 300
"""Draws of a posterior (chosen)."""
STEP = 0.15
"""Of the grid of θ, the natural log of the rate (chosen: a third of the least spread that matters)."""
BELOW, ABOVE = 10.0, 7.0
"""How far the grid goes beneath and above the pooled rate, in the log (chosen)."""
MANY = 25
"""Hits from which a count's likelihood is close to a normal in θ (chosen)."""
BLOCK = 16
"""Videos that are blurred at a time: so few that BLAS takes one thread, since several wait on each other on
a machine that others use too (chosen)."""
_TAILS, _WIDER = 5, 1.2  # of the proposal from which draws are weighted
_TINY = 1e-300


class Prior(NamedTuple):
    """What is held before the data: normals of (m, ln within, ln between)."""

    means: tuple[float, float, float]
    sds: tuple[float, float, float]

    def log(self, point: Floats) -> float:
        """Log density of a point (3,), up to a constant."""
        z = (point - np.array(self.means)) / np.array(self.sds)
        return float(-0.5 * (z * z).sum())


class Levels:
    """The likelihood of (m, ln within, ln between) given counts.

    Args:
        counts: of n videos, accounts numbered from 0.
        centre: log of a rate that the grid must hold beside the pooled one.
    """

    def __init__(self, counts: Counts, centre: float) -> None:
        pooled = log((counts.hits.sum() + 0.5) / (counts.base.sum() + 1.0))
        top = min(-1e-3, max(pooled, centre) + ABOVE)
        self.grid = np.arange(top, min(pooled, centre) - BELOW, -STEP)[::-1]
        self._many = (counts.hits >= MANY) & (counts.hits < counts.base)
        few, hits, base = ~self._many, counts.hits, counts.base
        rate = np.exp(self.grid)
        logs = hits[few, None] * self.grid + (base - hits)[few, None] * np.log1p(-rate)
        likelihood = np.exp(logs - logs.max(axis=1, keepdims=True)) if few.any() else logs
        self._few = np.array_split(likelihood, max(1, -(-len(likelihood) // BLOCK)))
        much, of = hits[self._many], base[self._many] + 1.0
        self._mean = special.digamma(much) - special.digamma(of)
        self._variance = special.polygamma(1, much) - special.polygamma(1, of)
        self._accounts = int(counts.account.max()) + 1
        self._few_of, self._many_of = counts.account[few], counts.account[self._many]

    def log(self, point: Floats) -> float:
        """Log likelihood, up to a constant, of a point (3,)."""
        m, within, between = point[0], *np.exp(point[1:])
        within, between = max(within, 0.7 * STEP), max(between, 0.7 * STEP)
        # Normals of one account multiply to one: a quadratic in θ.
        variance = self._variance + within**2
        square, line, level = (
            np.bincount(self._many_of, part, self._accounts)[:, None]
            for part in (1 / variance, self._mean / variance, self._mean**2 / variance + np.log(variance))
        )
        logs = -0.5 * (square * self.grid**2 - 2 * line * self.grid + level)
        if self._few_of.size:
            bell = np.exp(-0.5 * ((self.grid[:, None] - self.grid) / within) ** 2) * STEP / within
            blurred = np.concatenate([rows @ bell for rows in self._few])
            np.add.at(logs, self._few_of, np.log(blurred + _TINY))
        logs += -0.5 * ((self.grid - m) / between) ** 2 - log(between)
        top = logs.max(axis=1)
        return float((top + np.log(np.exp(logs - top[:, None]).sum(axis=1))).sum())


def posterior(counts: Counts, prior: Prior, rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Draws (draws, 3) of (m, within, between), in natural logs, equally weighted.

    Args:
        counts: of videos, accounts numbered from 0.
        prior: of (m, ln within, ln between).
        rng: of the draws.
        draws: how many.
    Source: importance resampling from a Student t about the mode; partial pooling as in Gelman et al.,
        Bayesian Data Analysis, chapter 5.
    """
    levels = Levels(counts, prior.means[0])

    def log_density(point: Floats) -> float:
        return levels.log(point) + prior.log(point)

    start = np.array(prior.means)
    start[0] = log((counts.hits.sum() + 0.5) / (counts.base.sum() + 1.0))
    simplex = start + np.vstack([np.zeros(3), np.diag([0.5, 0.4, 0.4])])
    found: Any = optimize.fmin  # its stubs know no simplex
    mode = found(
        lambda point: -log_density(point), start, xtol=0.01, ftol=0.01, maxfun=250, disp=False,
        initial_simplex=simplex,
    )  # fmt: skip
    spread = np.linalg.inv(_curvature(log_density, mode, np.array(prior.sds))) * _WIDER**2
    proposal = stats.multivariate_t(mode, spread, _TAILS)
    tried = np.atleast_2d(proposal.rvs(draws, random_state=rng))
    logs = np.array([log_density(point) for point in tried]) - proposal.logpdf(tried)
    weights = np.exp(logs - logs.max())
    points = (np.arange(draws) + rng.random()) / draws
    kept = tried[np.searchsorted(np.cumsum(weights) / weights.sum(), points).clip(0, draws - 1)]
    return np.column_stack([kept[:, 0], np.exp(kept[:, 1:])])


def _curvature(log_density: Callable[[Floats], float], mode: Floats, sds: Floats) -> Floats:
    """Minus the second derivatives (3, 3) at the mode, no flatter than the prior: it can be inverted."""
    step, size = 0.08, mode.size
    middle = log_density(mode)
    found = np.empty((size, size))
    shifts = np.eye(size) * step
    ends = [(log_density(mode + s), log_density(mode - s)) for s in shifts]
    for i in range(size):
        found[i, i] = -(ends[i][0] - 2 * middle + ends[i][1]) / step**2
        for j in range(i):
            both = log_density(mode + shifts[i] + shifts[j])
            found[i, j] = found[j, i] = -(both - ends[i][0] - ends[j][0] + middle) / step**2
    values, vectors = np.linalg.eigh(found)
    least = float((1 / sds**2).min())
    return np.asarray(vectors @ np.diag(np.maximum(values, least)) @ vectors.T)
