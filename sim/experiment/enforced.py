"""What enforcement costs the variants of a comparison, beside the same plans where nothing is found out.

Takes variants and their launches; gives a risk a variant. Runs nothing.
"""

from collections.abc import Sequence
from typing import Any

from sim.analysis.risk import Risk, risk_of
from sim.experiment.launches import Launchable
from sim.results import input_hash

LOST = ("reach", "new_fans", "gmv_cny", "profit_cny")
"""Fields of the summary of which a loss is told."""


def risks(
    variants: Sequence[Launchable], summaries: list[list[dict[str, Any]]], confidence: float
) -> tuple[Risk | None, ...]:
    """The risk of each variant; None where nothing is found out.

    Losses are told where another variant is the same plan with `enforcement.hazard` 0.
    """
    looked_at = [v.scenario.enforcement.hazard > 0 for v in variants]
    if not any(looked_at):
        return (None,) * len(variants)
    free = [v.scenario.with_values({"enforcement.hazard": 0.0}) for v in variants]
    plans = [input_hash(scenario) for scenario in free]
    found: list[Risk | None] = []
    for k, own in enumerate(summaries):
        if not looked_at[k]:
            found.append(None)
            continue
        same = [c for c, plan in enumerate(plans) if plan == plans[k] and not looked_at[c]]
        without = summaries[same[0]] if same else []
        lost = {key: ([s[key] for s in without], [s[key] for s in own]) for key in LOST if same}
        found.append(risk_of(own, lost, confidence))
    return tuple(found)
