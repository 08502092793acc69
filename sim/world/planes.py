"""Planes of bits, one bit a person: who follows an account, was shown it today, must not be shown something.

An offer names planes whose people it passes over (world/offers.py), and one on which those are noted whom it
is shown to. Two planes an account are there from the beginning, who follows it now and who was reached by it
(ties.py); others belong to mechanisms, who say how many they need. They lie with the people. A plane that
begins anew each day or hour is cleared shard by shard, where it is next looked at. Two planes side by side
count to three.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, at, compiled
from sim.world.portion import reserved
from sim.world.ties import WORDS, clear_bit, has_bit, set_bit

FANS, REACHED = "fans", "reached"
"""Names of the planes that every account has."""
ALWAYS = np.iinfo(np.int32).max
"""Time of a plane that does not begin anew."""


class Planes(NamedTuple):
    """Planes that belong together, such as one an account."""

    name: str
    rows: int
    anew: Literal["never", "daily", "hourly"] = "never"
    """When they begin anew."""


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


def empty_planes(
    wanted: Iterable[Planes], shards: int
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.bool_]]:
    """Bits (P, S·WORDS) of the mechanisms' planes.

    With the time (P, S) of which each shard's are, and whether a plane (P,) counts hours, not days.
    """
    times = [ALWAYS if own.anew == "never" else 0 for own in wanted for _ in range(own.rows)]
    bits = reserved((len(times), shards * WORDS), np.uint64)
    hourly = np.array([own.anew == "hourly" for own in wanted for _ in range(own.rows)], bool)
    return bits, np.repeat(np.array(times, np.int32)[:, None], shards, axis=1), hourly


@compiled
def begun_anew(
    bits: NDArray[np.uint64], times: NDArray[np.int32], now: NDArray[np.int32], row: Whole, shard: Whole
) -> None:
    """Clears a plane's bits in a shard if they are of a day, or an hour, that is over.

    Args:
        bits: as `empty_planes` gives them, like their times.
        times: of the same planes.
        now: (P,) the time for each plane.
        row: of all three.
        shard: which.
    """
    if times[row, shard] < now[row]:
        times[row, shard] = now[row]
        for word in range(shard * WORDS, (shard + 1) * WORDS):
            bits[at(row), at(word)] = 0


@compiled
def counted(bits: NDArray[np.uint64], row: Whole, user: Whole) -> Whole:
    """How often a person was counted on two planes, `row` and the next [0..3]."""
    return np.int64(has_bit(bits, row, user)) + 2 * np.int64(has_bit(bits, row + 1, user))


@compiled
def count_once_more(bits: NDArray[np.uint64], row: Whole, user: Whole) -> None:
    """Counts a person on two planes, `row` and the next; past three it stays at three."""
    low, high = has_bit(bits, row, user), has_bit(bits, row + 1, user)
    if high or not low:
        set_bit(bits, row, user)
    else:
        clear_bit(bits, row, user)
    if low or high:
        set_bit(bits, row + 1, user)
