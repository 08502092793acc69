"""The best layout and creator mix under a budget: a search, an honest second look, and what more money buys.

Takes a scenario, a budget and layouts; gives the mix that came best on seeds it was not
chosen on, beside simple mixes, the front of result against risk and cost, and the value of
the next money. Optuna searches; the runs are paired over seeds. Does not print.
"""

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import optuna

from sim.analysis.estimate import lower_tail
from sim.analysis.money import Money
from sim.analysis.paired import Limits, intervals, known
from sim.analysis.plan_warnings import booked_and_silent, posts_after_end, unspent
from sim.analysis.warned import Warned
from sim.language.vocabulary import possible
from sim.results import input_hash
from sim.scenario.matrix import MOST_CREATORS, TIERS
from sim.scenario.schema import Scenario
from sim.sources import rules_version
from sim.sweeps.bounds import refuse_impossible
from sim.sweeps.given import WRITTEN, as_written, without_search
from sim.sweeps.looks import FINALISTS, most_runs
from sim.sweeps.money import NOBODY, SAMPLER_SEED, Budget, Counts
from sim.sweeps.scorer import Counter, Floats, Mix, Scorer
from sim.sweeps.study import open_folder

PATIENCE = 24
"""Trials without an improvement beyond luck after which the search ends (chosen)."""
NEXT_CNY = 10_000.0
"""More money whose worth is asked for."""
FOUND = "found by search"
PAYING = ("profit", "roi")
"""Metrics that money spent in vain lowers: their search also chooses how much of the budget is spent."""
SPENT = "spent"
"""Share of the budget, as a number that the search chooses."""
RUNS = "runs.jsonl"
"""Of a study, all its runs: from them the search is made again to where it stood."""


class Scored(NamedTuple):
    """What a mix gave."""

    name: str
    also: tuple[str, ...]
    """other simple mixes that come to the same creators"""
    mix: Mix
    posting: int
    """creators whose post falls before the end of the run; the others are paid all the same"""
    cost_cny: float
    mean: float
    low: float | None
    """None, as every limit, where too few seeds differ to say"""
    high: float | None
    tail: float
    """what it falls below in a tenth of the seeds"""
    difference: float
    """to the best mix, under the same luck"""
    difference_low: float | None
    difference_high: float | None
    names: tuple[str, ...] = ()
    """whom the mix books, of a price list of one's own"""


class Optimum(NamedTuple):
    """The answer of an optimisation."""

    metric: str
    budget_cny: float
    trials: int
    best: Scored
    """on seeds that nothing was chosen on"""
    optimistic: float
    """the same mix's mean on the seeds of the search, which flatter it"""
    regret: float
    """difference of the runner-up to the best; above 0 where it did better on these seeds, by luck or not"""
    others: tuple[Scored, ...]
    """finalists and simple mixes, on the same fresh seeds"""
    front: tuple[tuple[Mix, float, float, float], ...]
    """mixes of the search that none beats in mean, lower tail and cost at once, with the three"""
    next_worth: float
    """what NEXT_CNY more would add at best [unit of the metric]"""
    next_worth_low: float | None
    next_worth_high: float | None
    next_mix: Mix
    unspent_cny: float
    """what the best mix leaves of the budget; `warnings` says why"""
    warnings: tuple[Warned, ...]
    gain: float | None
    """of the best over the plan as written, under the same luck; None where the plan books nobody, costs more
    than the budget or passes a bound"""
    gain_low: float | None
    gain_high: float | None
    over_nobody: float | None
    """of the best over booking nobody in the same layout, under the same luck; None where a bound asks for
    somebody, or nobody has no value, such as ROI at no cost"""
    over_nobody_low: float | None
    over_nobody_high: float | None
    money: Money | None
    """what the best costs and brings in, per launch, and what would make it pay"""


def optimise(
    scenario: Scenario,
    budget_cny: float,
    *,
    metric: str = "reach",
    layouts: Sequence[str] = (),
    trials: int = 60,
    seeds: int = 6,
    fresh: int = 16,
    least: Counts = NOBODY,
    most: Counts | None = None,
    out: Path | None = None,
    workers: int | None = None,
    scorer: Scorer | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Optimum:
    """Searches the layout and the creator mix with the best mean under a budget.

    The search maximises the mean and the lower tenth and minimises the cost, paired over `seeds`
    seeds. Nobody, or nobody beyond `least`, is a mix among the others. The best mixes and the simple ones are
    then run on `fresh` seeds, of which the winner is
    chosen, and once more on as many others, which give the figures reported.

    Args:
        scenario: brand accounts, prices and audience; its own seeding is replaced.
        budget_cny: for creators; never passed.
        metric: what counts.
        layouts: to choose from; the scenario's own if left out.
        trials: at most so many mixes; it stops after PATIENCE without an improvement beyond luck.
        seeds: replications in the search.
        fresh: replications of each later look.
        least: creators of each tier that every mix holds.
        most: creators of each tier that no mix passes; the supply if left out.
        out: folder of the study; one that is there goes on.
        workers: runs at a time.
        scorer: that has runs of the same scenario and metric, which are not run again; its workers count.
        progress: called with (runs done, runs at most).
    Raises:
        UsageError: the budget buys nobody, the bounds cannot hold, or the metric is unknown.
        RunError: the metric has no value, such as ROI where nothing is spent.
    Source: Akiba et al. 2019 (Optuna); Ozaki et al. 2022 (multi-objective TPE).
    """
    money = Budget(scenario, budget_cny, least, most)
    refuse_impossible(money)
    names = tuple(layouts) or (scenario.links.layout,)
    counter = Counter(most_runs(trials, seeds, fresh, len(names)), progress)
    scorer = scorer or Scorer(scenario, metric, workers)
    scorer.ran = counter.one
    first = scenario.run.seed
    looks = [range(first + k, first + k + n) for k, n in ((0, seeds), (seeds, fresh), (seeds + fresh, fresh))]
    keep(scorer, money, names, looks[0], out)
    simple = without_search(money, scorer, names, looks[0])
    tried = _search(money, scorer, names, simple, looks[0], trials)
    counter.to(trials * seeds)
    order = sorted(tried, key=lambda mix: (-tried[mix][0], tried[mix][2]))
    written = as_written(scenario, money, names)
    if written is not None:
        simple.setdefault(written, []).insert(0, WRITTEN)
    chosen = list(dict.fromkeys([*order[:FINALISTS], *simple]))
    means = scorer.table(chosen, looks[1]).mean(axis=1)
    # Of mixes that do the same, such as those that differ only in who never posts, the cheapest.
    best = chosen[min(range(len(chosen)), key=lambda k: (-means[k], money.cost(chosen[k].counts)))]
    limits = possible(metric, scenario.audience.users)
    rows = _scored(scorer, money, scorer.table(chosen, looks[2]), chosen, simple, chosen.index(best), limits)
    mine = rows[chosen.index(best)]
    others = tuple(sorted((row for row in rows if row.mix != best), key=lambda row: -row.mean))
    next_mix, both = _next(money, scorer, best, looks)
    worth = intervals(both, limits=limits, to=1)
    plan, left = scorer.plan(best), budget_cny - mine.cost_cny
    rest = unspent(plan, best.counts, left, budget_cny, most=money.most.tolist(), searched=True)
    nobody = Mix(best.layout, NOBODY)
    gain = _gain(scorer, best, written, looks[2], limits)
    over_nobody = _gain(scorer, best, nobody if nobody in simple else None, looks[2], limits)
    told = (*posts_after_end(plan), *((rest,) if rest else ()))
    counter.to(counter.total)
    return Optimum(
        metric, budget_cny, len(tried), mine, float(scorer.table([best], looks[0]).mean()),
        max((row.difference for row in others), default=0.0), others, _front(tried),
        float(worth.difference[0]), known(worth.difference_low[0]), known(worth.difference_high[0]), next_mix,
        left, told, *gain, *over_nobody, scorer.money(best, looks[2]),
    )  # fmt: skip


def _gain(
    scorer: Scorer, best: Mix, other: Mix | None, seeds: Sequence[int], limits: Limits
) -> tuple[float | None, float | None, float | None]:
    """What the best brings over another mix, with its interval; exactly 0 where it is that mix."""
    if other is None:
        return None, None, None
    if other == best:
        return 0.0, 0.0, 0.0
    found = intervals(scorer.table([best, other], seeds), limits=limits, to=1)
    return float(found.difference[0]), known(found.difference_low[0]), known(found.difference_high[0])


def _search(
    money: Budget,
    scorer: Scorer,
    layouts: Sequence[str],
    simple: Collection[Mix],
    seeds: Sequence[int],
    trials: int,
) -> dict[Mix, tuple[float, float, float]]:
    """Every mix that was tried, with mean, lower tail and cost.

    The same whenever it is asked: a study that goes on proposes what it proposed before, whose runs are kept,
    and then what an uninterrupted one would have.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():  # what we use of it is pinned
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(seed=SAMPLER_SEED, multivariate=True)
    tried: dict[Mix, tuple[float, float, float]] = {}
    study = optuna.create_study(sampler=sampler, directions=["maximize", "maximize", "minimize"])
    for mix in simple:
        idle = mix.counts == tuple(money.least.tolist())
        shares = [0.0 if idle else float(cny) / money.budget_cny for cny in money.spent(mix.counts)]
        start: dict[str, Any] = {"layout": mix.layout, SPENT: 1.0}
        study.enqueue_trial(start | dict(zip(TIERS, shares, strict=True)))
    top: Floats | None = None
    since = 0
    while len(tried) < trials and since < PATIENCE:
        trial = study.ask()
        layout = str(trial.suggest_categorical("layout", list(layouts)))
        shares = [trial.suggest_float(tier, 0.0, 1.0) for tier in TIERS]
        part = trial.suggest_float(SPENT, 0.0, 1.0) if scorer.metric in PAYING else 1.0
        mix = Mix(layout, money.buy(shares, part * money.budget_cny))
        values = scorer.table([mix], seeds)[0]
        found = (float(values.mean()), float(lower_tail(values[None])[0]), money.cost(mix.counts))
        study.tell(trial, list(found))
        since += 1
        if top is None or _clearly_more(values, top):
            top, since = values, 0
        tried[mix] = found
    return tried


def keep(
    scorer: Scorer, money: Budget, layouts: Sequence[str], seeds: Sequence[int], out: Path | None
) -> None:
    """Keeps the runs of a study in its folder, if it has one, and takes those that are there.

    Raises:
        UsageError: the folder holds another study, or other files.
    """
    if out is None:
        return
    same = {
        "scenario": input_hash(scorer.scenario), "rules_version": rules_version(), "metric": scorer.metric,
        "budget_cny": money.budget_cny, "min": money.least.tolist(), "max": money.most.tolist(),
        "layouts": list(layouts), "seeds": list(seeds),
    }  # fmt: skip
    open_folder(out, same)
    scorer.keep(out / RUNS)


def _clearly_more(values: Floats, top: Floats) -> bool:
    """Whether a mix beats the best so far by more than luck: its paired interval lies above 0."""
    gain = values - top
    if len(gain) == 1 or not gain.std():
        return bool(gain.mean() > 0)
    found = intervals(np.stack([values, top]), to=1)
    return bool(found.difference_low[0] > 0)


def _scored(
    scorer: Scorer,
    money: Budget,
    table: Floats,
    mixes: Sequence[Mix],
    simple: Mapping[Mix, Sequence[str]],
    best: int,
    limits: Limits,
) -> list[Scored]:
    """One row a mix, differences to the best one."""
    found = intervals(table, limits=limits, to=best)
    tails = lower_tail(table)
    rows = []
    for k, mix in enumerate(mixes):
        name, *also = simple.get(mix, (FOUND,))
        booked, silent = booked_and_silent(scorer.plan(mix))
        rows.append(
            Scored(
                name,
                tuple(also),
                mix,
                booked - silent,
                money.cost(mix.counts),
                float(found.mean[k]),
                known(found.low[k]),
                known(found.high[k]),
                float(tails[k]),
                float(found.difference[k]),
                known(found.difference_low[k]),
                known(found.difference_high[k]),
                scorer.names(mix),
            )
        )
    return rows


def _next(money: Budget, scorer: Scorer, best: Mix, looks: Sequence[Sequence[int]]) -> tuple[Mix, Floats]:
    """The best use of NEXT_CNY more, and what it and the best give by seed, shape (2, seeds).

    What is left of the budget comes on top where it is too little for anybody; what was left by choice stays.
    """
    left = money.budget_cny - money.cost(best.counts)
    more = []
    for k in range(len(TIERS)):
        rest = 0.0 if money.more(k, best.counts[k], left) else left
        added = money.more(k, best.counts[k], rest + NEXT_CNY)
        if added and sum(best.counts) + added <= MOST_CREATORS:
            counts = tuple(n + added * (j == k) for j, n in enumerate(best.counts))
            more.append(Mix(best.layout, counts))
    if not more:
        return best, scorer.table([best, best], looks[2])
    chosen = more[int(scorer.table(more, looks[1]).mean(axis=1).argmax())]
    return chosen, scorer.table([chosen, best], looks[2])


def _front(
    tried: Mapping[Mix, tuple[float, float, float]],
) -> tuple[tuple[Mix, float, float, float], ...]:
    """The mixes that no other beats in mean, tail and cost at once, by falling mean."""
    rows = [(mix, *values) for mix, values in tried.items()]
    kept = [
        row
        for row in rows
        if not any(
            other[1] >= row[1] and other[2] >= row[2] and other[3] <= row[3] and other[1:] != row[1:]
            for other in rows
        )
    ]
    return tuple(sorted(kept, key=lambda row: -row[1]))
