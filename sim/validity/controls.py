"""What must not pass: views that nobody would take for real, and rules that are known to be wrong.

Takes a size; gives samples of invented views, and scenarios. Each has to be rejected by at least one fact; a
page of facts that lets one of them through measures nothing.
"""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.language.words import N_
from sim.scenario.schema import Scenario
from sim.validity.watch import Sample
from sim.validity.worlds import NO_NOISE, VERSION_0, Size, mixed

INVENTED_VIDEOS = 2_000
MOST_VIEWS = 1_000_000
WIDEST_DEX = (1.5, 7.75)
"""Range of the real sample that views are compared with [log10 views]."""

INVENTED: Mapping[str, Callable[[np.random.Generator], NDArray[np.float64]]] = {
    "uniform": lambda rng: rng.uniform(0, MOST_VIEWS, INVENTED_VIDEOS),
    "log_uniform": lambda rng: 10 ** rng.uniform(*WIDEST_DEX, INVENTED_VIDEOS),
}
"""View counts drawn from a law."""
SIMULATED: Mapping[str, Mapping[str, object]] = {"ladder": NO_NOISE, "version_0": VERSION_0}
"""Keys laid over the mixed set under `pools`."""
MEANT: Mapping[str, tuple[str, ...]] = {
    "uniform": ("sd", "hill_climbs"),
    "log_uniform": ("sd", "ks_shifted"),
    "ladder": ("steps",),
    "version_0": ("comment_elasticity", "comment_rate_large", "comments_and_reach"),
}
"""Facts that ought to reject each control, as others may."""
NAMES = {
    "uniform": N_("views drawn evenly from 0 to 1,000,000"),
    "log_uniform": N_("views whose logarithm is drawn evenly"),
    "ladder": N_("a ladder without noise"),
    "version_0": N_("the rules of version 0"),
}


def invented(name: str, seed: int, pools: tuple[int, ...]) -> Sample:
    """A sample that is nothing but view counts.

    Args:
        name: of `INVENTED`.
        seed: of the draws.
        pools: sizes at which steps are looked for.
    """
    views = np.maximum(1, np.rint(INVENTED[name](np.random.default_rng(seed)))).astype(np.int64)
    videos = pl.DataFrame({"impressions": views, "published_hour": np.full(views.size, -1)})
    return Sample(videos, np.zeros((0, 0, 0), np.int64), (), 0, 10_000, pools)


def simulated(name: str, size: Size) -> Scenario:
    """The mixed set under rules that are known to be wrong.

    Args:
        name: of `SIMULATED`.
        size: of the study.
    """
    return mixed(size.accounts, size.users, size.days, {"platform.model": "pools", **SIMULATED[name]})
