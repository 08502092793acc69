"""Aims: how impressions of a quota spread over the segments of the audience, as alias tables.

Takes weights of segments (topic × activity); gives rows that the feed draws from. The first rows are the
accounts', as the platform aims their videos; whoever offers to other people adds rows. Does not know why
anybody aims, and an aim is no fence: where a segment has nobody left, the next one that has is shown. Whoever
must not be shown at all is passed over (Mechanism.admit).
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import record
from sim.rules.audience import ACTIVITY_CLASSES, ACTIVITY_WEIGHTS
from sim.rules.draws import ONE_32, threshold

PICKS = 64
"""Entries of an alias table: topics × activity classes at most."""
AIM = record(
    [
        ("limit", "u4", (PICKS,)),  # below it a slot's own segment is drawn …
        ("other", "u1", (PICKS,)),  # … else this one
    ]
)
"""An alias table over segments."""


def alias_table(weights: Sequence[float]) -> tuple[list[int], list[int]]:
    """An alias table of 64 slots over up to 64 weights (Vose 1991): limits [1/2³²], others."""
    total = sum(weights)
    scaled = [w * PICKS / total for w in weights] + [0.0] * (PICKS - len(weights))
    small = [k for k, s in enumerate(scaled) if s < 1]
    large = [k for k, s in enumerate(scaled) if s >= 1]
    limit, other = [ONE_32] * PICKS, list(range(PICKS))
    while small and large:
        low, high = small.pop(), large.pop()
        limit[low], other[low] = threshold(scaled[low]), high
        scaled[high] -= 1 - scaled[low]
        (small if scaled[high] < 1 else large).append(high)
    for k in small:  # rounding left-overs weigh as good as 1, unless they are padding
        if k >= len(weights):
            limit[k], other[k] = 0, 0
    return limit, other


def aim(mix: list[int], shares: list[float], targeting: float) -> list[float]:
    """How the platform spreads a video over segments: share · (1 + targeting · match) · activity."""
    top = max(mix)
    return by_topic([share * (1 + targeting * mix[t] / top) for t, share in enumerate(shares)])


def by_topic(weights: Sequence[float]) -> list[float]:
    """Weights of segments of which each topic has so much in all, divided by activity as the feed is."""
    return [weight * ACTIVITY_WEIGHTS[k] for weight in weights for k in range(ACTIVITY_CLASSES)]


def table_of(weights: Sequence[Sequence[float]]) -> NDArray[Any]:
    """(n,) AIM, one a row of weights; equal rows are worked out once."""
    rows = np.zeros(len(weights), AIM)
    made: dict[tuple[float, ...], tuple[list[int], list[int]]] = {}
    for row, own in zip(rows, map(tuple, weights), strict=True):
        limit, row["other"] = made[own] = made.get(own) or alias_table(own)
        # A full slot of the alias table is its own other, so the last draw may as well go there.
        row["limit"] = np.minimum(limit, np.iinfo(np.uint32).max)
    return rows


class Aims:
    """The aims of a run, to which mechanisms add.

    Args:
        rows: (A,) AIM of the accounts: an account's own is its number.
        segments: of the audience.

    Attributes:
        rows: AIM of all so far.
    """

    def __init__(self, rows: NDArray[Any], segments: int) -> None:
        self.rows, self._segments, self._sent = rows, segments, rows.size

    def unsent(self) -> NDArray[Any]:
        """(n,) AIM added since the last call."""
        first, self._sent = self._sent, self.rows.size
        return self.rows[first:]

    def add(self, weights: Sequence[float]) -> int:
        """Adds an aim; its number, which offers may name from now on.

        Args:
            weights: of the segments, topics in code-point order with activity classes within (`by_topic`).
        Raises:
            ValueError: not one weight a segment, one below nothing, or nothing at all.
        """
        own = [float(weight) for weight in weights]
        if len(own) != self._segments:
            raise ValueError(f"an aim has one weight a segment, {self._segments} in all, not {len(own)}")
        if not all(math.isfinite(weight) and weight >= 0 for weight in own) or not sum(own) > 0:
            raise ValueError(f"weights of an aim are not negative, and not all of them 0: {own}")
        self.rows = np.concatenate([self.rows, table_of([own])])
        return self.rows.size - 1
