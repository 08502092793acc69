"""What may be said of a mean when most of its values are the same: an honest interval, or none.

Takes one value a seed, such as the differences of two variants under the same luck, which but for a rare
cascade are 0, or what one of them costs more. A spread over such values says nothing: as long as no cascade
was seen it is 0. So they are counted (exact shares), and their mean is bounded in two parts, how many differ
and by how much. With too few that differ there is no interval at all. Knows no names, metrics or files.
"""

from functools import cache
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]

FEWEST_OTHER = 8
"""Values other than the usual one below which nothing is said of their size (chosen)."""
MANY_ZEROS = 0.25
"""Share of the usual value, 0 as a rule, above which a mean is bounded in two parts (chosen)."""
MOST = 0.5
"""Share above which a value other than 0 is the usual one (chosen: small counts repeat by chance)."""


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
        count: as of `exact`.
        seeds: as of `exact`.
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
    """Seeds at which enough values other than the usual one are to be expected.

    FEWEST_OTHER / p, p = (count + 1) / (seeds + 2).

    Args:
        count: values other than the usual one so far, below FEWEST_OTHER.
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


def chances_apart(gaps: Floats, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of the difference of two chances, seen on the same seeds; nan where too few seeds differ.

    P(only this one) - P(only the other), each within its exact interval at 1 - alpha/2: from the lowest of
    the one less the highest of the other, and the other way about.

    Args:
        gaps: differences of zeros and ones: -1, 0 or 1, shape (seeds,).
        confidence: in (0, 1), two-sided.
    Returns:
        Low and high [-1..1]; nan with fewer than FEWEST_OTHER differences.
    Source: Clopper & Pearson 1934, joined by Bonferroni.
    Example:
        >>> [round(limit, 2) for limit in chances_apart(np.full(16, -1.0))]
        [-1.0, -0.52]
    """
    if (gaps != 0).sum() < FEWEST_OTHER:
        return np.nan, np.nan
    half = (1.0 + confidence) / 2.0
    more, less = (exact(int((gaps == way).sum()), gaps.size, half) for way in (1, -1))
    return more.low - less.high, more.high - less.low


def usual(values: Floats) -> float:
    """The value that most seeds have, 0 where none has a majority: what happens but for rare luck.

    Example:
        >>> usual(np.array([-90.0, -90.0, 5.0])), usual(np.array([-90.0, 0.0, 5.0]))
        (-90.0, 0.0)
    """
    middle = float(np.sort(values)[values.size // 2])  # a majority holds the middle
    return middle if (values == middle).mean() > MOST else 0.0


def bounded(
    values: Floats, student: tuple[float, float], unlike: float, confidence: float = 0.95
) -> tuple[float, float]:
    """The interval of a mean of which many values may be the same; nan where too few differ from those.

    Let u be the `usual` value. Few seeds at u: Student's limits. Many: low and high of u + p · m over p
    in the exact interval of the share that is not u and m in Student's interval of the mean of how far those
    lie from u, each at 1 - alpha/2, and never narrower than Student's of all. Both are moved out by
    z · g / (R + 1): of the launches that came out at u, a share z, the next one may yet fall out as unlike as
    two launches of different luck, which lie g apart.

    Args:
        values: shape (seeds,), those that differ by rounding only made equal.
        student: limits of Student's interval of the mean of all.
        unlike: g, of `unlikeness` [unit of values].
        confidence: in (0, 1), two-sided.
    Returns:
        Low and high, of some width; nan where many are the same and fewer than FEWEST_OTHER are not.
    Source: two parts as in a hurdle model (Cragg 1971), joined by Bonferroni; what was not yet seen by
        Laplace's rule of succession. departs: a rule for the unseen is a choice; its coverage is measured in
        docs/evidence.md.
    Example:
        >>> bounded(np.full(8, -90.0), (-90.0, -90.0), 200.0)
        (nan, nan)
    """
    seeds, at = values.size, usual(values)
    rest = values[values != at] - at
    same = 1.0 - rest.size / seeds
    low, high = student
    if same > MANY_ZEROS:
        if rest.size < FEWEST_OTHER:
            return np.nan, np.nan
        half = (1.0 + confidence) / 2.0
        share = exact(rest.size, seeds, half)
        reach = float(special.stdtrit(rest.size - 1, (1.0 + half) / 2.0)) / np.sqrt(rest.size)
        width = reach * float(rest.std(ddof=1))
        ends = [at + p * m for p in share[1:] for m in (rest.mean() - width, rest.mean() + width)]
        low, high = min(low, *ends), max(high, *ends)
    beyond = same * unlike / (seeds + 1)
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
