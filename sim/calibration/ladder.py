"""The keys that decide how views spread, as points of a unit box: what of them is varied, and how.

Takes a platform and a point; gives the platform at that point. What is held beforehand is uniform over a span
wider than the plausible range of the key, since platforms differ. Does not simulate.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario
from sim.scenario.section import MOST_PEOPLE

Floats = NDArray[np.float64]

FIRST, GROWTH, PASSING = "pools[0]", "growth", "pass_share"
"""What moves several numbers of one key: all pools at once, their steps, the share promoted out of each."""


class Varied(NamedTuple):
    """A number that is fitted: uniform beforehand from low to high."""

    name: str
    low: float
    high: float
    key: str
    """of the scenario"""

    def at(self, share: float | Floats) -> Any:
        """The number at a share of its span."""
        return self.low + share * (self.high - self.low)


_ALWAYS = (
    Varied(FIRST, 1.0, 6.0, "platform.pools"),
    Varied("pool_noise", 0.0, 1.2, "platform.pool_noise"),
    Varied("account_luck_sd", 0.0, 1.0, "platform.account_luck_sd"),
)
OF_MODEL: Mapping[str, tuple[Varied, ...]] = {
    "pools": (
        Varied(GROWTH, 0.4, 1.6, "platform.pools"),
        Varied(PASSING, -1.5, 1.5, "platform.pass_share"),
        Varied("competition_noise", 0.0, 1.0, "platform.competition_noise"),
        Varied("margin_gain", 0.1, 2.5, "platform.margin_gain"),
    ),
    "percentile": (
        Varied("percentile_outranked_share", 0.05, 0.8, "platform.percentile_outranked_share"),
        Varied("percentile_reach_power", 0.5, 5.0, "platform.percentile_reach_power"),
    ),
    "score": (
        Varied("score_outranked_share", 0.05, 0.8, "platform.score_outranked_share"),
        Varied("score_reach_power", 1.0, 10.0, "platform.score_reach_power"),
    ),
    "published": (
        Varied("published_outranked_share", 0.05, 0.8, "platform.published_outranked_share"),
        Varied("score_reach_power", 1.0, 10.0, "platform.score_reach_power"),
    ),
}
"""By platform model; spans chosen."""


def varied(scenario: Scenario, *, slope: bool, several: bool) -> tuple[Varied, ...]:
    """What is varied of a scenario.

    Args:
        scenario: whose platform model counts.
        slope: whether the data spread in fans.
        several: whether the data tell accounts from videos.
    """
    found = [
        v for v in (*_ALWAYS, *OF_MODEL[scenario.platform.model]) if several or v.name != "account_luck_sd"
    ]
    return (*found, *([Varied("creator_fan_power", 0.0, 1.0, "platform.creator_fan_power")] if slope else []))


def at(platform: Platform, axes: tuple[Varied, ...], point: Floats) -> Platform:
    """The platform at a point (d,) of the unit box."""
    values = {axis.name: float(axis.at(share)) for axis, share in zip(axes, point, strict=True)}
    first, growth = values.pop(FIRST, None), values.pop(GROWTH, 1.0)
    changed: dict[str, Any] = {}
    if first is not None:
        changed["pools"] = pools(platform.pools, 10.0**first, growth)
    if PASSING in values:
        changed["pass_share"] = passing(platform.pass_share, values.pop(PASSING))
    return platform.model_copy(update=changed | values)


def place(platform: Platform, axis: Varied) -> float:
    """Where a scenario's own value lies in the unit box; it may lie outside."""
    value = {FIRST: np.log10(platform.pools[0]), GROWTH: 1.0, PASSING: 0.0}.get(axis.name)
    here = float(getattr(platform, axis.name) if value is None else value)
    return (here - axis.low) / (axis.high - axis.low)


def pools(default: tuple[int, ...], first: float, growth: float) -> tuple[int, ...]:
    """Sizes of the ladder: first · (size / smallest)^growth, whole and rising."""
    found: list[int] = []
    for size in default:
        whole = min(round(first * (size / default[0]) ** growth), MOST_PEOPLE - len(default) + len(found))
        found.append(max(whole, found[-1] + 1 if found else 1))
    return tuple(found)


def passing(default: tuple[float, ...], shift: float) -> tuple[float, ...]:
    """Shares promoted out of each pool, their odds times e^shift."""
    odds = [share / (1 - share) * np.exp(shift) for share in default]
    return tuple(float(o / (1 + o)) for o in odds)
