"""What the kernel tells the hour's end: growing lists of events, and of whom fans and friends were.

Takes kinds, places and people; gives rows that the hour's end sorts and settles. Each thread
has lists of its own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, compiled, inner
from sim.rules.audience import SHARD

SHARED, LEAVING = (np.int64(kind) for kind in range(2))
"""Kinds of event: a video was sent to friends; a follow will end."""
_VIDEO = np.uint64(SHARD.bit_length() - 1)
_SHARD = _VIDEO + np.uint64(32)
"""Bits of a sighting below its video, and below its shard."""
_ROOM = 8  # more events than one step of a walk can add: two videos watched, a page followed


class Events(NamedTuple):
    """What crosses shards at the barrier: a growing list and its length."""

    rows: NDArray[np.uint64]
    """(room, 3) kind; video or account << 32 | user; delay [h] of a follow that will be taken back."""
    length: NDArray[np.int64]
    """(1,)"""


class Shown(NamedTuple):
    """Who was shown a video as its author's fan or a sharer's friend: a growing list and its length."""

    sightings: NDArray[np.uint64]
    """(room,) as `sighting` numbers them."""
    length: NDArray[np.int64]
    """(1,)"""


@compiled
def sighting(video: Whole, user: Whole) -> Word:
    """A person's having seen a video, as a number that grows with shard, video and person, in this order.

    Args:
        video: which [0..2³²−1].
        user: who [0..2³²−1].
    """
    shard, slot = np.uint64(user // SHARD), np.uint64(user % SHARD)
    return (shard << _SHARD) | (np.uint64(video) << _VIDEO) | slot


@inner
def told(seen: Word) -> tuple[Whole, Whole, Whole]:
    """Shard, video and place in the shard that a sighting tells of."""
    number = np.uint64(seen)
    video = (number >> _VIDEO) & np.uint64(0xFFFFFFFF)
    return np.int64(number >> _SHARD), np.int64(video), np.int64(number & np.uint64(SHARD - 1))


@inner
def grown(events: Events) -> Events:
    """The events with room for what one step can add."""
    rows, length = events
    if length[0] + _ROOM > rows.shape[0]:
        larger = np.empty((2 * rows.shape[0], 3), np.uint64)
        for k in range(rows.shape[0]):  # a slice would compile numba's error messages too
            for column in range(3):
                larger[k, column] = rows[k, column]
        rows = larger
    return Events(rows, length)


@inner
def tell(events: Events, kind: Whole, high: Whole, user: Whole, delay: Word) -> None:
    """Adds an event; the caller has made room.

    Args:
        events: the list.
        kind: SHARED or LEAVING.
        high: the video, or the account that will be left.
        user: the person.
        delay: hours until a follow is taken back; 0 for a share.
    """
    last = events.length[0]
    events.rows[last, 0] = kind
    events.rows[last, 1] = (np.uint64(high) << np.uint64(32)) | np.uint64(user)
    events.rows[last, 2] = delay
    events.length[0] = last + 1


@inner
def shown_to(shown: Shown, video: Whole, slots: NDArray[np.int64], count: Whole, first: Whole) -> Shown:
    """The list with the people of a shard who were shown a video.

    Args:
        shown: the list, added to or replaced by a longer one.
        video: which video.
        slots: their places in the shard, the first `count`.
        count: how many.
        first: number of the shard's first person.
    """
    sightings, length = shown
    before = length[0]
    if before + count > sightings.size:
        larger = np.empty(2 * (before + count), np.uint64)
        for k in range(before):
            larger[k] = sightings[k]
        sightings = larger
    for k in range(count):
        sightings[at(before + k)] = sighting(video, first + slots[at(k)])
    length[0] = before + count
    return Shown(sightings, length)
