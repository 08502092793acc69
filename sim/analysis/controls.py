"""Luck that was drawn and whose mean is known, taken out of a comparison: control variates.

Takes a metric and the drawn luck by variant and seed; gives values with the same mean and less spread. Knows
no names, no metrics and no files.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_CONTROLLED: Final = 32
"""Seeds below which nothing is taken out: luck has a long tail, and on few seeds its fitted slope makes false
winners (of equal means at 95 %: 7-11 % with 8 seeds, 7 % with 16, 5-6 % with 32; chosen)."""


def controlled(values: Floats, drawn: Floats, known: float = 1.0) -> Floats:
    """Values less what the drawn luck explains of them.

    y - b (c - E[c]), the slope b of a seed fitted on all *other* seeds, so that it does not hang on that
    seed's own luck and the mean stays what it was. Variants that drew the same luck share one slope, so that
    what is equal between them stays equal.

    Args:
        values: metric, shape (variants, seeds).
        drawn: control variate, same shape; a variant in which it never varies is left alone.
        known: E[c].
    Returns:
        Adjusted values, same shape; `values` themselves below FEWEST_CONTROLLED seeds.
    Source: Lavenberg & Welch 1981, Management Science 27:322-335; slopes from the other replications
        (splitting): Avramidis & Wilson 1993, Annals of Operations Research 43.
    Example:
        >>> luck = np.linspace(0.5, 1.5, 32)
        >>> controlled(np.array([10 + 4 * luck]), np.array([luck])).round(6).tolist()[0][:2]
        [14.0, 14.0]
    """
    if values.shape[1] < FEWEST_CONTROLLED:
        return values
    adjusted = values.copy()
    _, group = np.unique(drawn, axis=0, return_inverse=True)
    for members in (np.flatnonzero(group.reshape(-1) == g) for g in range(int(group.max()) + 1)):
        luck = drawn[members[0]]
        if np.ptp(luck) == 0.0:
            continue
        slopes = _others(values[members].mean(axis=0), luck)
        adjusted[members] -= slopes * (luck - known)
    return adjusted


def _others(values: Floats, luck: Floats) -> Floats:
    """Slope of values on luck for each seed, by least squares without it; 0 where the others are alike."""
    n = values.size - 1
    sum_x, sum_y = luck.sum() - luck, values.sum() - values
    sum_xy, sum_xx = (luck * values).sum() - luck * values, (luck**2).sum() - luck**2
    below = sum_xx - sum_x**2 / n
    safe = below > 1e-12 * sum_xx
    slopes: Floats = np.where(safe, (sum_xy - sum_x * sum_y / n) / np.where(safe, below, 1.0), 0.0)
    return slopes
