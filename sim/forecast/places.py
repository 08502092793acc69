"""Where views come from, as exports call it: our origins mapped to the places of 来源占比, side by side.

Takes tables of runs, and the table of sources of an export; gives shares by place. What a data centre calls
by a name that is not known counts as 'other', which is said.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.analysis.scores import central
from sim.language.places import PLACES
from sim.language.vocabulary import ORIGIN
from sim.language.words import N_

Floats = NDArray[np.float64]

BEYOND = 1.02
"""Sum of shares above which they are taken to be parts of their sum: rounding leaves less."""


class Beside(NamedTuple):
    """A place: what the scenario says of its share of views, and what the export has [0..1]."""

    place: str
    share: float
    """mean over runs"""
    low: float
    high: float
    """central interval over runs: what one month may show"""
    seen: float

    @property
    def within(self) -> bool:
        """Whether the export lies within the interval."""
        return bool(self.low <= self.seen <= self.high)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return self._asdict() | {"within": self.within}


def shares_of_run(hourly: pl.DataFrame, accounts: Iterable[str]) -> dict[str, float]:
    """Share of the impressions of some accounts by place; empty where nothing was shown.

    Args:
        hourly: table of a run.
        accounts: ids.
    """
    own = hourly.filter(pl.col("account").is_in(list(accounts)))
    counts = dict.fromkeys(PLACES, 0)
    for origin, number in own.group_by("origin").agg(pl.col("impressions").sum()).iter_rows():
        counts[ORIGIN[origin].place if origin in ORIGIN else "other"] += number
    total = sum(counts.values())
    return {place: number / total for place, number in counts.items()} if total else {}


def place_of(name: str) -> str | None:
    """The place that an export calls so; None for a name that is not known.

    Example:
        >>> place_of(" For You "), place_of("Live room")
        ('recommend', None)
    """
    plain = name.strip().casefold()
    return next((key for key, place in PLACES.items() if plain in place.names()), None)


def seen_shares(
    sources: pl.DataFrame, plays: Mapping[str, float] | None = None
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Share of views by place in an export, and names in it that are not known (they are in 'other').

    A video counts by its plays where they are known, else all alike; what its shares leave to 1 is 'other'.

    Args:
        sources: rows of account, video_id (or null for the whole account), source, share [0..1].
        plays: of videos, by id.
    Returns:
        Shares that sum to 1; empty without rows.
    """
    known, totals, weights = plays or {}, dict.fromkeys(PLACES, 0.0), 0.0
    strange: set[str] = set()
    rows = sources.drop_nulls(["source", "share"])
    for (_, video), part in rows.group_by(["account", "video_id"], maintain_order=True):
        found = dict.fromkeys(PLACES, 0.0)
        for name, share in part.select("source", "share").iter_rows():
            place = place_of(name)
            if place is None:
                strange.add(name)
            found[place or "other"] += share
        total = sum(found.values())
        if total <= 0.0:
            continue
        weight = float(known.get(str(video), 0.0)) if known and video is not None else 1.0
        if total > BEYOND:
            found = {place: share / total for place, share in found.items()}
        else:
            found["other"] += max(0.0, 1.0 - total)
        for place, share in found.items():
            totals[place] += weight * share
        weights += weight
    if weights <= 0.0:
        return {}, tuple(sorted(strange))
    whole = sum(totals.values())
    return {place: share / whole for place, share in totals.items()}, tuple(sorted(strange))


def beside_quantiles(
    told: Mapping[str, Mapping[str, Any]], seen: Mapping[str, float], level: float = 0.9
) -> tuple[Beside, ...]:
    """Each place with its interval over runs, beside the export's; places that neither has are left out.

    Args:
        told: `sources` of a forecast, whose quantiles stand for draws.
        seen: shares by place of the export.
        level: of the interval.
    """
    rows = []
    for place in PLACES:
        mean, values = (told[place]["mean"], told[place]["quantiles"]) if place in told else (0.0, (0.0,))
        share = seen.get(place, 0.0)
        if any(values) or share:
            low, high = (float(end) for end in central(np.array(values), level))
            rows.append(Beside(place, mean, low, high, share))
    return tuple(rows)


STRANGE = N_("Sources that are not known by name, counted as other: {names}.")
