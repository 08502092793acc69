"""How many runs a search under a budget takes at most, told before it begins. Loads no optimiser."""

from sim.scenario.matrix import TIERS
from sim.sweeps.money import SIMPLE

FINALISTS = 4
"""Mixes of the search that are looked at again on fresh seeds, beside the simple ones (chosen)."""
OWN_LOOKS = 1
"""Mixes looked at beside all optimisations, whose runs serve a curve of budgets: nobody."""


def most_runs(trials: int, seeds: int, fresh: int, layouts: int = 1) -> int:
    """Runs of an optimisation at most: its search, and the later looks at finalists and simple mixes.

    Without trials, as a curve of budgets goes on: simple mixes, nobody and the budget before, then the best.
    """
    if not trials:
        return (layouts * (len(SIMPLE) + 1) + 1) * seeds + fresh
    looked_at = FINALISTS + 1 + layouts * (len(SIMPLE) + 1)
    return (trials + layouts) * seeds + (2 * looked_at + len(TIERS) + 1) * fresh
