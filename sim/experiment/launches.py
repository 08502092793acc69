"""The launches of variants: run seed by seed, side by side, and laid out as one table.

Takes variants; gives summaries by variant and seed. Says nothing of who is best (compare.py).
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.analysis.controls import controlled
from sim.analysis.warned import Warned, from_rows
from sim.experiment.replicate import Job, gain_of, replicate
from sim.experiment.robust import drawn
from sim.results import metric_value
from sim.scenario.layouts import with_layout
from sim.scenario.schema import Scenario
from sim.scenario.structures import read

Floats = NDArray[np.float64]
LUCK = "account_luck"
"""Field of a summary: mean luck of the accounts as the plan deals the posts; its expectation is 1."""


class Launchable(Protocol):
    """A variant, as far as its launches ask."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def scenario(self) -> Scenario:
        """What is run."""

    @property
    def structure(self) -> str | None:
        """The structure that was put in, if any."""


def extend(
    summaries: list[list[dict[str, Any]]],
    told: list[Warned],
    variants: Sequence[Launchable],
    first: int,
    wanted: int,
    *,
    robust: bool,
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Adds seeds to every variant until each has as many as wanted.

    Args:
        summaries: by variant and seed, added to.
        told: what launches warned of: of a variant and code, all that the first seed with it said; added to.
        variants: what is compared.
        first: first seed.
        wanted: seeds of each.
        robust: draw the uncertain numbers anew in every seed.
        workers: runs at a time.
        progress: called with (runs done, runs in sight).
    """
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
    finally:  # after Ctrl-C too: every variant has seeds up to the first gap, so column k is seed first + k
        for number in range(have, wanted):
            if any((v, first + number) not in found for v in range(len(variants))):
                break
            for v, variant in enumerate(variants):
                summary = found[v, first + number]
                known = {row.code for row in told if row.variant == variant.name}
                rows = from_rows(summary.pop("warnings"))
                told += [row._replace(variant=variant.name) for row in rows if row.code not in known]
                summaries[v].append(summary)


def gains(variants: Sequence[Launchable], summaries: list[list[dict[str, Any]]]) -> tuple[float | None, ...]:
    """Fills each replication's matrix gain where the same plan ran without links; its mean by variant."""
    alone = [v.structure is not None and read(v.structure).alone for v in variants]  # nothing to link
    bare = [with_layout(v.scenario, "none") for v in variants]
    cut = [k for k, v in enumerate(variants) if v.scenario.links.layout == "none" and not alone[k]]
    means: list[float | None] = []
    for k in range(len(variants)):
        if (same := next((c for c in cut if bare[c] == bare[k]), None)) is not None:
            for own, without in zip(summaries[k], summaries[same], strict=True):
                own["matrix_gain"] = gain_of(own["reach"], without["reach"])
        gains = [s["matrix_gain"] for s in summaries[k] if s["matrix_gain"] is not None]
        means.append(float(np.mean(gains)) if gains else None)
    return tuple(means)


def table(variants: Sequence[Launchable], summaries: list[list[dict[str, Any]]]) -> pl.DataFrame:
    """One row a variant and seed."""
    rows = [{"variant": v.name, **s} for v, row in zip(variants, summaries, strict=True) for s in row]
    often_empty = {
        "matrix_gain": pl.Float64, "roi": pl.Float64, "hit_rate": pl.Float64, "hit_mark": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema_overrides=often_empty, infer_schema_length=None)


def summaries_of(variants: Sequence[Launchable], replications: pl.DataFrame) -> list[list[dict[str, Any]]]:
    """Summaries by variant and seed, out of one table of all."""
    found: dict[str, list[dict[str, Any]]] = {v.name: [] for v in variants}
    for row in replications.sort("seed").to_dicts():  # once: each call of polars costs a millisecond
        found.get(row.pop("variant"), []).append(row)
    return list(found.values())


def values_of(metric: str, summaries: list[list[dict[str, Any]]]) -> tuple[Floats, Floats]:
    """The metric by variant and seed, as it came out and without what the drawn luck of accounts explains."""
    raw = np.array([[metric_value(metric, s) for s in row] for row in summaries])
    if metric == "hit":  # a chance is no sum of anybody's luck
        return raw, raw
    luck = np.array([[s.get(LUCK, 1.0) for s in row] for row in summaries])
    return raw, controlled(raw, luck)


def scale_of(metric: str, values: Floats, summaries: list[list[dict[str, Any]]]) -> float:
    """What an indifference is a share of: the best's mean, its cost where it is profit, 1 for a chance."""
    best = int(values.mean(axis=1).argmax())
    if metric == "profit":
        return float(np.mean([s["cost_cny"] for s in summaries[best]]))
    return 1.0 if metric == "hit" else abs(float(values[best].mean()))
