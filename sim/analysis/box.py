"""Which variant is best over the box of the assumptions: a map over the two that matter most.

Takes draws from the box and what each variant gave at them; gives the two axes, a grid of the best with
'cannot tell' as a class of its own, and the share of the grid of each class. A share of the box says how much
room an answer has; it is no probability, since nobody knows how likely each point is. Knows no names.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_DRAWS: Final = 32
"""Draws below which nothing is drawn (chosen)."""
CELLS: Final = 12
"""Cells of the map along an axis (chosen)."""
WEIGH_IN: Final = 8
"""Draws that weigh in at a corner of the map under the narrowest smoothing (chosen)."""
WIDTHS: Final = (1.0, 1.5, 2.2)
"""Widths of the smoothing tried, over the narrowest (chosen)."""
UNKNOWN: Final = -1
"""In the map: cannot tell."""


class Box(NamedTuple):
    """What a set of draws says."""

    axes: tuple[int, int]
    """numbers of the two assumptions that move the difference between variants most"""
    effects: tuple[float, float]
    """share of that difference's variance over the draws which each explains by itself [0..1]"""
    best: NDArray[np.int64]
    """(CELLS, CELLS) variant that is best in a cell, or UNKNOWN; row: first axis, from its low end"""
    shares: Floats
    """(variants + 1,) share of the cells of each variant, the last one of UNKNOWN"""


def mapped(points: Floats, values: Floats, confidence: float = 0.95) -> Box | None:
    """The map, or None below FEWEST_DRAWS draws, two variants or two assumptions.

    An axis counts by what a parabola in it explains of the largest difference (that of the best to the
    variant which varies most against it). In a cell means are weighted by distance (a normal kernel whose
    width is chosen by leaving out one draw at a time); a variant is best there where its difference to each
    other one, less t standard errors of the weighted mean, is above 0, and where fewer than five draws weigh
    in, nobody is.

    Args:
        points: draws, each coordinate uniform in [0..1], shape (draws, assumptions).
        values: metric, larger is better, shape (variants, draws); a draw is shared by all variants.
        confidence: of each difference in a cell, in (0, 1).
    Source: kernel regression, Nadaraya 1964 and Watson 1964; standard error of a weighted mean by the
        effective number of draws, Kish 1965.
    """
    variants, draws = values.shape
    if draws < FEWEST_DRAWS or variants == 1 or points.shape[1] == 1:
        return None
    gaps = values - values[int(values.mean(axis=1).argmax())]
    widest = gaps[int(gaps.var(axis=1).argmax())]
    explained = np.array([_explained(points[:, k], widest) for k in range(points.shape[1])])
    order = np.argsort(-explained, kind="stable")
    first, second = int(order[0]), int(order[1])
    plane = points[:, (first, second)]
    narrowest = np.sqrt(WEIGH_IN / (np.pi * draws))
    width = min((narrowest * wider for wider in WIDTHS), key=lambda each: _missed(plane, widest, each))
    middles = (np.arange(CELLS) + 0.5) / CELLS
    grid = np.array([[x, y] for x in middles for y in middles])
    best = np.array([_best(_weights(plane, cell, width), values, confidence) for cell in grid])
    shares = np.bincount(np.where(best == UNKNOWN, variants, best), minlength=variants + 1) / best.size
    effects = (float(explained[first]), float(explained[second]))
    return Box((first, second), effects, best.reshape(CELLS, CELLS), shares)


def _explained(x: Floats, y: Floats) -> float:
    """Share of the variance of y that a parabola in x explains, adjusted for its two coefficients [0..1]."""
    total = float(((y - y.mean()) ** 2).sum())
    if total == 0.0:
        return 0.0
    design = np.stack([np.ones_like(x), x, x**2], axis=1)
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    free = (float((left**2).sum()) / (y.size - 3)) / (total / (y.size - 1))
    return max(0.0, 1.0 - free)


def _weights(plane: Floats, at: Floats, width: float) -> Floats:
    """Weight of each draw at a point of the map."""
    weights: Floats = np.exp(-((plane - at) ** 2).sum(axis=1) / (2.0 * width**2))
    return weights


def _missed(plane: Floats, y: Floats, width: float) -> float:
    """Mean squared error at each draw when it is told from the others."""
    weights = np.array([_weights(plane, at, width) for at in plane])
    np.fill_diagonal(weights, 0.0)
    told = weights @ y / np.maximum(weights.sum(axis=1), 1e-300)
    return float(((y - told) ** 2).mean())


def _best(weights: Floats, values: Floats, confidence: float) -> int:
    """The variant that is surely best where draws weigh so much, or UNKNOWN."""
    fewest = 5.0
    total = weights.sum()
    enough = total**2 / (weights**2).sum()
    if enough < fewest:
        return UNKNOWN
    share = weights / total
    leader = int((values @ share).argmax())
    from scipy import special  # a page that is only drawn does without

    reach = float(special.stdtrit(enough - 1, (1.0 + confidence) / 2.0))
    for other in range(len(values)):
        gap = values[leader] - values[other]
        mean = gap @ share
        error = np.sqrt(share @ (gap - mean) ** 2 / (enough - 1))
        if other != leader and mean - reach * error <= 0.0:
            return UNKNOWN
    return leader
