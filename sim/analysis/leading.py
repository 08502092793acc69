"""How probable it is that a variant has the highest mean, given what its seeds gave.

Takes values as `estimate.py` checks them; gives shares that sum to 1. What they say and how often it is right
is measured in docs/evidence.md. Knows no names, no metrics and no files.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.rare import unlikeness, usual

Floats = NDArray[np.float64]

DRAWS = 4_000
"""Draws from the posterior: a share has a Monte Carlo standard error of at most 0.8 points."""
SEED = 20_240
"""Fixed, so that the same values always give the same shares (chosen)."""
UNSETTLED: Final = 0.95
"""Probability that nobody is said to reach while no winner is named (chosen: the usual confidence)."""


def leading(values: Floats, paired: Floats) -> Floats:
    """Posterior probability that each variant has the largest mean.

    Means are drawn from m + C z / √(R χ²), C the values less their means m, z normal by seed, χ² of R - 1
    degrees of freedom: any difference of two means is Student's t about what was seen, so that few seeds
    say little. Where a variant's difference to the best is the usual one (`rare.usual`) in a share t of the
    seeds, its luck has not been tried against the best's in those: its mean gets t · g / (R + 1) of normal
    noise more, as `rare.bounded` has it. Copies share equally.

    Args:
        values: shape (variants, seeds), at least 2 seeds.
        paired: differences to the best, exactly 0 where nothing differs, same shape.
    Returns:
        Probabilities that sum to 1, shape (variants,); the same for the same values, whatever their order.
    Source: posterior of normal means under Jeffreys' prior, Geisser & Cornfield 1963, JRSS B 25:368-376; what
        was not yet seen: Laplace's rule of succession, chosen.
    """
    if len(values) == 1:
        return np.ones(1)
    # Equal rows become one; the order of the rest hangs on the values alone, and so do their draws.
    _, first, group, copies = np.unique(
        values, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    group = group.reshape(-1)
    seeds = values.shape[1]
    gaps = paired[first]
    same = np.array([(row == usual(row)).mean() for row in gaps])
    best = ~gaps.any(axis=1)  # the best's own row
    same[best] = same[~best].max(initial=0.0)
    draws = np.random.default_rng(SEED)
    spread = draws.normal(size=(seeds, DRAWS)) / np.sqrt(seeds * draws.chisquare(seeds - 1, DRAWS))
    noise = draws.normal(size=(len(first), DRAWS)) * (same * unlikeness(values[first]) / (seeds + 1))[:, None]
    mean = gaps.mean(axis=1, keepdims=True)
    drawn = mean + (gaps - mean) @ spread + noise
    leads = np.bincount(drawn.argmax(axis=0), minlength=len(first)) / DRAWS
    return np.asarray((leads / copies)[group], dtype=np.float64)


def held(shares: Floats, tied: NDArray[np.bool_], confidence: float = UNSETTLED) -> Floats:
    """Shares that do not contradict the verdict.

    Without a winner, what the largest has above UNSETTLED goes in equal parts to the others that cannot be
    told apart from the best: 'cannot tell' never stands above 100 % and 0 %. A winner has at least the
    confidence that it was named with, up to UNSETTLED: how seldom a winner is wrong is measured
    (docs/evidence.md), and the others give in proportion.

    Args:
        shares: that sum to 1, shape (variants,).
        tied: the best and those that cannot be told apart from it, same shape; the winner alone is one.
        confidence: of the verdict, in (0, 1).
    Returns:
        Shares that sum to 1.
    Example:
        >>> held(np.array([1.0, 0.0, 0.0]), np.array([True, True, False])).round(2).tolist()
        [0.95, 0.05, 0.0]
    """
    if len(shares) == 1:
        return shares
    moved = shares.copy()
    if tied.sum() == 1:
        top = int(tied.argmax())
        moved[top] = max(shares[top], min(confidence, UNSETTLED))
        if shares[top] < 1.0:
            moved[~tied] *= (1.0 - moved[top]) / (1.0 - shares[top])
        return moved
    top = int(shares.argmax())
    others = tied & (np.arange(len(shares)) != top)
    moved[top] = min(shares[top], UNSETTLED)
    moved[others] += (shares[top] - moved[top]) / others.sum()
    return moved
