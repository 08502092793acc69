"""Mixes that a search is given: to spend nothing, simple ones, the plan as written.

Takes a scenario and what its budget buys; gives mixes and what they are called. Chooses nothing.
"""

from collections.abc import Sequence

import numpy as np

from sim.errors import RunError
from sim.scenario.schema import Scenario
from sim.sweeps.money import NOBODY, TINY_CNY, Budget, Counts
from sim.sweeps.scorer import Mix, Scorer

NO_CREATORS, NO_MORE = "no creators", "none beyond the bounds"
"""What it is to spend nothing: nobody is booked, or only whom `least` asks for."""
WRITTEN = "as written"
"""The scenario's own creators, where the budget and the bounds allow them."""


def without_search(
    money: Budget, scorer: Scorer, layouts: Sequence[str], seeds: Sequence[int]
) -> dict[Mix, list[str]]:
    """Mixes that need no search and what they are called; first, where it has a value, to spend nothing."""
    found: dict[Mix, list[str]] = {}
    least: Counts = tuple(money.least.tolist())
    idle = [Mix(layout, least) for layout in layouts]
    try:
        scorer.table(idle, seeds)
    except RunError:  # such as ROI where nothing else costs anything
        pass
    else:
        found = {mix: [NO_MORE if any(least) else NO_CREATORS] for mix in idle}
    for layout in layouts:
        for name, counts in money.simple().items():
            found.setdefault(Mix(layout, counts), []).append(name)
    return found


def as_written(scenario: Scenario, money: Budget, layouts: Sequence[str]) -> Mix | None:
    """The plan as written, where it books anybody and keeps to the budget, the bounds and the layouts."""
    counts, layout = np.array(scenario.seeding.counts or NOBODY), scenario.links.layout
    fits = bool(((counts >= money.least) & (counts <= money.most)).all())
    mine: Counts = tuple(counts.tolist())
    if (
        not counts.any()
        or not fits
        or layout not in layouts
        or money.cost(mine) > money.budget_cny + TINY_CNY
    ):
        return None
    return Mix(layout, mine)
