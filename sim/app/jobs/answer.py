"""A finished comparison as the app keeps it: every metric of the same runs in one document. Loads scipy."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from sim.analysis.risk import risk_in
from sim.analysis.warned import as_rows, from_rows
from sim.app.jobs.store import runs_of
from sim.errors import RunError
from sim.experiment.compare import Comparison, by_metric
from sim.experiment.launches import LUCK
from sim.experiment.variants import Variant
from sim.language.vocabulary import METRICS

KEPT = (
    "impressions", "outside_impressions", *METRICS.values(), "hit_videos", "new_fans", "cost_cny",
    "matrix_gain", LUCK,
)  # fmt: skip
"""Fields of a summary that a document keeps of every run: what a comparison is judged by."""


def judged(found: Comparison) -> dict[str, Any]:
    """A comparison with a fixed number of seeds, whatever its metric, by every metric.

    Returns:
        comparisons by metric (as comparison.json); `runs`: by variant and field one number a seed; `told`:
        what launches themselves warned of. A metric that has no value here, such as ROI at no cost, is left
        out. Where matrices are found out, `risk`: see `risks`.
    """
    comparisons = {}
    for metric in METRICS:
        try:
            comparisons[metric] = by_metric(found, metric).as_dict()
        except RunError:
            continue
    table = found.replications
    kept = [name for name in dict.fromkeys(KEPT) if name in table.columns]
    runs = {
        v.name: table.filter(variant=v.name).sort("seed").select(kept).to_dict(as_series=False)
        for v in found.variants
    }
    return {"comparisons": comparisons, "runs": runs, "told": as_rows(found.told)}


def joined(answer: dict[str, Any], added: Comparison, variants: Sequence[Variant]) -> dict[str, Any]:
    """A comparison at hand, as `judged` gave it, with one variant more: `added` alone, of the same seeds.

    A metric that has no value for the new one, the last of `variants`, is left out.
    """
    before = runs_of(answer, variants[0].scenario.run.seed)
    fresh = added.replications.select(before.columns).cast(before.schema)
    rows = answer["comparisons"]["hit"]["variants"]
    return judged(
        replace(
            added,
            variants=tuple(variants),
            replications=pl.concat([before, fresh]),
            matrix_gain=(*(row["matrix_gain"] for row in rows), *added.matrix_gain),
            told=(*from_rows(answer["told"]), *added.told),
            risks=(*map(risk_in, rows), *added.risks),
        )
    )
