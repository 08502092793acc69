"""Paired comparison of variants: layouts, seeding mixes, scenarios, under the same luck.

Takes variants; gives one row a variant with intervals, a verdict that says how sure it is, and
every replication. With `seeds="auto"` it adds seeds until the best is settled or cannot be told
apart (alpha spending over the looks, analysis/estimate.py). Does not print.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from sim import storage
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
from sim.analysis.money import Money, money_of
from sim.analysis.paired import FEWEST_SEEDS, INTERVAL_KIND
from sim.analysis.plan_warnings import of_variants, shared_by
from sim.analysis.result_warnings import Launched, loss, of_results
from sim.analysis.risk import Risk
from sim.analysis.warned import Warned, as_rows
from sim.analysis.wording import rare_differences, sentence
from sim.errors import UsageError
from sim.experiment.enforced import risks
from sim.experiment.launches import extend, gains, scale_of, summaries_of, table, values_of
from sim.experiment.replicate import at_once
from sim.experiment.robust import Robust, draws_told
from sim.experiment.robust import robust as box_of
from sim.experiment.variants import Variant, limits_of, variants_of
from sim.experiment.why import Reason
from sim.interrupts import deferred
from sim.language.words import Language
from sim.results import check_metric, input_hash
from sim.scenario.recommendation import PLATFORM_MODELS, PlatformModel
from sim.scenario.schema import Scenario
from sim.simulation import made_by


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
        today: beside it, the variants that the same comparison takes at today's values, where it was made.
        money: of each variant.
        told: what launches themselves warned of, such as money that a boost could not spend, by variant.
        risks: what enforcement costs each variant; None where nothing is found out.
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
    today: tuple[str, ...] | None = None
    money: tuple[Money, ...] = ()
    told: tuple[Warned, ...] = ()
    risks: tuple[Risk | None, ...] = ()

    def text(self, language: Language) -> str:
        """The verdict as one plain sentence."""
        names = self.names(language)
        said = sentence(
            self.verdict, self.rows, names, self.metric, language, self.confidence, self.indifference
        )  # fmt: skip
        if self.money and self.verdict.code in ("winner", "alone"):
            own = self.money[self.verdict.best]
            least = self.metric == "profit" and own.cost_cny < min(
                (money.cost_cny for k, money in enumerate(self.money) if k != self.verdict.best), default=0.0
            )
            said += loss(own, language, least_spent=least)
        return said

    def said(self) -> dict[str, Any]:
        """The verdict as JSON has it."""
        return {"code": self.verdict.code, "text_zh": self.text("zh"), "text_en": self.text("en")}

    def won(self) -> dict[str, Any]:
        """The verdict with the winner's name; null if there is none."""
        best = self.variants[self.verdict.best].name if self.verdict.code == "winner" else None
        return self.said() | {"winner": best}

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
        return (
            *rare,
            *of_variants({v.name: v.scenario for v in self.variants}),
            *shared_by(self.told, len(self.variants)),
            *self._results(),
            *(self._drawn() if self.provenance.get("robust") else ()),
        )

    def _drawn(self) -> tuple[Warned, ...]:
        return draws_told(self.seeds, drawn_map=self.box is not None, reasons=bool(self.reasons))

    def _doubt(self, box: Robust) -> dict[str, Any]:
        now = {} if self.today is None else {"today": list(self.today)}
        return box.document([v.name for v in self.variants], now)

    def _results(self) -> tuple[Warned, ...]:
        if not self.money:
            return ()
        names = zip(self.variants, self.names("zh"), self.names("en"), self.money, strict=True)
        return of_results(
            [
                Launched(v.name, zh, en, v.scenario.audience.users, self.seeds, money)
                for v, zh, en, money in names
            ]
        )

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
                    **(self.money[k].as_dict() if self.money else {}),
                    **(risk.as_dict() if self.risks and (risk := self.risks[k]) else {}),
                }
                for k, (variant, row, hit, gain) in enumerate(
                    zip(self.variants, self.rows, self.hit_probability, self.matrix_gain, strict=True)
                )
            ],
            "indifference": self.indifference,
            "warnings": as_rows(self.warnings()),
            **({"why": [reason._asdict() for reason in self.reasons]} if self.reasons else {}),
            **(self._doubt(self.box) if self.box else {}),
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
                **{key: getattr(variant, key) for key in ("layout", "ratio", "structure", "timing")},
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


def compare(
    scenarios: Scenario | Iterable[Scenario],
    *,
    layouts: Sequence[str] = (),
    seeding: Sequence[tuple[int, ...] | str] = (),
    structures: Sequence[str] = (),
    timing: Sequence[str] = (),
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
        seeding: creators by tier to try in each; or written, nobody, kol, koc, amateurs, published.
        structures: account structures to try in each: written, one, 1+N, split:N, same:N, race:N.
        timing: posting times to try in each: written, spread, HH:00.
        metric: one of METRICS.
        seeds: replications of each variant (at least 2), or 'auto'.
        confidence: of the verdict, in (0, 1).
        robust: in every seed the numbers known to a range only are drawn anew from it,
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
                variants_of(plans, layouts, seeding, structures, timing), metric=metric, seeds=seeds,
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
    return dict(zip(map(str, models), (one.won() for one in found), strict=False))


def compare_variants(
    variants: tuple[Variant, ...],
    *,
    metric: str = "reach",
    seeds: int | Literal["auto"] = "auto",
    confidence: float = 0.95,
    robust: bool = False,
    workers: int | None = None,
    looks: Sequence[int] = LOOKS,
    indifference: float = INDIFFERENCE,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """As `compare`, for variants at hand.

    Raises:
        UsageError: unknown metric or too few seeds.
    """
    check_metric(metric)
    if seeds != "auto" and seeds < FEWEST_SEEDS:
        raise UsageError("seeds: at least 2 are needed to say how sure an answer is")
    started = time.perf_counter()
    first = variants[0].scenario.run.seed
    summaries: list[list[dict[str, Any]]] = [[] for _ in variants]
    told: list[Warned] = []
    alpha, limits = 1 - confidence, limits_of(metric, variants)
    plan = iter(looks if seeds == "auto" else (seeds,))
    stopped = False
    while True:  # the last look always decides
        try:
            extend(
                summaries, told, variants, first, next(plan),
                robust=robust, workers=workers, progress=progress,
            )  # fmt: skip
        except KeyboardInterrupt:
            if len(summaries[0]) < FEWEST_SEEDS:
                raise
            stopped = True
        raw, values = values_of(metric, summaries)
        margin = indifference * scale_of(metric, values, summaries)
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
        _hits(summaries),
        gains(variants, summaries), table(variants, summaries), stopped,
        made_by("columns", 1, time.perf_counter() - started)
        | {"workers": at_once((v.scenario for v in variants), workers), "seeds": seeds, "robust": robust},
        indifference=indifference,
        box=box_of([v.scenario for v in variants], raw, first, values) if robust else None,
        money=_money(variants, summaries, 1 - level),
        told=tuple(told),
        risks=risks(variants, summaries, 1 - level),
    )  # fmt: skip


def by_metric(found: Comparison, metric: str) -> Comparison:
    """The same runs judged by another metric, at the number of seeds that there is.

    Args:
        found: for any metric; whoever asks may have put variants, their replications and risks into it.
        metric: one of METRICS.
    Raises:
        RunError: it has no value here, such as ROI at no cost.
        UsageError: unknown metric.
    """
    check_metric(metric)
    variants = found.variants
    summaries = summaries_of(variants, found.replications)
    raw, values = values_of(metric, summaries)
    limits, margin = limits_of(metric, variants), found.indifference * scale_of(metric, values, summaries)
    first = variants[0].scenario.run.seed
    return replace(
        found, metric=metric, seeds=values.shape[1],
        rows=estimates(values, found.interval_confidence, limits, raw),
        verdict=settled(values, 1 - found.interval_confidence, limits, margin),  # as its rows, after a look
        hit_probability=_hits(summaries),
        box=box_of([v.scenario for v in variants], raw, first, values) if found.box else None,
        money=_money(variants, summaries, found.interval_confidence),
    )  # fmt: skip


def _hits(summaries: list[list[dict[str, Any]]]) -> tuple[float, ...]:
    """Share of seeds with at least one hit, by variant."""
    return tuple(float(np.mean([s["hit_videos"] > 0 for s in row])) for row in summaries)


def _money(
    variants: Sequence[Variant], summaries: list[list[dict[str, Any]]], confidence: float
) -> tuple[Money, ...]:
    return tuple(
        money_of(row, v.scenario.brand, confidence) for v, row in zip(variants, summaries, strict=True)
    )
