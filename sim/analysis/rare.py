"""What may be said of a mean when most of its values are 0: an honest interval, or none.

Takes one value a seed, such as the differences of two variants under the same luck, which are 0 but for a
rare cascade. A spread over such values says nothing: as long as no cascade was seen it is 0. So they are
counted (exact shares), and their mean is bounded in two parts, how many differ and by how much. With too few
that differ there is no interval at all. Knows no names, no metrics and no files.
"""

from functools import cache
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]

FEWEST_OTHER = 8
"""Values other than 0 below which nothing is said of their size (chosen)."""
MANY_ZEROS = 0.25
"""Share of zeros above which a mean is bounded in two parts (chosen)."""


class Share(NamedTuple):
    """A share of the seeds and its exact interval [0..1]."""

    share: float
    low: float
    high: float


class Standings(NamedTuple):
    """How often a variant did better than, exactly as well as, and worse than the best."""

    win: Share
    tie: Share
    lose: Share


@cache
def exact(count: int, seeds: int, confidence: float = 0.95) -> Share:
    """A share with the interval that holds at least as often as it says, whatever the share.

    Args:
        count: of the seeds, 0..seeds.
        seeds: > 0.
        confidence: in (0, 1), two-sided.
    Returns:
        Share and limits; of some width even at none or all.
    Raises:
        ValueError: counts that cannot be.
    Source: Clopper & Pearson 1934, as in scipy.stats.binomtest.
    Example:
        >>> [round(limit, 3) for limit in exact(0, 16)]
        [0.0, 0.0, 0.206]
    """
    found = stats.binomtest(count, seeds).proportion_ci(confidence, method="exact")
    return Share(count / seeds, float(found.low), float(found.high))


@cache
def at_most(count: int, seeds: int, confidence: float = 0.95) -> float:
    """The largest share of which so few may be seen: sixteen zeros still allow 17 %.

    Args:
        count: of the seeds, 0..seeds.
        seeds: > 0.
        confidence: in (0, 1), one-sided.
    Returns:
        Upper limit [0..1].
    Source: Clopper & Pearson 1934.
    Example:
        >>> round(at_most(0, 16), 3)
        0.171
    """
    found = stats.binomtest(count, seeds, alternative="less").proportion_ci(confidence, method="exact")
    return float(found.high)


def seeds_wanted(count: int, seeds: int) -> int:
    """Seeds at which enough values other than 0 are to be expected.

    FEWEST_OTHER / p, p = (count + 1) / (seeds + 2).

    Args:
        count: values other than 0 so far, below FEWEST_OTHER.
        seeds: so far.
    Returns:
        More than there are.
    Source: Laplace's rule of succession.
    Example:
        >>> seeds_wanted(0, 16), seeds_wanted(3, 16)
        (144, 36)
    """
    return ceil(FEWEST_OTHER * (seeds + 2) / (count + 1))


def standings(gaps: Floats, confidence: float = 0.95) -> Standings:
    """How often a difference was above, at and below 0.

    Args:
        gaps: differences to the best, exactly 0 where nothing differs, shape (seeds,).
        confidence: of each share's interval, in (0, 1).
    """
    counts = ((gaps > 0).sum(), (gaps == 0).sum(), (gaps < 0).sum())
    return Standings(*(exact(int(count), gaps.size, confidence) for count in counts))


def bounded(
    values: Floats, student: tuple[float, float], unlike: float, confidence: float = 0.95
) -> tuple[float, float]:
    """The interval of a mean of which many values may be 0; not a number where too few differ from 0.

    Few zeros: Student's limits. Many: low and high of p · m over p in the exact interval of the share that is
    not 0 and m in Student's interval of the mean of those, each at 1 - alpha/2, and never narrower than
    Student's of all. Both are moved out by z · g / (R + 1): of the launches that came out equal, a share z,
    the next one may yet fall out as unlike as two launches of different luck, which lie g apart.

    Args:
        values: shape (seeds,).
        student: limits of Student's interval of the mean of all.
        unlike: g, of `unlikeness` [unit of values].
        confidence: in (0, 1), two-sided.
    Returns:
        Low and high; nan where many are 0 and fewer than FEWEST_OTHER are not.
    Source: two parts as in a hurdle model (Cragg 1971), joined by Bonferroni; what was not yet seen by
        Laplace's rule of succession. departs: a rule for the unseen is a choice; its coverage is measured in
        docs/evidence.md.
    """
    seeds, other = values.size, values[values != 0.0]
    zeros = 1.0 - other.size / seeds
    low, high = student
    if zeros > MANY_ZEROS:
        if other.size < FEWEST_OTHER:
            return np.nan, np.nan
        half = (1.0 + confidence) / 2.0
        share = exact(other.size, seeds, half)
        reach = float(special.stdtrit(other.size - 1, (1.0 + half) / 2.0)) / np.sqrt(other.size)
        width = reach * float(other.std(ddof=1))
        ends = [p * m for p in share[1:] for m in (other.mean() - width, other.mean() + width)]
        low, high = min(low, *ends), max(high, *ends)
    beyond = zeros * unlike / (seeds + 1)
    return float(low - beyond), float(high + beyond)


def unlikeness(values: Floats) -> Floats:
    """How far two launches of different luck lie apart, on average.

    g = 2 Σ (2 i - R - 1) x_(i) / (R (R - 1)), x_(i) in rising order.

    Args:
        values: shape (variants, seeds), at least 2 seeds.
    Returns:
        Mean absolute difference of two seeds [unit of values], shape (variants,).
    Source: Gini's mean difference, 1912.
    Example:
        >>> unlikeness(np.array([[0.0, 1.0, 3.0]])).tolist()
        [2.0]
    """
    seeds = values.shape[1]
    weights = 2.0 * np.arange(1, seeds + 1) - seeds - 1.0
    return np.asarray(np.sort(values, axis=1) @ weights * 2.0 / (seeds * (seeds - 1)), dtype=np.float64)
