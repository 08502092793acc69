"""How many accounts: a result against their number, for each way of sharing the posts out (M15, M16).

Takes a scenario, ways and numbers of accounts; gives a paired comparison of all of them, and by way what
each step to more accounts brings, where more stop paying, and how often a race keeps the luckiest account.
Costs of accounts and posts are in it where the metric is profit or ROI. Does not print.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import storage
from sim.analysis.paired import intervals, known
from sim.analysis.rare import exact
from sim.errors import UsageError, or_rather
from sim.experiment.compare import Comparison, compare_variants
from sim.experiment.launches import summaries_of, values_of
from sim.experiment.variants import Variant, limits_of, variants_of
from sim.interrupts import deferred
from sim.language.names import WAY
from sim.language.numbers import with_unit
from sim.language.vocabulary import METRIC
from sim.language.words import N_, Language, Words
from sim.scenario.schema import Scenario
from sim.scenario.structures import MOST_SUBS, written_as
from sim.scenario.structures import Kind as StructureKind
from sim.scenario.ways import COUNTS, SEEDS, WAYS
from sim.scenario.wording import nearest

KINDS: Mapping[str, StructureKind] = {"1+": "one_plus", "split": "split", "same": "same", "race": "race"}
"""Ways of sharing the posts out, as a command line names them."""
Code = Literal["stops", "still_pays", "cannot_tell"]


class Step(NamedTuple):
    """One number of accounts of one way [unit of the metric]."""

    accounts: int
    """beside the main one"""
    variant: int
    """of the comparison"""
    mean: float
    low: float | None
    high: float | None
    cost_cny: float
    more: float | None
    """paired difference to the step before; None for the first"""
    more_low: float | None
    more_high: float | None
    right: float | None
    """share of the races that kept the luckiest account; None for other ways and where luck is not known"""
    right_low: float | None
    right_high: float | None


class Curve(NamedTuple):
    """One way, by rising number of accounts."""

    way: str
    steps: tuple[Step, ...]
    code: Code
    """whether one step beyond `at` surely brings nothing, or it is the last one, or neither can be told"""
    at: int
    """place of the last step up to which each one more surely paid"""


@dataclass(frozen=True)
class Curves:
    """What all ways give.

    Attributes:
        comparison: of all numbers of accounts of all ways.
        curves: one a way.
    """

    comparison: Comparison
    curves: tuple[Curve, ...]

    def text(self, curve: Curve, language: Language) -> str:
        """Where more accounts stop paying, in one sentence."""
        words, at, change = Words(language), curve.steps[curve.at].accounts, ""
        if curve.code != "still_pays":
            after, metric = curve.steps[curve.at + 1], self.comparison.metric
            more, known = after.more or 0.0, METRIC[metric]
            rare = after.more_low is None or after.more_high is None
            limits = (more, more) if rare else (after.more_low, after.more_high)
            amount, interval = with_unit((more, *limits), metric, language, known.step(language))  # type: ignore[arg-type]
            level = f"{100 * self.comparison.interval_confidence:.4g}"
            sure = words("too few seeds differ to give an interval")
            if not rare:
                sure = words("{level} % interval {range}", level=level, range=interval)
            change = words(
                ": from {at} to {next}, the change in {label} is {more} ({range})",
                at=at, next=after.accounts, label=known.said(language), more=amount, range=sure,
            )  # fmt: skip
        beyond = words("more than {at} accounts beside the main one", at=at)
        if not at:
            beyond = words("accounts beside the main one")
        way = WAY[curve.way].said(words.language)
        return words(_SENTENCES[curve.code], way=way, at=at, beyond=beyond, change=change)

    def as_dict(self) -> dict[str, Any]:
        """The content of accounts.json: that of comparison.json, and the curves."""
        curves = [
            {
                "way": curve.way,
                "code": curve.code,
                "at": curve.steps[curve.at].accounts,
                "text_zh": self.text(curve, "zh"),
                "text_en": self.text(curve, "en"),
                "steps": [
                    step._asdict() | {"variant": self.comparison.variants[step.variant].name}
                    for step in curve.steps
                ],
            }
            for curve in self.curves
        ]
        return self.comparison.as_dict() | {"ways": curves}

    @deferred()
    def write(self, folder: Path) -> None:
        """Writes the files of the comparison and accounts.json."""
        self.comparison.write(folder)
        storage.write_json(folder / "accounts.json", self.as_dict())


_SENTENCES = {
    "stops": N_("{way}: {beyond} do not pay{change}."),
    "still_pays": N_("{way}: more accounts pay up to {at} beside the main one, the most that was tried."),
    "cannot_tell": N_("{way}: whether {beyond} pay cannot be told with these seeds{change}."),
}


def checked_counts(counts: Sequence[int]) -> tuple[int, ...]:
    """Numbers of accounts, rising, each once.

    Raises:
        UsageError: fewer than two, or one that cannot be.
    """
    found = tuple(sorted(set(counts)))
    if len(found) < 2 or found[0] < 0 or found[-1] > MOST_SUBS:  # noqa: PLR2004 - a step has two ends
        raise UsageError(
            "counts {given}: needs at least two different whole numbers from 0 to {most:,}",
            given=",".join(map(str, counts)), most=MOST_SUBS,
        )  # fmt: skip
    return found


def structures_of(scenario: Scenario, way: str, counts: Sequence[int]) -> dict[int, str]:
    """The structure of each number of accounts of a way; 0 is one account, whatever the way.

    A race that keeps as many accounts as it has is none, and left out.

    Raises:
        UsageError: there is no such way, or it leaves fewer than two numbers.
    """
    if way not in KINDS:
        raise UsageError(
            "way {way!r} is unknown; allowed: {names}{meant}",
            way=way, names=", ".join(KINDS), meant=or_rather(nearest(way, KINDS)),
        )  # fmt: skip
    least = scenario.structure.keep + 1 if way == "race" else 1
    found = {n: written_as(KINDS[way], n) if n else "one" for n in counts if n >= least or n == 0}
    if len(found) < 2:  # noqa: PLR2004 - as above
        raise UsageError(
            "way {way!r}: a race that keeps {keep} needs numbers from {least} on",
            way=way, keep=least - 1, least=least,
        )  # fmt: skip
    return found


def variants(scenario: Scenario, ways: Sequence[str], counts: Sequence[int]) -> tuple[Variant, ...]:
    """The plan with each number of accounts of each way, each structure once; it is its name.

    Raises:
        UsageError: as of `structures_of`.
        ScenarioError: the scenario cannot have one of the structures.
    """
    names = dict.fromkeys(name for way in ways for name in structures_of(scenario, way, counts).values())
    return variants_of([scenario], structures=tuple(names))


def curves(
    scenario: Scenario,
    *,
    ways: Sequence[str] = WAYS,
    counts: Sequence[int] = COUNTS,
    metric: str = "profit",
    seeds: int = SEEDS,
    confidence: float = 0.95,
    robust: bool = False,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Curves:
    """A result against the number of accounts, for each way, under common random numbers.

    Args:
        scenario: whose posts, layout and costs.
        ways: of KINDS.
        counts: accounts beside the main one.
        metric: one of METRICS.
        seeds: replications of each number, at least 2.
        confidence: of each interval on its own, and of the verdict over all.
        robust: as in `compare`.
        workers: runs at a time.
        progress: called with (runs done, runs in sight).
    Raises:
        UsageError: unknown way, metric, or too few numbers or seeds.
        ScenarioError: the scenario cannot have one of the structures.
    """
    numbers = checked_counts(counts)
    by_way = {way: structures_of(scenario, way, numbers) for way in dict.fromkeys(ways)}
    plans = variants(scenario, ways, numbers)
    names = [plan.name for plan in plans]
    found = compare_variants(
        plans, metric=metric, seeds=seeds, confidence=confidence, robust=robust, workers=workers,
        progress=progress,
    )  # fmt: skip
    places = {way: {n: names.index(name) for n, name in own.items()} for way, own in by_way.items()}
    summaries = summaries_of(found.variants, found.replications)
    _, values = values_of(metric, summaries)
    return Curves(found, tuple(_curve(found, summaries, values, *own) for own in places.items()))


def _curve(
    found: Comparison,
    summaries: Sequence[Sequence[Mapping[str, Any]]],
    values: NDArray[np.float64],
    way: str,
    variants: Mapping[int, int],
) -> Curve:
    """One way, of all variants' summaries and values (as the comparison's rows have them)."""
    steps: list[Step] = []
    for place, (n, v) in enumerate(variants.items()):
        more: tuple[float | None, ...] = (None, None, None)
        if place:
            both = [steps[-1].variant, v]
            limits = limits_of(found.metric, [found.variants[w] for w in both])
            pair = intervals(values[both], found.interval_confidence, limits, to=0)
            low, high = known(pair.difference_low[1]), known(pair.difference_high[1])
            more = float(pair.difference[1]), low, high
        row = found.rows[v]
        steps.append(
            Step(
                n, v, row.mean, row.low, row.high, float(np.mean([s["cost_cny"] for s in summaries[v]])),
                *more, *_right(summaries[v], found.interval_confidence),
            )
        )  # fmt: skip
    pays = [step.more_low is not None and step.more_low > 0 for step in steps[1:]]
    at = next((k for k, surely in enumerate(pays) if not surely), len(pays))
    if at == len(pays):
        return Curve(way, tuple(steps), "still_pays", at)
    after = steps[at + 1].more_high
    return Curve(way, tuple(steps), "stops" if after is not None and after <= 0 else "cannot_tell", at)


def _right(runs: Sequence[Mapping[str, Any]], confidence: float) -> tuple[float | None, ...]:
    """Share of the races that kept the luckiest, with its limits; of those whose luck is known."""
    told = [row["race_right"] for row in runs if row.get("race_right") is not None]
    return tuple(exact(sum(told), len(told), confidence)) if told else (None, None, None)
