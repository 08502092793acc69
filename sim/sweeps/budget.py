"""What each budget buys at its best mix, what a further yuan adds, and where it flattens.

Takes a scenario and budgets; gives a curve whose points share their luck. A larger budget may always buy the
mix of a smaller one, so the curve falls by luck of the search only. Does not print.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.paired import intervals, known
from sim.errors import UsageError
from sim.language.vocabulary import possible
from sim.language.words import Language, Words
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.sweeps.bounds import refuse_impossible
from sim.sweeps.money import NOBODY, Counts, Money
from sim.sweeps.optimise import most_runs, optimise
from sim.sweeps.scorer import Counter, Mix, Scorer

FLAT_SHARE = 0.1
"""Part of the first step's value per yuan below which the curve counts as flat (chosen)."""


OWN_LOOKS = 3
"""Mixes of a budget looked at beside its optimisation: its own and the one before, then what is told."""


class Step(NamedTuple):
    """One budget."""

    budget_cny: float
    mix: Mix
    names: tuple[str, ...]
    """whom the mix books, of a price list of one's own"""
    cost_cny: float
    mean: float
    low: float | None
    high: float | None
    added: float | None
    """over the budget before, under the same luck; None at the first"""
    added_low: float | None
    added_high: float | None
    per_yuan: float | None
    """of the budget beyond the one before; None at the first"""
    per_yuan_low: float | None
    per_yuan_high: float | None


class Curve(NamedTuple):
    """Result against budget."""

    metric: str
    steps: tuple[Step, ...]
    flat_from_cny: float | None
    """budget beyond which a further yuan adds less than FLAT_SHARE of what it does in the first step, with
    confidence; None where it does not flatten, or cannot be told"""
    unclear_from_cny: float | None
    """budget beyond which it cannot be told whether more money adds anything; None where it can"""


def curve(
    scenario: Scenario,
    budgets_cny: Sequence[float],
    *,
    metric: str = "reach",
    layouts: Sequence[str] = (),
    trials: int = 40,
    seeds: int = 6,
    fresh: int = 16,
    least: Counts = NOBODY,
    most: Counts | None = None,
    out: Path | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Curve:
    """The best mix of each budget, all on the same fresh seeds.

    Args:
        scenario: brand accounts, market and audience; its own seeding is replaced.
        budgets_cny: in any order; each counts once.
        metric: what counts.
        layouts: to choose from; the scenario's own if left out.
        trials: mixes of each budget at most.
        seeds: replications in the searches.
        fresh: replications of each later look.
        least: creators of each tier that every mix holds.
        most: creators of each tier that no mix passes.
        out: folder in which each budget's search is kept, and goes on.
        workers: runs at a time.
        progress: called with (runs done, runs at most), over all budgets.
    Raises:
        UsageError: a budget buys nobody, two are the same to the fen, or bounds cannot hold; before any run.
    """
    budgets = told_apart(budgets_cny)
    for budget in budgets:
        refuse_impossible(Money(scenario, budget, least, most))
    one = most_runs(trials, seeds, fresh, max(1, len(layouts))) + OWN_LOOKS * fresh
    counter = Counter(len(budgets) * one, progress)
    scorer = Scorer(scenario, metric, workers, counter.one)
    first = scenario.run.seed + seeds
    choosing, telling = range(first, first + fresh), range(first + fresh, first + 2 * fresh)
    mixes: list[Mix] = []
    for k, budget in enumerate(budgets):

        def tick(done: int, total: int, before: int = k * one) -> None:
            counter.to(before + done)

        found = optimise(
            scenario, budget, metric=metric, layouts=layouts, trials=trials, seeds=seeds, fresh=fresh,
            least=least, most=most, out=out / f"{budget:.2f}" if out else None, workers=workers,
            progress=tick,
        )  # fmt: skip
        own = [found.best.mix, *mixes[-1:]]
        mixes.append(own[int(scorer.table(own, choosing).mean(axis=1).argmax())])
    return _curve(scorer, metric, budgets, mixes, scorer.table(mixes, telling))


def told_apart(budgets_cny: Sequence[float]) -> list[float]:
    """Each budget once, rising.

    Raises:
        UsageError: two are the same to the fen, in which money is counted and searches are named.
    """
    found = sorted(set(budgets_cny))
    for lower, higher in pairwise(found):
        if f"{lower:.2f}" == f"{higher:.2f}":
            raise UsageError(
                f"--budgets: {lower!r} and {higher!r} are both {lower:.2f} CNY to the fen; leave one out"
            )
    return found


def _curve(
    scorer: Scorer, metric: str, budgets: Sequence[float], mixes: Sequence[Mix], table: NDArray[np.float64]
) -> Curve:
    """The curve of what each budget's mix gave by seed, shape (budgets, seeds)."""
    limits, steps = possible(metric, scorer.scenario.audience.users), list[Step]()
    whole = intervals(table, limits=limits, to=0)
    for k, (budget, mix) in enumerate(zip(budgets, mixes, strict=True)):
        added: tuple[float | None, ...] = (None, None, None)
        per: tuple[float | None, ...] = added
        if k and mix == mixes[k - 1]:
            added = per = (0.0, 0.0, 0.0)
        elif k:
            two = intervals(table[[k, k - 1]], limits=limits, to=1)
            added = (float(two.difference[0]), known(two.difference_low[0]), known(two.difference_high[0]))
            more = budget - budgets[k - 1]
            per = tuple(None if value is None else value / more for value in added)
        cost = scorer.scenario.seeding.cost_cny(mix.counts)
        mean = (float(whole.mean[k]), known(whole.low[k]), known(whole.high[k]))
        steps.append(Step(budget, mix, scorer.names(mix), cost, *mean, *added, *per))
    return Curve(metric, tuple(steps), *_flat(steps))


def _flat(steps: Sequence[Step]) -> tuple[float | None, float | None]:
    """The budget from which the curve is flat, and the one from which nobody can tell."""
    if len(steps) < 2:  # noqa: PLR2004 - one budget has no slope
        return None, None
    opening = steps[0].mean / steps[0].budget_cny
    flat = unclear = None
    for before, step in pairwise(steps):
        high, low = step.per_yuan_high, step.per_yuan_low
        if high is not None and opening > 0 and high < FLAT_SHARE * opening:
            flat = before.budget_cny if flat is None else flat
        else:
            flat = None
        if low is None or (low <= 0 and flat is None):
            unclear = before.budget_cny if unclear is None else unclear
        else:
            unclear = None
    return flat, unclear


def told(found: Curve, language: Language) -> list[str]:
    """Where the curve flattens, and where nobody can tell; a sentence each."""
    words, told = Words(language), []
    if found.flat_from_cny is not None:
        told.append(
            words(
                "Beyond {budget} CNY a further yuan adds less than a tenth of what the first ones do.",
                budget=f"{found.flat_from_cny:,.0f}",
            )
        )
    if found.unclear_from_cny is not None:
        told.append(
            words(
                "Beyond {budget} CNY it cannot be told whether more money adds anything.",
                budget=f"{found.unclear_from_cny:,.0f}",
            )
        )
    return told or [words("It does not flatten within these budgets.")]


def as_dict(found: Curve) -> dict[str, Any]:
    """The content of budget.json."""
    return {
        **found._asdict(),
        "text_zh": "".join(told(found, "zh")),
        "text_en": " ".join(told(found, "en")),
        "steps": [
            {
                **step._asdict(),
                "mix": {
                    "layout": step.mix.layout,
                    "creators": dict(zip(TIERS, step.mix.counts, strict=True)),
                },
            }
            for step in found.steps
        ],
    }
