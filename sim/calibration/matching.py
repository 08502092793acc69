"""Posterior of keys by matching summaries of simulated to real views, without a likelihood.

Keys lie in a unit box, uniform beforehand. In rounds, points of the box are simulated, and their summaries
are regressed on the keys (quadratic): what that predicts for a point is a synthetic likelihood, and the box
shrinks to where the posterior is. Takes a simulator; gives draws. Why this way:
docs/decisions/0014-calibration.md.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

Floats = NDArray[np.float64]

ROUNDS = (180, 160, 160)
"""Simulations by round (chosen: each a few times the numbers of the quadratic)."""
KEPT = (0.001, 0.999)
"""Part of each key's posterior that the next box holds (chosen)."""
MARGIN = 0.15
"""What the box is widened by on either side, of its width (chosen)."""
CHAINS, STEPS, DRAWS = 64, 400, 2_000
"""Of the Markov chains, of which the first third is left out (chosen)."""
RIDGE = 1e-3
"""Added to the squares of the regression, so that it can be solved (chosen)."""


class Surrogate(NamedTuple):
    """Summaries as a quadratic of the keys: n points, p terms, k summaries."""

    low: Floats
    """(d,) of the box it holds in"""
    high: Floats
    coefficients: Floats
    """(p, k)"""
    spread: Floats
    """(p, p) inverse of the terms' squares: how unsure the quadratic is at a point"""
    inverse: Floats
    """(k, k) of the Cholesky root of the squares of what is left over"""
    free: float
    """degrees of freedom, n − p − k + 1"""

    def distances(self, points: Floats, observed: Floats) -> Floats:
        """(n,) mean squared distance of the summaries (k,) from what is expected, by their spread."""
        return self._squares(points, observed)[0] * self.free / observed.size

    def log(self, points: Floats, observed: Floats) -> Floats:
        """(n,) log likelihood of the summaries (k,), -inf outside the box.

        Source: predictive distribution of multivariate regression, a Student t: so that few simulations
            make it wide (Box & Tiao 1973, section 8.4).
        """
        inside = ((points >= self.low) & (points <= self.high)).all(axis=1)
        squares, wide = self._squares(points, observed)
        fit = -0.5 * (self.free + observed.size) * np.log1p(squares)
        return np.where(inside, fit - 0.5 * observed.size * np.log(wide), -np.inf)

    def _squares(self, points: Floats, observed: Floats) -> tuple[Floats, Floats]:
        """(n,) squared distances in the squares of what is left over, and how much wider the quadratic is."""
        matrix = terms((points - self.low) / (self.high - self.low))
        wide = 1 + ((matrix @ self.spread) * matrix).sum(axis=1)
        z = self.inverse @ (observed - matrix @ self.coefficients).T
        return np.asarray((z * z).sum(axis=0) / wide), np.asarray(wide)


class Matched(NamedTuple):
    """What the matching gave."""

    draws: Floats
    """(n, d) of the posterior, in the unit box"""
    model: Surrogate | None
    """of the last round; None where not even the first was done"""
    simulations: int
    finished: bool
    """whether no round was cut short"""
    distance: float
    """mean squared standardised distance of the real summaries from the nearest that the model gives; about 1
    or less where it can give them"""


def terms(points: Floats) -> Floats:
    """(n, 1 + d + d(d+1)/2) constant, linear and quadratic terms of points (n, d)."""
    centred = 2 * points - 1
    rows, columns = np.triu_indices(points.shape[1])
    return np.column_stack([np.ones(len(points)), centred, centred[:, rows] * centred[:, columns]])


def surrogate(points: Floats, found: Floats, low: Floats, high: Floats) -> Surrogate:
    """The quadratic through simulated points.

    Args:
        points: (n, d) keys.
        found: (n, k) summaries.
        low: (d,) of the box that the points lie in.
        high: its other end.
    Source: synthetic likelihood, Wood 2010; with a regression over keys in place of repeats at each point.
    """
    matrix = terms((points - low) / (high - low))
    spread = np.linalg.inv(matrix.T @ matrix + RIDGE * np.eye(matrix.shape[1]))
    coefficients = spread @ matrix.T @ found
    rest = found - matrix @ coefficients
    squares = rest.T @ rest
    squares += np.diag(1e-3 * np.diag(squares) + 1e-9)
    free = max(1.0, len(points) - matrix.shape[1] - found.shape[1] + 1)
    inverse = np.linalg.inv(np.linalg.cholesky(squares))
    return Surrogate(low, high, coefficients, np.asarray(spread), np.asarray(inverse), free)


def sampled(
    model: Surrogate, observed: Floats, rng: np.random.Generator, fixed: Floats | None = None
) -> Floats:
    """(DRAWS, d) draws of the posterior under a flat prior on the box of the surrogate.

    Args:
        model: the surrogate.
        observed: (k,) summaries of the real views.
        rng: of the draws.
        fixed: (d,) where a key stays, NaN where it is drawn; all are drawn if left out. A key that stays
            outside the box stays at its edge.
    Source: differential evolution Markov chains, ter Braak 2006.
    """
    size = model.low.size
    start = qmc.Sobol(size, rng=rng).random(1024) * (model.high - model.low) + model.low
    free = np.ones(size, np.bool_) if fixed is None else np.isnan(fixed)
    if fixed is not None:
        start[:, ~free] = fixed[~free].clip(model.low[~free], model.high[~free])
    logs = model.log(start, observed)
    now = start[np.argsort(logs)[::-1][:CHAINS]]
    here = model.log(now, observed)
    gain, kept = 2.38 / np.sqrt(2 * max(1, int(free.sum()))), []
    for step in range(STEPS):
        first, second = (rng.permutation(CHAINS) for _ in range(2))
        jump = 1.0 if step % 10 == 0 else gain  # now and then from one mode to another
        tried = now + jump * (now[first] - now[second]) + rng.normal(0, 1e-4, now.shape) * free
        there = model.log(tried, observed)
        taken = np.log(rng.random(CHAINS)) < there - here
        now, here = np.where(taken[:, None], tried, now), np.where(taken, there, here)
        if step >= STEPS // 3:
            kept.append(now)
    every = np.concatenate(kept)
    return np.asarray(every[rng.choice(len(every), DRAWS, replace=len(every) < DRAWS)])


def matched(
    simulate: Callable[[Floats, int], Floats | None],
    observed: Floats,
    size: int,
    seed: int,
    rounds: Sequence[int] = ROUNDS,
    box: tuple[Floats, Floats] | None = None,
) -> Matched:
    """The posterior of `size` keys, given the summaries of the real views.

    Args:
        simulate: summaries (k,) at a point (size,) of the unit box under a seed; None once time is up.
        observed: (k,) summaries of the real views.
        size: number of keys.
        seed: of the points and draws.
        rounds: simulations by round.
        box: low and high (size,) of where to begin; the whole unit box if left out.
    """
    rng = np.random.default_rng(seed)
    low, high = box or (np.zeros(size), np.ones(size))
    done, draws, distance, stopped = 0, np.zeros((0, size)), np.inf, False
    points, found = np.zeros((0, size)), np.zeros((0, observed.size))
    model: Surrogate | None = None
    for wanted in rounds:
        new = qmc.Sobol(size, rng=rng).random(1 << (wanted - 1).bit_length())[:wanted] * (high - low) + low
        rows = []
        for k, point in enumerate(new):
            row = simulate(point, k)
            if row is None:
                stopped = True
                break
            rows.append(row)
        done += len(rows)
        inside = ((points >= low) & (points <= high)).all(axis=1)
        points = np.concatenate([points[inside], new[: len(rows)]])
        found = np.concatenate([found[inside], np.array(rows).reshape(-1, observed.size)])
        if len(points) < 1.5 * terms(points[:1]).shape[1]:
            break
        model = surrogate(points, found, low, high)
        draws = sampled(model, observed, rng)
        distance = float(model.distances(draws, observed).min())
        if stopped:
            break
        ends = np.quantile(draws, KEPT, axis=0)
        room = MARGIN * (ends[1] - ends[0]) + 1e-3
        low, high = np.maximum(low, ends[0] - room), np.minimum(high, ends[1] + room)
    return Matched(draws, model, done, not stopped, distance)
