"""Two forecasts that ask no model, to hold others against: what videos had so far, and a log-normal of it.

Takes log views of earlier videos and of those that came, each with its account; gives scores of the latter.
An account that has few earlier videos is forecast from those of all.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.analysis.scores import LEVELS, central, crps, crps_normal, issued

Floats = NDArray[np.float64]

FEWEST_OWN: Final = 5
"""Earlier videos of an account below which it is forecast from those of all (chosen)."""
HISTORICAL, LOG_NORMAL = "historical", "log_normal"


class Plain(NamedTuple):
    """Scores of one plain forecast of n videos."""

    crps: Floats
    """(n,) [dex]"""
    within: NDArray[np.bool_]
    """(levels, n) whether they lay in the central intervals of LEVELS"""


def plain_forecasts(
    before: Floats, whose: Sequence[object], came: Floats, of: Sequence[object]
) -> Mapping[str, Plain]:
    """The scores of both.

    Args:
        before: (m,) logs of earlier views, two at least.
        whose: (m,) accounts of these.
        came: (n,) logs of views to be forecast.
        of: (n,) accounts of these.
    Source: of the normal, whose mean is unsure, Gelman et al., Bayesian Data Analysis, 3.2.
    """
    labels, wanted = np.asarray(whose, dtype=object), np.asarray(of, dtype=object)
    found = {
        name: Plain(np.empty(came.size), np.empty((len(LEVELS), came.size), np.bool_))
        for name in (HISTORICAL, LOG_NORMAL)
    }
    for account in dict.fromkeys(wanted.tolist()):
        rows, own = wanted == account, before[labels == account]
        past = own if own.size >= FEWEST_OWN else before
        mean, sd = float(past.mean()), float(past.std(ddof=1) * np.sqrt(1.0 + 1.0 / past.size))
        found[HISTORICAL].crps[rows] = crps(issued(past), came[rows])
        found[LOG_NORMAL].crps[rows] = crps_normal(mean, sd, came[rows])
        for k, level in enumerate(LEVELS):
            reach = float(special.ndtri((1.0 + level) / 2.0)) * sd
            both = {HISTORICAL: central(past, level), LOG_NORMAL: (mean - reach, mean + reach)}
            for name, (low, high) in both.items():
                found[name].within[k, rows] = (low <= came[rows]) & (came[rows] <= high)
    return found
