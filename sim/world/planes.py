"""Planes of bits, one bit a person: who follows an account, was shown it today, must not be shown something.

An offer names planes whose people it passes over (hour/offers.py), and one on which those are marked whom it
is shown to. Two planes an account are there from the beginning, who follows it now and who was reached by it
(ties.py); others belong to mechanisms, who say how many they need. They lie with the people. A plane that
begins anew each day is cleared shard by shard, where it is next looked at.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, at, compiled
from sim.world.portion import reserved
from sim.world.ties import WORDS

FANS, REACHED = "fans", "reached"
"""Names of the planes that every account has."""
ALWAYS = np.iinfo(np.int32).max
"""Day of a plane that does not begin anew."""


class Planes(NamedTuple):
    """Planes that belong together, such as one an account."""

    name: str
    rows: int
    daily: bool = False
    """Whether they begin anew each day."""


def numbered(wanted: Iterable[Planes], accounts: int) -> dict[str, range]:
    """Numbers of all planes by name, from 1; the same wherever the mechanisms are the same.

    Raises:
        ValueError: two of one name.
    """
    numbers: dict[str, range] = {}
    first = 1
    for own in (Planes(FANS, accounts), Planes(REACHED, accounts), *wanted):
        if own.name in numbers:
            raise ValueError(f"{own.name}: planes of this name are there already")
        numbers[own.name] = range(first, first + own.rows)
        first += own.rows
    return numbers


def laid(wanted: Iterable[Planes], shards: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Bits (P, S·WORDS) of the mechanisms' planes, and the day (P, S) of which each shard's are."""
    days = [0 if own.daily else ALWAYS for own in wanted for _ in range(own.rows)]
    bits = reserved((len(days), shards * WORDS), np.uint64)
    return bits, np.repeat(np.array(days, np.int32)[:, None], shards, axis=1)


@compiled
def of_today(
    bits: NDArray[np.uint64], days: NDArray[np.int32], row: Whole, shard: Whole, today: Whole
) -> None:
    """Clears a plane's bits in a shard if they are of a day that is over.

    Args:
        bits: as `laid` gives them, like the days.
        days: of the same planes.
        row: of both.
        shard: which.
        today: day of the hour, from 0.
    """
    if days[row, shard] < today:
        days[row, shard] = today
        for word in range(shard * WORDS, (shard + 1) * WORDS):
            bits[at(row), at(word)] = 0
