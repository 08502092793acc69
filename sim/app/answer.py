"""A finished comparison as the app keeps it: every metric of the same runs in one document.

Takes a Comparison; gives plain data for a JSON file. Changing the metric on the page then needs
no simulation and no statistics. Reading a document loads nothing; making one loads scipy.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.app.request import Request
from sim.errors import RunError
from sim.vocabulary import METRICS

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

FORMAT = 1
"""Rises when the document changes; older ones are not read."""

Answer = dict[str, Any]
"""format, request, scenario_digest, hours, and by metric: comparisons (as comparison.json) and values
(one list a variant, one number a seed)."""


def answer_of(found: "Comparison", request: Request) -> Answer:
    """The document of a comparison with a fixed number of seeds.

    Args:
        found: of the request, for any metric.
        request: what was asked.
    Returns:
        The document; a metric that has no value here, such as ROI at no cost, is left out.
    """
    import numpy as np

    from sim.analysis.estimate import estimates, settled
    from sim.experiment.compare import metric_value

    rows = [found.replications.filter(variant=v.name).sort("seed").to_dicts() for v in found.variants]
    comparisons, values = {}, {}
    for metric in METRICS:
        try:
            values[metric] = [[metric_value(metric, summary) for summary in row] for row in rows]
        except RunError:
            continue
        table = np.array(values[metric])
        alpha = 1 - found.confidence
        judged = replace(
            found,
            metric=metric,
            rows=estimates(table, found.interval_confidence),
            verdict=settled(table, alpha),
        )
        comparisons[metric] = judged.as_dict()
    return {
        "format": FORMAT,
        "request": request.as_dict(),
        "scenario_digest": request.scenario_digest(),
        "hours": request.plan().run.hours,
        "comparisons": comparisons,
        "values": values,
    }


def answers(document: object, request: Request) -> bool:
    """Whether a document answers a request."""
    return (
        isinstance(document, dict)
        and document.get("format") == FORMAT
        and Request.from_dict(document["request"]) == request
        and document["scenario_digest"] == request.scenario_digest()
    )
