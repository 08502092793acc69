"""Which assumptions an answer hangs on: Morris screening, Sobol indices, and what would flip it.

Takes a scenario and the keys known to a range only; gives indices with intervals, and the
smallest change of each key after which another layout is best. The indices are SALib's, the
runs those of a sweep, paired over seeds. Does not print.
"""

import math
import os
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.analysis.paired import intervals, not_behind
from sim.analysis.plan_warnings import plan_warnings
from sim.analysis.warned import Warned, warned
from sim.errors import RunError, or_rather
from sim.experiment.robust import drawn_in, span_of, uncertain_in, value_at
from sim.language.words import N_
from sim.results import check_metric, metric_value
from sim.scenario.schema import Scenario
from sim.scenario.wording import nearest
from sim.sweeps.design import MORRIS_LEVELS, Axis, Point, morris, problem, saltelli
from sim.sweeps.plan import LAYOUT, Design, Sweep
from sim.sweeps.run import sweep as run_sweep
from sim.sweeps.store import DONE, Store

Method = Literal["morris", "sobol"]
Floats = NDArray[np.float64]
STEPS = 4
"""Values tried between a key's default and each end of its range, in search of a flip (chosen)."""
TOLERANCE: dict[Method, float] = {"sobol": 0.1, "morris": 0.25}
"""Half-width of an interval that is narrow enough: a share of the variance; a share of the largest effect
(chosen)."""
FEWEST: dict[Method, int] = {"sobol": 64, "morris": 10}
"""Base points and trajectories below which a bootstrapped interval is no guide itself (chosen)."""
MOST_LUCK = 0.1
"""Share of the answer's variance over the design that may be luck (chosen)."""
TOO_FEW = {
    "few": N_("The design is too small: intervals from fewer than --points {fewest} are no guide; "),
    "past": N_("The design is too small: it gives a share of {top:.2f}, and none can pass 1; "),
    "sobol": N_("The design is too small: shares are known to ±{half:.2f} only; "),
    "morris": N_(
        "The design is too small: the largest effect is {top:.3g}, and they are known to ±{half:.3g} only; "
    ),
    "luck": N_("The seeds are too few: {noise:.0%} of the variance is luck; "),
}
"""Why indices are not to be trusted."""
LUCK = 7
"""Seed of the samplers and of SALib's bootstrap (chosen)."""


class Index(NamedTuple):
    """How much an answer hangs on one key.

    `effect` is, for morris, the mean absolute elementary effect over the range [unit of the
    answer]; for sobol the total share of the variance [0..1]. `own` is the spread of the effects
    (morris: how much it hangs on the other keys) or the first-order share (sobol).
    """

    key: str
    effect: float
    low: float
    high: float
    own: float
    own_low: float | None = None
    """the interval of `own`; a spread (morris) has none"""
    own_high: float | None = None


class Sensitivity(NamedTuple):
    """The answer's dependence on its assumptions."""

    method: Method
    metric: str
    layouts: tuple[str, ...]
    """one: the metric itself; two: the first less the second, under the same luck"""
    mean: float
    """of the answer over the design [its unit]"""
    noise_share: float
    """share of the answer's variance over the design that is luck left by the seeds"""
    rows: tuple[Index, ...]
    """by falling effect"""
    warnings: tuple[Warned, ...] = ()
    """where the design is too small to trust, and what the plan itself should be told about"""


class Flip(NamedTuple):
    """The smallest tried change of a key after which another layout is best."""

    key: str
    default: float
    value: float
    moved: float
    """change over the width of the range [0..1]"""
    best: str


class Flips(NamedTuple):
    """Which single assumptions would change which layout is best."""

    best: str
    """largest mean at the scenario's own values"""
    tied: tuple[str, ...]
    """layouts that cannot be told apart from it there"""
    flips: tuple[Flip, ...]
    """by the size of the move, smallest first"""
    cannot_tell: tuple[str, ...]
    """keys that flip nothing for sure, though another layout has the largest mean at a value tried"""


def axes_of(scenario: Scenario, keys: Sequence[str] = ()) -> tuple[Axis, ...]:
    """Keys known to a range only as axes over it; those named, or all that `drawn_in` draws.

    Raises:
        RunError: a name is no such key, or is named twice.
    """
    known = uncertain_in(scenario)
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise RunError("{key} is listed twice", key=twice[0])
    if unknown := [key for key in keys if key not in known]:
        near = nearest(unknown[0], known)
        raise RunError(
            "{key} is no key with a plausible range; allowed: {names}{meant}",
            key=unknown[0], names=", ".join(known), meant=or_rather(near),
        )  # fmt: skip
    return tuple(
        Axis(key, (), *span_of(known[key]), whole=isinstance(known[key].default, int))
        for key in keys or drawn_in(scenario)
    )


def indices(
    axes: Sequence[Axis], method: Method, count: int, answer: Callable[[list[Point]], Floats]
) -> tuple[Index, ...]:
    """Indices of every axis, by falling effect.

    Args:
        axes: what varies.
        method: 'morris' with `count` trajectories, 'sobol' with `count` · (axes + 2) points (Saltelli).
        count: see above; a power of two for sobol.
        answer: the answer at each point, shape (points,).
    Source: Morris 1991 and Campolongo 2007 (mu*); Saltelli 2010 (total and first order); SALib.
    """
    cube = (morris if method == "morris" else saltelli)(len(axes), count, LUCK)
    values = answer(
        [{axis.key: axis.at(float(x)) for axis, x in zip(axes, row, strict=True)} for row in cube]
    )
    if not np.ptp(values):  # nothing moved the answer: there is no variance to share out
        return tuple(Index(axis.key, 0.0, 0.0, 0.0, 0.0) for axis in axes)
    columns: tuple[Any, ...]
    if method == "morris":
        from SALib.analyze import morris as analysis

        found = analysis.analyze(problem(len(axes)), cube, values, num_levels=MORRIS_LEVELS, seed=LUCK)
        columns = found["mu_star"], found["mu_star_conf"], found["sigma"], [None] * len(axes)
    else:
        from SALib.analyze import sobol as variance

        found = variance.analyze(problem(len(axes)), values, calc_second_order=False, seed=LUCK)
        columns = found["ST"], found["ST_conf"], found["S1"], found["S1_conf"]
    most = 1.0 if method == "sobol" else np.inf
    rows = []
    for axis, effect, half, own, own_half in zip(axes, *columns, strict=True):
        # Neither an absolute effect nor a share lies below 0, nor a share above 1, whatever an
        # interval around a noisy estimate says; an estimate past 1 stays, for `too_small` to be told.
        limits = max(0.0, float(effect - half)), max(float(effect), min(most, float(effect + half)))
        index = Index(axis.key, float(effect), *limits, max(0.0, float(own)))
        if own_half is not None:
            high = max(index.own, min(most, float(own + own_half)))
            index = index._replace(own_low=max(0.0, float(own - own_half)), own_high=high)
        rows.append(index)
    return tuple(sorted(rows, key=lambda row: -row.effect))


def too_small(
    rows: Sequence[Index], method: Method, count: int, seeds: int, noise_share: float
) -> Warned | None:
    """What is said where a design is too small for its indices to be trusted; None where it is not.

    Intervals shrink with the square root of the points, and the share of luck with the seeds; from
    that follow the points and seeds that would do.

    Args:
        rows: of `indices`.
        method: 'morris' or 'sobol'.
        count: trajectories, or base points.
        seeds: replications a point.
        noise_share: share of the answer's variance over the design that is luck.
    """
    top = max((row.effect for row in rows), default=0.0)
    if not top:
        return warned(
            "same_answer",
            None,
            lambda words: words(
                "The answer was the same at every point: nothing can be said about what it hangs on."
            ),
        )
    wanted = TOLERANCE[method] * (1.0 if method == "sobol" else top)
    half = max(max(row.high - row.effect, row.effect - row.low) for row in rows)
    past = method == "sobol" and (top > 1 or sum(row.own for row in rows) > 1 + wanted)
    points = count
    few = count < FEWEST[method]
    if half > wanted or past or few:
        points = max(2 * count, FEWEST[method], math.ceil(count * (half / wanted) ** 2))
        points = 1 << (points - 1).bit_length() if method == "sobol" else points
    more = math.ceil(seeds * noise_share / MOST_LUCK) if noise_share > MOST_LUCK else seeds
    if (points, more) == (count, seeds):
        return None
    runs = points * (len(rows) + (2 if method == "sobol" else 1)) * more
    reason = "luck" if points == count else "past" if top > 1 and past else "few" if few else method
    facts = {"top": top, "half": half, "noise": noise_share, "fewest": FEWEST[method]}
    return warned(
        "too_few_points",
        None,
        lambda words: words(TOO_FEW[reason], **facts)
        + words(
            "about --points {points} --seeds {seeds} would do, {runs:,} runs.",
            points=points, seeds=more, runs=runs,
        ),
    )  # fmt: skip


def noise_share(values: Floats) -> float:
    """Share of the variance of points' means that is luck [0..1]; 0 where it cannot be known.

    What a seed brings to every point alike moves no point against another: it is taken out first.

    Args:
        values: the answer, shape (points, seeds); one column is one seed shared by all points.
    Source: two-way layout without repeats (Scheffé 1959, chapter 4): the residuals have
        (points − 1) · (seeds − 1) degrees of freedom.
    """
    points, seeds = values.shape
    if points == 1 or seeds == 1:
        return 0.0
    means = values.mean(axis=1)
    total = float(means.var(ddof=1))
    left = values - values.mean(axis=0) - (means - means.mean())[:, np.newaxis]
    luck = float((left**2).sum() / ((points - 1) * (seeds - 1))) / seeds
    return min(1.0, luck / total) if total else 0.0


class Runner:
    """Answers points by runs of a scenario, kept in a store.

    Args:
        scenario: what is run.
        metric: what counts.
        seeds: replications a point, the same for all.
        out: folder of the store.
        workers: processes.
        progress: called with (runs done, runs in all).
    """

    def __init__(
        self,
        scenario: Scenario,
        metric: str,
        seeds: int,
        out: str | os.PathLike[str],
        workers: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        check_metric(metric)
        self.scenario, self.metric, self.seeds = scenario, metric, seeds
        self.out, self.workers, self.progress = out, workers, progress

    def table(self, points: Sequence[Point], layouts: Sequence[str], axes: Sequence[Axis]) -> Floats:
        """The metric by point, layout and seed, shape (points, layouts, seeds).

        Raises:
            RunError: a run failed, or the metric has no value in one.
        """
        given = tuple({**point, LAYOUT: layout} for point in points for layout in layouts)
        kinds = (*axes, Axis(LAYOUT, tuple(layouts)))
        plan = Sweep(self.scenario, kinds, Design(), self.seeds, given)
        store: Store = run_sweep(plan, self.out, workers=self.workers, resume=True, progress=self.progress)
        runs = store.read()
        failed = runs.filter(pl.col("status") != DONE)
        if failed.height:
            raise RunError(
                "{count:,} runs failed, the first because: {why}", count=failed.height, why=failed["error"][0]
            )
        by_job = {row["job"]: metric_value(self.metric, row) for row in runs.iter_rows(named=True)}
        first = self.scenario.run.seed
        seeds = range(first, first + self.seeds)
        flat = [by_job[plan.job_of(point, seed)] for point in given for seed in seeds]
        return np.array(flat).reshape(len(points), len(layouts), self.seeds)


def sensitivity(
    runner: Runner, axes: Sequence[Axis], method: Method, count: int, layouts: Sequence[str]
) -> Sensitivity:
    """Indices of an answer: a metric, or its difference between two layouts.

    Args:
        runner: what answers points.
        axes: the uncertain keys.
        method: 'morris' or 'sobol'.
        count: trajectories, or base points (a power of two).
        layouts: one or two.
    Raises:
        RunError: a run failed.
    """
    seen: list[Floats] = []

    def answer(points: list[Point]) -> Floats:
        table = runner.table(points, layouts, axes)
        seen.append(table[:, 0] if len(layouts) == 1 else table[:, 0] - table[:, 1])
        return np.asarray(seen[-1].mean(axis=1))

    rows = indices(axes, method, count, answer)
    values = seen[0]
    share = noise_share(values)
    small = too_small(rows, method, count, values.shape[1], share)
    told = (*((small,) if small else ()), *plan_warnings(runner.scenario))
    return Sensitivity(method, runner.metric, tuple(layouts), float(values.mean()), share, rows, told)


def flips(runner: Runner, axes: Sequence[Axis], layouts: Sequence[str]) -> Flips:
    """The best layout as things stand, and which single assumptions would change that.

    One key at a time is moved from its value to each end of its range in STEPS steps; the smallest move
    counts after which another layout has the largest mean, and its paired interval to the one that was best
    lies above 0. Each interval holds by itself: among many keys and values one may yet be luck.

    Args:
        runner: what answers points.
        axes: the uncertain keys.
        layouts: at least two.
    Raises:
        RunError: a run failed.
    """
    own = {axis.key: value_at(runner.scenario, axis.key) for axis in axes}
    moves = [
        (axis, end, step)
        for axis in axes
        for end in (axis.low, axis.high)
        for step in range(1, STEPS + 1)
        if end != own[axis.key]
    ]
    points: list[Point] = [{}]
    for axis, end, step in moves:
        value = own[axis.key] + (end - own[axis.key]) * step / STEPS
        points.append({axis.key: round(value) if axis.whole else value})
    table = runner.table(points, layouts, axes)
    now = intervals(table[0])
    best, tied = now.best, not_behind(now)
    found: dict[str, Flip] = {}
    leads: list[str] = []
    for (axis, _, _), point, values in zip(moves, points[1:], table[1:], strict=True):
        winner = intervals(values).best
        if winner == best:
            continue
        leads.append(axis.key)
        value = float(point[axis.key])
        moved = abs(value - own[axis.key]) / (axis.high - axis.low)
        surely = intervals(values, to=best).difference_low[winner] > 0.0
        if surely and (axis.key not in found or moved < found[axis.key].moved):
            found[axis.key] = Flip(axis.key, own[axis.key], value, moved, layouts[winner])
    return Flips(
        layouts[best],
        tuple(name for k, name in enumerate(layouts) if k != best and tied[k]),
        tuple(sorted(found.values(), key=lambda flip: flip.moved)),
        tuple(key for key in dict.fromkeys(leads) if key not in found),
    )
