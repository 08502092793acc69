"""Intervals and probabilities keep what they say, on the simulator's own rare differences."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from sim.analysis.estimate import estimates, settled
from sim.analysis.paired import intervals
from sim.analysis.rare import FEWEST_OTHER
from sim.experiment.replicate import Job, replicate
from sim.language.vocabulary import possible
from sim.results import metric_value
from sim.scenario.layouts import with_layout
from sim.scenario.schema import Scenario
from sim.scenario.shipped import resolve

pytestmark = pytest.mark.evidence
Section = Callable[[str, str], None]
Floats = NDArray[np.float64]

TRUTH = 1_600
"""Seeds that stand for the truth: simulated once, then drawn from."""
TRIALS = 1_000
LAYOUTS = ("none", "star", "mesh")
METRICS = ("reach", "follows", "orders", "gmv", "hit")
SEEDS = (8, 16, 32, 64)
CASES = {
    "classroom": ("classroom", {}),
    "beauty": ("beauty_matrix", {"audience.users": 50_000, "run.hours": 72}),
}
NARROW = 0.05
"""Half-width over the mean below which an answer would be worth having."""


@cache
def truth(case: str) -> tuple[Scenario, dict[str, Floats]]:
    """A scenario, and each metric by layout and seed, shape (layouts, TRUTH)."""
    name, changes = CASES[case]
    plan = Scenario.load(str(resolve(name))).with_values(changes)
    plans = [with_layout(plan, layout) for layout in LAYOUTS]
    tables = {metric: np.zeros((len(LAYOUTS), TRUTH)) for metric in METRICS}
    jobs = [Job(v, plans[v], seed) for seed in range(TRUTH) for v in range(len(LAYOUTS))]
    for job, summary in replicate(jobs):
        for metric, table in tables.items():
            table[job.variant, job.seed] = metric_value(metric, summary)
    return plan, tables


class Cell(NamedTuple):
    """One case, metric, pair and number of seeds, and what its trials gave."""

    case: str
    metric: str
    other: int
    seeds: int
    narrow: float
    """half-width that a normal mean of so many seeds would have, over the mean"""
    differ: float
    """seeds that are to be expected to differ"""
    given: int
    held: int
    student: int
    winners: int
    wrong: int


def cells() -> Iterator[Cell]:
    """Every layout against none, drawn again and again from the truth."""
    rng = np.random.default_rng(12)
    for case in CASES:
        plan, tables = truth(case)
        for metric, table in tables.items():
            limits = possible(metric, plan.audience.users)
            for other in range(1, len(LAYOUTS)):
                pair = table[[0, other]]
                gaps = pair[1] - pair[0]
                mean = gaps.mean()
                for seeds in SEEDS:
                    t = float(special.stdtrit(seeds - 1, 0.975)) / np.sqrt(seeds)
                    given = held = student = winners = wrong = 0
                    for _ in range(TRIALS):
                        drawn = rng.integers(0, TRUTH, seeds)
                        sample = pair[:, drawn]
                        found = intervals(sample, limits=limits, to=0)
                        low, high = found.difference_low[1], found.difference_high[1]
                        given += not np.isnan(low)
                        held += low <= mean <= high
                        seen = gaps[drawn]
                        student += abs(seen.mean() - mean) <= t * seen.std(ddof=1)
                        verdict = settled(sample, limits=limits)
                        winners += verdict.code == "winner"
                        wrong += verdict.code == "winner" and (mean > 0) != (verdict.best == 1)
                    narrow = t * gaps.std() / (pair[0].mean() or np.inf)
                    differ = float((gaps != 0).mean() * seeds)
                    yield Cell(
                        case, metric, other, seeds, narrow, differ, given, held, student, winners, wrong
                    )


def test_intervals_of_rare_differences_hold_the_truth(section: Section) -> None:
    found = [cell for cell in cells() if cell.differ > 0]
    rows = "\n".join(
        f"| {c.case}, {c.metric}, none-{LAYOUTS[c.other]} | {c.seeds} | {c.differ:.1f} | {c.narrow:.1%} "
        f"| {1 - c.given / TRIALS:.0%} | {f'{c.held / c.given:.1%}' if c.given else ''} "
        f"| {c.student / TRIALS:.0%} |"
        for c in found
    )
    given, held = sum(c.given for c in found), sum(c.held for c in found)
    winners, wrong = sum(c.winners for c in found), sum(c.wrong for c in found)
    narrow = [c for c in found if c.narrow < NARROW]
    owed = [c for c in narrow if c.differ >= FEWEST_OTHER]
    refused = {
        name: 1 - sum(c.given for c in group) / (TRIALS * len(group))
        for name, group in (("narrow", narrow), ("owed", owed))
    }
    section(
        "Intervals of differences that are mostly 0",
        f"""{TRUTH} seeds of every layout stand for the truth; {TRIALS} trials a row draw seeds from them, with
replacement. The classroom, and the beauty matrix with 50,000 people and 72 h. Nominal 95 %; 'true half-width' is what a
normal mean of so many seeds would have, over the metric's mean; 'Student' is the interval before, which was always given.

| difference | seeds | of which differ | true half-width | refused | holds the truth | Student held |
| --- | --- | --- | --- | --- | --- | --- |
{rows}

Given in all rows together: {given}, of which {held / given:.1%} hold the truth. Refused where the true half-width is below
{NARROW:.0%} of the mean: {refused["narrow"]:.0%}; of those in which at least {FEWEST_OTHER} seeds are to be expected to
differ: {refused["owed"]:.0%}. With fewer that differ nothing is said of a mean, by rule. Winners named: {winners}, of which
{wrong} wrong.""",
    )
    assert held / given >= 0.93
    for cell in found:
        if cell.metric == "reach" and cell.given >= 0.05 * TRIALS:
            assert cell.held / cell.given >= 0.93, cell
    assert refused["owed"] <= 0.20
    assert wrong <= 0.002 * winners


BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


def test_the_probability_of_being_best_is_about_how_often_it_is_right(section: Section) -> None:
    rng = np.random.default_rng(13)
    said: dict[tuple[int, str], list[tuple[float, float]]] = defaultdict(list)
    for case in CASES:
        plan, tables = truth(case)
        for metric, whole in tables.items():
            limits = possible(metric, plan.audience.users)
            for group in ([0, 1], [0, 1, 2]):
                table = whole[group]
                means = table.mean(axis=1)
                top = means == means.max()
                if top.all():
                    continue  # nobody is right where all are the same
                for seeds in SEEDS:
                    for _ in range(TRIALS // 4):
                        drawn = rng.integers(0, TRUTH, seeds)
                        sample = table[:, drawn]
                        shares = np.array([row.probability_best for row in estimates(sample, limits=limits)])
                        first = shares == shares.max()
                        said[seeds, "said"].append(
                            (float(shares.max()), float((top & first).sum() / first.sum()))
                        )
                        # As it was: the share of bootstrap resamples.
                        times = rng.multinomial(seeds, np.full(seeds, 1 / seeds), size=500)
                        lead = sample @ times.T
                        best = lead == lead.max(axis=0)
                        before = (best / best.sum(axis=0)).mean(axis=1)
                        first = before == before.max()
                        said[seeds, "before"].append(
                            (float(before.max()), float((top & first).sum() / first.sum()))
                        )
    rows, told = [], {}
    for seeds in SEEDS:
        for low, high in pairwise(BANDS):
            columns = []
            for kind in ("said", "before"):
                pairs = np.array([pair for pair in said[seeds, kind] if low <= pair[0] < high])
                if len(pairs):
                    told[seeds, low, kind] = (len(pairs), *pairs.mean(axis=0))
                    columns.append(f"{len(pairs)} | {pairs[:, 0].mean():.2f} | {pairs[:, 1].mean():.2f}")
                else:
                    columns.append("0 | | ")
            rows.append(f"| {seeds} | {low:.2f} to {min(high, 1):.2f} | {columns[0]} | {columns[1]} |")
    section(
        "Probability of being best: what is said and how often it is right",
        f"""The same truths and draws; none against star, and none, star and mesh; {TRIALS // 4} trials for each metric.
Of every trial the variant with the highest probability is looked at. 'Before' is the share of bootstrap resamples.

| seeds | probability | trials | said | right | trials before | said | right |
| --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(rows)}
""",
    )
    for (seeds, low, kind), (count, share, right) in told.items():
        if kind == "said" and count >= 100 and low >= 0.7:
            assert right >= share - 0.05, (seeds, low)
