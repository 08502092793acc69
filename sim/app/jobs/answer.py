"""A finished comparison as the app keeps it: every metric of the same runs in one document. Loads scipy."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

import polars as pl

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

SIGNALS = ("relation", "similarity", "synchrony")
"""What gives a matrix away."""


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
    return {"comparisons": comparisons, "runs": runs, "told": as_rows(found.told), **risks(found)}


def risks(found: Comparison) -> dict[str, Any]:
    """What is to be expected of being found out as a matrix, by variant; nothing where nobody is found out.

    Returns:
        `risk`: by variant, averaged over the seeds, violations by what gives the matrix away; health at the
        end of all accounts, and of the one in the worst; posts that were shown to nobody.
    """
    told = {}
    for variant in found.variants:
        rows = found.replications.filter(variant=variant.name).to_dicts()
        if any(row.get("violations_expected") is None for row in rows):
            return {}
        points = [[point for point in row["health"].values() if point is not None] for row in rows]
        told[variant.name] = {
            **{signal: fmean(row["violations_expected"][signal] for row in rows) for signal in SIGNALS},
            "health": fmean(map(fmean, points)),
            "lowest": fmean(map(min, points)),
            "posts_capped": fmean(row["posts_capped"] for row in rows),
        }
    return {"risk": told}


def joined(answer: dict[str, Any], added: Comparison, variants: Sequence[Variant]) -> dict[str, Any]:
    """A comparison at hand, as `judged` gave it, with one variant more: `added` alone, of the same seeds.

    A metric that has no value for the new one, the last of `variants`, is left out.
    """
    before = runs_of(answer, variants[0].scenario.run.seed)
    fresh = added.replications.select(before.columns).cast(before.schema)
    gains = [row["matrix_gain"] for row in answer["comparisons"]["hit"]["variants"]]
    told, gain = (*from_rows(answer["told"]), *added.told), (*gains, *added.matrix_gain)
    runs = pl.concat([before, fresh])
    whole = replace(added, variants=tuple(variants), replications=runs, matrix_gain=gain, told=told)
    risk = answer.get("risk", {}) | risks(added).get("risk", {})
    return judged(whole) | ({"risk": risk} if risk else {})
