"""How good a forecast was, now that what it was about is known: proper scores, coverage, calibration.

Takes a forecast as draws (an ensemble) or as a normal, and what came; gives scores. Knows no accounts, no
files and no scale: views are scored as log10(1 + views), by whoever asks, since they spread over decades.

``draws`` is everywhere float64 of shape (cases, members): one row a case, members exchangeable with what will
come; ``seen`` is of shape (cases,).
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from sim.analysis.rare import Share, exact

Floats = NDArray[np.float64]

LEVELS: Final = (0.5, 0.8, 0.9)
"""Central intervals whose coverage is told (chosen)."""
QUANTILE_METHOD: Final = "weibull"
"""How an interval is read off draws: at (n + 1) p, so that what is exchangeable with them falls within as
often as it says (Hyndman & Fan 1996 type 6), as numpy spells it."""
QUANTILES: Final = tuple(k / 100 for k in range(1, 100))
"""What a forecast by draws issues: they stand for 99 exchangeable draws, however many it rests on."""


class Coverage(NamedTuple):
    """How often what came lay within the interval."""

    level: float
    """what the interval promised, in (0, 1)"""
    within: Share
    cases: int


class Skill(NamedTuple):
    """A score beside that of another forecast of the same cases."""

    ratio: float
    """mean score over the other's; below 1 is better"""
    low: float
    high: float


def issued(draws: ArrayLike) -> Floats:
    """The quantiles that a forecast by draws issues; of few draws the outer ones are their ends.

    By these each forecast is scored, whatever it is made of. The fair score of a sample (Ferro 2014) is that
    of endlessly many draws: right for a model, which can draw on, and a gift to a history of five videos,
    which cannot: of normal videos it gives 0.57 sd where what such a history foretells scores 0.67.

    Args:
        draws: shape (cases, members), or (members,) for every case alike.
    Returns:
        Shape (cases, 99), or (99,).
    """
    found = np.quantile(np.asarray(draws, dtype=np.float64), QUANTILES, axis=-1, method=QUANTILE_METHOD)
    return np.asarray(np.moveaxis(found, 0, -1), dtype=np.float64)


def crps(draws: ArrayLike, seen: ArrayLike) -> Floats:
    """The continuous ranked probability score of each case; 0 for a forecast that is sure and right.

    E|X - y| - E|X - X'| / 2, exact for the empirical distribution of the draws.

    Args:
        draws: shape (cases, members), or (members,) for every case alike.
        seen: what came, shape (cases,).
    Returns:
        Scores [unit of seen], shape (cases,); nan where seen is nan.
    Raises:
        ValueError: shapes that do not fit, draws that are not finite, or none.
    Source: Matheson & Winkler 1976; by sorted draws as Jordan, Krüger & Lerch 2019, eq. 3.
    Example:
        >>> crps([[0.0, 1.0]], [0.0]).tolist()
        [0.25]
    """
    table, came = _checked(draws, seen)
    members = table.shape[1]
    ordered = np.sort(table, axis=1)
    off = np.abs(ordered - came[:, None]).mean(axis=1)
    weights = 2.0 * np.arange(members) - (members - 1.0)  # of x_i in Σ over pairs i < j of x_j - x_i
    return np.asarray(off - (ordered @ weights) / float(members) ** 2, dtype=np.float64)


def crps_normal(mean: ArrayLike, sd: ArrayLike, seen: ArrayLike) -> Floats:
    """The continuous ranked probability score of normal forecasts.

    σ (z (2Φ(z) - 1) + 2φ(z) - 1/√π), z = (y - μ) / σ.

    Args:
        mean: μ.
        sd: σ ≥ 0; at 0 the score is the distance.
        seen: y.
    Returns:
        Scores [unit of seen], in the shape that the three have together.
    Raises:
        ValueError: a negative sd.
    Source: Gneiting & Raftery 2007, JASA 102:359-378, eq. 21.
    Example:
        >>> float(crps_normal(0.0, 1.0, 0.0).round(4))
        0.2337
    """
    middle, spread, came = (np.asarray(values, dtype=np.float64) for values in (mean, sd, seen))
    if (spread < 0.0).any():
        raise ValueError("a standard deviation is negative")
    off = came - middle
    z = np.divide(off, spread, out=np.zeros(np.broadcast(off, spread).shape), where=spread > 0.0)
    density = np.exp(-(z**2) / 2.0) / np.sqrt(2.0 * np.pi)
    score = spread * (z * (2.0 * special.ndtr(z) - 1.0) + 2.0 * density - 1.0 / np.sqrt(np.pi))
    return np.asarray(np.where(spread > 0.0, score, np.abs(off)), dtype=np.float64)


def central(draws: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """The central interval of each case; of fewer than 2 / (1 - level) - 1 draws their range, too narrow.

    Args:
        draws: shape (cases, members).
        level: what it promises to hold, in (0, 1).
    Returns:
        Low and high end [unit of draws], each of shape (cases,).
    Example:
        >>> [float(end[0]) for end in central([[3.0, 1.0, 2.0]], 0.5)]
        [1.0, 3.0]
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level}, it must lie between 0 and 1")
    ends = ((1.0 - level) / 2.0, (1.0 + level) / 2.0)
    low, high = np.quantile(np.asarray(draws, dtype=np.float64), ends, axis=-1, method=QUANTILE_METHOD)
    return low, high


def coverage(
    draws: ArrayLike,
    seen: ArrayLike,
    level: float,
    confidence: float = 0.95,
    groups: Sequence[object] | None = None,
) -> Coverage:
    """How often what came lay within the central interval of its draws, ends included.

    Args:
        draws: shape (cases, members), or (members,) for every case alike.
        seen: shape (cases,); nan is left out.
        level: of the central interval, in (0, 1).
        confidence: of the share's own interval.
        groups: which cases go together, such as videos of an account, shape (cases,); None: each by itself.
    Raises:
        ValueError: shapes that do not fit, or nothing seen.
    Example:
        >>> coverage([0.0, 1.0], [0.5, 2.0, 1.0, np.nan], 0.9).within.share.__round__(3)
        0.667
    """
    table, came = _checked(draws, seen)
    low, high = central(table, level)
    known = ~np.isnan(came)
    cases = int(known.sum())
    if cases == 0:
        raise ValueError("nothing was seen")
    within = ((came >= low) & (came <= high))[known]
    if groups is None:
        return Coverage(level, exact(int(within.sum()), cases, confidence), cases)
    return Coverage(level, _together(within, np.asarray(groups, dtype=object)[known], confidence), cases)


def _together(within: NDArray[np.bool_], groups: NDArray[Any], confidence: float) -> Share:
    """A share of cases that go together by groups: exact, at as many cases as they are worth by themselves.

    Source: Korn & Graubard 1998, Survey Methodology 24:193-201; where all or none are within, groups count.
    """
    place = {name: k for k, name in enumerate(dict.fromkeys(groups.tolist()))}
    whose = np.array([place[name] for name in groups.tolist()])
    sizes, hits = np.bincount(whose), np.bincount(whose, within)
    share, many = float(within.mean()), sizes.size
    if many == 1:
        return Share(share, 0.0, 1.0)
    error = many / (many - 1) * float(((hits - share * sizes) ** 2).sum()) / within.size**2
    alone = share * (1.0 - share)
    worth = float(many) if alone == 0.0 else within.size if error == 0.0 else min(within.size, alone / error)
    tail = (1.0 - confidence) / 2.0
    worth *= min(1.0, float(special.ndtri(1.0 - tail) / special.stdtrit(many - 1, 1.0 - tail)) ** 2)
    some, rest = share * worth, (1.0 - share) * worth
    low = float(special.betaincinv(some, rest + 1.0, tail)) if some else 0.0
    high = float(special.betaincinv(some + 1.0, rest, 1.0 - tail)) if rest else 1.0
    return Share(share, low, high)


def ranks(draws: ArrayLike, seen: ArrayLike) -> Floats:
    """How many draws of each case lie below what came, those that equal it by half [0..members].

    Uniform over 0 … members where what comes is exchangeable with the draws (Talagrand's diagram; in
    simulation-based calibration, the rank statistic).

    Source: Hamill 2001; Talts et al. 2018.
    Example:
        >>> ranks([[1.0, 2.0, 3.0]], [2.5]).tolist()
        [2.0]
    """
    table, came = _checked(draws, seen)
    below = (table < came[:, None]).sum(axis=1)
    return np.where(np.isnan(came), np.nan, below + (table == came[:, None]).sum(axis=1) / 2.0)


def pit(draws: ArrayLike, seen: ArrayLike) -> Floats:
    """Where among its draws each case came: (rank + 1/2) / (members + 1), in (0, 1).

    Source: Dawid 1984; the middle of what randomising would draw from, so that it is the same each time.
    Example:
        >>> pit([[1.0, 2.0, 3.0]], [2.5]).tolist()
        [0.625]
    """
    members = np.shape(draws)[-1]
    return np.asarray((ranks(draws, seen) + 0.5) / (members + 1.0), dtype=np.float64)


def uniformity(pits: Floats) -> float:
    """Chance of places at least as uneven, were they uniform (Kolmogorov and Smirnov); 1 for none [0..1]."""
    known = pits[~np.isnan(pits)]
    return float(stats.kstest(known, "uniform").pvalue) if known.size else 1.0


def skill(scores: Floats, others: Floats, groups: ArrayLike | None = None, confidence: float = 0.95) -> Skill:
    """A forecast's mean score over another's on the same cases, with the interval of that ratio.

    By the delta method over paired cases, on the log of the ratio; with groups (accounts, whose videos rise
    and fall together) over the groups' sums, as a ratio of cluster totals.

    Args:
        scores: lower is better, shape (cases,); cases where either is nan are left out.
        others: as scores.
        groups: which cases go together, shape (cases,); None: each by itself.
        confidence: in (0, 1).
    Returns:
        Ratio and limits; limits 0 and infinite with fewer than two groups, nan ratio where the other is
        perfect.
    Source: Cochran 1977, Sampling Techniques, 6.3 and 9A.
    Example:
        >>> skill(np.array([1.0, 2.0]), np.array([2.0, 4.0])).ratio
        0.5
    """
    known = ~np.isnan(scores) & ~np.isnan(others)
    own, their = scores[known], others[known]
    if groups is not None:
        _, place = np.unique(np.asarray(groups)[known], return_inverse=True)
        own, their = (np.bincount(place, each).astype(np.float64) for each in (own, their))
    if own.size == 0 or their.sum() <= 0.0 or own.sum() <= 0.0:
        return Skill(float("nan"), 0.0, float("inf"))
    ratio = float(own.sum() / their.sum())
    if own.size == 1:
        return Skill(ratio, 0.0, float("inf"))
    parts = own / own.mean() - their / their.mean()
    error = float(parts.std(ddof=1) / np.sqrt(own.size))
    reach = float(np.exp(special.stdtrit(own.size - 1, (1.0 + confidence) / 2.0) * error))
    return Skill(ratio, ratio / reach, ratio * reach)


def _checked(draws: ArrayLike, seen: ArrayLike) -> tuple[Floats, Floats]:
    """Draws and what came as float64 of fitting shapes, or a ValueError that says what is wrong."""
    came = np.atleast_1d(np.asarray(seen, dtype=np.float64))
    table = np.atleast_2d(np.asarray(draws, dtype=np.float64))
    members = table.shape[1] if table.ndim == 2 else 0  # noqa: PLR2004 - rows and columns
    if came.ndim != 1 or not members or table.shape[0] not in (1, came.size):
        raise ValueError(f"draws have shape {table.shape}, needed is ({came.size}, members)")
    if not np.isfinite(table).all():
        raise ValueError("a draw is not finite")
    return np.broadcast_to(table, (came.size, members)), came
