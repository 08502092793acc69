"""How sure a comparison of variants is: paired statistics over replications.

Takes plain arrays; gives intervals, shares and a verdict as named tuples of numbers and
indices. Knows no names, no metrics and no files; `wording.py` makes the sentence.

``values`` is everywhere float64 of shape (variants, seeds), larger is better, and one column
is one seed shared by all variants (common random numbers), so that variants are compared by
their differences within a seed. All values are finite: a metric that is undefined (roi at
no cost) is left out by the caller. Differences that are only rounding of the inputs count as 0.
"""

from collections.abc import Sequence
from math import comb
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Code = Literal["winner", "cannot_tell_apart", "identical", "alone"]

INTERVAL_KIND = "paired Student t"
"""The kind of interval, for the caller to print beside it."""
QUANTILE_METHOD: Final = "median_unbiased"
"""How the lower tail is read off few seeds: Hyndman & Fan 1996 type 8, as numpy spells it."""
LOOKS = (8, 16, 32, 64, 128)
"""Seeds at which `--seeds auto` looks: each look doubles the work done (chosen)."""
FEWEST_SEEDS = 2
"""A spread needs two."""
IDENTICAL_SEEDS = 16
"""Seeds without any difference after which two variants are taken to be the same (chosen)."""
RESAMPLES = 4_000
"""Bootstrap resamples: a share has a Monte Carlo standard error of at most 0.8 points."""
BOOTSTRAP_SEED = 20_240
"""Fixed, so that the same values always give the same shares (chosen)."""
ROUNDING = 1e-13
"""Relative size below which a float difference is rounding: a few hundred units in the last place."""


class Intervals(NamedTuple):
    """Means and paired differences, each field but `best` of shape (variants,)."""

    best: int
    """index of the largest mean, the lower index on a tie"""
    mean: Floats
    low: Floats
    high: Floats
    difference: Floats
    """variant minus best: 0 for the best, else ≤ 0"""
    difference_low: Floats
    difference_high: Floats


class Estimate(NamedTuple):
    """One variant's row of a comparison [unit of values, shares in 0..1]."""

    variant: int
    mean: float
    low: float
    high: float
    difference: float
    """mean difference to the best variant, ≤ 0"""
    difference_low: float
    difference_high: float
    probability_best: float
    first_share: float
    lower_tail: float


class Verdict(NamedTuple):
    """What may be said about who is best; variants are indices, ordered by falling mean."""

    code: Code
    best: int
    runner_up: int
    """second largest mean; `best` itself when there is one variant"""
    tied: tuple[int, ...]
    """the best and every variant whose difference interval covers 0"""
    worse: tuple[int, ...]
    """surely worse: P(a variant as good as the best is named here) ≤ alpha, over all variants"""
    probably_worse: tuple[int, ...]
    """the rest: worse by its own interval, not when allowing for the number of comparisons"""
    seeds: int
    alpha: float
    """level this verdict was taken at (in a sequential comparison: that look's part)"""


class Decision(NamedTuple):
    """What a sequential comparison does after a look."""

    code: Literal["continue", "winner", "cannot_tell_apart", "identical", "alone"]
    seeds: int
    next_seeds: int | None
    """seeds to have at the next look; None when it stops"""
    level: float
    """alpha spent at this look; intervals to show have confidence 1 - level"""
    spent: float
    """alpha spent up to and with this look"""
    verdict: Verdict


def intervals(values: Floats, confidence: float = 0.95) -> Intervals:
    """Means with Student-t intervals, and paired differences to the best with theirs.

    mean(d) ± t(R-1, (1+confidence)/2) · sd(d) / √R, with d over the R seeds.
    A difference that is the same in every seed has an interval of no width; unless it is 0,
    that counts only if luck alone gives one sign throughout rarely enough, 2^(1-R) ≤ 1 - confidence,
    else the interval is stretched to twice the difference on one side and 0 on the other.

    Args:
        values: metric, larger is better, shape (variants, seeds), at least 2 seeds.
        confidence: in (0, 1), per interval, two-sided.
    Returns:
        Means, limits and differences [unit of values]; the best is the largest mean, lower index on ties.
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds, or confidence outside (0, 1).
    Source: Student 1908; for common random numbers Law 2015, Simulation Modeling and Analysis, 10.2 and 11.2.
    Example:
        >>> intervals(np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])).difference.tolist()
        [0.0, -1.0]
    """
    table = _checked(values)
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence is {confidence}, it must lie between 0 and 1")
    seeds = table.shape[1]
    best = int(_order(table)[0])
    reach = float(special.stdtrit(seeds - 1, (1.0 + confidence) / 2.0)) / np.sqrt(seeds)
    mean, spread = _moments(table, np.abs(table).max(axis=1))
    scale = np.maximum(np.abs(table), np.abs(table[best]))
    paired = table - table[best]
    paired[np.abs(paired) <= ROUNDING * scale] = 0.0
    difference, difference_spread = _moments(paired, scale.max(axis=1))
    half = reach * difference_spread
    if 2.0 ** (1 - seeds) > 1.0 - confidence:
        half = np.where(difference_spread == 0.0, np.abs(difference), half)
    width = reach * spread
    return Intervals(best, mean, mean - width, mean + width, difference, difference - half, difference + half)


def probability_best(values: Floats, resamples: int = RESAMPLES) -> Floats:
    """Share of paired bootstrap resamples of the seeds in which each variant has the largest mean.

    Seeds are drawn with replacement, the same draw for all variants; ties are split equally.
    It says how stable the ranking of means is. It is no posterior probability.

    Args:
        values: metric, larger is better, shape (variants, seeds).
        resamples: number of resamples, > 0.
    Returns:
        Shares that sum to 1, shape (variants,); the same for the same values, always.
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds.
    Source: Efron 1979 (bootstrap); fixed seed and number of resamples: assumed.
    Example:
        >>> probability_best(np.array([[1.0, 2.0], [0.0, 0.0]])).tolist()
        [1.0, 0.0]
    """
    table = _checked(values)
    seeds = table.shape[1]
    # How often each seed is drawn, which is all that a mean needs to know of the drawn indices.
    draws = np.random.default_rng(BOOTSTRAP_SEED)
    times = draws.multinomial(seeds, np.full(seeds, 1.0 / seeds), size=resamples)
    return _first(table @ times.T.astype(np.float64) / seeds)


def first_share(values: Floats) -> Floats:
    """Share of seeds in which each variant came first: what one launch faces.

    Args:
        values: metric, larger is better, shape (variants, seeds).
    Returns:
        Shares that sum to 1, ties split equally, shape (variants,).
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds.
    Example:
        >>> first_share(np.array([[3.0, 1.0], [2.0, 1.0]])).tolist()
        [0.75, 0.25]
    """
    return _first(_checked(values))


def lower_tail(values: Floats, share: float = 0.1) -> Floats:
    """The result that a variant falls below in a share of the seeds.

    Args:
        values: metric, shape (variants, seeds).
        share: in 0..1.
    Returns:
        Quantile over the seeds by `QUANTILE_METHOD` [unit of values], shape (variants,).
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds.
    Source: Hyndman & Fan 1996, definition 8.
    """
    return np.asarray(np.quantile(_checked(values), share, axis=1, method=QUANTILE_METHOD), dtype=np.float64)


def estimates(values: Floats, confidence: float = 0.95) -> tuple[Estimate, ...]:
    """Every variant's row of the comparison, in the order of the variants.

    Args:
        values: metric, larger is better, shape (variants, seeds).
        confidence: of the intervals, in (0, 1); after a sequential comparison 1 - `Decision.level`.
    Returns:
        One row a variant.
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds, or confidence outside (0, 1).
    """
    moments = intervals(values, confidence)[1:]
    columns = (*moments, probability_best(values), first_share(values), lower_tail(values))
    return tuple(Estimate(index, *map(float, row)) for index, row in enumerate(zip(*columns, strict=True)))


def settled(values: Floats, alpha: float = 0.05) -> Verdict:
    """Whether the variant with the largest mean may be called the winner.

    It may if its paired difference to every other variant is significant at one-sided alpha/2, which is:
    every other variant's interval at 1 - alpha lies below 0. The number of variants needs no correction:
    P(a variant that is not the single true best is called winner) ≤ alpha for any number, any means and
    any correlation, for normal differences. The worst case is two tied best and the rest far behind.

    Why: see a paired difference as an arrow with one coordinate a seed. 'i beats j' says that the arrow
    i - j lies within an angle φ of (1, …, 1), where a cap of half-angle φ is alpha/2 of the sphere. For
    normal values (1, …, 1) can as well be a uniform direction. On the sphere of directions the regions
    'i leads' are disjoint, and 'i beats all' keeps a distance 90° - φ inside region i. So (Lévy) a region
    of share p holds wins of share at most g(p): what is left of a cap of share p when it shrinks by that
    angle. g is convex, g(0) = 0, g(1/2) = alpha/2. Let b be a true best. Any other region needs i ahead of
    b, so p ≤ 1/2, and so has b's own when b is tied. These p sum to at most 1, hence the false wins to at
    most 2 g(1/2) = alpha. Unequal means move the borders and change none of the steps.

    departs: the paired t test is exact for normal differences only. Symmetric heavy tails make it cautious
    (Efron 1969), and two variants with one and the same distribution always differ symmetrically. The bad
    case is equal means where one variant has the far longer right tail: with few seeds the steady one is
    called winner too often (tests/analysis/test_estimate_rates.py holds the figure).

    To say who is worse does need a correction (of five equal variants, one is below the best by its own
    interval in 3 of 10 comparisons): `worse` is judged at alpha shared over all pairs (Bonferroni).

    Args:
        values: metric, larger is better, shape (variants, seeds).
        alpha: highest share of false winners, in (0, 1).
    Returns:
        'winner', 'cannot_tell_apart', 'identical' (no difference in any seed), or 'alone' (one variant).
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds, or alpha outside (0, 1).
    Source: Gutmann & Maymin 1987 and Hung & Fithian 2019, arXiv:1610.03944 (winner against runner-up needs no
        correction, independent populations); for paired data the argument above, from Lévy's isoperimetric
        inequality on the sphere (Ledoux 2001, The Concentration of Measure Phenomenon, chapter 2).
    Example:
        >>> settled(np.array([[5.0, 6.0, 7.0, 6.0], [1.0, 2.0, 2.0, 1.0]])).code
        'winner'
    """
    return _judged(_checked(values), alpha)[0]


def spending(alpha: float, looks: Sequence[int] = LOOKS) -> Floats:
    """The part of alpha that each look may use.

    alpha_k = A(t_k) - A(t_(k-1)), A(t) = alpha ln(1 + (e - 1) t), t_k = looks_k / last look.
    With the default looks: 10, 9, 16, 26 and 38 % of alpha: little while seeds are few and t is fragile,
    enough that a large effect stops early.

    Args:
        alpha: in (0, 1), for the whole procedure.
        looks: seeds at each look, increasing, at least 2.
    Returns:
        Parts that sum to alpha, shape (looks,).
    Raises:
        ValueError: looks that do not increase or start below 2.
    Source: Lan & DeMets 1983, Biometrika 70: 659-663, the Pocock-like spending function.
    """
    at = np.asarray(looks, dtype=np.float64)
    if at.ndim != 1 or at.size == 0 or at[0] < FEWEST_SEEDS or (np.diff(at) <= 0).any():
        raise ValueError(f"looks are {tuple(looks)}, they must increase and start at 2 or more seeds")
    used = alpha * np.log1p((np.e - 1.0) * at / at[-1])
    return np.asarray(np.diff(used, prepend=0.0), dtype=np.float64)


def next_look(values: Floats, alpha: float = 0.05, looks: Sequence[int] = LOOKS) -> Decision:
    """What `--seeds auto` does after a look: stop with a verdict, or run on to the next look.

    Look k asks `settled` at alpha_k = `spending`(alpha, looks)[k]. A false winner needs one at some look,
    so its chance is at most Σ alpha_k = alpha (union bound, whatever the dependence between looks; Lan &
    DeMets' own boundaries, for independent increments, would stop a little earlier). By the same bound the
    intervals at 1 - alpha_k hold over all looks at 1 - alpha (repeated intervals, Jennison & Turnbull 1989).
    It also stops, at no cost in alpha, when more seeds cannot help: from `IDENTICAL_SEEDS` on, if every
    variant that is not worse equals the best in every single seed.

    Args:
        values: metric, larger is better, shape (variants, seeds); seeds is one of `looks`.
        alpha: highest share of false winners over all looks, in (0, 1).
        looks: seeds at each look, increasing.
    Returns:
        'continue' with the seeds of the next look, or the code of the final verdict.
    Raises:
        ValueError: the number of seeds is none of the looks; or as in `settled`.
    Source: Lan & DeMets 1983.
    Example:
        >>> next_look(np.array([[1.0, 2.0] * 4, [2.0, 1.0] * 4])).next_seeds
        16
    """
    parts = spending(alpha, looks)
    table = _checked(values)
    seeds = table.shape[1]
    if seeds not in looks:
        raise ValueError(f"{seeds} seeds is none of the looks {tuple(looks)}")
    at = list(looks).index(seeds)
    level = float(parts[at])
    verdict, differs = _judged(table, level)
    copies = seeds >= IDENTICAL_SEEDS and not differs[list(verdict.tied)].any()
    goes_on = verdict.code not in ("winner", "alone") and not copies and at + 1 < len(looks)
    return Decision(
        "continue" if goes_on else verdict.code,
        seeds,
        looks[at + 1] if goes_on else None,
        level,
        float(parts[: at + 1].sum()),
        verdict,
    )


def _judged(table: Floats, alpha: float) -> tuple[Verdict, NDArray[np.bool_]]:
    """The verdict, and which variants differ from the best in at least one seed."""
    found = intervals(table, 1.0 - alpha)
    # Only exact copies have a difference of 0 and an interval without width.
    differs = (found.difference != 0.0) | (found.difference_low != found.difference_high)
    order = _order(table)
    below = found.difference_high < 0.0
    surely = below
    if below.any():
        surely = intervals(table, 1.0 - alpha / comb(len(order), 2)).difference_high < 0.0
    tied = tuple(int(index) for index in order if not below[index])
    worse = tuple(int(index) for index in order if surely[index])
    probably = tuple(int(index) for index in order if below[index] and not surely[index])
    code: Code
    if len(order) == 1:
        code = "alone"
    elif len(tied) == 1:
        code = "winner"
    elif not differs.any():
        code = "identical"
    else:
        code = "cannot_tell_apart"
    runner_up = int(order[min(1, len(order) - 1)])
    verdict = Verdict(code, found.best, runner_up, tied, worse, probably, table.shape[1], alpha)
    return verdict, differs


def _order(table: Floats) -> NDArray[np.intp]:
    """Variants by falling mean, ties by lower index; means closer than rounding are ties."""
    mean = table.mean(axis=1)
    mean[mean >= mean.max() - ROUNDING * np.abs(table).max()] = mean.max()
    return np.argsort(-mean, kind="stable")


def _moments(table: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each row; a row constant up to rounding at that scale has exactly 0."""
    spread = table.std(axis=1, ddof=1)
    return table.mean(axis=1), np.where(np.ptp(table, axis=1) <= ROUNDING * scale, 0.0, spread)


def _first(table: Floats) -> Floats:
    """Share of columns in which each row is the largest, ties split."""
    leads = table >= table.max(axis=0) - ROUNDING * np.abs(table).max(axis=0)
    return np.asarray((leads / leads.sum(axis=0)).mean(axis=1), dtype=np.float64)


def _checked(values: Floats) -> Floats:
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
