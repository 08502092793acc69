"""A finished comparison as the app keeps it: every metric of the same runs in one document.

Takes a Comparison; gives plain data for a JSON file. Changing the metric on the page then needs
no simulation and no statistics. Loads scipy, so only workers import it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.analysis.estimate import estimates, settled
from sim.analysis.money import Money
from sim.analysis.plan_warnings import of_variants
from sim.analysis.result_warnings import FAULTS
from sim.analysis.warned import from_rows
from sim.errors import RunError
from sim.experiment.compare import Comparison, Variant, limits_of
from sim.results import metric_value
from sim.vocabulary import METRICS


def judged(found: Comparison) -> dict[str, Any]:
    """A comparison with a fixed number of seeds, by every metric.

    Args:
        found: for any metric.
    Returns:
        By metric: comparisons (as comparison.json) and values (one list a variant, one number a seed).
        A metric that has no value here, such as ROI at no cost, is left out.
    """
    rows = [found.replications.filter(variant=v.name).sort("seed").to_dicts() for v in found.variants]
    comparisons, values = {}, {}
    for metric in METRICS:
        try:
            values[metric] = [[metric_value(metric, summary) for summary in row] for row in rows]
        except RunError:
            continue
        table = np.array(values[metric])
        limits = limits_of(metric, found.variants)
        by_metric = replace(
            found,
            metric=metric,
            rows=estimates(table, found.interval_confidence, limits),
            verdict=settled(table, 1 - found.confidence, limits),
        )
        comparisons[metric] = by_metric.as_dict()
    return {"comparisons": comparisons, "values": values}


def joined(answer: Mapping[str, Any], added: Comparison, variants: Sequence[Variant]) -> dict[str, Any]:
    """A comparison at hand with one variant more, by every metric.

    Args:
        answer: as `judged` gave it, for all variants but the last.
        added: the last variant alone, with the same seeds.
        variants: all of them.
    Returns:
        As of `judged`; a metric that has no value for the new one is left out.
    """
    fresh = judged(added)["values"]
    values = {metric: [*rows, *fresh[metric]] for metric, rows in answer["values"].items() if metric in fresh}
    hits = tuple(float(np.mean(row)) for row in values["hit"])
    gains = [row["matrix_gain"] for row in answer["comparisons"]["hit"]["variants"]]
    old = answer["comparisons"]["hit"]
    money = tuple(Money.read(row) for row in old["variants"])
    plans = {row.text_en for row in of_variants({v.name: v.scenario for v in variants[:-1]})}
    kept = [  # what follows from plans and results is said anew
        row
        for row in from_rows(old["warnings"])
        if row.text_en not in plans and row.code not in (*FAULTS, "rare_differences")
    ]
    comparisons = {}
    for metric, rows in values.items():
        table, limits = np.array(rows), limits_of(metric, variants)
        comparisons[metric] = replace(
            added,
            metric=metric,
            rows=estimates(table, added.interval_confidence, limits),
            verdict=settled(table, 1 - added.confidence, limits),
            variants=tuple(variants),
            hit_probability=hits,
            matrix_gain=(*gains, None),
            money=(*money, *added.money),
            told=(*kept, *added.told),
        ).as_dict()
    return {"comparisons": comparisons, "values": values}
