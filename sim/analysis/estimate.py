"""How sure a comparison of variants is: paired statistics over replications.

Takes plain arrays; gives intervals, shares and a verdict as named tuples of numbers and
indices. Knows no names, no metrics and no files; `wording.py` makes the sentence.

``values`` is everywhere float64 of shape (variants, seeds), larger is better, and one column
is one seed shared by all variants (common random numbers), so that variants are compared by
their differences within a seed. All values are finite: a metric that is undefined (roi at
no cost) is left out by the caller. Differences that are only rounding of the inputs count as 0.
"""

from collections.abc import Sequence
from math import comb, e, inf
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.leading import held, leading
from sim.analysis.paired import (
    ANY,
    FEWEST_SEEDS,
    ROUNDING,
    Floats,
    Intervals,
    Limits,
    checked,
    gaps_to,
    intervals,
    known,
    not_behind,
    ranked,
    seeds_needed,
)
from sim.analysis.rare import Standings, standings, usual

Code = Literal["winner", "equivalent", "cannot_tell_apart", "identical", "alone"]

QUANTILE_METHOD: Final = "median_unbiased"
"""How the lower tail is read off few seeds: Hyndman & Fan 1996 type 8, as numpy spells it."""
INDIFFERENCE: Final = 0.05
"""Share below which a difference does not matter to whoever chooses (chosen; forces.md)."""
LOOKS = (8, 16, 32, 64, 128)
"""Seeds at which `--seeds auto` looks: each look doubles the work done (chosen)."""
FEWEST_EQUIVALENT = 16
"""Seeds below which nobody is said to do as well: a rare large difference may not have been seen (chosen)."""
STOP_EQUIVALENT = 32
"""Seeds below which `--seeds auto` looks on for it (chosen)."""
IDENTICAL_SEEDS = 16
"""Seeds without any difference after which two variants are taken to be the same (chosen)."""


LOOSE = 10.0
"""Indifferences from which on a bound on how far the tied are apart says nothing (chosen)."""


class Estimate(NamedTuple):
    """One variant's row of a comparison [unit of values, shares in 0..1]."""

    variant: int
    mean: float
    low: float | None
    """None, as every limit, where too many values are the same to say anything"""
    high: float | None
    difference: float
    """mean difference to the best variant, ≤ 0"""
    difference_low: float | None
    difference_high: float | None
    probability_best: float
    first_share: float
    lower_tail: float
    standings: Standings | None = None
    """how often it did better than, as well as, and worse than the best; None for the best itself"""
    usual: float = 0.0
    """the difference that most seeds have, 0 where none has a majority"""
    unusual: int = 0
    """seeds whose difference is another"""

    def as_dict(self) -> dict[str, Any]:
        """For a JSON document: win, tie and lose in place of standings, null for the best itself."""
        row = self._asdict()
        del row["usual"], row["unusual"]  # for the sentence only
        often = row.pop("standings")
        return row | {key: getattr(often, key)._asdict() if often else None for key in Standings._fields}


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
    near: tuple[int, ...] = ()
    """all that are behind the best by less than the indifference, by limits that hold for all at once"""
    within: float = 0.0
    """how far the tied are behind the best at most, by limits that hold for all at once [unit of values];
    infinite where one was refused"""
    needed: int = 0
    """seeds at which the tied would probably be told apart, or be said to do as well; 0 where `within` says
    something"""


class Decision(NamedTuple):
    """What a sequential comparison does after a look."""

    code: Literal["continue", "winner", "equivalent", "cannot_tell_apart", "identical", "alone"]
    seeds: int
    next_seeds: int | None
    """seeds to have at the next look; None when it stops"""
    level: float
    """alpha spent at this look; intervals to show have confidence 1 - level"""
    verdict: Verdict


def probability_best(values: Floats, found: Intervals, confidence: float = 0.95) -> Floats:
    """Posterior probability that each variant has the largest mean, in agreement with the verdict.

    Args:
        values: metric, larger is better, shape (variants, seeds).
        found: its intervals, that the verdict stands on.
        confidence: of them, in (0, 1).
    Returns:
        Probabilities that sum to 1, shape (variants,); the same for the same values, always. Without a
        winner nobody has more than `leading.UNSETTLED`.
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds.
    Source: `leading.leading` and `leading.held`.
    Example:
        >>> table = np.array([[1.0, 2.0], [0.0, 0.0]])
        >>> probability_best(table, intervals(table)).round(1).tolist()
        [0.9, 0.1]
    """
    table = checked(values)
    return held(leading(table, gaps_to(table, found.best)), not_behind(found), confidence)


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
    table = checked(values)
    leads = table >= table.max(axis=0) - ROUNDING * np.abs(table).max(axis=0)
    return np.asarray((leads / leads.sum(axis=0)).mean(axis=1), dtype=np.float64)


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
    return np.asarray(np.quantile(checked(values), share, axis=1, method=QUANTILE_METHOD), dtype=np.float64)


def estimates(
    values: Floats, confidence: float = 0.95, limits: Limits = ANY, raw: Floats | None = None
) -> tuple[Estimate, ...]:
    """Every variant's row of the comparison, in the order of the variants.

    Args:
        values: metric, larger is better, shape (variants, seeds).
        confidence: of the intervals, in (0, 1); after a sequential comparison 1 - `Decision.level`.
        limits: least and most that a value can be.
        raw: the metric as it came out, where `values` have luck taken out: what one launch faces is read
            off these.
    Returns:
        One row a variant.
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds, or confidence outside (0, 1).
    """
    table = checked(values)
    found = intervals(table, confidence, limits)
    gaps = gaps_to(table, found.best)
    faced = table if raw is None else raw
    chances = probability_best(table, found, confidence)
    firsts, tails = first_share(faced), lower_tail(faced)
    return tuple(
        Estimate(
            v,
            float(found.mean[v]),
            known(found.low[v]),
            known(found.high[v]),
            float(found.difference[v]),
            known(found.difference_low[v]),
            known(found.difference_high[v]),
            float(chances[v]),
            float(firsts[v]),
            float(tails[v]),
            None if v == found.best else standings(gaps[v], confidence),
            usual(gaps[v]),
            int((gaps[v] != usual(gaps[v])).sum()),
        )
        for v in range(len(table))
    )


def settled(values: Floats, alpha: float = 0.05, limits: Limits = ANY, indifference: float = 0.0) -> Verdict:
    """Whether the variant with the largest mean may be called the winner.

    It may if its paired difference to every other variant is significant at one-sided alpha/2, which is:
    every other variant's interval at 1 - alpha lies below 0 (Student's does, and what `intervals` adds for
    differences that are often the same makes it stricter; where that refuses, nobody wins). The number of
    variants needs no correction: P(a variant that is not the single true best is called winner) ≤ alpha for
    any number, any means and any correlation, for normal differences. The worst case is two tied best and the
    rest far behind.

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

    'Any of these will do' is an answer too: where nobody wins, and by the same shared intervals each of the
    tied is behind the best by less than `indifference`, P(one of them is behind by more) ≤ alpha, although
    the best was picked on the same seeds: the bound holds for all pairs at once (comparisons with the best).
    departs: a large difference that comes in few launches may not be among the seeds: at one launch in twenty
    it is missed, and this said, in 44 % of comparisons with 16 seeds, in 19 % with 32.

    Args:
        values: metric, larger is better, shape (variants, seeds).
        alpha: highest share of false winners, in (0, 1).
        limits: least and most that a value can be.
        indifference: a difference below which it does not matter which is taken [unit of values]; 0: none.
    Returns:
        'winner', 'equivalent' (any of the tied will do), 'cannot_tell_apart', 'identical' (no difference in
        any seed), or 'alone' (one variant).
    Raises:
        ValueError: not a finite table of at least 1 variant and 2 seeds, or alpha outside (0, 1).
    Source: Gutmann & Maymin 1987 and Hung & Fithian 2019, arXiv:1610.03944 (winner against runner-up needs no
        correction, independent populations); for paired data the argument above, from Lévy's isoperimetric
        inequality on the sphere (Ledoux 2001, The Concentration of Measure Phenomenon, chapter 2).
    Example:
        >>> settled(np.array([[5.0, 6.0, 7.0, 6.0], [1.0, 2.0, 2.0, 1.0]])).code
        'winner'
    """
    return _judged(checked(values), alpha, limits, indifference)[0]


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
    used = alpha * np.log1p((e - 1.0) * at / at[-1])
    return np.asarray(np.diff(used, prepend=0.0), dtype=np.float64)


def next_look(
    values: Floats,
    alpha: float = 0.05,
    looks: Sequence[int] = LOOKS,
    limits: Limits = ANY,
    indifference: float = 0.0,
) -> Decision:
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
        limits: least and most that a value can be.
        indifference: as of `settled`; it stops there too, for more seeds would change nothing that matters.
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
    table = checked(values)
    seeds = table.shape[1]
    if seeds not in looks:
        raise ValueError(f"{seeds} seeds is none of the looks {tuple(looks)}")
    at = list(looks).index(seeds)
    level = float(parts[at])
    verdict, differs = _judged(table, level, limits, indifference)
    copies = seeds >= IDENTICAL_SEEDS and not differs[list(verdict.tied)].any()
    enough = ("winner", "alone") if seeds < STOP_EQUIVALENT else ("winner", "equivalent", "alone")
    goes_on = verdict.code not in enough and not copies and at + 1 < len(looks)
    return Decision(
        "continue" if goes_on else verdict.code,
        seeds,
        looks[at + 1] if goes_on else None,
        level,
        verdict,
    )


def _judged(
    table: Floats, alpha: float, limits: Limits, indifference: float
) -> tuple[Verdict, NDArray[np.bool_]]:
    """The verdict, and which variants differ from the best in at least one seed."""
    found = intervals(table, 1.0 - alpha, limits)
    differs = (gaps_to(table, found.best) != 0.0).any(axis=1)
    order = ranked(table)
    below = ~not_behind(found)
    shared = intervals(table, 1.0 - alpha / max(1, comb(len(order), 2)), limits)
    surely, behind = shared.difference_high < 0.0, -shared.difference_low
    behind = np.where(np.isnan(behind), np.inf, behind)  # what was refused has no bound
    near = behind < indifference
    near[found.best] = False
    if table.shape[1] < FEWEST_EQUIVALENT:
        near[:] = False
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
    elif near[list(tied)].sum() == len(tied) - 1:
        code = "equivalent"
    else:
        code = "cannot_tell_apart"
    runner_up = int(order[min(1, len(order) - 1)])
    close = tuple(int(index) for index in order if near[index])
    within = max((float(behind[index]) for index in tied if index != found.best), default=0.0)
    verdict = Verdict(
        code, found.best, runner_up, tied, worse, probably, table.shape[1], alpha, close, within
    )
    if indifference and LOOSE * indifference < within < inf:
        rivals = [index for index in tied if index != found.best]
        verdict = verdict._replace(needed=seeds_needed(shared, rivals, table.shape[1], indifference))
    return verdict, differs
