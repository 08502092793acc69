"""The answer of an optimisation as a file: optimum.json, and the scenario that replays it.

Takes what `optimise` found; gives plain values and a scenario. Does not write.
"""

from typing import Any

from sim.analysis.warned import as_rows
from sim.scenario.layouts import with_layout
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.sweeps.optimise import Optimum, Scored


def best_plan(scenario: Scenario, found: Optimum) -> Scenario:
    """The scenario that replays the best mix; of a price list it holds those who are booked."""
    mix, seeding = found.best.mix, scenario.seeding
    booked = set(found.best.names)
    rows = [row.model_dump() for row in seeding.creators if row.name in booked]
    values = {
        "seeding.ratio": [] if rows else mix.counts, "seeding.creators": rows,
        "seeding.scale": 1.0, "seeding.budget_cny": None,
        "seeding.keep": tuple(name for name in seeding.keep if name in booked or not rows),
    }  # fmt: skip
    return with_layout(scenario, mix.layout).with_values(values)


def as_dict(found: Optimum) -> dict[str, Any]:
    """The content of optimum.json."""

    def row(scored: Scored) -> dict[str, Any]:
        mix = dict(zip(TIERS, scored.mix.counts, strict=True))
        return {**scored._asdict(), "mix": {"layout": scored.mix.layout, "creators": mix}}

    return {
        **found._asdict(),
        "best": row(found.best),
        "others": [row(other) for other in found.others],
        "front": [
            {"layout": mix.layout, "counts": mix.counts, "mean": mean, "tail": tail, "cost_cny": cost}
            for mix, mean, tail, cost in found.front
        ],
        "next_mix": found.next_mix._asdict(),
        "money": found.money.as_dict() if found.money else None,
        "warnings": as_rows(found.warnings),
    }
