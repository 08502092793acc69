"""What enforcement costs a plan over its launches, and what carries the risk (X6).

Takes one row a launch, and the rows of the same plan where nothing is found out; gives means and paired
differences. Knows no variants, files or words.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.paired import FEWEST_SEEDS, intervals, known

SIGNALS = ("relation", "similarity", "synchrony")


class Loss(NamedTuple):
    """What a launch of the plan has less than one in which nothing is found out, same luck."""

    mean: float
    low: float | None
    high: float | None
    """limits; None where too few launches differ to say"""


class Risk(NamedTuple):
    """Of a plan, per launch."""

    violations: Mapping[str, float]
    """to be expected, by SIGNALS"""
    relations: Mapping[str, float]
    """of those by relation, by channel"""
    withheld: float
    """impressions that limited accounts' videos did not get"""
    unshown: float
    """posts that nobody was shown"""
    health: float
    """of the accounts at the end"""
    lowest_health: float
    """of the account in the worst"""
    losses: Mapping[str, Loss]
    """by field of the summary; empty where the plan did not run without enforcement"""

    def as_dict(self) -> dict[str, Any]:
        """As comparison.json has it."""
        losses = {key: loss._asdict() for key, loss in self.losses.items()}
        return {"risk": self._asdict() | {"losses": losses}}


def risk_in(variant: Mapping[str, Any]) -> Risk | None:
    """The risk of a variant of comparison.json; None where nothing is found out."""
    if "risk" not in variant:
        return None
    risk = variant["risk"]
    return Risk(**risk | {"losses": {key: Loss(**loss) for key, loss in risk["losses"].items()}})


def risk_of(
    own: Sequence[Mapping[str, Any]],
    free: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    confidence: float,
) -> Risk:
    """The risk of a plan.

    Args:
        own: summaries of its launches.
        free: by what is lost, its value in each launch without enforcement and with it, same seeds; may be
            empty.
        confidence: of the intervals, in (0, 1).
    """

    def mean(field: str, key: str) -> float:
        return float(np.mean([row[field][key] for row in own]))

    health = [  # in one table of several variants, each has gaps for the accounts of the others
        [points for points in row["health"].values() if points is not None] for row in own
    ]
    return Risk(
        {key: mean("violations_expected", key) for key in SIGNALS},
        {key: mean("relations_expected", key) for key in own[0]["relations_expected"]},
        float(np.mean([row["impressions_withheld"] for row in own])),
        float(np.mean([row["posts_capped"] for row in own])),
        float(np.mean([np.mean(points) for points in health])),
        float(np.mean([min(points) for points in health])),
        {key: _loss(*values, confidence) for key, values in free.items()},
    )


def _loss(without: Sequence[float], having: Sequence[float], confidence: float) -> Loss:
    values = np.array([having, without], float)
    if values.shape[1] < FEWEST_SEEDS:
        return Loss(float((values[1] - values[0]).mean()), None, None)
    found = intervals(values, confidence, to=0)
    return Loss(
        float(found.difference[1]), known(found.difference_low[1]), known(found.difference_high[1])
    )  # fmt: skip
