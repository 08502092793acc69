"""Means of variants and their differences to the best, with intervals, over paired replications.

Takes the table of `estimate.py`, which says what its values are; gives arrays. An interval is refused, never
narrowed to nothing, where too many differences are the same. Knows no names, no metrics and no files.
"""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.analysis.rare import bounded, chances_apart, exact, unlikeness

Floats = NDArray[np.float64]
Limits = tuple[float, float | Floats]
"""Least and most that the values can be; the most of each variant where they differ."""
ANY: Limits = (-np.inf, np.inf)

INTERVAL_KIND = "paired Student t, in two parts where many differences are alike"
"""The kind of interval, for the caller to print beside it."""
FEWEST_SEEDS = 2
"""A spread needs two."""
ROUNDING = 1e-13
"""Relative size below which a float difference is rounding: a few hundred units in the last place."""


class Intervals(NamedTuple):
    """Means and paired differences, each field but `best` of shape (variants,); refused limits are nan."""

    best: int
    """index of the largest mean, the lower index on a tie; or of what the differences were asked to be to"""
    mean: Floats
    low: Floats
    high: Floats
    difference: Floats
    """variant minus best: 0 for the best, else ≤ 0"""
    difference_low: Floats
    difference_high: Floats


def intervals(
    values: Floats, confidence: float = 0.95, limits: Limits = ANY, to: int | None = None
) -> Intervals:
    """Means and paired differences to the best, with intervals.

    mean(d) ± t(R-1, (1+confidence)/2) · sd(d) / √R, with d over the R seeds; where d is often 0, or mostly
    any one value, `rare.bounded` moves the limits out or refuses them, and two chances have those of
    `rare.chances_apart`. No limit leaves what is possible, and no interval is without width: seeds that all
    gave the same have not shown what the next one gives.

    Args:
        values: metric, larger is better, shape (variants, seeds), at least 2 seeds.
        confidence: in (0, 1), per interval, two-sided.
        limits: least and most that a value can be; 0 and 1 over zeros and ones are a chance (exact interval).
        to: variant to measure differences from in place of the largest mean.
    Returns:
        Means, limits and differences [unit of values]; the best is the largest mean, lower index on ties.
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds, or confidence outside (0, 1).
    Source: Student 1908; for common random numbers Law 2015, Simulation Modeling and Analysis, 10.2 and 11.2.
    Example:
        >>> intervals(np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])).difference.tolist()
        [0.0, -1.0]
    """
    table = checked(values)
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence is {confidence}, it must lie between 0 and 1")
    variants, seeds = table.shape
    reach = float(special.stdtrit(seeds - 1, (1.0 + confidence) / 2.0)) / np.sqrt(seeds)
    mean, spread = table.mean(axis=1), table.std(axis=1, ddof=1)
    best = int(ranked(table)[0]) if to is None else to
    gaps = gaps_to(table, best)
    difference, half = gaps.mean(axis=1), reach * gaps.std(axis=1, ddof=1)
    unlike, width = unlikeness(table), reach * spread
    least, most = limits[0], np.broadcast_to(np.asarray(limits[1], dtype=np.float64), variants)
    own, apart = np.zeros((2, variants)), np.zeros((2, variants))
    chance = (limits[0] == 0.0) & (most == 1.0) & np.isin(table, (0.0, 1.0)).all(axis=1)
    for v in range(variants):
        if chance[v]:
            own[:, v] = exact(int(table[v].sum()), seeds, confidence)[1:]
        else:
            student = (mean[v] - width[v], mean[v] + width[v])
            steady = _steady(table[v], np.abs(table[v]).max())
            own[:, v] = bounded(steady, student, unlike[v], confidence)
        if chance[v] and chance[best]:
            apart[:, v] = chances_apart(gaps[v], confidence) if v != best else 0.0
        elif v != best:
            student = (difference[v] - half[v], difference[v] + half[v])
            apart[:, v] = bounded(gaps[v], student, max(unlike[v], unlike[best]), confidence)
    own, apart = np.clip(own, least, most), np.clip(apart, least - most[best], most - least)
    return Intervals(best, mean, own[0], own[1], difference, apart[0], apart[1])


def not_behind(found: Intervals) -> NDArray[np.bool_]:
    """The best and every variant whose interval does not lie below 0; one that was refused never does."""
    return ~(found.difference_high < 0.0)


def seeds_needed(found: Intervals, rivals: Sequence[int], seeds: int, indifference: float) -> int:
    """Seeds at which the intervals would be narrow enough to tell rivals from the best, or as good as it.

    For each that is the gap itself (told apart), or what lies between the gap and the indifference (as good),
    whichever is wider; half a width falls with the root of the seeds. The gaps are taken as they are seen, so
    it is no more than a guess.

    Args:
        found: intervals, each with both limits.
        rivals: variants beside the best.
        seeds: that they rest on.
        indifference: below which a difference does not matter [unit of values, > 0].
    Example:
        >>> found = intervals(np.array([[9.0, 1.0, 6.0, 5.0], [1.0, 8.0, 4.0, 5.5]]))
        >>> seeds_needed(found, [1], seeds=4, indifference=0.5)
        1000
    """
    most = 0.0
    for index in rivals:
        gap = abs(float(found.difference[index]))
        half = float(found.difference_high[index] - found.difference_low[index]) / 2.0
        most = max(most, half / max(gap, indifference - gap))
    return ceil(seeds * most * most)


def known(limit: float) -> float | None:
    """A limit of an interval, None where it was refused."""
    return None if np.isnan(limit) else float(limit)


def gaps_to(table: Floats, to: int) -> Floats:
    """Every variant's differences to one, seed by seed; what only rounding sets apart is the same, or 0."""
    gaps = table - table[to]
    scale = np.maximum(np.abs(table), np.abs(table[to]))
    gaps[np.abs(gaps) <= ROUNDING * scale] = 0.0
    return np.array([_steady(*row) for row in zip(gaps, scale.max(axis=1), strict=True)])


def _steady(row: Floats, scale: float) -> Floats:
    """A row whose values next to the middle one, as near as rounding at that scale, are made equal to it."""
    middle = np.sort(row)[row.size // 2]
    return np.where(np.abs(row - middle) <= ROUNDING * scale, middle, row)


def ranked(table: Floats) -> NDArray[np.intp]:
    """Variants by falling mean, ties by lower index; means closer than rounding are ties."""
    mean = table.mean(axis=1)
    mean[mean >= mean.max() - ROUNDING * np.abs(table).max()] = mean.max()
    return np.argsort(-mean, kind="stable")


def checked(values: Floats) -> Floats:
    """The table as float64, or a ValueError that says what is wrong with it."""
    table = np.asarray(values, dtype=np.float64)
    match table.shape:
        case (variants, seeds) if variants and seeds >= FEWEST_SEEDS:
            pass
        case shape:
            raise ValueError(f"values have shape {shape}, needed is (variants, seeds) with at least 2 seeds")
    if not np.isfinite(table).all():
        variant, seed = (int(index) for index in np.argwhere(~np.isfinite(table))[0])
        raise ValueError(f"variant {variant} has {table[variant, seed]} at seed number {seed}, not finite")
    return table
