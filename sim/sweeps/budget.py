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
from sim.errors import RunError, UsageError
from sim.language.vocabulary import possible
from sim.language.words import Language, Words
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.sweeps.bounds import refuse_impossible
from sim.sweeps.given import without_search
from sim.sweeps.looks import OWN_LOOKS, most_runs
from sim.sweeps.money import NOBODY, Budget, Counts
from sim.sweeps.optimise import keep, optimise
from sim.sweeps.scorer import Counter, Mix, Scorer

FLAT_SHARE = 0.1
"""Part of the first step's value per yuan below which the curve counts as flat (chosen)."""


class BudgetStep(NamedTuple):
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
    """over the budget before, at the first over nobody, under the same luck; None where nobody has no value,
    such as ROI at no cost"""
    added_low: float | None
    added_high: float | None
    per_yuan: float | None
    """of the budget beyond the one before, at the first of the whole"""
    per_yuan_low: float | None
    per_yuan_high: float | None


class BudgetCurve(NamedTuple):
    """Result against budget."""

    metric: str
    steps: tuple[BudgetStep, ...]
    flat_from_cny: float | None
    """budget beyond which a further yuan surely adds nothing, or less than FLAT_SHARE of what it does in the
    first step, which surely adds something; None where it does not flatten, or cannot be told"""
    nothing_from_cny: float | None
    """budget beyond which a further yuan surely adds nothing"""
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
    so_far: Callable[["BudgetCurve"], None] | None = None,
) -> BudgetCurve:
    """The best mix of each budget, all on the same fresh seeds.

    Args:
        scenario: brand accounts, market and audience; its own seeding is replaced.
        budgets_cny: in any order; each counts once.
        metric: what counts.
        layouts: to choose from; the scenario's own if left out.
        trials: mixes of each budget at most; with 0 none is searched for, and the best of those that people
            know, of booking nobody and of the budget before is taken.
        seeds: replications in the searches.
        fresh: replications of each later look.
        least: creators of each tier that every mix holds.
        most: creators of each tier that no mix passes.
        out: folder in which each budget's search is kept, and goes on.
        workers: runs at a time.
        progress: called with (runs done, runs at most), over all budgets.
        so_far: called with the curve of the budgets that are done, after each but the last.
    Raises:
        UsageError: a budget buys nobody, two are the same to the fen, or bounds cannot hold; before any run.
    """
    budgets = told_apart(budgets_cny)
    monies = [Budget(scenario, budget, least, most) for budget in budgets]
    for money in monies:
        refuse_impossible(money)
    one = most_runs(trials, seeds, fresh, max(1, len(layouts)))
    counter = Counter(len(budgets) * one + OWN_LOOKS * fresh, progress)
    scorer = Scorer(scenario, metric, workers)
    first = scenario.run.seed + seeds
    choosing, telling = range(first, first + fresh), range(first + fresh, first + 2 * fresh)
    if not trials:
        choosing = range(scenario.run.seed, first)
    mixes: list[Mix] = []

    def so_far_() -> BudgetCurve:
        table = scorer.table(mixes, telling)
        try:
            nobody = scorer.table([Mix(mixes[0].layout, NOBODY)], telling)[0]
        except RunError:
            nobody = None
        return _curve(scorer, metric, budgets[: len(mixes)], mixes, table, nobody)

    for k, (budget, money) in enumerate(zip(budgets, monies, strict=True)):

        def tick(done: int, total: int, before: int = k * one) -> None:
            counter.to(before + done)

        kept = out / f"{budget:.2f}" if out else None
        if trials:
            found = optimise(
                scenario, budget, metric=metric, layouts=layouts, trials=trials, seeds=seeds, fresh=fresh,
                least=least, most=most, out=kept, scorer=scorer, progress=tick,
            )  # fmt: skip
            own = [found.best.mix]
        else:
            names = tuple(layouts) or (scenario.links.layout,)
            keep(scorer, money, names, choosing, kept)
            scorer.ran = counter.one
            own = list(without_search(money, scorer, names, choosing))
        own += mixes[-1:]
        mixes.append(own[int(scorer.table(own, choosing).mean(axis=1).argmax())])
        scorer.ran = counter.one
        if so_far is not None and len(mixes) < len(budgets):
            so_far(so_far_())
    return so_far_()


def told_apart(budgets_cny: Sequence[float]) -> list[float]:
    """Each budget once, rising.

    Raises:
        UsageError: two are the same to the fen, in which money is counted and searches are named.
    """
    found = sorted(set(budgets_cny))
    for lower, higher in pairwise(found):
        if f"{lower:.2f}" == f"{higher:.2f}":
            raise UsageError(
                "--budgets: {lower!r} and {higher!r} are both {lower:.2f} CNY to the fen; leave one out",
                lower=lower, higher=higher,
            )  # fmt: skip
    return found


def _curve(
    scorer: Scorer,
    metric: str,
    budgets: Sequence[float],
    mixes: Sequence[Mix],
    table: NDArray[np.float64],
    nobody: NDArray[np.float64] | None,
) -> BudgetCurve:
    """The curve of what each budget's mix gave by seed, shape (budgets, seeds), and what nobody did."""
    limits, steps = possible(metric, scorer.scenario.audience.users), list[BudgetStep]()
    whole = intervals(table, limits=limits, to=0)
    for k, (budget, mix) in enumerate(zip(budgets, mixes, strict=True)):
        added: tuple[float | None, ...] = (None, None, None)
        before = table[k - 1] if k else nobody
        if mix == (mixes[k - 1] if k else Mix(mix.layout, NOBODY)):
            added = (0.0, 0.0, 0.0)
        elif before is not None:
            two = intervals(np.stack([table[k], before]), limits=limits, to=1)
            added = (float(two.difference[0]), known(two.difference_low[0]), known(two.difference_high[0]))
        more = budget - (budgets[k - 1] if k else 0.0)
        per = tuple(None if value is None else value / more for value in added)
        cost = scorer.scenario.seeding.cost_cny(mix.counts)
        mean = (float(whole.mean[k]), known(whole.low[k]), known(whole.high[k]))
        steps.append(BudgetStep(budget, mix, scorer.names(mix), cost, *mean, *added, *per))
    return BudgetCurve(metric, tuple(steps), *_flat(steps))


def _flat(steps: Sequence[BudgetStep]) -> tuple[float | None, float | None, float | None]:
    """The budgets from which it is flat, from which more adds nothing, and from which that cannot be told."""
    opening = steps[0].per_yuan or 0.0
    if steps[0].per_yuan_low is None or steps[0].per_yuan_low <= 0:
        opening = 0.0  # what may be nothing is no measure

    def nothing(step: BudgetStep) -> bool:
        return step.per_yuan_high is not None and step.per_yuan_high <= 0

    def flat(step: BudgetStep) -> bool:
        high = step.per_yuan_high
        return nothing(step) or (high is not None and high < FLAT_SHARE * opening)

    def unclear(step: BudgetStep) -> bool:
        return step.per_yuan_low is None or (step.per_yuan_low <= 0 and not flat(step))

    return _beyond(steps, flat), _beyond(steps, nothing), _beyond(steps, unclear)


def _beyond(steps: Sequence[BudgetStep], so: Callable[[BudgetStep], bool]) -> float | None:
    """The budget beyond which every step is so."""
    found = None
    for before, step in pairwise(steps):
        found = (before.budget_cny if found is None else found) if so(step) else None
    return found


def told(found: BudgetCurve, language: Language) -> list[str]:
    """Where the curve flattens, where more adds nothing, and where nobody can tell; a sentence each."""
    words, told = Words(language), []
    if not any(any(step.mix.counts) for step in found.steps):
        return [words("To book nobody is best at each of these budgets: no mix is worth its money.")]
    if found.flat_from_cny is not None and found.flat_from_cny != found.nothing_from_cny:
        told.append(
            words(
                "Beyond {budget} CNY a further yuan adds less than a tenth of what the first ones do.",
                budget=f"{found.flat_from_cny:,.0f}",
            )
        )
    if found.nothing_from_cny is not None:
        told.append(
            words("Beyond {budget} CNY more money adds nothing.", budget=f"{found.nothing_from_cny:,.0f}")
        )
    if found.unclear_from_cny is not None:
        told.append(
            words(
                "Beyond {budget} CNY it cannot be told whether more money adds anything.",
                budget=f"{found.unclear_from_cny:,.0f}",
            )
        )
    return told or [words("It does not flatten within these budgets.")]


def as_dict(found: BudgetCurve) -> dict[str, Any]:
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
