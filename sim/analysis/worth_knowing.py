"""What to measure next: how much better one would choose, knowing one assumption, than one chooses now.

Expected value of partial perfect information, E over θ of max over variants of E(value | θ), less max over
variants of E(value), from the very draws that a comparison over drawn assumptions made. The inner expectation
is a parabola in θ fitted to each variant's difference to the best, shrunk by what noise alone would explain,
so that luck of the launches is not taken for knowledge; and what shuffled draws would show as well is said.
Takes draws and values; gives numbers. Knows no keys, metrics or words.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.box import FEWEST_DRAWS

Floats = NDArray[np.float64]

SHUFFLES: Final = 199
"""Orders of the draws in which nothing can be known (chosen)."""
RESAMPLES: Final = 200
"""Of the draws, for intervals (chosen)."""
SEED: Final = 17
"""Of both: the same for the same values, always."""
BY_CHANCE: Final = 0.05
"""Chance above which a worth is no more than noise shows somewhere (chosen)."""
DEGREE: Final = 2
"""A parabola: a range is short, and effects bend at most once over it."""


class Worth(NamedTuple):
    """What knowing one assumption is worth [unit of values]."""

    assumption: int
    gain: float
    """expected, per launch"""
    low: float
    high: float
    changes: float
    """share of its range in which another variant than today's best would be chosen [0..1]"""
    by_chance: float
    """chance that draws which say nothing would make any assumption look worth as much [0..1]"""


def worth_knowing(points: Floats, values: Floats, confidence: float = 0.9) -> tuple[Worth, ...]:
    """Every assumption, the one most worth knowing first; none below FEWEST_DRAWS draws or two variants.

    Args:
        points: draws, each coordinate uniform in [0..1], shape (draws, assumptions).
        values: metric, larger is better, shape (variants, draws); a draw is shared by all variants.
        confidence: of the intervals (percentiles over draws drawn again), in (0, 1).
    Source: Raiffa & Schlaifer 1961; by regression on the draws, Strong, Oakley & Brennan 2014, Med. Decis.
        Making 34:311-326; chance over all assumptions at once by the largest of each shuffle, Westfall &
        Young 1993. departs: the fit is shrunk to its adjusted share of the variance, for a plug-in maximum
        of noisy means is too large.
    """
    variants, draws = values.shape
    if draws < FEWEST_DRAWS or variants == 1 or points.shape[1] == 0:
        return ()
    rng = np.random.default_rng(SEED)
    gains, changes = _gains(_bases(points), values)
    orders = (rng.permutation(draws) for _ in range(SHUFFLES))
    own = _bases(points)
    largest = np.array([_gains(own, values[:, order])[0].max() for order in orders])
    again = (rng.integers(0, draws, draws) for _ in range(RESAMPLES))
    spread = np.array([_gains(_bases(points[rows]), values[:, rows])[0] for rows in again])
    low, high = np.quantile(spread, [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0], axis=0)
    chance = (1 + (largest[:, None] >= gains).sum(axis=0)) / (1 + SHUFFLES)
    low, high = np.minimum(low, gains), np.maximum(high, gains)
    columns = (gains, low, high, changes, chance)
    order = np.argsort(-gains, kind="stable")
    return tuple(Worth(int(k), *(float(column[k]) for column in columns)) for k in order)


def _bases(points: Floats) -> Floats:
    """Of each assumption, orthonormal columns over the draws that span its parabolas, (K, draws, DEGREE)."""
    z = points.T - points.T.mean(axis=1, keepdims=True)
    powers = np.stack([z**k for k in range(1, DEGREE + 1)], axis=2)
    return np.linalg.qr(powers - powers.mean(axis=1, keepdims=True))[0]


def _gains(bases: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Worth of knowing each assumption, and the share of the draws that would choose another, each (K,)."""
    draws, best = values.shape[1], int(values.mean(axis=1).argmax())
    gaps = values - values[best]
    means = gaps.mean(axis=1)
    off = gaps - means[:, None]
    parts = np.einsum("kdq,vd->kvq", bases, off)
    explained, total = (parts**2).sum(axis=2), (off**2).sum(axis=1)
    noise = (total - explained) * DEGREE / (draws - 1 - DEGREE)  # what so many columns explain of noise alone
    kept = np.divide(explained - noise, explained, out=np.zeros_like(explained), where=explained > 0.0)
    moved = np.einsum("kdq,kvq->kvd", bases, parts * np.sqrt(np.maximum(kept, 0.0))[:, :, None])
    expected = means[None, :, None] + moved
    gains = expected.max(axis=1).mean(axis=1) - means.max()
    rest = np.delete(expected, best, axis=1).max(axis=1)
    return np.maximum(gains, 0.0), (rest > 0.0).mean(axis=1)
