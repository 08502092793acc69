"""Paired comparison of variants: layouts, seeding mixes, scenarios, under the same luck.

Takes variants; gives one row a variant with intervals, a verdict that says how sure it is, and
every replication. With `seeds="auto"` it adds seeds until the best is settled or cannot be told
apart (alpha spending over the looks, analysis/estimate.py). Does not print.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl

from sim import storage
from sim.analysis.controls import controlled
from sim.analysis.estimate import (
    INDIFFERENCE,
    LOOKS,
    QUANTILE_METHOD,
    Estimate,
    Verdict,
    estimates,
    next_look,
    settled,
)
from sim.analysis.paired import FEWEST_SEEDS, INTERVAL_KIND, Floats, Limits
from sim.analysis.plan_warnings import of_variants
from sim.analysis.warned import Warned, as_rows
from sim.analysis.wording import layout_name, rare_differences, sentence, structure_name
from sim.errors import UsageError
from sim.experiment.replicate import Job, cores, gain_of, replicate
from sim.experiment.robust import Robust, drawn
from sim.experiment.robust import robust as box_of
from sim.experiment.why import Baseline, Reason, why
from sim.interrupts import deferred
from sim.results import check_metric, input_hash, metric_value
from sim.scenario.matrix import LAYOUTS
from sim.scenario.recommendation import PLATFORM_MODELS, PlatformModel
from sim.scenario.schema import Scenario
from sim.scenario.seeding import varied
from sim.scenario.structures import read
from sim.simulation import made_by
from sim.vocabulary import Language, possible

FEWEST_VARIANTS = 2
"""Below, there is nothing to compare."""
LUCK = "account_luck"
"""Field of a summary: mean luck of the accounts as the plan deals the posts; its expectation is 1."""


class Variant(NamedTuple):
    """One thing that is compared."""

    name: str
    label_zh: str
    scenario: Scenario
    base: str
    """What stays when only the layout differs: `matrix_gain` is taken against `none` of the same base."""
    start: Scenario | None = None
    """What the variant was made from; None where it was given as it is."""
    layout: str | None = None
    """The layout that was put in; None keeps the start's own."""
    ratio: tuple[int, ...] | None = None
    """The seeding ratio that was put in; None keeps the start's own."""
    structure: str | None = None
    """The structure that was put in, such as '1+3'; None keeps the start's own."""

    def called(self, language: Language) -> str:
        """What it is called in a sentence."""
        if self.name in LAYOUTS:
            return layout_name(self.name, language, in_sentence=True)
        if language == "zh":
            return self.label_zh
        return structure_name(self.name, "en", in_sentence=True) if self.structure else self.name


@dataclass(frozen=True)
class Comparison:
    """What a comparison gives.

    Attributes:
        metric: what was compared.
        seeds: replications of each variant.
        confidence: of the verdict.
        interval_confidence: of the intervals shown; stricter than `confidence` after seeds="auto".
        rows: one Estimate a variant, in the order of the variants.
        verdict: what may be said about who is best.
        variants: the variants.
        hit_probability: chance of at least one hit, by variant.
        matrix_gain: mean gain over `none`, by variant; None without it.
        replications: one row a variant and seed.
        stopped: Ctrl-C ended it early; what is here rests on the seeds that were done, and its verdict
            on fewer looks than planned.
        provenance: versions, platform, timings, and how it was asked for.
        platforms: the verdict by platform model, where several were asked for; all else is of the first.
        indifference: share below which a difference was said not to matter [0..1].
        reasons: why the best is ahead, where that was asked for.
        box: what is best where in the box of the assumptions, where they were drawn.
    """

    metric: str
    seeds: int
    confidence: float
    interval_confidence: float
    rows: tuple[Estimate, ...]
    verdict: Verdict
    variants: tuple[Variant, ...]
    hit_probability: tuple[float, ...]
    matrix_gain: tuple[float | None, ...]
    replications: pl.DataFrame
    stopped: bool = False
    provenance: dict[str, Any] = field(default_factory=dict)
    platforms: dict[str, dict[str, Any]] = field(default_factory=dict)
    indifference: float = 0.0
    reasons: tuple[Reason, ...] = ()
    box: Robust | None = None

    def text(self, language: Language) -> str:
        """The verdict as one plain sentence."""
        names = self.names(language)
        return sentence(
            self.verdict, self.rows, names, self.metric, language, self.confidence, self.indifference
        )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """The verdict as JSON has it."""
        return {"code": self.verdict.code, "text_zh": self.text("zh"), "text_en": self.text("en")}

    def names(self, language: Language) -> list[str]:
        """What the variants are called in a sentence."""
        return [v.called(language) for v in self.variants]

    def warnings(self) -> tuple[Warned, ...]:
        """What a reader has to know beside the verdict."""
        rare = (
            Warned("rare_differences", self.variants[k].name, self._rare(k, "zh"), self._rare(k, "en"))
            for k, row in enumerate(self.rows)
            if row.difference_high is None
        )
        return (*rare, *of_variants({v.name: v.scenario for v in self.variants}))

    def _rare(self, variant: int, language: Language) -> str:
        names = self.names(language)
        best = names[self.verdict.best]
        row = self.rows[variant]
        return rare_differences([row], [names[variant]], best, self.seeds, language, self.confidence)

    def as_dict(self) -> dict[str, Any]:
        """The content of comparison.json."""
        return {
            "metric": self.metric,
            "seeds": self.seeds,
            "stopped": self.stopped,
            "confidence": self.confidence,
            "interval": {"kind": INTERVAL_KIND, "confidence": self.interval_confidence},
            "lower_tail": {"share": 0.1, "method": QUANTILE_METHOD},
            "verdict": self.said(),
            "variants": [
                {
                    "name": variant.name,
                    **row.as_dict(),
                    "hit_probability": hit,
                    "matrix_gain": gain,
                }
                for variant, row, hit, gain in zip(
                    self.variants, self.rows, self.hit_probability, self.matrix_gain, strict=True
                )
            ],
            "indifference": self.indifference,
            "warnings": as_rows(self.warnings()),
            **({"why": [reason._asdict() for reason in self.reasons]} if self.reasons else {}),
            **({"robust": self.box.as_dict([v.name for v in self.variants])} if self.box else {}),
            **({"platforms": self.platforms} if self.platforms else {}),
        }

    @deferred()
    def write(self, folder: Path) -> None:
        """Writes all files of the comparison into a folder, each whole and then renamed into place.

        The scenario that the variants start from is scenario.toml; where there are several they are
        scenario-1.toml and so on, and provenance.json says which variant starts from which.
        """
        starts: list[Scenario] = []
        for variant in self.variants:
            if (start := variant.start or variant.scenario) not in starts:
                starts.append(start)
        names = (
            ["scenario.toml"] if len(starts) == 1 else [f"scenario-{k + 1}.toml" for k in range(len(starts))]
        )
        made_from = [
            {
                "name": variant.name,
                "scenario": names[starts.index(variant.start or variant.scenario)],
                "layout": variant.layout,
                "ratio": variant.ratio,
                "structure": variant.structure,
                "input_hash": input_hash(variant.scenario),
            }
            for variant in self.variants
        ]
        folder.mkdir(parents=True, exist_ok=True)
        storage.write_parquet(folder / "replications.parquet", self.replications)
        for name, start in zip(names, starts, strict=True):
            storage.write_text(folder / name, start.to_toml())
        storage.write_json(folder / "provenance.json", self.provenance | {"variants": made_from})
        storage.write_json(folder / "comparison.json", self.as_dict())


def variants_of(
    scenarios: Sequence[Scenario],
    layouts: Sequence[str] = (),
    seedings: Sequence[tuple[int, ...]] = (),
    structures: Sequence[str] = (),
) -> tuple[Variant, ...]:
    """Scenarios × structures × seeding ratios × layouts, named by what differs.

    A structure of one account has nothing to link: it stands once, without links, whatever the layouts.

    Args:
        scenarios: what to start from.
        layouts: layouts to try in each; none keeps the scenario's own.
        seedings: creators by tier to try in each; none keeps the scenario's own.
        structures: account structures to try in each, such as '1+3'; none keeps the scenario's own.
    Raises:
        UsageError: fewer than two variants, two alike, or an unknown structure.
    """
    found = []
    for scenario, structure, ratio in product(scenarios, structures or (None,), seedings or (None,)):
        base = [(scenario.name, scenario.name)] if len(scenarios) > 1 else []
        base += [] if structure is None else [(structure, structure_name(structure, "zh"))]
        base += [] if ratio is None else [(":".join(map(str, ratio)),) * 2]
        alone = structure is not None and read(structure).alone
        for layout in ("none",) if alone else layouts or (None,):
            made = varied(scenario, layout, ratio, structure)
            parts = base if alone or layout is None else [*base, (layout, layout_name(layout, "zh"))]
            name, zh = (
                (" · ".join(part) for part in zip(*parts, strict=True)) if parts else (scenario.name,) * 2
            )
            same = " · ".join(own for own, _ in base)
            found.append(Variant(name, zh, made, same, scenario, layout, ratio, structure))
    if len(found) < FEWEST_VARIANTS:
        raise UsageError(
            "a comparison needs at least two variants: several scenarios, --structures, --layouts, --seeding"
        )
    names = [v.name for v in found]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two variants are both called {name!r}: give each scenario a name of its own")
    return tuple(found)


def limits_of(metric: str, variants: Sequence[Variant]) -> Limits:
    """The least and the most that a metric can be, the most of each variant."""
    ends = [possible(metric, variant.scenario.audience.users) for variant in variants]
    return ends[0][0], np.array([most for _, most in ends])


def compare(
    scenarios: Scenario | Iterable[Scenario],
    *,
    layouts: Sequence[str] = (),
    seeding: Sequence[tuple[int, ...]] = (),
    structures: Sequence[str] = (),
    metric: str = "reach",
    seeds: int | Literal["auto"] = "auto",
    confidence: float = 0.95,
    robust: bool = False,
    workers: int | None = None,
    looks: Sequence[int] = LOOKS,
    platform: PlatformModel | Literal["all"] | None = None,
    indifference: float = INDIFFERENCE,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Compares variants under common random numbers.

    Args:
        scenarios: one scenario or several.
        layouts: layouts to try in each, see `variants_of`.
        seeding: creators by tier to try in each.
        structures: account structures to try in each: written, one, 1+N, split:N, same:N, race:N.
        metric: one of METRICS.
        seeds: replications of each variant (at least 2), or 'auto'.
        confidence: of the verdict, in (0, 1).
        robust: in every seed the assumed parameters are drawn anew from their plausible ranges,
            the same for all variants.
        workers: runs at a time.
        looks: numbers of seeds at which 'auto' looks.
        platform: model to run all scenarios under; 'all': under each in turn, the first scenario's own first;
            None: each under its own.
        indifference: share below which a difference does not matter [0..1]: of the best's result; of its
            cost where the metric is profit; of launches where it is the chance of a hit.
        progress: called with (runs done, runs in sight).
    Raises:
        UsageError: unknown metric, too few seeds or variants.
    """
    given = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    found: list[Comparison] = []
    own = given[0].platform.model if given else None
    models = (own, *(m for m in PLATFORM_MODELS if m != own)) if platform == "all" else (platform,)
    for model in models:
        plans = [s if model is None else s.with_values({"platform.model": model}) for s in given]
        try:
            one = compare_variants(
                variants_of(plans, layouts, seeding, structures), metric=metric, seeds=seeds,
                confidence=confidence, robust=robust, workers=workers, looks=looks,
                indifference=indifference, progress=progress,
            )  # fmt: skip
        except KeyboardInterrupt:
            if not found:
                raise
            return replace(found[0], stopped=True, platforms=_by_model(models, found))
        found.append(one)
        if one.stopped:
            break
    if len(models) == 1:
        return found[0]
    return replace(found[0], stopped=found[-1].stopped, platforms=_by_model(models, found))


def _by_model(models: Sequence[str | None], found: Sequence[Comparison]) -> dict[str, dict[str, Any]]:
    """The verdict by model, with the winner's name; null if there is none."""
    best = [one.variants[one.verdict.best].name if one.verdict.code == "winner" else None for one in found]
    told = [one.said() | {"winner": name} for one, name in zip(found, best, strict=True)]
    return dict(zip(map(str, models), told, strict=False))


def compare_variants(
    variants: tuple[Variant, ...],
    *,
    metric: str = "reach",
    seeds: int | Literal["auto"] = "auto",
    confidence: float = 0.95,
    robust: bool = False,
    workers: int | None = None,
    looks: Sequence[int] = LOOKS,
    before: pl.DataFrame | None = None,
    indifference: float = INDIFFERENCE,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """As `compare`, for variants at hand; replications of them in `before` are not run again.

    Raises:
        UsageError: unknown metric or too few seeds.
    """
    check_metric(metric)
    if seeds != "auto" and seeds < FEWEST_SEEDS:
        raise UsageError("seeds: at least 2 are needed to say how sure an answer is")
    started = time.perf_counter()
    first = variants[0].scenario.run.seed
    summaries: list[list[dict[str, Any]]] = [[] for _ in variants]
    if before is not None:
        summaries = [before.filter(variant=v.name).sort("seed").drop("variant").to_dicts() for v in variants]
    alpha, limits = 1 - confidence, limits_of(metric, variants)
    plan = iter(looks if seeds == "auto" else (seeds,))
    stopped = False
    while True:  # the last look always decides
        try:
            _extend(summaries, variants, first, next(plan), robust=robust, workers=workers, progress=progress)
        except KeyboardInterrupt:
            if len(summaries[0]) < FEWEST_SEEDS:
                raise
            stopped = True
        raw, values = _values(metric, summaries)
        margin = indifference * _scale(metric, values, summaries)
        if seeds != "auto" or stopped:
            verdict, level = settled(values, alpha, limits, margin), alpha
            break
        decision = next_look(values, alpha, looks, limits, margin)
        verdict, level = decision.verdict, decision.level
        if decision.code != "continue":
            break
    return Comparison(
        metric, values.shape[1], confidence, 1 - level,
        estimates(values, 1 - level, limits, raw), verdict, variants,
        _hits(summaries), _gains(variants, summaries), _table(variants, summaries), stopped,
        made_by("columns", 1, time.perf_counter() - started)
        | {"workers": workers or cores(), "seeds": seeds, "robust": robust},
        indifference=indifference,
        box=box_of([v.scenario for v in variants], raw, first) if robust else None,
    )  # fmt: skip


def by_metric(found: Comparison, metric: str) -> Comparison:
    """The same runs judged by another metric, at the number of seeds that there is.

    Args:
        found: for any metric; who asks may have put replications of more variants into it.
        metric: one of METRICS.
    Raises:
        RunError: it has no value here, such as ROI at no cost.
        UsageError: unknown metric.
    """
    check_metric(metric)
    variants = found.variants
    summaries = [found.replications.filter(variant=v.name).sort("seed").to_dicts() for v in variants]
    raw, values = _values(metric, summaries)
    limits, margin = limits_of(metric, variants), found.indifference * _scale(metric, values, summaries)
    first = variants[0].scenario.run.seed
    return replace(
        found, metric=metric, seeds=values.shape[1],
        rows=estimates(values, found.interval_confidence, limits, raw),
        verdict=settled(values, 1 - found.confidence, limits, margin),
        hit_probability=_hits(summaries),
        box=box_of([v.scenario for v in variants], raw, first) if found.box else None,
    )  # fmt: skip


def _hits(summaries: list[list[dict[str, Any]]]) -> tuple[float, ...]:
    """Share of seeds with at least one hit, by variant."""
    return tuple(float(np.mean([s["hit_videos"] > 0 for s in row])) for row in summaries)


def _values(metric: str, summaries: list[list[dict[str, Any]]]) -> tuple[Floats, Floats]:
    """The metric by variant and seed, as it came out and without what the drawn luck of accounts explains."""
    raw = np.array([[metric_value(metric, s) for s in row] for row in summaries])
    if metric == "hit":  # a chance is no sum of anybody's luck
        return raw, raw
    luck = np.array([[s.get(LUCK, 1.0) for s in row] for row in summaries])
    return raw, controlled(raw, luck)


def _scale(metric: str, values: Floats, summaries: list[list[dict[str, Any]]]) -> float:
    """What an indifference is a share of."""
    best = int(values.mean(axis=1).argmax())
    if metric == "profit":
        return float(np.mean([s["cost_cny"] for s in summaries[best]]))
    return 1.0 if metric == "hit" else abs(float(values[best].mean()))


def explained(
    found: Comparison,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """The comparison with why its best is ahead of the runner-up and of the plan as written; `why.why`.

    Raises:
        UsageError: it has one variant.
    """
    best = found.variants[found.verdict.best]
    return replace(
        found,
        reasons=why(
            best.scenario, baselines(found), best.start or best.scenario, found.metric,
            confidence=found.confidence, workers=workers, progress=progress,
        ),
    )  # fmt: skip


def baselines(found: Comparison) -> list[tuple[Baseline, Scenario]]:
    """What the best is held against: the runner-up, and the plan as written where it is neither."""
    best, second = (found.variants[v] for v in (found.verdict.best, found.verdict.runner_up))
    if best is second:
        raise UsageError("--why: there is one variant only, and nothing it is ahead of")
    held: list[tuple[Baseline, Scenario]] = [("runner_up", second.scenario)]
    start = best.start
    if start is not None and start not in (best.scenario, second.scenario):
        held.append(("written", start))
    return held


def _extend(
    summaries: list[list[dict[str, Any]]],
    variants: Sequence[Variant],
    first: int,
    wanted: int,
    *,
    robust: bool,
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Adds seeds to every variant until each has as many as wanted."""
    have = len(summaries[0])
    jobs = []
    for number in range(have, wanted):
        for v, variant in enumerate(variants):
            scenario = drawn(variant.scenario, first + number) if robust else variant.scenario
            jobs.append(Job(v, scenario, first + number))
    found: dict[tuple[int, int], dict[str, Any]] = {}
    try:
        for job, summary in replicate(jobs, workers=workers):
            found[job.variant, job.seed] = summary
            if progress:
                progress(have * len(variants) + len(found), wanted * len(variants))
    finally:  # after Ctrl-C too: the seeds that every variant has
        for number in range(have, wanted):
            if all((v, first + number) in found for v in range(len(variants))):
                for v in range(len(variants)):
                    summaries[v].append(found[v, first + number])


def _gains(variants: Sequence[Variant], summaries: list[list[dict[str, Any]]]) -> tuple[float | None, ...]:
    """Fills each replication's matrix gain where a `none` of the same base ran; its mean by variant."""
    alone = [v.structure is not None and read(v.structure).alone for v in variants]  # nothing to link
    cut = {v.base: k for k, v in enumerate(variants) if v.scenario.links.layout == "none" and not alone[k]}
    means: list[float | None] = []
    for k, variant in enumerate(variants):
        if variant.base in cut:
            for own, without in zip(summaries[k], summaries[cut[variant.base]], strict=True):
                own["matrix_gain"] = gain_of(own["reach"], without["reach"])
        gains = [s["matrix_gain"] for s in summaries[k] if s["matrix_gain"] is not None]
        means.append(float(np.mean(gains)) if gains else None)
    return tuple(means)


def _table(variants: Sequence[Variant], summaries: list[list[dict[str, Any]]]) -> pl.DataFrame:
    rows = [{"variant": v.name, **s} for v, row in zip(variants, summaries, strict=True) for s in row]
    often_empty = {"matrix_gain": pl.Float64, "roi": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=often_empty, infer_schema_length=None)
