"""What of views is compared: quantiles, spread, inequality, and what accounts and fans explain.

Takes log10 of views and who posted them; gives a row of numbers, the same for real and for simulated ones.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.spreads import Parts, parts_of, top
from sim.calibration.sample import Sample
from sim.rules.pools import FAN_REFERENCE

Floats = NDArray[np.float64]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
TOP = (0.01, 0.1)
"""Shares of the videos whose share of all views is compared."""
FAN_SPREAD, FAN_ACCOUNTS = 0.4, 20
"""sd of log10 fans [dex] and accounts below which a slope on fans says nothing (chosen)."""


class Design(NamedTuple):
    """What of a sample decides how its summaries are worked out."""

    account: NDArray[np.int64]
    """(V,) sorted"""
    starts: NDArray[np.int64]
    """(A,) where each account's videos begin"""
    sizes: NDArray[np.int64]
    """(A,) how many they are"""
    fans: Floats | None
    """(V,) log10(1 + fans / FAN_REFERENCE), mean 0; None where they say nothing"""
    several: bool
    """whether accounts can be told from videos: several of them with several videos"""

    def parts(self, log_views: Floats) -> Parts:
        """Slope on fans and spreads of the log10 of views (V,), in the order of the design."""
        return parts_of(log_views, self.starts, self.fans)


def design_of(sample: Sample) -> Design:
    """The design of a sample, sorted by account."""
    starts = np.flatnonzero(np.r_[True, np.diff(sample.account) > 0])
    sizes = np.diff(np.r_[starts, sample.account.size])
    fans = None
    if sample.fans_known and len(sample.names) >= FAN_ACCOUNTS:
        logs = np.log10(1 + sample.fans / FAN_REFERENCE)
        if logs.std() >= FAN_SPREAD:
            fans = logs[sample.account] - logs[sample.account].mean()
    return Design(sample.account, starts, sizes, fans, several=bool((sizes > 1).sum() > 1))


def names_of(design: Design) -> list[str]:
    """What each number of a row is."""
    names = ["mean", *(f"q{round(100 * q):02}" for q in QUANTILES), "sd", "skew", "top 1 %", "top 10 %"]
    names += ["within"] if design.several else []
    names += ["between"] if design.several else []
    return names + (["slope on fans"] if design.fans is not None else [])


def summaries(log_views: Floats, design: Design) -> Floats:
    """The row of a real or simulated sample, as `names_of` names it; quantiles are taken from the mean."""
    mean, sd = float(log_views.mean()), float(log_views.std())
    middle = log_views - mean
    parts = design.parts(log_views)
    held = (top(10.0 ** (log_views - log_views.max()), share) for share in TOP)
    shares = [np.log(share / (1 - share + 1e-9)) for share in held]
    row = [mean, *np.quantile(middle, QUANTILES), np.log(sd + 1e-3), float((middle**3).mean()), *shares]
    row += [np.log(parts.within + 0.02), np.log(parts.between + 0.02)] if design.several else []
    return np.array(row + ([parts.slope] if design.fans is not None else []))
